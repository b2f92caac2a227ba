"""The plain words of a lesson, for search. No feedback and no right answers: a search result must not give them away."""

import re
from collections.abc import Iterator

from academy.document import model

_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_MARKS = re.compile(r"[*_`~#>|]+|^\s*(?:[-+]|\d+[.)])\s+|^\s*:?-{3,}:?\s*$", re.MULTILINE)
_BLANK = re.compile(r"\[\[[^\[\]\n]*\]\]")


def strip_markdown(markdown: str) -> str:
    """The words of a Markdown text on one line."""
    text = _LINK.sub(r"\1", _BLANK.sub("…", markdown))
    return " ".join(_MARKS.sub(" ", text).split())


def plain_text(lesson: model.Lesson, language: str) -> str:
    """What is read in a lesson in `language`, or in the original where there is no translation."""
    text = lesson.translations.get(language)
    source = text if text is not None and text.blocks else lesson
    words = [piece for block in source.blocks for piece in _words(block)]
    return " ".join(stripped for piece in words if (stripped := strip_markdown(piece)))


def _words(block: model.AnyBlock) -> Iterator[str]:
    match block:
        case model.Text():
            yield from (block.markdown, block.easy or "")
        case model.Callout():
            yield from (block.title, block.markdown)
        case model.Figure():
            yield from (block.alt, block.caption)
        case model.Audio() | model.Video():
            yield from (block.title, block.transcript)
        case model.Table():
            yield block.caption
            yield from block.header
            for row in block.rows:
                yield from row
        case model.File():
            yield from (block.title, block.markdown)
        case model.Term():
            yield from (block.word, block.north, block.markdown)
        case model.Steps():
            yield block.title
            yield from block.items
        case model.Compare():
            yield block.title
            for column in block.columns:
                yield from (column.title, column.markdown)
        case model.Question():
            yield block.prompt
