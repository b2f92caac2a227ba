"""What an importer or exporter tells: the course or the bytes, and everything that was lost on the way.

A loss carries facts; words come where people read them, as with `document.problems`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from academy.document import codec
from academy.document.model import Course
from academy.document.problems import Problem, excerpt


class Effect(StrEnum):
    """What became of a thing the other side cannot hold."""

    LEFT_OUT = "left-out"
    CHANGED = "changed"


class LossCode(StrEnum):
    """Every kind of loss. `SPEC` says what became of it and which facts it carries."""

    # Any text
    CHARACTERS = "characters"
    TEXT_CUT = "text-cut"
    LINES_JOINED = "lines-joined"
    LAYOUT = "layout"
    STYLE = "style"
    HTML_TAG = "html-tag"
    SETTING = "setting"
    MORE = "more"

    # Files and pictures
    FILE_UNUSED = "file-unused"
    REWRITTEN = "rewritten"
    FRONT_MATTER = "front-matter"
    PICTURE_MISSING = "picture-missing"
    PICTURE_TYPE = "picture-type"
    PICTURE_OUTSIDE = "picture-outside"
    PICTURE_MOVED = "picture-moved"

    # Documents
    OBJECT = "object"
    NOTE = "note"
    DELETED = "deleted"
    CONTENTS = "contents"
    TABLE_MERGED = "table-merged"
    TABLE_NESTED = "table-nested"

    # Questions
    KIND = "kind"
    BROKEN = "broken"
    TITLE = "title"
    TAGS = "tags"
    KEY_CHANGED = "key-changed"
    FIELD = "field"
    WEIGHT = "weight"
    ANSWER = "answer"
    ANSWER_FEEDBACK = "answer-feedback"
    SEVERAL_RIGHT = "several-right"
    WILDCARD = "wildcard"
    ESSAY = "essay"

    # Sheets
    COLUMN = "column"
    CELL = "cell"
    SHEET = "sheet"

    # Writing
    ONLY_QUESTIONS = "only-questions"


_OUT, _CHANGED = Effect.LEFT_OUT, Effect.CHANGED

SPEC: Mapping[LossCode, tuple[Effect, frozenset[str]]] = {
    code: (effect, frozenset(facts.split()))
    for code, effect, facts in (
        (LossCode.CHARACTERS, _OUT, "count"),
        (LossCode.TEXT_CUT, _OUT, "limit text"),
        (LossCode.LINES_JOINED, _CHANGED, "text"),
        (LossCode.LAYOUT, _CHANGED, "text"),
        (LossCode.STYLE, _CHANGED, "name count"),
        (LossCode.HTML_TAG, _CHANGED, "name count"),
        (LossCode.SETTING, _OUT, "name count"),
        (LossCode.MORE, _OUT, "count"),
        (LossCode.FILE_UNUSED, _OUT, "name"),
        (LossCode.REWRITTEN, _CHANGED, "name"),
        (LossCode.FRONT_MATTER, _OUT, "text"),
        (LossCode.PICTURE_MISSING, _OUT, "name"),
        (LossCode.PICTURE_TYPE, _OUT, "name"),
        (LossCode.PICTURE_OUTSIDE, _OUT, "name"),
        (LossCode.PICTURE_MOVED, _CHANGED, "name"),
        (LossCode.OBJECT, _OUT, "name"),
        (LossCode.NOTE, _OUT, "name text"),
        (LossCode.DELETED, _OUT, "text"),
        (LossCode.CONTENTS, _OUT, ""),
        (LossCode.TABLE_MERGED, _CHANGED, ""),
        (LossCode.TABLE_NESTED, _CHANGED, ""),
        (LossCode.KIND, _OUT, "kind"),
        (LossCode.BROKEN, _OUT, "text"),
        (LossCode.TITLE, _OUT, "title"),
        (LossCode.TAGS, _OUT, "tags"),
        (LossCode.KEY_CHANGED, _CHANGED, "key"),
        (LossCode.FIELD, _OUT, "name value"),
        (LossCode.WEIGHT, _CHANGED, "answer weight"),
        (LossCode.ANSWER, _OUT, "answer"),
        (LossCode.ANSWER_FEEDBACK, _OUT, "answer"),
        (LossCode.SEVERAL_RIGHT, _CHANGED, "count"),
        (LossCode.WILDCARD, _CHANGED, "answer"),
        (LossCode.ESSAY, _CHANGED, ""),
        (LossCode.COLUMN, _OUT, "name"),
        (LossCode.CELL, _OUT, "name value"),
        (LossCode.SHEET, _OUT, "name"),
        (LossCode.ONLY_QUESTIONS, _OUT, ""),
    )
}


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that the other side cannot hold.

    Attributes:
        code: what kind of loss.
        place: where it stands, as its maker would look for it: a file, a line, a question; may be empty.
        facts: names, numbers, short excerpts.
    """

    code: LossCode
    place: str
    facts: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def effect(self) -> Effect:
        return SPEC[self.code][0]


