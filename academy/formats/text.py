"""Bytes to text, and plain text to Markdown that shows the same."""

import codecs
import re

from academy.formats import limits
from academy.formats.facts import Reason, Refused

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes, limit: int = limits.MAX_TEXT_BYTES) -> str:
    """The text, with line feeds only: UTF-8, UTF-16 when its mark says so, or CP949 as Korean Windows writes it.

    Raises:
        Refused: too large, another encoding, or no text at all.
    """
    if len(data) > limit:
        raise Refused(Reason.TOO_LARGE, limit=limits.in_mb(limit))
    encodings = [name for mark, name in _BOMS if data.startswith(mark)] or ["utf-8", "cp949"]
    for encoding in encodings:
        try:
            text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise Refused(Reason.NOT_TEXT)
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise Refused(Reason.ENCODING)


_PUNCTUATION = r"""!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~"""
_INLINE = re.compile(
    rf"\\(?=[{_PUNCTUATION}]|$)"  # a backslash that would escape
    r"|`"
    r"|\*(?!\s)|(?<!\s)\*"
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|~(?=~)"
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=#?\w+;)"
    r"|\[(?=[^\[\]\n]*\][(\[])"
)
_START = re.compile(r"(#{1,6}(?=\s|$)|>|[-+](?=\s|$)|[=-]+$|\||:(?=::)|\((?=.*\)=$))")
_ORDERED = re.compile(r"([0-9]{1,9})([.)])(?=\s|$)")


def escape(text: str) -> str:
    """Markdown that shows this plain text; its line breaks stay line breaks."""
    lines = [escape_line(line) for line in text.split("\n")]
    shown = [
        f"{line}\\" if line and at + 1 < len(lines) and lines[at + 1] else line
        for at, line in enumerate(lines)
    ]
    return "\n".join(shown)


def escape_line(text: str) -> str:
    """The same for one line, without the space around it."""
    return escape_start(escape_inline(text.strip()))


def escape_inline(text: str) -> str:
    """A piece of a line, its space kept."""
    return _INLINE.sub(lambda found: "\\" + found.group(), text)


def escape_start(line: str) -> str:
    """A line of Markdown that must be nothing but a line."""
    line = _START.sub(r"\\\1", line, count=1) if _START.match(line) else line
    return _ORDERED.sub(r"\1\\\2", line, count=1) if _ORDERED.match(line) else line


def fold(text: str) -> str:
    """Runs of space and line breaks as one space."""
    return re.sub(r"[ \t\n\r\f\v]+", " ", text).strip(" ")
