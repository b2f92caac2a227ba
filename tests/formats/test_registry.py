"""What strangers send: broken, hostile or too large files are refused in words, within little memory."""

import subprocess
import sys
import zipfile
from io import BytesIO
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.formats import archive, limits, registry, xlsx
from academy.formats.facts import Reason, Refused
from academy.web.settings import ROOT
from tests.formats.documents import docx, p, packed


def reason(name: str, data: bytes) -> Reason:
    with pytest.raises(Refused) as caught:
        registry.read(name, data)
    return caught.value.reason


@pytest.mark.parametrize(
    "name", ["../evil.md", "/etc/evil.md", "a/../../evil.md", "C:/evil.md", "a\\evil.md", "a//b.md", "a\nb.md"]
)  # fmt: skip
def test_names_that_lead_out_of_an_archive_refuse_it_whole(name: str) -> None:
    assert reason("a.zip", packed({"a.md": "글", name: "x"})) is Reason.NAME_UNSAFE


def test_links_in_an_archive_refuse_it_whole() -> None:
    assert reason("a.zip", packed({"a.md": "/etc/passwd"}, links=("a.md",))) is Reason.NAME_UNSAFE


def test_two_files_of_one_name_are_refused() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.md", "하나")
        with pytest.warns(UserWarning, match="Duplicate name"):
            made.writestr("a.md", "둘")
    assert reason("a.zip", out.getvalue()) is Reason.NAME_TWICE


def test_a_name_in_the_code_page_of_korean_windows_is_read() -> None:
    data = packed({"가나.md": "# 글"})
    old = data.replace("가나.md".encode(), "가나".encode("cp949") + b"00.md")
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        at = old.index(mark) + (6 if mark.endswith(b"\x04") else 8)
        old = old[: at + 1] + bytes([old[at + 1] & ~0x08]) + old[at + 2 :]
    assert archive.Archive(old).names() == ("가나00.md",)


