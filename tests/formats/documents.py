"""Word documents and archives for tests, put together by hand so that every part is known."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    f"<w:styles {_SPACES}>"
    '<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:styleId="a3"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="mine"><w:name w:val="내 제목"/><w:basedOn w:val="1"/></w:style>'
    '<w:style w:styleId="toc"><w:name w:val="toc 1"/></w:style>'
    "</w:styles>"
)
NUMBERING = (
    f"<w:numbering {_SPACES}>"
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def packed(files: Mapping[str, bytes | str], *, links: tuple[str, ...] = ()) -> bytes:
    """An archive; the names in `links` are symbolic links."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if name in links:
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, data)
    return out.getvalue()


def docx(body: str, *, relations: str = "", more: Mapping[str, bytes | str] | None = None) -> bytes:
    """A document with this XML in its body."""
    return packed(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": f'<Relationships><Relationship Id="r" Type="{_KIND}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
            "word/document.xml": f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": "<Relationships>"
            f'<Relationship Id="s" Type="{_KIND}/styles" Target="styles.xml"/>'
            f'<Relationship Id="n" Type="{_KIND}/numbering" Target="/word/numbering.xml"/>'
            f"{relations}</Relationships>",
            "word/styles.xml": STYLES,
            "word/numbering.xml": NUMBERING,
            **(more or {}),
        }
    )


def relation(key: str, kind: str, target: str, *, outside: bool = False) -> str:
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="{key}" Type="{_KIND}/{kind}" Target="{target}"{mode}/>'


def p(text: str, *, style: str = "", number: int | None = None) -> str:
    """A paragraph; `number` is its level in the list."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number is not None:
        properties += f'<w:numPr><w:ilvl w:val="{number}"/><w:numId w:val="5"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def picture(key: str, alt: str = "") -> str:
    return (
        f'<w:p><w:r><w:drawing><wp:inline><wp:docPr descr="{alt}"/><a:graphic><a:blip r:embed="{key}"/>'
        "</a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def png() -> bytes:
    """One red point."""

    def chunk(name: bytes, data: bytes) -> bytes:
        whole = name + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")
    )  # fmt: skip
