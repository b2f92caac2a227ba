"""Reads and writes course folders. Nothing outside the folder is ever read: links are refused, sizes are bounded.

Every folder and file is opened by its name in a folder that is already open, without following links, and looked at only
then: whoever swaps a file for a link in between gains nothing.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from academy.document.limits import MAX_FILES, MAX_LESSON_BYTES, MAX_MEDIA_BYTES, MAX_TOTAL_BYTES
from academy.document.problems import Code, Problem, problem

MAX_DEPTH = 8
"""Folders in folders; a course has two. Each one on the way is open while it is read."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without waiting: a pipe has no end as long as nobody writes.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass
class Folder:
    """What a course folder holds: its files by relative path, and what could not be read."""

    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class _TooMany(Exception):
    """There are more files than a course may have."""


@dataclass
class _Reader:
    folder: Folder
    total: int = 0

    def enter(self, descriptor: int, way: str, depth: int) -> None:
        """Read everything in the open folder but hidden names, in the order of names."""
        with os.scandir(descriptor) as found:
            entries = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in found)
        for name, is_folder in entries:
            if name.startswith("."):
                continue
            try:
                if is_folder:
                    self._enter(name, descriptor, f"{way}{name}", depth)
                else:
                    self._read(name, descriptor, f"{way}{name}")
            except PermissionError:
                self._refuse(f"{way}{name}", Code.FILE_UNREADABLE)
            except OSError:  # a link, a socket, or gone meanwhile
                self._refuse(f"{way}{name}", Code.FILE_UNSAFE, name=f"{way}{name}")

    def _refuse(self, path: str, code: Code, **facts: str | int) -> None:
        self.folder.problems.append(problem(path, None, code, **facts))

    def _enter(self, name: str, parent: int, way: str, depth: int) -> None:
        if depth == MAX_DEPTH:
            self._refuse(way, Code.FILE_UNKNOWN)
            return
        with _opened(name, _FOLDER, parent) as descriptor:
            self.enter(descriptor, f"{way}/", depth + 1)

    def _read(self, name: str, parent: int, way: str) -> None:
        with _opened(name, _FILE, parent) as descriptor:
            status = os.fstat(descriptor)
            limit = MAX_MEDIA_BYTES if way.startswith("media/") else MAX_LESSON_BYTES
            most = min(limit, MAX_TOTAL_BYTES - self.total)
            if not stat.S_ISREG(status.st_mode):
                self._refuse(way, Code.FILE_UNSAFE, name=way)
                return
            if len(self.folder.files) >= MAX_FILES:
                raise _TooMany
            content = b""
            if status.st_size <= most:
                with os.fdopen(os.dup(descriptor), "rb") as file:
                    content = file.read(most + 1)  # it may have grown meanwhile
            if status.st_size > most or len(content) > most:
                size = max(status.st_size, len(content))
                reached = limit if size > limit else MAX_TOTAL_BYTES
                self._refuse(way, Code.FILE_TOO_LARGE, limit=reached // 1024)
                return
            self.total += len(content)
            self.folder.files[way] = content


@contextmanager
def _opened(name: str, flags: int, parent: int | None = None) -> Iterator[int]:
    descriptor = os.open(name, flags, dir_fd=parent)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def read(root: Path) -> Folder:
    """Read the folder `root`. Links, devices, what may not be read and what is too large are problems; the rest is read."""
    folder = Folder()
    if root.is_symlink():
        folder.problems.append(problem(".", None, Code.FILE_UNSAFE, name=root.name))
        return folder
    try:
        with _opened(str(root), _FOLDER) as descriptor:
            _Reader(folder).enter(descriptor, "", 0)
    except _TooMany:
        folder.problems.append(problem(".", None, Code.FILES_TOO_MANY, limit=MAX_FILES))
    except PermissionError:
        folder.problems.append(problem(".", None, Code.FILE_UNREADABLE))
    except OSError:
        folder.problems.append(problem(".", None, Code.COURSE_MISSING))
    return folder


def write(root: Path, files: Mapping[str, bytes]) -> None:
    """Write a course folder; `root` must not exist yet or be empty.

    Raises:
        FileExistsError: there is something in `root`.
    """
    root.mkdir(parents=True, exist_ok=True)
    if any(root.iterdir()):
        raise FileExistsError(root)
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