def test_a_locked_archive_says_so() -> None:
    data = bytearray(packed({"a.md": "글"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    assert reason("a.zip", bytes(data)) is Reason.ARCHIVE_LOCKED


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(3):
            made.writestr(f"{number}.md", b" " * (limits.MAX_UNPACKED_BYTES // 2))
    assert reason("a.zip", out.getvalue()) is Reason.UNPACKED_TOO_LARGE


def test_a_file_that_is_longer_than_its_archive_says_is_refused() -> None:
    data = bytearray(packed({"a.md": "글" * 1000}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = (5).to_bytes(4, "little")
    assert reason("a.zip", bytes(data)) is Reason.ARCHIVE_BROKEN


def test_an_archive_of_very_many_files_is_refused_by_its_directory() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for number in range(limits.MAX_FILES + 1):
            made.writestr(str(number), b"")
    assert reason("a.zip", out.getvalue()) is Reason.TOO_MANY_FILES


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.xlsx", packed({"xl/workbook.xml": "<a/>", "xl/vbaProject.bin": "x"}), Reason.MACROS),
        ("a.xlsm", b"x", Reason.MACROS),
        ("a.hwp", b"x", Reason.FORMAT_OLD),
        ("a.exe", b"x", Reason.FORMAT_UNKNOWN),
        ("a", b"x", Reason.FORMAT_UNKNOWN),
        ("a.gift", b"\xff\xff\xff\xff", Reason.ENCODING),
        ("a.md", b"a\x00b", Reason.NOT_TEXT),
        ("a.zip", b"not a zip", Reason.ARCHIVE_BROKEN),
        ("a.zip", packed({"a.txt": "x"}), Reason.NOT_THIS),
        ("a.md", b"", Reason.NOTHING),
    ],
)
def test_each_file_that_is_not_taken_has_its_reason(
    name: str, data: bytes, expected: Reason
) -> None:
    assert reason(name, data) is expected


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml"])
def test_a_document_type_in_a_part_of_a_document_is_refused(part: str) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    assert reason("a.docx", docx(p("글"), more={part: bomb})) is Reason.XML_DOCTYPE


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"]
)
def test_a_document_type_in_a_part_of_a_workbook_is_refused(part: str) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>'
    files = dict(archive.Archive(xlsx.template()).items())
    assert reason("a.xlsx", packed({**files, part: bomb})) is Reason.XML_DOCTYPE


@settings(max_examples=60)
@given(st.sampled_from(registry.READABLE), st.binary(max_size=300))
def test_any_bytes_under_any_name_are_read_or_refused(suffix: str, data: bytes) -> None:
    try:
        assert registry.read(f"a{suffix}", data).files()
    except Refused:
        return


@settings(max_examples=40)
@given(st.data())
def test_a_damaged_archive_is_read_or_refused(data: st.DataObject) -> None:
    good = packed({"a.md": "# 글\n\n글", "b.png": "x"})
    at = data.draw(st.integers(0, len(good) - 1))
    damaged = (
        good[:at] + data.draw(st.binary(max_size=4)) + good[at + data.draw(st.integers(0, 3)) :]
    )
    try:
        assert registry.read("a.zip", damaged).files()
    except Refused:
        return


def python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", dedent(code)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_reading_stays_below_256_mb_whatever_comes() -> None:
    """The worst of every format, one after the other, in a process whose peak is measured by the system."""
    said = python(
        """
        import resource, zipfile
        from io import BytesIO
        from academy.formats import registry, limits
        from academy.formats.facts import Refused
        from tests.formats.documents import docx, packed

        def archive_of(size):
            out = BytesIO()
            with zipfile.ZipFile(out, "w") as archive:
                archive.writestr("a.md", "# a")
                archive.writestr("b.png", bytes(size))
            return out.getvalue()

        # A wall beyond which the system itself would stop us.
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

        def take(name, data):
            try:
                registry.read(name, data)
                print(name, "read")
            except Refused as refused:
                print(name, refused.reason)

        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for number in range(20):  # 200 MB unpacked
                archive.writestr(f"{number}.png", bytes(10_000_000))
        take("bomb.zip", out.getvalue())
        del out
        take("large.zip", bytes(limits.MAX_FILE_BYTES + 1))
        take("full.zip", archive_of(limits.MAX_FILE_BYTES - 1000))
        take("deep.docx", docx("<w:p><w:r/></w:p>" * 300_000))
        take("many.xml", b"<quiz>" + b"<question/>" * 2_500_000 + b"</quiz>")
        take("inside.xml", b"<quiz><question>" + b"<a/>" * 5_000_000 + b"</question></quiz>")
        take("bank.gift", ("{" + "\\n" * 1_900_000 + "a{T}\\n\\n" * 1000).encode())
        take("stars.md", ("*a **b " * 70_000).encode())
        for line in open("/proc/self/status"):
            if line.startswith("VmHWM"):
                print("peak", int(line.split()[1]) // 1024)
        """
    )
    lines = dict(line.split(maxsplit=1) for line in said.splitlines())
    assert lines["bomb.zip"] == Reason.UNPACKED_TOO_LARGE
    assert lines["large.zip"] == Reason.TOO_LARGE
    assert lines["full.zip"] == "read"
    assert lines["deep.docx"] == Reason.TOO_COMPLEX
    assert lines["many.xml"] == Reason.TOO_MANY_QUESTIONS
    assert lines["inside.xml"] == Reason.TOO_COMPLEX
    assert lines["bank.gift"] == "read"
    assert int(lines["peak"]) < 256


def test_the_door_loads_no_reader_before_a_file_comes() -> None:
    said = python(
        """
        import sys
        import academy.formats.registry
        heavy = {"openpyxl", "defusedxml", "markdown_it", "html.parser", "numpy", "lxml"}
        print(sorted(heavy & sys.modules.keys()))
        """
    )
    assert said.strip() == "[]"
