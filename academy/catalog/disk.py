"""Reads and writes course folders. Nothing outside the folder is ever read: links are refused, sizes are bounded."""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from academy.document.limits import MAX_FILES, MAX_LESSON_BYTES, MAX_MEDIA_BYTES, MAX_TOTAL_BYTES
from academy.document.problems import Code, Problem, problem


@dataclass
class Folder:
    """What a course folder holds: its files by relative path, and what could not be read."""

    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def _entries(root: Path) -> Iterator[os.DirEntry[str]]:
    """Everything below `root` but hidden names, in the order of names; links are given, never followed."""
    with os.scandir(root) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _entries(Path(entry.path))
        else:
            yield entry


def read(root: Path) -> Folder:
    """Read the folder `root`. Links, devices and what is too large are problems; the rest is read."""
    folder = Folder()
    if root.is_symlink():
        folder.problems.append(problem(".", None, Code.FILE_UNSAFE, name=root.name))
        return folder
    if not root.is_dir():
        folder.problems.append(problem(".", None, Code.COURSE_MISSING))
        return folder
    total = 0
    for entry in _entries(root):
        name = Path(entry.path).relative_to(root).as_posix()
        status = entry.stat(follow_symlinks=False)
        limit = MAX_MEDIA_BYTES if name.startswith("media/") else MAX_LESSON_BYTES
        if not stat.S_ISREG(status.st_mode):
            folder.problems.append(problem(name, None, Code.FILE_UNSAFE, name=name))
        elif status.st_size > limit or total + status.st_size > MAX_TOTAL_BYTES:
            most = limit if status.st_size > limit else MAX_TOTAL_BYTES
            folder.problems.append(problem(name, None, Code.FILE_TOO_LARGE, limit=most // 1024))
        elif len(folder.files) >= MAX_FILES:
            folder.problems.append(problem(".", None, Code.FILES_TOO_MANY, limit=MAX_FILES))
            break
        else:
            total += status.st_size
            folder.files[name] = Path(entry.path).read_bytes()
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
