"""ZIP archives: read with suspicion, written so that equal files give equal bytes."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO

from academy.formats import limits
from academy.formats.facts import Reason, Refused

_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x07"
_END_SIZE = 22
_COMMENT = 65535
_UTF8 = 0x800
_LOCKED = 0x1
_DATE = (1980, 1, 1, 0, 0, 0)
_PACKED = (".png", ".jpg", ".jpeg", ".webp", ".mp3", ".m4a", ".mp4")


def is_archive(data: bytes) -> bool:
    return data.startswith((b"PK\x03\x04", _END))


class Archive:
    """An archive that was looked through: names are safe, sizes are bounded. Files unpack one by one."""

    def __init__(self, data: bytes) -> None:
        """Raises Refused."""
        _refuse_long_directory(data)
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (
            zipfile.BadZipFile,
            ValueError,
            OSError,
            struct.error,
            NotImplementedError,
        ) as error:
            raise Refused(Reason.ARCHIVE_BROKEN) from error
        self._infos: dict[str, zipfile.ZipInfo] = {}
        total = 0
        for info in self._zip.infolist():
            name = _name(info)
            _refuse_unsafe(name, info)
            if info.is_dir():
                continue
            if name in self._infos:
                raise Refused(Reason.NAME_TWICE, name=name)
            if info.flag_bits & _LOCKED:
                raise Refused(Reason.ARCHIVE_LOCKED)
            self._infos[name] = info
            total += info.file_size
        if len(self._infos) > limits.MAX_FILES:
            raise Refused(Reason.TOO_MANY_FILES, limit=limits.MAX_FILES)
        if total > limits.MAX_UNPACKED_BYTES:
            limit = limits.in_mb(limits.MAX_UNPACKED_BYTES)
            raise Refused(Reason.UNPACKED_TOO_LARGE, limit=limit)

    def names(self) -> tuple[str, ...]:
        return tuple(self._infos)

    def __contains__(self, name: object) -> bool:
        return name in self._infos

    def size(self, name: str) -> int:
        """Bytes, unpacked; `read` gives no more."""
        return self._infos[name].file_size

    def read(self, name: str) -> bytes:
        """Raises Refused when it does not unpack to what the archive promises."""
        info = self._infos[name]
        try:
            with self._zip.open(info) as file:
                return file.read(info.file_size)
        except (
            zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError,
            RuntimeError, struct.error,
        ) as error:  # fmt: skip
            raise Refused(Reason.ARCHIVE_BROKEN) from error

    def items(self) -> Iterator[tuple[str, bytes]]:
        for name in self._infos:
            yield name, self.read(name)


def _refuse_long_directory(data: bytes) -> None:
    """The library takes the whole directory in before it can be asked how long it is (APPNOTE 4.3.16)."""
    end = data.rfind(_END, max(0, len(data) - _END_SIZE - _COMMENT))
    if end < 0 or end + _END_SIZE > len(data):
        raise Refused(Reason.ARCHIVE_BROKEN)
    size = struct.unpack_from("<L", data, end + 12)[0]
    # Only archives larger than we take need the 64-bit form.
    if data[max(0, end - 20) :].startswith(_END_64) or size > limits.MAX_DIRECTORY_BYTES:
        raise Refused(Reason.TOO_MANY_FILES, limit=limits.MAX_FILES)


def _name(info: zipfile.ZipInfo) -> str:
    name = info.orig_filename
    if not info.flag_bits & _UTF8 and not name.isascii():
        # Korean Windows writes its own code page without saying so.
        try:
            name = name.encode("cp437").decode("cp949")
        except UnicodeError:
            return name
    return name


def _refuse_unsafe(name: str, info: zipfile.ZipInfo) -> None:
    parts = name.removesuffix("/").split("/")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if (
        "\\" in name
        or ":" in name
        or not name.isprintable()
        or any(part in {"", ".", ".."} for part in parts)
        or kind not in {0, stat.S_IFREG, stat.S_IFDIR}
    ):
        raise Refused(Reason.NAME_UNSAFE, name=name)


def write(files: Mapping[str, bytes]) -> bytes:
    """An archive of these files, in the order of their names, without dates.

    Raises:
        Refused: it would be larger than what is taken back.
    """
    if sum(map(len, files.values())) > limits.MAX_UNPACKED_BYTES:
        raise Refused(Reason.UNPACKED_TOO_LARGE, limit=limits.in_mb(limits.MAX_UNPACKED_BYTES))
    if len(files) > limits.MAX_FILES:
        raise Refused(Reason.TOO_MANY_FILES, limit=limits.MAX_FILES)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system = 3
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            packed = name.endswith(_PACKED)
            info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(info, files[name])
    data = out.getvalue()
    if len(data) > limits.MAX_FILE_BYTES:
        raise Refused(Reason.TOO_LARGE, limit=limits.in_mb(limits.MAX_FILE_BYTES))
    return data
