"""Markdown files, with the pictures that lie beside them, read."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote

from academy.document import codec
from academy.document import limits as document_limits
from academy.document import model as m
from academy.formats import limits, text
from academy.formats.draft import Chapter, Draft
from academy.formats.facts import Imported, LossCode
from academy.formats.html import to_markdown
from academy.formats.outline import Heading, Passage, Picture, Piece, chapters

if TYPE_CHECKING:
    from markdown_it.token import Token

_PICTURE = re.compile(
    # Bounded, so that a text of nothing but openings is not read again from each of them.
    r"!\[((?:\\.|[^\]\\]){0,500})\]"
    r"(?:\(\s*<?([^)>\s]{0,2000})>?(?:\s+[^)]{0,1000})?\)|\[([^\]]{0,1000})\])"
)
_TAG = re.compile(r"</?\s*([A-Za-z][A-Za-z0-9-]*)|<!")
_FRONT = re.compile(r"---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", re.DOTALL)
_KEY = re.compile(rf"^key:[ \t]*({m.KEY})[ \t]*$", re.MULTILINE)
_TITLE = re.compile(r"^title:[ \t]*(.*?)[ \t]*$", re.MULTILINE)


def read(files: Mapping[str, bytes], title: str) -> Imported:
    """A course of one or more Markdown files; several become units in the order of their names.

    A file with directives of our own format is read as one lesson of it.

    Raises:
        Refused: a file is no text, or there is none.
    """
    draft = Draft()
    reader = _Reader(files, draft)
    names = sorted(name for name in files if name.lower().endswith((".md", ".markdown")))
    made: list[Chapter] = []
    found = title
    for name in names:
        own = title if len(names) == 1 else posixpath.basename(name).rpartition(".")[0]
        found, more = reader.chapters(name, own)
        made += more
    for name in files:
        if name not in names and name not in reader.used:
            draft.lose(LossCode.FILE_UNUSED, "", name=name)
    return draft.imported(found if len(names) == 1 else title, made)


class _Reader:
    def __init__(self, files: Mapping[str, bytes], draft: Draft) -> None:
        self._files = files
        self._draft = draft
        self.used: set[str] = set()

    def chapters(self, name: str, title: str) -> tuple[str, list[Chapter]]:
        source = self._draft.clean(text.decode(self._files[name], limits.MAX_MARKDOWN_BYTES), name)
        front = _FRONT.match(source)
        about = front[1] or "" if front else ""
        body = source[front.end() :] if front else source
        written = _TITLE.search(about)
        title = written[1].strip("'\"") if written and written[1] else title
        if ":::{" in body:
            lesson = _own_lesson(about, body, title)
            if lesson is not None:
                chapter = Chapter(title, lesson.title, list(lesson.blocks), key=lesson.key)
                return title, [chapter]
        for line in about.split("\n"):
            if line.strip() and not _TITLE.match(line):
                self._draft.lose(LossCode.FRONT_MATTER, name, text=line)
        pieces, definitions = self._pieces(body, name)
        return chapters(self._draft, title, pieces, definitions)

    def _pieces(self, source: str, name: str) -> tuple[list[Piece], dict[str, str]]:
        from markdown_it import MarkdownIt  # noqa: PLC0415  only importing parses

        environment: dict[str, dict[str, dict[str, str]]] = {}
        parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        tokens = parser.parse(source, environment)
        rows = source.split("\n")
        definitions = {
            label: f"[{label}]: <{reference['href']}>"
            + (' "{}"'.format(reference["title"].replace('"', "'")) if reference["title"] else "")
            for label, reference in environment.get("references", {}).items()
        }
        pieces: list[Piece] = []
        for at, token in enumerate(tokens):
            if token.level or token.map is None:
                continue
            part = "\n".join(rows[token.map[0] : token.map[1]]).rstrip("\n")
            pieces += self._piece(tokens, at, part, name, environment)
        return pieces, definitions

    def _piece(
        self,
        tokens: "list[Token]",
        at: int,
        part: str,
        name: str,
        environment: Mapping[str, Mapping[str, Mapping[str, str]]],
    ) -> Iterator[Piece]:
        token = tokens[at]
        inner = tokens[at + 1] if at + 1 < len(tokens) else None
        if token.type == "html_block":
            found: list[Piece] = []
            markdown = to_markdown(
                part,
                self._draft,
                name,
                lambda src, alt: found.extend(self._picture(src, alt, name)),
            )
            yield Passage(markdown)
            yield from found
            return
        if token.type in {"fence", "code_block"}:
            yield Passage(part)
            return
        inline = [inner] if token.type == "heading_open" and inner else _inlines(tokens, at)
        part, pictures = self._without(part, inline, name, environment)
        if token.type == "heading_open" and inner is not None:
            heading, _ = self._without(inner.content, [inner], name, environment, quiet=True)
            yield Heading(int(token.tag[1:]), " ".join(heading.split()))
        else:
            yield Passage(part)
        yield from pictures

    def _without(
        self,
        part: str,
        inlines: "list[Token]",
        name: str,
        environment: Mapping[str, Mapping[str, Mapping[str, str]]],
        *,
        quiet: bool = False,
    ) -> tuple[str, list[Piece]]:
        """The source without HTML and pictures, and the pictures, which stand after it."""
        pictures: list[Piece] = []
        children = [child for inline in inlines for child in inline.children or ()]
        for child in children:
            if child.type == "html_inline":
                tag = _TAG.match(child.content)
                word = (tag[1] or "!") if tag else "!"
                part = part.replace(child.content, "\\\n" if word.lower() == "br" else "", 1)
                if word.lower() != "br" and not quiet and not child.content.startswith("</"):
                    self._draft.lose_style(LossCode.HTML_TAG, word.lower())
        # What is longer than a block may be keeps its pictures in the text, where the checker finds them.
        has_picture = any(child.type == "image" for child in children)
        if not has_picture or len(part) > document_limits.MARKDOWN_LENGTH:
            return part, pictures
        references = environment.get("references", {})
        alone = not _PICTURE.sub("", part).strip()

        def take(found: re.Match[str]) -> str:
            alt, source = found[1], found[2]
            if source is None:
                label = " ".join((found[3] or alt).split()).upper()
                source = references.get(label, {}).get("href", "")
            if not quiet:
                pictures.extend(self._picture(source, alt, name))
            return "" if alone else alt

        return _PICTURE.sub(take, part), pictures

    def _picture(self, source: str, alt: str, name: str) -> list[Piece]:
        if re.match(r"[a-z][a-z0-9+.-]*:|//", source, re.IGNORECASE):
            self._draft.lose(LossCode.PICTURE_OUTSIDE, name, name=source)
            return []
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(source)))
        data = self._files.get(path)
        if data is None:
            self._draft.lose(LossCode.PICTURE_MISSING, name, name=source)
            return []
        self.used.add(path)
        kept = self._draft.picture(path, data, name)
        return [Picture(kept, alt)] if kept else []


def _inlines(tokens: "list[Token]", at: int) -> "list[Token]":
    """The inline tokens inside the block that this one opens."""
    found: list[Token] = []
    if tokens[at].nesting:
        for one in (tokens[index] for index in range(at + 1, len(tokens))):
            if one.level == 0:
                break
            if one.type == "inline":
                found.append(one)
    return found


def _own_lesson(about: str, body: str, title: str) -> m.Lesson | None:
    """A lesson in our own format; None when it is not wholly one."""
    key = _KEY.search(about)
    name = key[1] if key else "lesson-1"
    if not key:
        about = f"key: {name}\ntitle: {_quoted(title)}\nminutes: 5\n"
    lesson = f"---\n{about}---\n{body}"
    files = {
        "course.yaml": b"format_version: 1\nkey: imported\ntitle: x\ntrack: settle\nhours: 1\n",
        "01-unit/unit.yaml": b"title: x\n",
        f"01-unit/01-{name}.md": lesson.encode(),
    }
    decoded = codec.decode(files)
    return decoded.course.lessons()[0] if decoded.whole and decoded.course else None


def _quoted(title: str) -> str:
    """A title as a YAML text."""
    return "'" + title.replace("'", "''") + "'"


def is_document(files: Mapping[str, bytes]) -> bool:
    """Whether these are Markdown files and what may lie beside them."""
    return any(name.lower().endswith((".md", ".markdown")) for name in files)
