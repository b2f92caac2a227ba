"""Documents: headings, paragraphs, tables and pictures in a row → lessons."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from academy.document import lines
from academy.document import model as m
from academy.document.text import strip_markdown
from academy.formats.draft import Chapter, Draft


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str
    """Inline Markdown."""


@dataclass(frozen=True, slots=True)
class Passage:
    """`is_entry`: one of a list, which follows the one before it without an empty line."""

    markdown: str
    is_entry: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """`path` in the course's media."""

    path: str
    alt: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells in inline Markdown; all rows are equally long."""

    rows: tuple[tuple[str, ...], ...]


Piece = Heading | Passage | Picture | Grid


def chapters(
    draft: Draft,
    title: str,
    pieces: Sequence[Piece],
    definitions: Mapping[str, str] | None = None,
) -> tuple[str, list[Chapter]]:
    """The title of a document and its lessons.

    The highest headings begin lessons, those below them screens. A single heading above all others is the title.

    Args:
        draft: takes the losses.
        title: what the document is called when it does not say so itself.
        pieces: what it is made of.
        definitions: lines that say where links with a label lead, by label.
    """
    levels = [piece.level for piece in pieces if isinstance(piece, Heading)]
    top = min(levels, default=1)
    first = next((piece for piece in pieces if not _is_empty(piece)), None)
    if (
        isinstance(first, Heading)
        and levels.count(top) == 1
        and len(levels) > 1
        and first.level == top
    ):
        title = strip_markdown(first.text) or title
        pieces = pieces[pieces.index(first) + 1 :]
        top = min(levels[1:])
    builder = _Builder(draft, title, top, definitions or {})
    for piece in pieces:
        builder.take(piece)
    return title, builder.finish()


def _is_empty(piece: Piece) -> bool:
    return isinstance(piece, Passage) and not piece.markdown.strip()


class _Builder:
    def __init__(self, draft: Draft, title: str, top: int, definitions: Mapping[str, str]) -> None:
        self._draft = draft
        self._title = title
        self._top = top
        self._definitions = definitions
        self._chapters: list[Chapter] = []
        self._text: list[str] = []
        self._was_entry = False

    @property
    def _chapter(self) -> Chapter:
        if not self._chapters:
            self._chapters.append(Chapter(self._title, self._title))
        return self._chapters[-1]

    @property
    def _last(self) -> m.AnyBlock | None:
        return self._chapter.blocks[-1] if self._chapter.blocks else None

    def take(self, piece: Piece) -> None:
        match piece:
            case Heading():
                self._heading(piece)
            case Passage():
                joins = piece.is_entry and self._was_entry and bool(self._text)
                if piece.markdown.strip():
                    self._text.append(("\n" if joins else "\n\n") + piece.markdown)
            case Picture():
                self._flush()
                self._chapter.blocks.append(
                    self._draft.figure(
                        piece.path, piece.alt, piece.caption, self._last, self._chapter.title
                    )
                )
            case Grid():
                self._flush()
                self._grid(piece)
        self._was_entry = isinstance(piece, Passage) and piece.is_entry

    def _heading(self, piece: Heading) -> None:
        below = piece.level - self._top
        if below <= 0:
            self._flush()
            self._chapters.append(Chapter(self._title, strip_markdown(piece.text)))
            return
        if below == 1:
            self._flush()
        if piece.text:
            self._text.append(f"\n\n{'#' * min(6, below + 1)} {piece.text}")

    def _grid(self, piece: Grid) -> None:
        place = self._chapter.title
        rows = [tuple(self._draft.line(cell, place) for cell in row) for row in piece.rows]
        if not rows or not rows[0]:
            return
        before = self._last
        try:
            table = m.Table(
                key=m.next_key(before.key if before else None), header=rows[0], rows=tuple(rows[1:])
            )
        except ValidationError:
            # Larger than a table block may be: it stays a table, inside a text.
            rule = "|" + "---|" * len(rows[0])
            self._text.append("\n".join([lines.row(rows[0]), rule, *map(lines.row, rows[1:])]))
            self._flush()
            return
        self._chapter.blocks.append(table)

    def _flush(self) -> None:
        text = m.normal_markdown("".join(self._text))
        self._text = []
        if not text:
            return
        folded = text.casefold()
        used = [
            line for label, line in self._definitions.items() if f"[{label.casefold()}]" in folded
        ]
        if used:
            text += "\n\n" + "\n".join(used)
        for part in _screens(text):
            block = self._draft.text(part, self._last, self._chapter.title)
            if block is not None:
                self._chapter.blocks.append(block)

    def finish(self) -> list[Chapter]:
        self._flush()
        return self._chapters


_LONG = 40_000


def _screens(text: str) -> list[str]:
    """A text that is longer than a block may be, cut at its empty lines."""
    if len(text) <= _LONG or "```" in text or "~~~" in text:
        return [text]
    parts = [""]
    for paragraph in re.split(r"\n{2,}", text):
        if parts[-1] and len(parts[-1]) + len(paragraph) > _LONG:
            parts.append("")
        parts[-1] += ("\n\n" if parts[-1] else "") + paragraph
    return parts
