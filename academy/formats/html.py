"""HTML as editors of other systems write it → Markdown. What has no Markdown is told by its tag."""

import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser

from academy.document import lines
from academy.formats import limits
from academy.formats.draft import Draft
from academy.formats.facts import LossCode
from academy.formats.text import escape_line

Picture = Callable[[str, str], None]
"""Takes the source and the alternative text of a picture."""

LOOKS_LIKE_HTML = re.compile(
    r"</?(?:p|br|b|i|u|s|em|strong|span|div|ul|ol|li|a|img|h[1-6]|table|tr|td|th|tbody|thead|pre|code|sub|sup|font"
    r"|blockquote|del|strike|hr)\b[^<>]*>|&(?:nbsp|amp|lt|gt|quot|#\d+);",
    re.IGNORECASE,
)

_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "strike": "~~"}
_HEADINGS = {f"h{level}" for level in range(1, 7)}
_BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "center",
    "dl",
    "dt",
    "dd",
    "figure",
}
_SILENT = {
    "span",
    "html",
    "body",
    "tbody",
    "thead",
    "tfoot",
    "colgroup",
    "col",
    "head",
    "label",
    "figcaption",
}
_HIDDEN = {"script", "style", "title", "template", "noscript"}
_KNOWN = (
    _MARKS.keys() | _HEADINGS | _BLOCKS | _SILENT
    | {"br", "hr", "a", "img", "ul", "ol", "li", "blockquote", "pre", "code", "table", "tr", "td", "th", "caption"}
)  # fmt: skip
_SPACE = re.compile(r"[ \t\n\r\f\v]+")
_DEPTH = 50


class _Inline:
    """Text that is being gathered, and the mark or link that closes it."""

    def __init__(self, tag: str, target: str = "") -> None:
        self.tag = tag
        self.target = target
        self.parts: list[str] = []

    def closed(self) -> str:
        text = "".join(self.parts)
        inner = text.strip(" \n")
        if not inner or self.tag == "":
            return text
        head = text[: len(text) - len(text.lstrip(" \n"))]
        tail = text[len(text.rstrip(" \n")) :]
        if self.tag == "a":
            return f"{head}[{inner}]({self.target}){tail}" if self.target else text
        if self.tag == "code":
            ticks = "`" * (max((len(run) for run in re.findall("`+", inner)), default=0) + 1)
            space = " " if len(ticks) > 1 else ""
            return f"{head}{ticks}{space}{inner}{space}{ticks}{tail}"
        mark = _MARKS[self.tag]
        return f"{head}{mark}{inner}{mark}{tail}"


