"""Markdown to safe HTML, for the moment a course is published.

Two nets hang one under the other: the parser is told to read no HTML and every link is judged here,
then what comes out is cleaned against our own allow-list. The parser and the cleaner are loaded at
first use, so that a web process, which only hands out stored HTML, never pays for them.
"""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from academy.document import emphasis
from academy.document.model import BLANK, KEY

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

ANCHOR = "b-"
"""What the id of a block begins with on a page, so that no key can be an id of the page."""

_TAGS = frozenset(
    {"a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p"}
    | {"pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"}
)
_ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}}
_CLASSES = {
    "a": {"out"},
    "td": {"left", "right", "center"},
    "th": {"left", "right", "center"},
}

# A name with a password before it (`https://bank.kr@evil.example`) only serves to deceive.
_HTTPS = re.compile(r"https://[^\s/?#@\\]+(?:[/?#]\S*)?", re.IGNORECASE)
# Short lines (112, 1350), nationwide lines (1577-6635), and numbers with an area code.
_TEL = re.compile(r"tel:(?:[0-9]{2,4}|[0-9]{4}-?[0-9]{4}|0[0-9]{1,2}-?[0-9]{3,4}-?[0-9]{4})")
_MEDIA = re.compile(r"media/[a-z0-9][a-z0-9._-]*")
_BLOCK = rf"{KEY}(?:~[0-9]+)?"
_INSIDE = re.compile(
    rf"(?:(?:(?:\.\.?/|[a-z0-9-]+/)*[0-9]+-(?P<file>{KEY})\.md|(?P<key>{KEY}))(?:#(?P<there>{_BLOCK}))?"
    rf"|#(?P<here>{_BLOCK}))"
)
_ALIGN = re.compile(r"text-align:(left|right|center)")

_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_HEADER_CELL = re.compile(r"<th(?: [^>]*)?>(.*?)</th>", re.DOTALL)
TAG = re.compile(r'<(?:"[^"]*"|[^">])*>')
"""A tag in cleaned HTML, whose attributes always stand in double quotes."""

# Two private-use characters hold a blank's place while its text passes through the parser.
_OPEN, _CLOSE = "\ue000", "\ue001"
_HELD = re.compile(rf"{_OPEN}([0-9]+){_CLOSE}")


class Place(NamedTuple):
    """Where a link inside the course leads; an empty lesson is the one the link stands in."""

    lesson: str
    block: str


def place_of(target: str) -> Place | None:
    """What `target` names inside the course, or None when it names nothing of the kind.

    `#block`, `lesson`, `lesson#block`, or the lesson's file: `../02-unit/01-lesson.md#block`.
    """
    inside = _INSIDE.fullmatch(target)
    if inside is None:
        return None
    return Place(inside["file"] or inside["key"] or "", inside["there"] or inside["here"] or "")


@dataclass(frozen=True)
class Links:
    """Where links lead: from `media/name`, and from the key of a lesson of the same course."""

    media_url: Callable[[str], str]
    lesson_url: Callable[[str], str]


def block(text: str, links: Links, *, top: int = 2) -> str:
    """Safe HTML of Markdown; no heading is higher than `top`, and h1 belongs to the page."""
    if not text.strip():
        return ""
    parser = _parser()
    tokens = parser.parse(text)
    for token in tokens:
        _judge(token, links, top)
    return _scrolling(_clean(parser.renderer.render(tokens, parser.options, {}))).strip()


def inline(text: str, links: Links | None) -> str:
    """Safe HTML of one line.

    Without `links` its links become plain text: a link inside a label traps the thumb.
    """
    parser = _parser()
    tokens = parser.parseInline(text)
    for token in tokens:
        _judge(token, links, 2)
    return _clean(parser.renderer.render(tokens, parser.options, {})).strip()


