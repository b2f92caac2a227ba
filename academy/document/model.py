"""The typed form of a course: Course > Unit (단원) > Lesson (차시) > Block.

The model describes shape, not quality: a question without a right answer can be held (an author may
be in the middle of writing it) and is reported by `academy.document.check`. Sequences are tuples
and every object is frozen. Whatever the model holds, the written format can say; the validators
refuse the few texts it cannot.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from academy.document import limits, lines
from academy.document.problems import Code

FORMAT_VERSION = 1

ORIGINAL_LANGUAGE = "ko"

KEY = r"[a-z0-9]+(?:-[a-z0-9]+)*"
KEY_LENGTH = 60

_BLOCK_KEY = re.compile(rf"{KEY}(?:~[1-9][0-9]{{0,5}})?\Z")

# Control characters, what some readers take for a line's end, lone surrogates, the byte order mark,
# and code points that XML and YAML cannot hold.
_NOT_IN_TEXT = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff\U0010ffff]"
)


def wrong(code: Code, /, **facts: str | int) -> PydanticCustomError:
    """The error of a validator; `codec` turns it into a Problem with the same code and facts."""
    return PydanticCustomError(code.value, code.value, facts)


def control_character(text: str) -> re.Match[str] | None:
    """The first character that no text of a course may hold."""
    return _NOT_IN_TEXT.search(text)


def _refuse_control_characters(text: str) -> None:
    found = control_character(text)
    if found:
        raise wrong(Code.CONTROL_CHARACTER, character=f"U+{ord(found.group()):04X}")


def _one_line(text: str) -> str:
    text = text.strip()
    if not text.isprintable():  # most texts are, and then nothing below can be wrong
        if any(char in "\n\r\t\u2028\u2029\x85" for char in text):
            raise wrong(Code.LINE_BREAK)
        _refuse_control_characters(text)
    return text


def normal_markdown(text: str) -> str:
    """The one form of a text.

    Lines end with a line feed only, a line of nothing but space is empty, no empty line stands
    before or after the text, and no space after it.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = "\n".join(line if line.strip() else "" for line in text.split("\n"))
    return text.lstrip("\n").rstrip()


def _markdown(text: str) -> str:
    text = normal_markdown(text)
    _refuse_control_characters(text)
    if ":::" in text:
        for _, line in lines.outside_code(text.split("\n")):
            if lines.is_colons(line):
                raise wrong(Code.DIRECTIVE_INSIDE)
    if lines.leaves_code_open(text):
        raise wrong(Code.CODE_OPEN)
    return text


def _decimal(value: Decimal) -> Decimal:
    """One form for equal numbers, so that equal courses have one canonical text."""
    digits = value.as_tuple()
    if (
        not isinstance(digits.exponent, int)
        or digits.exponent < -9  # noqa: PLR2004  nine places after the point
        or value.adjusted() > 15  # noqa: PLR2004  sixteen before it
    ):
        raise wrong(Code.VALUE)
    plain = format(value.normalize(), "f")
    return Decimal(0) if not value else Decimal(plain)


def _short_stem(key: str) -> str:
    if len(key.partition("~")[0]) > KEY_LENGTH:
        raise wrong(Code.KEY_FORM)
    return key


def _not_the_original(language: str) -> str:
    if language == ORIGINAL_LANGUAGE:
        raise wrong(Code.VALUE)
    return language


Line = Annotated[str, AfterValidator(_one_line), StringConstraints(max_length=limits.LINE_LENGTH)]
"""One line of text, stripped; may be empty."""

Markdown = Annotated[
    str, AfterValidator(_markdown), StringConstraints(max_length=limits.MARKDOWN_LENGTH)
]
"""CommonMark with GFM tables; may be empty.

Code fences are closed, and no line outside them begins with `:::`.
"""

