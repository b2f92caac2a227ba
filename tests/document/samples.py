"""The sample course with every kind of block, as files."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "courses" / "every-kind"

READ = "01-reading/01-read-and-look.md"
READ_EN = "01-reading/01-read-and-look.en.md"
ASK = "02-asking/01-every-question.md"
ASK_EN = "02-asking/01-every-question.en.md"


@cache
def _files() -> dict[str, bytes]:
    found = (path for path in sorted(FOLDER.rglob("*")) if path.is_file())
    return {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in found}


def every_kind() -> dict[str, bytes]:
    """Contents by path; a fresh mapping, to be changed as one likes."""
    return dict(_files())


def changed(path: str, old: str, new: str) -> dict[str, bytes]:
    """The sample with one piece of one file replaced.

    Raises:
        ValueError: the piece is not there.
    """
    files = every_kind()
    text = files[path].decode()
    if old not in text:
        message = f"{path} does not hold {old!r}"
        raise ValueError(message)
    files[path] = text.replace(old, new, 1).encode()
    return files
