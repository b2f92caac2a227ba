"""Where a link in a lesson may lead: somewhere in the course, to https, or to a telephone."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from academy.document.model import KEY
from academy.document.problems import Code

_BLOCK = rf"{KEY}(?:~[0-9]+)?"
# A name with a password before it (`https://bank.kr@evil.example`) only serves to deceive.
_HTTPS = re.compile(r"https://[^\s/?#@\\]+(?:[/?#]\S*)?\Z", re.IGNORECASE)
# Short lines (112, 1350), nationwide lines (1577-6635), and numbers with an area code.
_TEL = re.compile(r"tel:(?:[0-9]{2,4}|[0-9]{4}-?[0-9]{4}|0[0-9]{1,2}-?[0-9]{3,4}-?[0-9]{4})\Z")
_MEDIA = re.compile(r"media/[a-z0-9][a-z0-9._-]*\Z")
_HERE = re.compile(rf"#({_BLOCK})\Z")
_FILE = re.compile(rf"(?:(?:\.\.?|[a-z0-9-]+)/)*[0-9]+-({KEY})\.md\Z")
_KEY = re.compile(rf"{KEY}\Z")
_HARMLESS = frozenset({"tel:", "mailto:", "sms:"})
"""Not allowed as they are written here, but they do no harm."""
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Target:
    """What a link names inside the course; all None when it leads out of it.

    Attributes:
        lesson: a lesson's key; None for the lesson the link stands in.
        block: a block's key.
        media: a path in the course's media.
    """

    lesson: str | None = None
    block: str | None = None
    media: str | None = None


def read(link: str) -> Target | Code:
    """What a link names, or why it is not allowed.

    `#block`, `lesson-key`, `lesson-key#block` lead inside, and so does the way an editor writes it:
    `../02-unit/01-lesson-key.md#block`.
    """
    if _HTTPS.match(link) or _TEL.match(link):
        return Target()
    if _MEDIA.match(link):
        return Target(media=link)
    here = _HERE.match(link)
    if here:
        return Target(block=here.group(1))
    place, _, block = link.partition("#")
    file = _FILE.match(place)
    lesson = file.group(1) if file else place
    if _KEY.match(lesson) and (not block or re.fullmatch(_BLOCK, block)):
        return Target(lesson=lesson, block=block or None)
    return _why_not(link)


def _why_not(link: str) -> Code:
    # What a browser would make of it: without spaces and control characters, in small letters.
    bare = "".join(char for char in unquote(link) if char > " " and char.isprintable()).lower()
    if bare.startswith("http://"):
        return Code.LINK_NOT_HTTPS
    scheme = _SCHEME.match(bare)
    is_strange = scheme is not None and scheme.group() not in _HARMLESS
    if is_strange or bare.startswith(("//", "\\", "/\\")) or "javascript:" in bare:
        return Code.LINK_DANGEROUS
    return Code.LINK_UNKNOWN
