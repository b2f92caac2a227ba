"""What a course's media may be: bytes that are what their name says, pictures that only show."""

import re
from collections.abc import Mapping
from xml.parsers import expat

from academy.document import limits

PICTURES = frozenset({"svg", "png", "jpg", "jpeg", "webp"})
SOUNDS = frozenset({"mp3", "m4a"})
FILMS = frozenset({"mp4"})
CAPTIONS = frozenset({"vtt"})


def kind_of(path: str) -> str:
    """The end of a media path, without its dot."""
    return path.rpartition(".")[2]


def matches_its_name(path: str, data: bytes) -> bool:
    """Whether the first bytes are those of the type the name promises.

    Sources: PNG (ISO/IEC 15948) 5.2, JPEG (ITU-T T.81) B.1, WebP (RFC 9649) 2.4, MPEG audio
    (ISO/IEC 11172-3) 2.4.1.3, ID3v2, ISO base media files (ISO/IEC 14496-12) 4.3, WebVTT 4.1, PDF
    (ISO 32000-1) 7.5.2. SVG is read by `svg_danger`.
    """
    kind = kind_of(path)
    if kind == "webp":
        return data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    if kind in {"m4a", "mp4"}:
        return data[4:8] == b"ftyp"
    if kind == "mp3":
        return data.startswith(b"ID3") or (
            len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0  # noqa: PLR2004  a frame's sync bits
        )
    if kind == "vtt":
        return _is_vtt(data)
    start = _STARTS.get(kind)
    return start is None or data.startswith(start)


_STARTS: Mapping[str, bytes] = {
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
    "pdf": b"%PDF-",
}


def _is_vtt(data: bytes) -> bool:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    first = text.partition("\n")[0].rstrip("\r")
    return first == "WEBVTT" or first.startswith(("WEBVTT ", "WEBVTT\t"))


# SVG

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"

# What of SVG draws a still picture. Left out: script, foreignObject, links, what moves or loads.
_ELEMENTS = frozenset(
    {"svg", "g", "defs", "symbol", "use", "title", "desc", "metadata", "style", "switch"}
    | {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "image"}
    | {"text", "tspan", "textPath", "marker", "pattern", "clipPath", "mask", "view"}
    | {"linearGradient", "radialGradient", "stop", "filter", "feBlend", "feColorMatrix"}
    | {"feComponentTransfer", "feComposite", "feConvolveMatrix", "feDiffuseLighting"}
    | {"feDisplacementMap", "feDistantLight", "feDropShadow", "feFlood", "feFuncA", "feFuncB"}
    | {"feFuncG", "feFuncR", "feGaussianBlur", "feMerge", "feMergeNode", "feMorphology"}
    | {"feOffset", "fePointLight", "feSpecularLighting", "feSpotLight", "feTile", "feTurbulence"}
)
_ATTRIBUTE_SPACES = frozenset({"", _XLINK, _XML})
_PICTURE_INSIDE = re.compile(r"data:image/(?:png|jpeg|webp);base64,[A-Za-z0-9+/=\s]*\Z")
_URL = re.compile(r"url\(\s*['\"]?\s*([^'\")\s]*)", re.IGNORECASE)
_TRICKS = ("\\", "/*", "@import", "@font-face", "@namespace", "expression(", "image-set(", "src(")
_DEPTH = 100


class _Unsafe(Exception):
    pass


class _SvgReader:
    """Handlers for expat; the first thing that must not be there ends the reading."""

    def __init__(self) -> None:
        self._depth = 0
        self._style: list[str] | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if self._depth == 0 and (space, local) != (_SVG, "svg"):
            raise _Unsafe(f"<{local}>")
        self._depth += 1
        if self._depth > _DEPTH:
            raise _Unsafe("depth")
        if space != _SVG or local not in _ELEMENTS:
            raise _Unsafe(f"<{local}>")
        for attribute, value in attributes.items():
            self._attribute(local, attribute, value)
        if local == "style":
            self._style = []

    def _attribute(self, element: str, name: str, value: str) -> None:
        space, _, local = name.rpartition(" ")
        if space not in _ATTRIBUTE_SPACES or local.lower().startswith("on") or local == "base":
            raise _Unsafe(local)
        if local in {"href", "src"}:
            inside = element == "image" and _PICTURE_INSIDE.match(value.strip())
            if not value.strip().startswith("#") and not inside:
                raise _Unsafe(f"{local}={value}")
        elif local == "style":
            _refuse_css(value)
        else:
            _refuse_urls(value)

    def end(self, _name: str) -> None:
        self._depth -= 1
        if self._style is not None:
            _refuse_css("".join(self._style))
            self._style = None

    def text(self, data: str) -> None:
        if self._style is not None:
            self._style.append(data)

    def refuse_doctype(self, *_args: object) -> None:
        raise _Unsafe("<!DOCTYPE>")

    def refuse_entity(self, *_args: object) -> int:
        raise _Unsafe("<!ENTITY>")

    def refuse_instruction(self, target: str, _data: str) -> None:
        raise _Unsafe(f"<?{target}?>")


def _refuse_urls(text: str) -> None:
    for match in _URL.finditer(text):
        if not match.group(1).startswith("#"):
            raise _Unsafe(match.group())
    if "javascript:" in "".join(text.split()).lower():
        raise _Unsafe("javascript:")


def _refuse_css(text: str) -> None:
    # An escape or a comment could hide any of the words below.
    for trick in _TRICKS:
        if trick in text.lower():
            raise _Unsafe(trick)
    _refuse_urls(text)


def svg_danger(data: bytes) -> str | None:
    """What in an SVG is not allowed: the first thing found; None when there is nothing.

    Raises:
        ValueError: the bytes are no well-formed XML, or too large.
    """
    if len(data) > limits.MAX_SVG_BYTES:
        raise ValueError("too large")
    reader = _SvgReader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse_doctype
    parser.EntityDeclHandler = reader.refuse_entity
    parser.UnparsedEntityDeclHandler = reader.refuse_entity
    parser.ExternalEntityRefHandler = reader.refuse_entity
    parser.ProcessingInstructionHandler = reader.refuse_instruction
    try:
        parser.Parse(data, True)  # noqa: FBT003  expat's signature
    except _Unsafe as unsafe:
        return str(unsafe)
    except (expat.ExpatError, UnicodeError) as error:
        raise ValueError(str(error)) from error
    return None
