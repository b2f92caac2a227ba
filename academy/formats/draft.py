"""Makes valid parts of a course out of anybody's text, and keeps the list of what that cost."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any, TypeVar

from pydantic import ValidationError

from academy.document import limits as document_limits
from academy.document import lines
from academy.document import media as media_rules
from academy.document import model as m
from academy.document.body import AnswerKeys
from academy.document.check import words
from academy.document.text import plain_text
from academy.formats import limits
from academy.formats.facts import Imported, Loss, LossCode, Reason, Refused, loss

Q = TypeVar("Q", bound=m.AnyQuestion)

_SLUG = re.compile(r"[^a-z0-9]+")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff\U0010ffff]"
)
_WORDS_A_MINUTE = 100
_MINUTES_A_QUESTION = Decimal("0.5")
_LONGEST = 10
_PICTURES: Mapping[bytes, str] = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}


def slug(text: str) -> str:
    """A key made of the ASCII words of a text; empty when there are none."""
    return _SLUG.sub("-", text.lower()).strip("-")[: m.KEY_LENGTH].strip("-")


def with_keys(texts: Iterable[str]) -> list[tuple[str, str]]:
    """Answers with the keys they have when none is written for them: (key, text)."""
    keys = AnswerKeys()
    made = []
    for text in texts:
        key = keys.implied(text)
        keys.take(key)
        made.append((key, text))
    return made


@dataclass(slots=True)
class Chapter:
    """What becomes one lesson, or several when it is long.

    Attributes:
        unit: title of the unit; chapters in a row with the same one share it.
        title: title of the lesson.
        is_bank: a list of questions, which may be cut anywhere.
        key: the lesson's key where its source has one.
    """

    unit: str
    title: str
    blocks: list[m.AnyBlock] = field(default_factory=list)
    is_bank: bool = False
    key: str = ""


class Draft:
    """Collects losses and media while a file is read."""

    def __init__(self) -> None:
        self.media: dict[str, bytes] = {}
        self._losses: list[Loss] = []
        self._more = 0
        self._styles: Counter[tuple[LossCode, str]] = Counter()
        self._hashes: dict[str, str] = {}

    @property
    def losses(self) -> tuple[Loss, ...]:
        styles = [loss(code, "", name=n, count=c) for (code, n), c in self._styles.items()]
        more = [loss(LossCode.MORE, "", count=self._more)] if self._more else []
        return (*self._losses, *styles, *more)

    def lose(self, code: LossCode, place: str, /, **facts: str | int) -> None:
        if len(self._losses) < limits.MAX_LOSSES:
            self._losses.append(loss(code, place, **facts))
        else:
            self._more += 1

    def lose_style(self, code: LossCode, name: str) -> None:
        """One of many small losses that are told once, with their number."""
        if len(self._styles) < limits.MAX_LOSSES or (code, name) in self._styles:
            self._styles[code, name] += 1

    # Texts

    def clean(self, text: str, place: str) -> str:
        """Without the characters that no text of a course may hold."""
        text, count = _CONTROL.subn("", text)
        if count:
            self.lose(LossCode.CHARACTERS, place, count=count)
        return text

    def line(self, text: str, place: str, limit: int = document_limits.LINE_LENGTH) -> str:
        text = self.clean(text, place).strip()
        if "\n" in text or "\t" in text:
            folded = " ".join(text.split())
            if "\n" in text:
                self.lose(LossCode.LINES_JOINED, place, text=folded)
            text = folded
        return self._cut(text, place, limit).strip()

    def markdown(self, text: str, place: str, limit: int = document_limits.MARKDOWN_LENGTH) -> str:
        text = self.clean(text.replace("\r\n", "\n").replace("\r", "\n"), place)
        text = m.normal_markdown(text)
        made = text.split("\n")
        if ":::" in text:
            for at, line in lines.outside_code(list(made)):
                if lines.is_colons(line):
                    made[at] = "\\" + line
            text = "\n".join(made)
        # Room for closing a code fence below.
        text = m.normal_markdown(self._cut(text, place, limit - 20))
        return _close_code(text)

    def prompt(self, text: str, kind: type[m.AnyQuestion], place: str) -> str:
        """A prompt in which no line looks like the first answer of this kind."""
        text = self.markdown(text, place)
        made = text.split("\n")
        for at, line in lines.outside_code(list(made)):
            if kind.begins_answers(line):
                made[at] = _harmless(line)
                self.lose(LossCode.LAYOUT, place, text=line)
        return "\n".join(made)

    def _cut(self, text: str, place: str, limit: int) -> str:
        if len(text) <= limit:
            return text
        self.lose(LossCode.TEXT_CUT, place, limit=limit, text=text[limit:])
        return text[:limit]

    # Blocks

    def question(self, kind: type[Q], place: str, /, **fields: Any) -> Q | None:
        """The question, or a loss when even cleaned texts do not make one."""
        try:
            return kind(**fields)
        except ValidationError:
            self.lose(LossCode.BROKEN, place, text=str(fields.get("prompt", "")))
            return None

    def text(self, markdown: str, before: m.AnyBlock | None, place: str) -> m.Text | None:
        """A text block; `## ` lines after the first and key lines lose their meaning."""
        text = self.markdown(markdown, place)
        made = text.split("\n")
        for at, line in lines.outside_code(list(made)):
            if at and lines.is_screen(line):
                made[at] = "#" + line
            elif lines.is_label(line):
                made[at] = "\\" + line
        text = "\n".join(made)
        if not text:
            return None
        try:
            return m.Text(key=m.next_key(before.key if before else None), markdown=text)
        except ValidationError:
            self.lose(LossCode.BROKEN, place, text=text)
            return None

    def picture(self, name: str, data: bytes, place: str) -> str | None:
        """Keep a picture; its path in the course, or None when it is of a kind we do not show."""
        kind = next((k for start, k in _PICTURES.items() if data.startswith(start)), "")
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            kind = "webp"
        if not kind and name.lower().endswith(".svg"):
            try:
                kind = "svg" if media_rules.svg_danger(data) is None else ""
            except ValueError:
                kind = ""
        if not kind or len(data) > limits.MAX_PICTURE_BYTES:
            self.lose(LossCode.PICTURE_TYPE, place, name=name)
            return None
        digest = sha256(data).hexdigest()
        if digest not in self._hashes:
            stem = slug(name.rpartition("/")[2].rpartition(".")[0]) or "picture"
            path = f"media/{stem}.{kind}"
            if path in self.media:
                path = f"media/{stem[:50]}-{digest[:8]}.{kind}"
            self.media[path] = data
            self._hashes[digest] = path
        return self._hashes[digest]

    def figure(
        self, path: str, alt: str, caption: str, before: m.AnyBlock | None, place: str
    ) -> m.Figure:
        return m.Figure(
            key=m.next_key(before.key if before else None),
            src=path,
            alt=self.line(alt, place),
            caption=self.markdown(caption, place),
        )

    # The course

    def imported(self, title: str, chapters: Sequence[Chapter], *, summary: str = "") -> Imported:
        """Raises Refused when there is nothing, or more than a course may hold."""
        if len(chapters) > limits.MAX_LESSONS:
            raise Refused(Reason.TOO_COMPLEX)
        units: list[tuple[str, list[m.Lesson]]] = []
        keys: set[str] = set()
        for chapter in chapters:
            if not units or units[-1][0] != chapter.unit:
                units.append((chapter.unit, []))
            for part, blocks in enumerate(self._pieces(chapter), 1):
                lesson = self._lesson(chapter, blocks, part, len(keys) + 1, keys)
                if len(units[-1][1]) == 99:  # noqa: PLR2004  as the model has it
                    units.append((chapter.unit, []))
                units[-1][1].append(lesson)
        units = [(name, lessons) for name, lessons in units if lessons]
        if not units:
            nothing = Refused(Reason.NOTHING)
            nothing.losses = self.losses
            raise nothing
        if len(units) > 99:  # noqa: PLR2004  as the model has it
            raise Refused(Reason.TOO_MANY_QUESTIONS, limit=limits.MAX_QUESTIONS)
        title = self.line(title, "")
        minutes = sum(lesson.minutes for _, lessons in units for lesson in lessons)
        course = m.Course(
            key=slug(title) or "imported",
            title=title,
            summary=self.line(summary, ""),
            track=m.Track.SETTLE,
            hours=max(
                Decimal("0.1"), min(Decimal(200), (Decimal(minutes) / 60).quantize(Decimal("0.1")))
            ),
            units=tuple(
                m.Unit(key=f"unit-{at}", title=self.line(name, "") or title, lessons=tuple(lessons))
                for at, (name, lessons) in enumerate(units, 1)
            ),
            media=tuple(
                m.MediaFile(path=path, sha256=sha256(data).hexdigest(), size=len(data))
                for path, data in self.media.items()
            ),
        )
        return Imported(course, dict(self.media), self.losses)

    def _pieces(self, chapter: Chapter) -> Iterable[list[m.AnyBlock]]:
        most = limits.LESSON_QUESTIONS if chapter.is_bank else limits.LESSON_BLOCKS
        piece: list[m.AnyBlock] = []
        size = 0
        for block in chapter.blocks:
            own = len(block.__pydantic_serializer__.to_json(block))
            if piece and (len(piece) >= most or size + own > limits.LESSON_BYTES):
                yield piece
                piece, size = [], 0
            piece.append(block)
            size += own
        if piece or not chapter.blocks:
            yield piece

    def _lesson(
        self, chapter: Chapter, blocks: list[m.AnyBlock], part: int, number: int, keys: set[str]
    ) -> m.Lesson:
        title = self.line(chapter.title, "", document_limits.LINE_LENGTH - 10)
        title = title if part == 1 else f"{title} ({part})".strip()
        key = chapter.key if part == 1 and chapter.key else slug(title)
        if not key or key in keys:
            key = f"lesson-{number}"
        while key in keys:
            number += 1
            key = f"lesson-{number}"
        keys.add(key)
        lesson = m.Lesson(
            key=key, title=title, minutes=1, blocks=tuple(self._own_keys(blocks, title))
        )
        questions = sum(isinstance(block, m.Question) for block in blocks)
        minutes = Decimal(words(plain_text(lesson, "ko"))) / _WORDS_A_MINUTE
        minutes += questions * _MINUTES_A_QUESTION
        return lesson.model_copy(update={"minutes": max(1, min(_LONGEST, round(minutes)))})

    def _own_keys(self, blocks: Iterable[m.AnyBlock], place: str) -> Iterable[m.AnyBlock]:
        """No two blocks of a lesson share a key; progress hangs on them."""
        taken: set[str] = set()
        for block in blocks:
            key, number = block.key, 2
            while key in taken:
                if isinstance(block, m.Question):
                    key = f"{block.key[: m.KEY_LENGTH - 6].rstrip('-')}-{number}"
                else:
                    key = f"{block.key.partition('~')[0]}~{number}"
                number += 1
            if key != block.key and isinstance(block, m.Question):
                self.lose(LossCode.KEY_CHANGED, place, key=block.key)
            taken.add(key)
            yield block if key == block.key else block.model_copy(update={"key": key})


def _close_code(text: str) -> str:
    code = lines.Code()
    fence = ""
    for line in text.split("\n"):
        was_open = code.is_open
        code.holds(line)
        if code.is_open and not was_open:
            mark = line[0]
            fence = mark * (len(line) - len(line.lstrip(mark)))
    # A document's end closes the code too: it shows the same.
    return f"{text}\n{fence}" if code.is_open else text


def _harmless(line: str) -> str:
    ordered = re.match(r"([0-9]+)([.)])", line)
    return f"{ordered[1]}\\{line[len(ordered[1]) :]}" if ordered else f"\\{line}"
