"""Word documents (Office Open XML, ISO/IEC 29500-1), read.

Only what a course can hold is read, from the parts themselves: a general library hides footnotes, text boxes, tracked
changes and the numbering of lists, which have to be read or told here.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from academy.formats import limits, xml
from academy.formats.archive import Archive
from academy.formats.draft import Draft
from academy.formats.facts import Imported, LossCode, Reason, Refused
from academy.formats.outline import Grid, Heading, Passage, Picture, Piece, chapters
from academy.formats.text import escape_inline, escape_start

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_HEADING = re.compile(r"(?:heading|제목|개요)\s*([1-9])\Z", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|목차)\s*[1-9]?\Z|toc heading\Z", re.IGNORECASE)
_LIST_LEVEL = re.compile(r"list (?:bullet|number) ([2-5])\Z", re.IGNORECASE)
_NOTES = {"header", "footer", "footnotes", "endnotes", "comments"}
_PASS = {"ins", "moveTo", "smartTag", "customXml", "fldSimple", "sdtContent", "dir", "bdo"}
_DROP = {"del", "moveFrom"}
_MARKS = (("b", "**"), ("i", "*"), ("strike", "~~"), ("dstrike", "~~"))
_OBJECTS = {
    "object": "ole",
    "pict": "shape",
    "oMath": "equation",
    "oMathPara": "equation",
    "altChunk": "chunk",
}
_STYLES = {"u", "highlight", "vertAlign", "color", "vanish", "caps", "smallCaps"}
_OFF = {"0", "false", "none", "off", "auto", "000000", "baseline"}


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _find(element: "Element | None", *way: str) -> "Element | None":
    """The first descendant down these local names."""
    for name in way:
        if element is None:
            return None
        element = next((child for child in element if _local(child.tag) == name), None)
    return element


def _all(element: "Element | None", name: str) -> Iterator["Element"]:
    """The children with this local name."""
    return (
        (child for child in element if _local(child.tag) == name)
        if element is not None
        else iter(())
    )


def _get(element: "Element | None", name: str) -> str:
    if element is None:
        return ""
    return next((value for key, value in element.attrib.items() if _local(key) == name), "")


def _is_on(properties: "Element | None", name: str) -> bool:
    found = _find(properties, name)
    return found is not None and _get(found, "val").lower() not in _OFF


def _words(element: "Element") -> str:
    return " ".join(
        "".join(
            one.text or "" for one in element.iter() if _local(one.tag) in {"t", "delText"}
        ).split()
    )


@dataclass(frozen=True, slots=True)
class _Style:
    name: str = ""
    based_on: str = ""
    outline: int | None = None
    number: tuple[str, int] | None = None


@dataclass(slots=True)
class _Inline:
    """A piece of a paragraph and how it is marked."""

    text: str
    marks: frozenset[str] = frozenset()
    link: str = ""


@dataclass(slots=True)
class _Line:
    """A paragraph while it is read."""

    inlines: list[_Inline] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)

    def add(self, text: str, marks: frozenset[str], link: str) -> None:
        last = self.inlines[-1] if self.inlines else None
        if last is not None and (last.marks, last.link) == (marks, link):
            last.text += text
        elif text:
            self.inlines.append(_Inline(text, marks, link))

    def markdown(self) -> str:
        text = "".join(_marked(inline) for inline in self.inlines).strip()
        made = [escape_start(line.strip()) for line in text.split("\n")]
        return "\\\n".join(line for line in made if line)

    def plain(self) -> str:
        return " ".join("".join(inline.text for inline in self.inlines).split())


def _marked(inline: _Inline) -> str:
    made = []
    for line in inline.text.split("\n"):
        inner = line.strip()
        if not inner:
            made.append(line)
            continue
        head, tail = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]
        inner = escape_inline(inner)
        for mark in sorted(inline.marks):
            inner = f"{mark}{inner}{mark}"
        if inline.link:
            inner = f"[{inner}]({inline.link})"
        made.append(head + inner + tail)
    return "\n".join(made)


def read(data: bytes, title: str) -> Imported:
    """A course of the headings, paragraphs, lists, tables and pictures of a document.

    Raises:
        Refused: no Word document, or one with macros.
    """
    archive = Archive(data)
    for name in archive.names():
        if name.lower().endswith("vbaproject.bin"):
            raise Refused(Reason.MACROS)
    draft = Draft()
    document = _Document(archive, draft)
    pieces = list(document.pieces())
    document.tell_notes()
    title, made = chapters(draft, document.title or title, pieces)
    return draft.imported(title, made, summary=document.subtitle)


class _Document:
    def __init__(self, archive: Archive, draft: Draft) -> None:
        self._archive = archive
        self._draft = draft
        self._path = self._main()
        self._targets = self._relations(self._path)
        self._styles = self._read_styles()
        self._numbers = self._read_numbers()
        self._level = -1
        self._counts: dict[int, tuple[bool, int]] = {}
        """Of the list that is open: at every level, whether it is numbered and how far."""
        self._place = ""
        self.title = ""
        self.subtitle = ""

    # Parts

    def _main(self) -> str:
        for kind, target, _ in self._relations("").values():
            if kind == "officeDocument":
                if target not in self._archive or not target.startswith("word/"):
                    break
                return target
        raise Refused(Reason.NOT_THIS, format="DOCX")

    def _tree(self, path: str) -> "Element | None":
        if path not in self._archive:
            return None
        if self._archive.size(path) > limits.MAX_XML_BYTES:
            raise Refused(Reason.TOO_COMPLEX)
        return xml.tree(self._archive.read(path))

    def _relations(self, path: str) -> dict[str, tuple[str, str, bool]]:
        """Kind, target and whether it lies outside, by id."""
        folder, name = posixpath.split(path)
        tree = self._tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = {}
        for one in tree if tree is not None else ():
            target = one.get("Target") or ""
            outside = one.get("TargetMode") == "External"
            if not outside:
                target = posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/")
            kind = (one.get("Type") or "").rpartition("/")[2]
            found[one.get("Id") or ""] = (kind, target, outside)
        return found

    def _part(self, kind: str) -> "Element | None":
        for found, target, outside in self._targets.values():
            if found == kind and not outside:
                return self._tree(target)
        return None

    def _read_styles(self) -> dict[str, _Style]:
        found = {}
        for style in _all(self._part("styles"), "style"):
            properties = _find(style, "pPr")
            outline = _get(_find(properties, "outlineLvl"), "val")
            found[_get(style, "styleId")] = _Style(
                name=_get(_find(style, "name"), "val"),
                based_on=_get(_find(style, "basedOn"), "val"),
                outline=int(outline) if outline.isdecimal() else None,
                number=_number(_find(properties, "numPr")),
            )
        return found

    def _read_numbers(self) -> dict[tuple[str, int], bool]:
        """Whether the entries of a list are numbered, by list and level."""
        root = self._part("numbering")
        abstract = {_get(one, "abstractNumId"): one for one in _all(root, "abstractNum")}
        found = {}
        for one in _all(root, "num"):
            kinds = abstract.get(_get(_find(one, "abstractNumId"), "val"))
            for level in _all(kinds, "lvl"):
                at = _get(level, "ilvl")
                kind = _get(_find(level, "numFmt"), "val")
                if at.isdecimal():
                    found[_get(one, "numId"), int(at)] = kind not in {"bullet", "none", ""}
        return found

    def _chain(self, style: str) -> Iterator[_Style]:
        """A style and what it is based on."""
        seen: set[str] = set()
        while style in self._styles and style not in seen:
            seen.add(style)
            yield self._styles[style]
            style = self._styles[style].based_on

    # Blocks

    def pieces(self) -> Iterator[Piece]:
        body = _find(self._tree(self._path), "body")
        if body is None:
            raise Refused(Reason.NOT_THIS, format="DOCX")
        yield from self._blocks(body)

    def _blocks(self, parent: "Element") -> Iterator[Piece]:
        for element in parent:
            match _local(element.tag):
                case "p":
                    yield from self._paragraph(element)
                case "tbl":
                    yield from self._table(element)
                case "sdt":
                    if _find(
                        element, "sdtPr", "docPartObj", "docPartGallery"
                    ) is not None and "Contents" in _get(
                        _find(element, "sdtPr", "docPartObj", "docPartGallery"), "val"
                    ):
                        self._draft.lose(LossCode.CONTENTS, self._place)
                        continue
                    content = _find(element, "sdtContent")
                    if content is not None:
                        yield from self._blocks(content)
                case name if name in _PASS:
                    yield from self._blocks(element)
                case name if name in _DROP:
                    self._lose_deleted(element)
                case name if name in _OBJECTS:
                    self._lose_object(_OBJECTS[name])

    def _paragraph(self, element: "Element") -> Iterator[Piece]:
        properties = _find(element, "pPr")
        chain = list(self._chain(_get(_find(properties, "pStyle"), "val")))
        name = chain[0].name.lower() if chain else ""
        if _CONTENTS.match(name):
            if _words(element):
                self._draft.lose(LossCode.CONTENTS, _words(element))
            return
        line = _Line()
        self._inside(element, line, "")
        text = line.markdown()
        level = self._heading(properties, chain)
        if name in {"title", "제목"} and not self.title:
            self.title = line.plain()
        elif name in {"subtitle", "부제"} and not self.subtitle:
            self.subtitle = line.plain()
        elif level is not None and text:
            self._place = line.plain()
            yield Heading(level, text.replace("\\\n", " "))
        elif text:
            number = self._list(properties, chain)
            if number is not None:
                yield Passage(self._entry(number, text), is_entry=True)
            elif name in {"quote", "intense quote", "인용"}:
                yield Passage("\n".join(f"> {part}" for part in text.split("\n")))
            else:
                yield Passage(text)
            if number is None:
                self._level, self._counts = -1, {}
        yield from line.pictures

    def _heading(self, properties: "Element | None", chain: list[_Style]) -> int | None:
        own = _get(_find(properties, "outlineLvl"), "val")
        if own.isdecimal() and int(own) < 9:  # noqa: PLR2004  9 is the level of plain text
            return int(own) + 1
        for style in chain:
            named = _HEADING.match(style.name)
            if named:
                return int(named[1])
            if style.outline is not None:
                return style.outline + 1 if style.outline < 9 else None  # noqa: PLR2004  as above
        return None

    def _list(self, properties: "Element | None", chain: list[_Style]) -> tuple[str, int] | None:
        """The list and level of a paragraph; None when it is in none."""
        number = _number(_find(properties, "numPr"))
        if number is None:
            styled = next((style for style in chain if style.number), None)
            if styled is None or styled.number is None:
                return None
            deeper = _LIST_LEVEL.search(styled.name)
            number = (styled.number[0], int(deeper[1]) - 1 if deeper else styled.number[1])
        return None if number[0] == "0" else number

    def _entry(self, number: tuple[str, int], text: str) -> str:
        """One entry of a list, under the one it belongs to."""
        key, level = number
        ordered = self._numbers.get((key, level), self._numbers.get((key, 0), False))
        # An entry deeper than the one above it by more than one step would be code.
        self._level = min(level, self._level + 1, 8)
        self._counts = {at: count for at, count in self._counts.items() if at <= self._level}
        kind, count = self._counts.get(self._level, (ordered, 0))
        count = count + 1 if kind is ordered else 1
        self._counts[self._level] = ordered, count
        indent = "    " * self._level
        marker = f"{count}. " if ordered else "- "
        return indent + marker + text.replace("\n", f"\n{indent}    ")

    # Inside a paragraph

    def _inside(self, parent: "Element", line: _Line, link: str) -> None:
        for element in parent:
            name = _local(element.tag)
            if name == "r":
                self._run(element, line, link)
            elif name == "hyperlink":
                _, target, outside = self._targets.get(_get(element, "id"), ("", "", False))
                self._inside(element, line, _address(target) if outside else "")
            elif name == "sdt":
                content = _find(element, "sdtContent")
                if content is not None:
                    self._inside(content, line, link)
            elif name in _PASS:
                self._inside(element, line, link)
            elif name in _DROP:
                self._lose_deleted(element)
            elif name in _OBJECTS:
                self._lose_object(_OBJECTS[name], _words(element))

    def _run(self, run: "Element", line: _Line, link: str) -> None:
        properties = _find(run, "rPr")
        marks = frozenset(mark for name, mark in _MARKS if _is_on(properties, name))
        for element in run:
            name = _local(element.tag)
            if name == "t":
                line.add(_clean(element.text or ""), marks, link)
            elif name in {"tab", "ptab"}:
                line.add(" ", marks, link)
            elif name in {"br", "cr"}:
                if not _get(element, "type"):
                    line.add("\n", marks, link)
            elif name == "noBreakHyphen":
                line.add("-", marks, link)
            elif name == "sym":
                self._lose_object("symbol")
            elif name == "instrText":
                self._field(element.text or "")
            elif name == "delText":
                self._draft.lose(LossCode.DELETED, self._place, text=element.text or "")
            elif name == "AlternateContent":
                choice = _find(element, "Choice")
                if choice is not None:
                    for inner in choice:
                        self._drawing(inner, line)
            elif name in {"drawing", *_OBJECTS}:
                self._drawing(element, line)
        for style in properties if properties is not None and _words(run) else ():
            name = _local(style.tag)
            if name in _STYLES and _get(style, "val").lower() not in _OFF:
                self._draft.lose_style(LossCode.STYLE, name)

    def _field(self, code: str) -> None:
        """What a field shows is text and kept; what it is for is lost, but for a table of contents."""
        words = code.split()
        if words and words[0].upper() not in {"TOC", "PAGEREF"}:
            self._draft.lose_style(LossCode.STYLE, f"field {words[0]}")

    def _drawing(self, element: "Element", line: _Line) -> None:
        blips = [one for one in element.iter() if _local(one.tag) in {"blip", "imagedata"}]
        alt = next((_get(one, "descr") for one in element.iter() if _local(one.tag) == "docPr"), "")
        for box in (one for one in element.iter() if _local(one.tag) == "txbxContent"):
            self._draft.lose(LossCode.NOTE, self._place, name="textbox", text=_words(box))
        for blip in blips:
            self._picture(blip, alt, line)
        has_box = any(_local(one.tag) == "txbxContent" for one in element.iter())
        if not blips and not has_box:
            kinds = {_local(one.tag) for one in element.iter()}
            shown = "chart" if "chart" in kinds else "diagram" if "relIds" in kinds else "shape"
            self._lose_object(_OBJECTS.get(_local(element.tag), shown), _words(element))

    def _picture(self, blip: "Element", alt: str, line: _Line) -> None:
        key = _get(blip, "embed") or _get(blip, "id") or _get(blip, "link")
        _, target, outside = self._targets.get(key, ("", "", False))
        if outside:
            self._draft.lose(LossCode.PICTURE_OUTSIDE, self._place, name=target)
        elif target not in self._archive:
            self._draft.lose(LossCode.PICTURE_MISSING, self._place, name=target or key)
        elif self._archive.size(target) > limits.MAX_PICTURE_BYTES:
            self._draft.lose(LossCode.PICTURE_TYPE, self._place, name=target)
        else:
            path = self._draft.picture(target, self._archive.read(target), self._place)
            if path:
                line.pictures.append(Picture(path, _clean(alt).replace("\n", " ")))

    # Tables

    def _table(self, element: "Element") -> Iterator[Piece]:
        rows: list[list[str]] = []
        pictures: list[Picture] = []
        merged = False
        for row in _all(element, "tr"):
            cells: list[str] = []
            for cell in _cells(row):
                properties = _find(cell, "tcPr")
                span = _get(_find(properties, "gridSpan"), "val")
                width = min(int(span), 63) if span.isdecimal() else 1
                going_on = _find(properties, "vMerge")
                merged = merged or width > 1 or going_on is not None
                line = _Line()
                self._cell(cell, line)
                pictures += line.pictures
                cells += [line.markdown().replace("\\\n", " ")] + [""] * (width - 1)
            rows.append(cells)
        if merged:
            self._draft.lose(LossCode.TABLE_MERGED, self._place)
        width = max(map(len, rows), default=0)
        if width:
            yield Grid(tuple(tuple(row + [""] * (width - len(row))) for row in rows))
        for picture in pictures:
            self._draft.lose(LossCode.PICTURE_MOVED, self._place, name=picture.path)
            yield picture

    def _cell(self, cell: "Element", line: _Line) -> None:
        """All that a cell says, on one line."""
        for element in cell:
            name = _local(element.tag)
            if name == "p":
                if line.inlines:
                    line.add(" ", frozenset(), "")
                self._inside(element, line, "")
            elif name == "tbl":
                self._draft.lose(LossCode.TABLE_NESTED, self._place)
                for row in _all(element, "tr"):
                    for inner in _cells(row):
                        self._cell(inner, line)
            elif name == "sdt" or name in _PASS:
                self._cell(element, line)
            elif name in _DROP:
                self._lose_deleted(element)

    # What is not read

    def _lose_deleted(self, element: "Element") -> None:
        text = _words(element)
        if text:
            self._draft.lose(LossCode.DELETED, self._place, text=text)

    def _lose_object(self, name: str, text: str = "") -> None:
        shown = f"{name} {text}".strip()
        self._draft.lose(LossCode.OBJECT, self._place, name=shown)

    def tell_notes(self) -> None:
        """Headers, footers, footnotes and comments have no place in a lesson."""
        told: set[tuple[str, str]] = set()
        for kind, target, outside in self._targets.values():
            if kind not in _NOTES or outside:
                continue
            tree = self._tree(target)
            parts = (
                [tree] if kind in {"header", "footer"} else list(tree if tree is not None else ())
            )
            for part in parts:
                text = _words(part) if part is not None else ""
                if text and (kind, text) not in told:
                    told.add((kind, text))
                    self._draft.lose(LossCode.NOTE, "", name=kind, text=text)


def _cells(row: "Element") -> Iterator["Element"]:
    for element in row:
        if _local(element.tag) == "tc":
            yield element
        elif _local(element.tag) in {"sdt", *_PASS}:
            yield from _cells(element)


def _number(properties: "Element | None") -> tuple[str, int] | None:
    if properties is None:
        return None
    key, level = _get(_find(properties, "numId"), "val"), _get(_find(properties, "ilvl"), "val")
    return (key, int(level) if level.isdecimal() else 0) if key else None


def _clean(text: str) -> str:
    return re.sub(r"[\t\n\r]+", " ", text)


def _address(target: str) -> str:
    if not re.match(r"(?:https?:|tel:|mailto:)", target, re.IGNORECASE):
        return ""
    return re.sub(r"[\s<>()\\\x00-\x1f]", lambda found: f"%{ord(found.group()):02X}", target)
