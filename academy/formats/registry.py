"""Which file is which format: the one door in, the one door out."""

from collections.abc import Callable, Mapping

from academy.document import model as m
from academy.formats import limits, own
from academy.formats.archive import Archive, is_archive
from academy.formats.facts import Exported, Imported, Loss, LossCode, Reason, Refused, loss

READABLE = (".zip", ".md", ".markdown", ".docx", ".xlsx", ".csv", ".gift", ".txt", ".xml")
WRITABLE = (".zip", ".gift", ".xlsx")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACROS = (".docm", ".dotm", ".xlsm", ".xltm", ".xlsb")
_OLD = (".doc", ".xls", ".hwp", ".hwpx", ".ppt", ".pptx", ".rtf", ".odt", ".ods", ".pdf")


def _suffix(name: str) -> str:
    base = name.rpartition("/")[2].lower()
    return base[base.rfind(".") :] if "." in base else ""


def _title(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0].replace("_", " ").strip() or name


def read(name: str, data: bytes) -> Imported:
    """A course from one file of any format we read.

    Args:
        name: the file's name; its end says what it is, and it is the title where nothing else is.
        data: what is in it. A caller refuses more than `limits.MAX_FILE_BYTES` before reading it.

    Raises:
        Refused: it is not taken.
    """
    suffix, title = _suffix(name), _title(name)
    if suffix in _MACROS:
        raise Refused(Reason.MACROS)
    if suffix in _OLD:
        raise Refused(Reason.FORMAT_OLD, name=suffix)
    if suffix not in READABLE:
        raise Refused(Reason.FORMAT_UNKNOWN, name=name)
    if len(data) > limits.MAX_FILE_BYTES:
        raise Refused(Reason.TOO_LARGE, limit=limits.in_mb(limits.MAX_FILE_BYTES))
    if data.startswith(_OLE):
        # An old document under a new name, or a new one under a password: both come in this wrapping.
        raise Refused(Reason.ARCHIVE_LOCKED if suffix in {".docx", ".xlsx"} else Reason.NOT_TEXT)
    return _READERS[suffix](data, title)


def read_files(files: Mapping[str, bytes], title: str) -> Imported:
    """A course from the files of a folder: our own, or Markdown with its pictures.

    Raises:
        Refused: neither of them.
    """
    shown = {name: data for name, data in files.items() if not own.is_hidden(name)}
    hidden = tuple(loss(LossCode.FILE_UNUSED, "", name=name) for name in files if name not in shown)
    shown = own.unpacked(shown)
    if own.is_course(shown):
        made = own.read(shown)
    else:
        from academy.formats import markdown  # noqa: PLC0415  loaded when such a file comes

        if not markdown.is_document(shown):
            raise Refused(Reason.NOT_THIS, format="ZIP")
        made = markdown.read(shown, title)
    return _with(made, hidden)


def _with(made: Imported, losses: tuple[Loss, ...]) -> Imported:
    all_losses = (*made.losses, *losses)
    return Imported(made.course, made.media, all_losses, made.problems, made.ours)


def _zip(data: bytes, title: str) -> Imported:
    if not is_archive(data):
        raise Refused(Reason.ARCHIVE_BROKEN)
    return read_files(dict(Archive(data).items()), title)


def _markdown(data: bytes, title: str) -> Imported:
    from academy.formats import markdown  # noqa: PLC0415  loaded when such a file comes

    return markdown.read({f"{title}.md": data}, title)


def _docx(data: bytes, title: str) -> Imported:
    from academy.formats import docx  # noqa: PLC0415

    return docx.read(data, title)


def _xlsx(data: bytes, title: str) -> Imported:
    from academy.formats import xlsx  # noqa: PLC0415

    return xlsx.read(data, title)


def _csv(data: bytes, title: str) -> Imported:
    from academy.formats import csvfile  # noqa: PLC0415

    return csvfile.read(data, title)


def _gift(data: bytes, title: str) -> Imported:
    from academy.formats import gift  # noqa: PLC0415

    return gift.read(data, title)


def _moodle(data: bytes, title: str) -> Imported:
    from academy.formats import moodle  # noqa: PLC0415

    return moodle.read(data, title)


_READERS: Mapping[str, Callable[[bytes, str], Imported]] = {
    ".zip": _zip,
    ".md": _markdown,
    ".markdown": _markdown,
    ".docx": _docx,
    ".xlsx": _xlsx,
    ".csv": _csv,
    ".gift": _gift,
    ".txt": _gift,
    ".xml": _moodle,
}


def write(course: m.Course, media: Mapping[str, bytes], name: str) -> Exported:
    """The course in the format that the end of the file's name says.

    Raises:
        Refused: we do not write this format, or the course is larger than it may be.
    """
    suffix = _suffix(name)
    if suffix == ".gift":
        from academy.formats import gift  # noqa: PLC0415

        return gift.write(course)
    if suffix == ".xlsx":
        from academy.formats import xlsx  # noqa: PLC0415

        return xlsx.write(course)
    if suffix == ".zip":
        return own.write(course, media)
    raise Refused(Reason.FORMAT_UNKNOWN, name=name)


def template(name: str) -> bytes:
    """A table of questions to fill in, as a workbook or a CSV file.

    Raises:
        Refused: we have no template of this format.
    """
    suffix = _suffix(name)
    if suffix == ".xlsx":
        from academy.formats import xlsx  # noqa: PLC0415

        return xlsx.template()
    if suffix == ".csv":
        from academy.formats import csvfile  # noqa: PLC0415

        return csvfile.template()
    raise Refused(Reason.FORMAT_UNKNOWN, name=name)
