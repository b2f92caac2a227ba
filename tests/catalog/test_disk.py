"""A course folder on disk: nothing outside is read, sizes are bounded, the rest is told."""

import os
from pathlib import Path

import pytest

from academy.catalog import disk, service
from academy.document.problems import Code
from tests.builders.catalog import EVERY_KIND, TODAY


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A course with one file, and a secret beside it."""
    (tmp_path / "secret.md").write_text("secret")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "key.md").write_text("secret")
    root = tmp_path / "course"
    root.mkdir()
    (root / "course.yaml").write_text("key: course")
    return root


def codes(found: disk.Folder) -> list[tuple[str, Code]]:
    return [(item.path, item.code) for item in found.problems]


def test_files_are_read_by_their_relative_names(folder: Path) -> None:
    (folder / "01-first").mkdir()
    (folder / "01-first" / "01-one.md").write_bytes("가".encode())
    found = disk.read(folder)
    assert found.files == {"01-first/01-one.md": "가".encode(), "course.yaml": b"key: course"}
    assert not found.problems


def test_a_folder_that_is_a_link_is_refused_whole(folder: Path, tmp_path: Path) -> None:
    link = tmp_path / "linked"
    link.symlink_to(folder, target_is_directory=True)
    found = disk.read(link)
    assert not found.files
    assert codes(found) == [(".", Code.FILE_UNSAFE)]


def test_a_link_to_a_file_is_refused_and_not_read(folder: Path, tmp_path: Path) -> None:
    (folder / "01-one.md").symlink_to(tmp_path / "secret.md")
    found = disk.read(folder)
    assert list(found.files) == ["course.yaml"]
    assert codes(found) == [("01-one.md", Code.FILE_UNSAFE)]


def test_a_link_to_a_folder_is_refused_and_not_entered(folder: Path, tmp_path: Path) -> None:
    (folder / "media").symlink_to(tmp_path / "outside", target_is_directory=True)
    found = disk.read(folder)
    assert list(found.files) == ["course.yaml"]
    assert codes(found) == [("media", Code.FILE_UNSAFE)]


def test_a_link_to_nowhere_and_a_link_in_a_circle_are_refused(folder: Path) -> None:
    (folder / "nowhere.md").symlink_to(folder / "missing.md")
    (folder / "circle").symlink_to(folder, target_is_directory=True)
    assert codes(disk.read(folder)) == [
        ("circle", Code.FILE_UNSAFE),
        ("nowhere.md", Code.FILE_UNSAFE),
    ]


def test_a_pipe_is_refused_and_nobody_waits_for_it(folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    assert codes(disk.read(folder)) == [("pipe.md", Code.FILE_UNSAFE)]


def test_hidden_files_and_folders_are_passed_over(folder: Path) -> None:
    (folder / ".DS_Store").write_bytes(b"\0")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("x")
    found = disk.read(folder)
    assert list(found.files) == ["course.yaml"]
    assert not found.problems


@pytest.mark.parametrize(
    ("name", "bound"), [("01-one.md", "MAX_LESSON_BYTES"), ("media/a.svg", "MAX_MEDIA_BYTES")]
)
def test_a_file_that_is_too_large_is_not_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, bound: str
) -> None:
    monkeypatch.setattr(disk, bound, 10)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"x" * 10)
    assert name in disk.read(folder).files

    (folder / name).write_bytes(b"x" * 11)
    found = disk.read(folder)
    assert name not in found.files
    assert (name, Code.FILE_TOO_LARGE) in codes(found)


def test_a_folder_that_is_too_large_in_sum_is_not_read_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "MAX_TOTAL_BYTES", 15)
    (folder / "a.md").write_bytes(b"x" * 8)
    found = disk.read(folder)
    assert sum(map(len, found.files.values())) <= 15
    assert Code.FILE_TOO_LARGE in {code for _, code in codes(found)}


def test_a_folder_with_too_many_files_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "MAX_FILES", 3)
    for number in range(5):
        (folder / f"{number}.md").write_text("x")
    found = disk.read(folder)
    assert len(found.files) == 3
    assert codes(found) == [(".", Code.FILES_TOO_MANY)]


def test_no_folder_is_a_problem_and_not_an_exception(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "missing", tmp_path / "file"):
        assert codes(disk.read(path)) == [(".", Code.COURSE_MISSING)]


def test_names_from_disk_never_lead_out_of_the_folder(folder: Path) -> None:
    for name in ("..md", "...", "a..b.md", "\\..\\x.md", "~root.md", "%2e%2e.md", "가.md"):
        (folder / name).write_text("x")
    (folder / "media").mkdir()
    (folder / "media" / "..svg").write_text("x")
    for name in disk.read(folder).files:
        assert ".." not in Path(name).parts
        assert not name.startswith("/")
        assert (folder / name).resolve().is_relative_to(folder.resolve())


def test_a_folder_with_anything_unsafe_cannot_be_published(tmp_path: Path) -> None:
    root = tmp_path / "every-kind"
    disk.write(root, disk.read(EVERY_KIND).files)
    assert service.check_folder(disk.read(root), today=TODAY).publishable
    (root / "extra").symlink_to("/etc", target_is_directory=True)
    assert not service.check_folder(disk.read(root), today=TODAY).publishable


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    files = disk.read(EVERY_KIND).files
    disk.write(tmp_path / "copy", files)
    assert disk.read(tmp_path / "copy").files == files


def test_nothing_is_written_over_what_is_there(folder: Path) -> None:
    with pytest.raises(FileExistsError):
        disk.write(folder, {"course.yaml": b"new"})
    assert (folder / "course.yaml").read_text() == "key: course"


def test_a_folder_of_nonsense_is_all_problems_and_no_exception(folder: Path) -> None:
    for name, content in {
        "course.yaml": b"\xff\xfe\x00",
        "01-first": None,
        "x.exe": b"MZ",
        "media": None,
        "media/a.svg": b"<svg onload='x()'>",
        "01-first/unit.yaml": b"- [",
        "01-first/01-one.md": b"---\nkey: [\n---\n:::",
    }.items():
        if content is None:
            (folder / name).mkdir()
        else:
            (folder / name).write_bytes(content)
    os.mkdir(os.path.join(os.fsencode(folder), b"\xff"))  # noqa: PTH102, PTH118  a name that is not UTF-8
    checked = service.check_folder(disk.read(folder), today=TODAY)
    assert checked.problems
    assert not checked.publishable


def test_folders_without_end_are_told_and_not_entered(folder: Path) -> None:
    here = os.open(folder, os.O_RDONLY)
    for _ in range(5 * disk.MAX_DEPTH):
        os.mkdir("deeper", dir_fd=here)
        inner = os.open("deeper", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    found = disk.read(folder)
    assert list(found.files) == ["course.yaml"]
    assert codes(found) == [("/".join(["deeper"] * (disk.MAX_DEPTH + 1)), Code.FILE_UNKNOWN)]


def test_a_file_swapped_for_a_link_while_it_is_read_is_not_followed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "01-one.md").write_text("harmless")
    (folder / "media").mkdir()
    (folder / "media" / "key.md").write_text("harmless")
    really = os.open

    def swap(name: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        path = folder / name
        if dir_fd is not None and name == "01-one.md" and not path.is_symlink():
            path.unlink()
            path.symlink_to(tmp_path / "secret.md")
        if dir_fd is not None and name == "media" and not path.is_symlink():
            path.rename(tmp_path / "was")
            path.symlink_to(tmp_path / "outside", target_is_directory=True)
        return really(name, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", swap)
    found = disk.read(folder)
    assert found.files == {"course.yaml": b"key: course"}
    assert codes(found) == [("01-one.md", Code.FILE_UNSAFE), ("media", Code.FILE_UNSAFE)]


def test_a_file_that_grows_while_it_is_read_is_not_read_without_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "MAX_LESSON_BYTES", 20)
    (folder / "01-one.md").write_bytes(b"x" * 10)
    really = os.fstat

    def grow(descriptor: int) -> os.stat_result:
        status = really(descriptor)
        with (folder / "01-one.md").open("ab") as file:
            file.write(b"x" * 100)
        return status

    monkeypatch.setattr(os, "fstat", grow)
    found = disk.read(folder)
    assert "01-one.md" not in found.files
    assert ("01-one.md", Code.FILE_TOO_LARGE) in codes(found)


def test_what_may_not_be_read_is_a_problem_and_the_rest_is_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "01-one.md").write_text("closed")
    (folder / "02-unit").mkdir()
    really = os.open

    def closed(name: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        # Whoever runs the tests as root may read everything.
        if name in {"01-one.md", "02-unit"}:
            raise PermissionError(13, "closed", name)
        return really(name, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", closed)
    found = disk.read(folder)
    assert list(found.files) == ["course.yaml"]
    assert codes(found) == [("01-one.md", Code.FILE_UNREADABLE), ("02-unit", Code.FILE_UNREADABLE)]
