"""How large a picture is, read from its first bytes, so that a page keeps its place."""

import re
import struct

_PNG = b"\x89PNG\r\n\x1a\n"
_SVG_TAG = re.compile(r"<svg\b[^>]*>", re.DOTALL)
_VIEW_BOX = re.compile(
    r"""\bviewBox\s*=\s*["']\s*[-+.\deE]+[\s,]+[-+.\deE]+[\s,]+([.\d]+)[\s,]+([.\d]+)\s*["']"""
)
_LENGTH = r"""\b{}\s*=\s*["']\s*([.\d]+)\s*(?:px)?\s*["']"""
_WIDTH, _HEIGHT = (re.compile(_LENGTH.format(name)) for name in ("width", "height"))
# Start-of-frame markers of JPEG (ITU-T T.81, table B.1): C0 to CF without C4, C8, CC.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_MARK = 0xFF
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xDA)})


def size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of an SVG, PNG, JPEG or WebP; None when they cannot be read.

    Sources: PNG (ISO/IEC 15948) 11.2.2, JPEG (ITU-T T.81) B.2.2, WebP container specification (RFC
    9649) 2.5-2.7.
    """
    try:
        size = _read(data)
    except (struct.error, IndexError, ValueError):
        return None
    return size if size and min(size) > 0 else None


def _read(data: bytes) -> tuple[int, int] | None:
    if data.startswith(_PNG):
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    return _svg(data)


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 4 <= len(data):
        if data[at] != _MARK:
            return None
        marker = data[at + 1]
        if marker == _MARK:
            at += 1
        elif marker in _FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        elif marker in _NO_LENGTH:
            at += 2
        else:
            at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
    return None


def _webp(data: bytes) -> tuple[int, int] | None:
    kind = data[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        (bits,) = struct.unpack("<I", data[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        return (
            int.from_bytes(data[24:27], "little") + 1,
            int.from_bytes(data[27:30], "little") + 1,
        )
    return None


def _svg(data: bytes) -> tuple[int, int] | None:
    tag = _SVG_TAG.search(data[:65536].decode("utf-8", "replace"))
    if tag is None:
        return None
    width, height = _WIDTH.search(tag.group()), _HEIGHT.search(tag.group())
    if width and height:
        return round(float(width.group(1))), round(float(height.group(1)))
    box = _VIEW_BOX.search(tag.group())
    return (round(float(box.group(1))), round(float(box.group(2)))) if box else None