class _Reader(HTMLParser):
    def __init__(self, draft: Draft, picture: Picture) -> None:
        super().__init__(convert_charrefs=True)
        self._draft = draft
        self._picture = picture
        self.blocks: list[str] = []
        self._open: list[_Inline] = [_Inline("")]
        self._lists: list[list[int]] = []
        """For every open list: the number of its next entry, 0 for bullets."""
        self._marker = ""
        self._quotes = 0
        self._heading = 0
        self._hidden = 0
        self._pre: list[str] | None = None
        self._rows: list[list[str]] | None = None
        self._in_cell = False

    # Tags

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _HIDDEN:
            self._hidden += 1
            self._draft.lose_style(LossCode.HTML_TAG, tag)
        elif self._hidden:
            return
        elif tag not in _KNOWN or re.search(
            r"color|decoration|background", values.get("style", "")
        ):
            self._draft.lose_style(LossCode.HTML_TAG, tag)
        if tag in _MARKS or tag in {"a", "code"}:
            if len(self._open) < _DEPTH:
                self._open.append(_Inline(tag, _target(values.get("href", ""))))
        elif tag == "br":
            self._open[-1].parts.append("\n")
        elif tag == "img":
            self._picture(values.get("src", ""), values.get("alt", ""))
        elif tag in {"td", "th"}:
            self._start_cell(values)
        elif (
            tag in _HEADINGS
            or tag in _BLOCKS
            or tag in {"ul", "ol", "li", "blockquote", "pre", "hr", "table", "tr"}
        ):
            self._start_block(tag)

    def _start_block(self, tag: str) -> None:
        if self._in_cell:
            self._open[-1].parts.append(" ")
            return
        self._flush()
        match tag:
            case "ul" | "ol":
                if len(self._lists) < _DEPTH:
                    self._lists.append([1 if tag == "ol" else 0])
            case "li":
                self._start_entry()
            case "blockquote":
                self._quotes = min(self._quotes + 1, 5)
            case "pre":
                self._pre = []
            case "hr":
                self.blocks.append("***")
            case "table" if self._rows is None:
                self._rows = []
            case "tr" if self._rows is not None:
                self._rows.append([])
            case _ if tag in _HEADINGS:
                self._heading = max(3, int(tag[1]))

    def _start_entry(self) -> None:
        if not self._lists:
            self._lists.append([0])
        number = self._lists[-1][0]
        self._marker = f"{number}. " if number else "- "
        if number:
            self._lists[-1][0] += 1

    def _start_cell(self, values: Mapping[str, str]) -> None:
        if self._rows is None:
            return
        self._end_cell()
        if not self._rows:
            self._rows.append([])
        if {"colspan", "rowspan"} & values.keys():
            self._draft.lose_style(LossCode.HTML_TAG, "colspan")
        self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif self._hidden:
            return
        elif tag in _MARKS or tag in {"a", "code"}:
            self._close(tag)
        elif tag in {"td", "th"}:
            self._end_cell()
        elif self._in_cell and tag not in {"tr", "table"}:
            self._open[-1].parts.append(" ")
        elif tag == "pre":
            self._end_pre()
        elif tag in {"ul", "ol"}:
            self._flush()
            if self._lists:
                self._lists.pop()
        elif tag == "blockquote":
            self._flush()
            self._quotes = max(0, self._quotes - 1)
        elif tag == "table":
            self._end_table()
        elif tag in _HEADINGS or tag in _BLOCKS or tag == "li":
            self._flush()

    def _close(self, tag: str) -> None:
        if any(inline.tag == tag for inline in self._open):
            while True:
                done = self._open.pop()
                self._open[-1].parts.append(done.closed())
                if done.tag == tag:
                    return

    def _end_pre(self) -> None:
        if self._pre is not None:
            code = "".join(self._pre).strip("\n")
            self._pre = None
            fence = "`" * max(3, max((len(r) + 1 for r in re.findall("`+", code)), default=0))
            if code:
                self.blocks.append(f"{fence}\n{code}\n{fence}")

    # Text

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._pre is not None:
            self._pre.append(data)
            return
        if self._open[-1].tag == "code":
            self._open[-1].parts.append(_SPACE.sub(" ", data))
            return
        folded = _SPACE.sub(" ", data)
        inner = escape_line(folded) if folded.strip(" ") else ""
        head = " " if folded.startswith(" ") else ""
        tail = " " if folded.endswith(" ") and inner else ""
        self._open[-1].parts.append(f"{head}{inner}{tail}")

    def _text(self) -> str:
        while len(self._open) > 1:
            done = self._open.pop()
            self._open[-1].parts.append(done.closed())
        text = "".join(self._open[0].parts)
        self._open = [_Inline("")]
        return text.replace("\u00a0", " ").strip(" \n")

    def _flush(self) -> None:
        text = self._text()
        if self._pre is not None:
            self._end_pre()
        if not text:
            return
        if self._heading:
            text = f"{'#' * self._heading} {' '.join(text.split())}"
            self._heading = 0
        made = [line.strip(" ") for line in text.split("\n")]
        made = [
            f"{line}\\" if line and at + 1 < len(made) else line for at, line in enumerate(made)
        ]
        made = [line for line in made if line] or [""]
        made[-1] = made[-1].removesuffix("\\") if text.endswith("\\") is False else made[-1]
        if self._lists:
            indent = "    " * (len(self._lists) - 1)
            first = f"{indent}{self._marker}" if self._marker else f"{indent}    "
            made = [first + made[0], *(f"{indent}    {line}" for line in made[1:])]
            joined = "\n".join(made)
            is_next = bool(self._marker) and bool(self.blocks) and self._in_list(self.blocks[-1])
            self._marker = ""
            if is_next:
                self.blocks[-1] += "\n" + joined
            else:
                self.blocks.append(joined)
            return
        quote = "> " * self._quotes
        self.blocks.append("\n".join(quote + line for line in made))

    @staticmethod
    def _in_list(block: str) -> bool:
        first = block.lstrip(" ")
        return lines.is_bullet(first.split("\n")[0]) or lines.is_numbered(first.split("\n")[0])

    # Tables

    def _end_cell(self) -> None:
        if self._in_cell and self._rows:
            self._rows[-1].append(" ".join(self._text().split()))
        self._in_cell = False

    def _end_table(self) -> None:
        self._end_cell()
        rows = [row for row in self._rows or () if row]
        self._rows = None
        if not rows:
            return
        width = max(map(len, rows))
        rows = [row + [""] * (width - len(row)) for row in rows]
        made = [lines.row(rows[0]), "|" + "---|" * width, *map(lines.row, rows[1:])]
        self.blocks.append("\n".join(made))

    def finish(self) -> str:
        self.close()
        self._end_table()
        self._flush()
        return "\n\n".join(self.blocks)


_MARKUP = re.compile(
    r"<(?:"
    r"(?P<tag>/?[A-Za-z](?:[^<>\"']|\"[^<>\"]*\"|'[^<>']*')*>)"
    r"|(?P<other>[!?][^<>]*>))?"
)


def _well_formed(text: str) -> str:
    """Only whole tags stay markup.

    The library's parser reads on to the end of the text from every tag that does not close, again and again.
    """
    parts = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts.append(text[at:start])
        at = end + 3
    parts.append(text[at:])

    def whole(found: re.Match[str]) -> str:
        if found["tag"]:
            return found.group()
        return "" if found["other"] else "&lt;"

    return _MARKUP.sub(whole, "".join(parts))


def _target(address: str) -> str:
    address = address.strip()
    if not address or not re.match(
        r"(?:https?:|tel:|mailto:|[a-z0-9./#-])", address, re.IGNORECASE
    ):
        return ""
    if address.lower().startswith(("javascript:", "data:", "vbscript:", "file:")):
        return ""
    return re.sub(r"[\s<>()\\\x00-\x1f]", lambda found: f"%{ord(found.group()):02X}", address)


def to_markdown(text: str, draft: Draft, place: str, picture: Picture) -> str:
    """Markdown of an HTML text.

    Args:
        text: HTML, well-formed or not.
        draft: takes the losses.
        place: what the text belongs to.
        picture: called for every picture; the text itself keeps none.
    """
    if len(text) > limits.MAX_HTML:
        draft.lose(LossCode.TEXT_CUT, place, limit=limits.MAX_HTML, text=text[limits.MAX_HTML :])
        text = text[: limits.MAX_HTML]
    reader = _Reader(draft, picture)
    try:
        reader.feed(_well_formed(text))
        return reader.finish()
    except (
        AssertionError,
        ValueError,
    ):  # the library's parser gives up on some broken declarations
        draft.lose_style(LossCode.HTML_TAG, "!")
        return "\n".join(escape_line(line) for line in re.sub(r"<[^>]*>", " ", text).split("\n"))