Key = Annotated[str, StringConstraints(pattern=rf"^{KEY}$", max_length=KEY_LENGTH)]
BlockKey = Annotated[
    str,
    StringConstraints(pattern=rf"^{KEY}(?:~[1-9][0-9]{{0,5}})?$", max_length=KEY_LENGTH + 7),
    AfterValidator(_short_stem),
]
"""A Key, or one made by `next_key`."""

MediaPath = Annotated[
    str, StringConstraints(pattern=r"^media/[a-z0-9][a-z0-9._-]*$", max_length=120)
]
Language = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{2}$"), AfterValidator(_not_the_original)
]
FactId = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}-[0-9]{1,4}[a-z]?$")]
Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
PlainDecimal = Annotated[Decimal, AfterValidator(_decimal)]
Misconception = Line


def is_block_key(key: str) -> bool:
    """Whether a block may have this key."""
    return _BLOCK_KEY.match(key) is not None and len(key.partition("~")[0]) <= KEY_LENGTH


def next_key(before: str | None) -> str:
    """The key of a block that was given none: counted from the last one that has its own."""
    if before is None:
        return "start~1"
    stem, _, number = before.partition("~")
    return f"{stem}~{int(number or 0) + 1}"


class Part(BaseModel):
    """Base of everything in a course: frozen, and a field that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Track(StrEnum):
    """The six fields of learning (분야), and the one for mentors."""

    SETTLE = "settle"
    DIGITAL = "digital"
    WORK = "work"
    MONEY = "money"
    LANGUAGE = "language"
    CIVIC = "civic"
    MENTOR = "mentor"


class Notice(StrEnum):
    """A heavy subject that is announced quietly before it begins."""

    FRAUD = "fraud"
    VIOLENCE = "violence"
    FAMILY = "family"
    HEALTH = "health"


# Blocks that are read or looked at


class Text(Part):
    kind: Literal["text"] = "text"
    key: BlockKey
    markdown: Markdown
    easy: Markdown | None = None

    @field_validator("markdown")
    @classmethod
    def _is_one_block(cls, text: str) -> str:
        for index, line in lines.outside_code(text.split("\n")):
            if index and lines.is_screen(line):
                raise wrong(Code.SCREEN_INSIDE)
            if lines.is_label(line):
                raise wrong(Code.LABEL_INSIDE)
        return text


class Callout(Part):
    kind: Literal["callout"] = "callout"
    key: BlockKey
    tone: Literal["tip", "note", "warning", "story"]
    title: Line = ""
    markdown: Markdown


class Figure(Part):
    kind: Literal["figure"] = "figure"
    key: BlockKey
    src: MediaPath
    alt: Line = ""
    caption: Markdown = ""


class Audio(Part):
    kind: Literal["audio"] = "audio"
    key: BlockKey
    src: MediaPath
    title: Line = ""
    transcript: Markdown = ""


class Video(Part):
    kind: Literal["video"] = "video"
    key: BlockKey
    src: MediaPath
    title: Line = ""
    captions: MediaPath | None = None
    poster: MediaPath | None = None
    transcript: Markdown = ""


class Table(Part):
    """Header and rows hold inline Markdown, one string a cell; rows are as long as the header."""

    kind: Literal["table"] = "table"
    key: BlockKey
    caption: Line = ""
    header: Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]
    align: tuple[Literal["left", "right", "center", ""], ...] = ()
    rows: Annotated[tuple[tuple[Line, ...], ...], Field(max_length=500)]

    @field_validator("align")
    @classmethod
    def _says_something(cls, align: tuple[str, ...]) -> tuple[str, ...]:
        return align if any(align) else ()

    @model_validator(mode="after")
    def _is_a_rectangle(self) -> Self:
        expected = len(self.header)
        for row in (*self.rows, *([self.align] if self.align else [])):
            if len(row) != expected:
                raise wrong(Code.ROW_LENGTH, count=len(row), expected=expected)
        return self


class File(Part):
    kind: Literal["file"] = "file"
    key: BlockKey
    src: MediaPath
    title: Line = ""
    markdown: Markdown = ""


class Term(Part):
    """A word with its bridge to the other side's word."""

    kind: Literal["term"] = "term"
    key: BlockKey
    word: Line
    north: Line = ""
    english: Line = ""
    markdown: Markdown