def loss(code: LossCode, place: str, /, **facts: str | int) -> Loss:
    """Raises ValueError when the facts are not the ones `SPEC` promises (a mistake of ours)."""
    if facts.keys() != SPEC[code][1]:
        message = f"{code} needs {sorted(SPEC[code][1])}, got {sorted(facts)}"
        raise ValueError(message)
    short = {k: excerpt(v) if isinstance(v, str) else v for k, v in facts.items()}
    return Loss(code, excerpt(place), short)


class Reason(StrEnum):
    """Why a file is not taken at all. `REASONS` says which facts each carries."""

    FORMAT_UNKNOWN = "format-unknown"
    FORMAT_OLD = "format-old"
    TOO_LARGE = "too-large"
    UNPACKED_TOO_LARGE = "unpacked-too-large"
    TOO_MANY_FILES = "too-many-files"
    TOO_MANY_ROWS = "too-many-rows"
    TOO_MANY_QUESTIONS = "too-many-questions"
    ARCHIVE_BROKEN = "archive-broken"
    ARCHIVE_LOCKED = "archive-locked"
    NAME_UNSAFE = "name-unsafe"
    NAME_TWICE = "name-twice"
    XML_BROKEN = "xml-broken"
    XML_DOCTYPE = "xml-doctype"
    TOO_COMPLEX = "too-complex"
    MACROS = "macros"
    ENCODING = "encoding"
    NOT_TEXT = "not-text"
    NOT_THIS = "not-this"
    HEADER_MISSING = "header-missing"
    NOTHING = "nothing"
    COURSE_UNREADABLE = "course-unreadable"


REASONS: Mapping[Reason, frozenset[str]] = {
    Reason.FORMAT_UNKNOWN: frozenset({"name"}),
    Reason.FORMAT_OLD: frozenset({"name"}),
    Reason.TOO_LARGE: frozenset({"limit"}),
    Reason.UNPACKED_TOO_LARGE: frozenset({"limit"}),
    Reason.TOO_MANY_FILES: frozenset({"limit"}),
    Reason.TOO_MANY_ROWS: frozenset({"limit"}),
    Reason.TOO_MANY_QUESTIONS: frozenset({"limit"}),
    Reason.ARCHIVE_BROKEN: frozenset(),
    Reason.ARCHIVE_LOCKED: frozenset(),
    Reason.NAME_UNSAFE: frozenset({"name"}),
    Reason.NAME_TWICE: frozenset({"name"}),
    Reason.XML_BROKEN: frozenset({"line"}),
    Reason.XML_DOCTYPE: frozenset(),
    Reason.TOO_COMPLEX: frozenset(),
    Reason.MACROS: frozenset(),
    Reason.ENCODING: frozenset(),
    Reason.NOT_TEXT: frozenset(),
    Reason.NOT_THIS: frozenset({"format"}),
    Reason.HEADER_MISSING: frozenset({"column"}),
    Reason.NOTHING: frozenset(),
    Reason.COURSE_UNREADABLE: frozenset(),
}


class Refused(Exception):
    """The file is not taken.

    Attributes:
        reason: why.
        facts: what the words need.
        problems: of a course of our own that cannot be read.
        losses: why nothing was left of a file that could be read.
    """

    def __init__(
        self, reason: Reason, /, problems: tuple[Problem, ...] = (), **facts: str | int
    ) -> None:
        if facts.keys() != REASONS[reason]:
            message = f"{reason} needs {sorted(REASONS[reason])}, got {sorted(facts)}"
            raise ValueError(message)
        super().__init__(reason.value)
        self.reason = reason
        self.facts = {k: excerpt(v) if isinstance(v, str) else v for k, v in facts.items()}
        self.problems = problems
        self.losses: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """A course that was read.

    Attributes:
        course: a draft: what its source does not say (track, hours) is filled in with a guess.
        media: bytes by path.
        losses: everything that is not in `course`.
        problems: errors of our own format; the parts they name are not in `course`.
        ours: it came in our own format, so nothing in it is a guess.
    """

    course: Course
    media: Mapping[str, bytes]
    losses: tuple[Loss, ...]
    problems: tuple[Problem, ...] = ()
    ours: bool = False

    def files(self) -> dict[str, bytes]:
        """The files of the course's folder."""
        return codec.encode(self.course, self.media)


@dataclass(frozen=True, slots=True)
class Exported:
    data: bytes
    losses: tuple[Loss, ...] = ()