def with_blanks(text: str, links: Links) -> tuple[str | int, ...]:
    """Safe HTML of a text with `[[blanks]]`: pieces of HTML and, between them, indexes of blanks.

    Every blank appears exactly once, in the order of the text; one that stood where nothing can be
    filled in (a link's address) follows at the end. The pieces in a row, without the indexes, are
    well-formed HTML.
    """
    text = text.replace(_OPEN, "").replace(_CLOSE, "")
    count = 0

    def hold(_: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"{_OPEN}{count - 1}{_CLOSE}"

    rendered = block(BLANK.sub(hold, text), links)
    rendered = TAG.sub(lambda tag: _HELD.sub("", tag.group()), rendered)
    pieces: list[str | int] = []
    end = 0
    for held in _HELD.finditer(rendered):
        pieces += [rendered[end : held.start()], int(held.group(1))]
        end = held.end()
    pieces.append(rendered[end:])
    pieces += [index for index in range(count) if index not in pieces]
    return tuple(piece for piece in pieces if piece != "")


def table(
    caption: str,
    header: Sequence[str],
    align: Sequence[str],
    rows: Sequence[Sequence[str]],
    links: Links,
) -> str:
    """A table in a container that scrolls by itself and can be reached with the keyboard."""

    def cells(tag: str, texts: Sequence[str]) -> str:
        scope = ' scope="col"' if tag == "th" else ""
        classes = [f' class="{side}"' if side else "" for side in align or [""] * len(texts)]
        return "".join(
            f"<{tag}{scope}{class_}>{inline(text, links)}</{tag}>"
            for text, class_ in zip(texts, classes, strict=True)
        )

    head = f"<caption>{html.escape(caption)}</caption>" if caption else ""
    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    whole = (
        f"<table>{head}<thead><tr>{cells('th', header)}</tr></thead><tbody>{body}</tbody></table>"
    )
    return _scroll(whole, caption or ", ".join(plain(inline(text, None)) for text in header))


def plain(markup: str) -> str:
    """The text of cleaned HTML, spaces folded."""
    return " ".join(html.unescape(TAG.sub("", markup)).split())


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415  only publishing parses; see the module's docstring

    return emphasis.install(
        MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    )


@cache
def _cleaner() -> ModuleType:
    import nh3  # noqa: PLC0415  only publishing cleans; see the module's docstring

    return nh3


def _clean(markup: str) -> str:
    cleaned: str = _cleaner().clean(
        markup,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes={"https", "tel"},
        link_rel=None,
    )
    return cleaned


def _judge(token: "Token", links: Links | None, top: int) -> None:
    """Change one token, and those inside it, into what a page may show."""
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{max(top, int(token.tag[1:]))}"
    elif token.type in {"th_open", "td_open"}:
        side = _ALIGN.fullmatch(str(token.attrs.pop("style", "")))
        if side:
            token.attrs["class"] = side.group(1)
    opened: list[bool] = []
    for child in token.children or ():
        if child.type == "image":
            # A picture comes as a figure, with its alternative text; here only its words are left.
            child.content = _alternative(child)
            child.type, child.children = "text", None
        elif child.type == "link_open":
            attributes = _link(str(child.attrs.get("href", "")), links)
            child.hidden = attributes is None
            child.attrs = dict(attributes or {})
            opened.append(child.hidden)
        elif child.type == "link_close":
            child.hidden = opened.pop()


def _alternative(token: "Token") -> str:
    """The text inside a token, without its markup."""
    if token.children is None:
        return token.content
    return "".join(
        " " if child.type in {"softbreak", "hardbreak"} else _alternative(child)
        for child in token.children
    )


def _link(target: str, links: Links | None) -> Mapping[str, str] | None:
    """The attributes of a link, or None when it must not be one."""
    if links is None:
        return None
    address = _inside(target, links)
    if address is not None:
        return {"href": address}
    if _HTTPS.fullmatch(target):
        return {"href": target, "class": "out", "rel": "noopener noreferrer"}
    return {"href": target} if _TEL.fullmatch(target) else None


def _inside(target: str, links: Links) -> str | None:
    """The address of something in this course; None when `target` names nothing of the kind."""
    if _MEDIA.fullmatch(target):
        return links.media_url(target)
    place = place_of(target)
    if place is None:
        return None
    page = links.lesson_url(place.lesson) if place.lesson else ""
    return f"{page}#{ANCHOR}{place.block}" if place.block else page


def _scrolling(markup: str) -> str:
    """Put tables inside a text into the same container, named by their headings."""

    def wrap(found: re.Match[str]) -> str:
        names = [plain(cell) for cell in _HEADER_CELL.findall(found.group())]
        return _scroll(found.group(), ", ".join(name for name in names if name))

    return _TABLE.sub(wrap, markup)


def _scroll(markup: str, label: str) -> str:
    # A region without a name is noise to a screen reader.
    named = f' role="region" aria-label="{html.escape(label)}"' if label else ""
    return f'<div class="scroll" tabindex="0"{named}>{markup}</div>'