class Steps(Part):
    kind: Literal["steps"] = "steps"
    key: BlockKey
    title: Line = ""
    items: Annotated[tuple[Markdown, ...], Field(max_length=100)]


class Column(Part):
    title: Line
    markdown: Markdown

    @field_validator("markdown")
    @classmethod
    def _is_one_column(cls, text: str) -> str:
        if any(lines.is_heading(line, 3) for _, line in lines.outside_code(text.split("\n"))):
            raise wrong(Code.COMPARE_COLUMNS, count=3)
        return text


class Compare(Part):
    kind: Literal["compare"] = "compare"
    key: BlockKey
    title: Line = ""
    columns: tuple[Column, Column]


# Questions


class Question(Part):
    """What all share. `feedback` is the general explanation, shown whatever was answered."""

    key: Key
    prompt: Markdown = ""
    hint: Line = ""
    feedback: Markdown = ""
    points: Annotated[int, Field(ge=0, le=100)] = 1
    counted: bool = True

    begins_answers: ClassVar[Callable[[str], bool]] = lines.nothing
    """Whether a line after the prompt is the first of the answers."""

    @field_validator("prompt")
    @classmethod
    def _prompt_holds_no_answer(cls, text: str) -> str:
        # Read from the class, so that it stays a plain function.
        if any(cls.begins_answers(line) for _, line in lines.outside_code(text.split("\n"))):
            raise wrong(Code.PROMPT_FORM)
        return text


class Option(Part):
    key: Key
    text: Line
    right: bool = False
    feedback: Markdown = ""
    misconception: Misconception = ""


class Choice(Question):
    kind: Literal["choice"] = "choice"
    options: Annotated[tuple[Option, ...], Field(max_length=100)]

    begins_answers: ClassVar[Callable[[str], bool]] = lines.is_task


class Choices(Question):
    kind: Literal["choices"] = "choices"
    options: Annotated[tuple[Option, ...], Field(max_length=100)]

    begins_answers: ClassVar[Callable[[str], bool]] = lines.is_task


class TrueFalse(Question):
    """Two options; the first says yes, the second says no."""

    kind: Literal["truefalse"] = "truefalse"
    options: tuple[Option, Option]

    begins_answers: ClassVar[Callable[[str], bool]] = lines.is_task


class WrongText(Part):
    """A wrong answer people really give."""

    text: Line
    feedback: Markdown = ""
    misconception: Misconception = ""


class ShortText(Question):
    """A word or two.

    `spelling`: the question is about spelling, so northern spelling, spaces and slips are not
    forgiven.
    """

    kind: Literal["short"] = "short"
    accepted: Annotated[tuple[Line, ...], Field(max_length=100)]
    accepted_feedback: Markdown = ""
    wrong: Annotated[tuple[WrongText, ...], Field(max_length=100)] = ()
    spelling: bool = False

    begins_answers: ClassVar[Callable[[str], bool]] = lines.is_task

    @model_validator(mode="after")
    def _feedback_has_an_answer(self) -> Self:
        if self.accepted_feedback and not self.accepted:
            raise wrong(Code.FEEDBACK_ALONE)
        return self


class WrongNumber(Part):
    value: PlainDecimal
    feedback: Markdown = ""
    misconception: Misconception = ""


class Number(Question):
    """`tolerance` is absolute, in the unit of `value`."""

    kind: Literal["number"] = "number"
    value: PlainDecimal
    tolerance: Annotated[PlainDecimal, Field(ge=0)] = Decimal(0)
    unit: Line = ""
    value_feedback: Markdown = ""
    wrong: Annotated[tuple[WrongNumber, ...], Field(max_length=100)] = ()

    begins_answers: ClassVar[Callable[[str], bool]] = lines.is_task


class Item(Part):
    key: Key
    text: Line


class Order(Question):
    """`items` stand in the right order."""

    kind: Literal["order"] = "order"
    items: Annotated[tuple[Item, ...], Field(max_length=100)]

    begins_answers: ClassVar[Callable[[str], bool]] = lines.is_numbered


class Pair(Part):
    key: Key
    left: Line
    right: Line


class Match(Question):
    kind: Literal["match"] = "match"
    left_title: Line
    right_title: Line
    pairs: Annotated[tuple[Pair, ...], Field(max_length=100)]

    begins_answers: ClassVar[Callable[[str], bool]] = lines.is_row


class Group(Part):
    key: Key
    title: Line
    items: Annotated[tuple[Item, ...], Field(max_length=100)]


class Sort(Question):
    kind: Literal["sort"] = "sort"
    groups: Annotated[tuple[Group, ...], Field(max_length=100)]

    begins_answers: ClassVar[Callable[[str], bool]] = lines.is_bullet


class Blanks(Question):
    """`text` is Markdown in which `[[answer|other accepted answer]]` is a blank.

    `bank`: wrong words offered beside the right ones; when it is not empty every blank is a choice
    from a list.
    """

    kind: Literal["blanks"] = "blanks"
    text: Markdown
    bank: Annotated[tuple[Line, ...], Field(max_length=100)] = ()

    begins_answers: ClassVar[Callable[[str], bool]] = lines.is_rule

    @field_validator("bank")
    @classmethod
    def _words_can_be_listed(cls, bank: tuple[str, ...]) -> tuple[str, ...]:
        for word in bank:
            if not word or lines.BETWEEN in word:
                raise wrong(Code.BANK_WORD, word=word)
        return bank

    @property
    def accepted(self) -> tuple[tuple[str, ...], ...]:
        """The accepted answers of each blank, in the order of the text."""
        return tuple(
            tuple(answer.strip() for answer in match.group(1).split("|"))
            for match in BLANK.finditer(self.text)
        )


BLANK = re.compile(r"\[\[([^\[\]\n]+)\]\]")


class SpokenLine(Part):
    """`speaker` is empty for narration."""

    speaker: Line = ""
    text: Annotated[Line, Field(min_length=1)]

    @field_validator("speaker")
    @classmethod
    def _can_be_told_from_narration(cls, speaker: str) -> str:
        if ": " in speaker or lines.means_something(speaker):
            raise wrong(Code.SPEAKER_FORM, speaker=speaker)
        return speaker


class Reply(Part):
    text: Line
    to: Key
    feedback: Markdown = ""


class Node(Part):
    """A place in a scenario: what is said, then replies to choose from, or an end."""

    key: Key
    lines: Annotated[tuple[SpokenLine, ...], Field(max_length=200)] = ()
    replies: Annotated[tuple[Reply, ...], Field(max_length=20)] = ()
    end: Literal["good", "fine", "poor"] | None = None


class Scenario(Question):
    kind: Literal["scenario"] = "scenario"
    title: Line = ""
    start: Key
    nodes: Annotated[tuple[Node, ...], Field(max_length=100)]

    begins_answers: ClassVar[Callable[[str], bool]] = lines.is_node


class Reflection(Question):
    """A private note; never counted."""

    kind: Literal["reflection"] = "reflection"
    counted: Literal[False] = False


class Checklist(Question):
    """Ticks stay on the device; never counted."""

    kind: Literal["checklist"] = "checklist"
    counted: Literal[False] = False
    items: Annotated[tuple[Item, ...], Field(max_length=100)]

    begins_answers: ClassVar[Callable[[str], bool]] = lines.is_task


AnyQuestion = (
    Choice
    | Choices
    | TrueFalse
    | ShortText
    | Number
    | Order
    | Match
    | Sort
    | Blanks
    | Scenario
    | Reflection
    | Checklist
)
AnyBlock = (
    Text | Callout | Figure | Audio | Video | Table | File | Term | Steps | Compare | AnyQuestion
)
Block = Annotated[AnyBlock, Field(discriminator="kind")]


# The tree


def _fits(blocks: tuple[BaseModel, ...]) -> tuple[BaseModel, ...]:
    size = 0
    for block in blocks:
        size += len(block.__pydantic_serializer__.to_json(block))
        if size > limits.LESSON_SIZE:
            raise wrong(Code.TOO_LARGE, limit=limits.LESSON_SIZE // 1024)
    return blocks


Blocks = Annotated[tuple[Block, ...], Field(max_length=limits.BLOCKS), AfterValidator(_fits)]
Short = Annotated[Markdown, Field(max_length=5000)]
Lines = Annotated[tuple[Line, ...], Field(max_length=50)]


class LessonText(Part):
    """A lesson in another language: the same blocks, by kind and key.

    `translates` is the fingerprint of the original it was made from (`codec.fingerprint`), or None
    when unknown.
    """

    title: Line
    practice_in_life: Short = ""
    alternative: Markdown = ""
    blocks: Blocks
    translates: Fingerprint | None = None


class Lesson(Part):
    """`alternative`: an equal, gentler way to the same goal, offered beside the notice.

    `review_every` is in months. `min_score` is a percentage of the counted points.
    """

    key: Key
    title: Line
    minutes: Annotated[int, Field(ge=1, le=120)]
    reviewed: date | None = None
    reviewed_by: Line = ""
    review_every: Annotated[int, Field(ge=1, le=60)] | None = None
    boundary: Literal["basic", "second-reader"] = "basic"
    sources: Lines = ()
    facts: Annotated[tuple[FactId, ...], Field(max_length=200)] = ()
    notice: Notice | None = None
    min_score: Annotated[int, Field(ge=1, le=100)] | None = None
    required: bool = True
    practice_in_life: Short = ""
    alternative: Markdown = ""
    blocks: Blocks = ()
    translations: Mapping[Language, LessonText] = Field(default_factory=dict)


class UnitText(Part):
    title: Line
    summary: Line = ""


class Unit(Part):
    key: Key
    title: Line
    summary: Line = ""
    lessons: Annotated[tuple[Lesson, ...], Field(max_length=99)] = ()
    translations: Mapping[Language, UnitText] = Field(default_factory=dict)


class CourseText(Part):
    title: Line
    summary: Line = ""
    outcomes: Lines = ()


class MediaFile(Part):
    """A file that belongs to the course; `sha256` in hex. The bytes travel beside the course."""

    path: MediaPath
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Field(ge=0)]


class Course(Part):
    format_version: Literal[1] = 1
    key: Key
    title: Line
    summary: Line = ""
    track: Track
    number: Line = ""
    level: Annotated[int, Field(ge=1, le=3)] = 1
    hours: Annotated[PlainDecimal, Field(gt=0, le=200)]
    outcomes: Lines = ()
    prerequisites: Annotated[tuple[Key, ...], Field(max_length=50)] = ()
    audience: Literal["learner", "mentor"] = "learner"
    owner: Line = ""
    licence: Line = ""
    units: Annotated[tuple[Unit, ...], Field(max_length=99)] = ()
    media: Annotated[tuple[MediaFile, ...], Field(max_length=1000)] = ()
    translations: Mapping[Language, CourseText] = Field(default_factory=dict)

    @field_validator("media")
    @classmethod
    def _in_order(cls, media: tuple[MediaFile, ...]) -> tuple[MediaFile, ...]:
        if len({file.path for file in media}) < len(media):
            raise wrong(Code.TWICE, name="media")
        return tuple(sorted(media, key=lambda file: file.path))

    def lessons(self) -> tuple[Lesson, ...]:
        """All lessons in order."""
        return tuple(lesson for unit in self.units for lesson in unit.lessons)

    def lesson(self, key: str) -> Lesson:
        """The lesson with this key.

        Raises:
            KeyError: there is none.
        """
        for lesson in self.lessons():
            if lesson.key == key:
                return lesson
        raise KeyError(key)


def is_question(block: object) -> bool:
    return isinstance(block, Question)
