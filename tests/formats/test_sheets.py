"""Questions in rows: workbooks and CSV files, in every encoding people save them in."""

import re
import warnings
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from academy.document import model as m
from academy.document.body import key_from
from academy.formats import archive, csvfile, sheet, xlsx
from academy.formats.facts import Imported, LossCode, Reason, Refused
from tests.formats.any_questions import course_of, questions, questions_of

HEADER = ["차시", "종류", "문제", "답", "맞음", "답 설명"]
ROWS = [
    ["계약", "하나 고르기", "몇 장을 쓰나요?", "한 장", "X", "다시 볼까요?"],
    ["", "", "", "두 장", "O", "맞아요."],
    ["임금", "숫자", "여덟 시간의 임금은?", "80,000", "O", ""],
]


def workbook(*sheets: list[Any]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for rows in sheets:
        page = book.create_sheet()
        for row in rows:
            page.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def as_csv(rows: list[list[str]], separator: str = ",") -> str:
    return "".join(
        separator.join(f'"{cell}"' if separator in cell else cell for cell in row) + "\r\n"
        for row in rows
    )


def lost(made: Imported) -> list[tuple[LossCode, dict[str, str | int]]]:
    return [(one.code, dict(one.facts)) for one in made.losses]


def right_course(made: Imported) -> None:
    contract, pay = made.course.lessons()
    (choice,), (number,) = contract.blocks, pay.blocks
    assert (contract.title, pay.title) == ("계약", "임금")
    assert isinstance(choice, m.Choice)
    assert [(o.text, o.right, o.feedback) for o in choice.options] == [
        ("한 장", False, "다시 볼까요?"),
        ("두 장", True, "맞아요."),
    ]
    assert isinstance(number, m.Number)
    assert number.value == Decimal(80000)
    assert not made.losses


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_file_is_read_in_every_encoding_it_is_saved_in(encoding: str, separator: str) -> None:
    right_course(csvfile.read(as_csv([HEADER, *ROWS], separator).encode(encoding), "물음"))


def test_a_workbook_is_read() -> None:
    right_course(xlsx.read(workbook([HEADER, *ROWS]), "물음"))


@pytest.mark.parametrize("read", [xlsx.read, csvfile.read])
def test_the_template_comes_back_with_every_kind_and_without_a_loss(read: Any) -> None:
    module = xlsx if read is xlsx.read else csvfile
    made = read(module.template(), "물음")
    assert not made.losses
    assert {block.kind for block in questions_of(made.course).values()} == set(sheet.KINDS)


def test_numbers_dates_and_ticks_are_read_as_people_see_them() -> None:
    rows = [
        HEADER,
        ["", "짧은 답", "언제였나요?", date(2026, 11, 21), True, ""],
        ["", "숫자", "얼마인가요?", 82560.0, True, ""],
        ["", "", "", 0.1, False, ""],
    ]
    made = questions_of(xlsx.read(workbook(rows), "물음").course)
    short, number = made.values()
    assert isinstance(short, m.ShortText)
    assert short.accepted == ("2026-11-21",)
    assert isinstance(number, m.Number)
    assert (number.value, number.wrong[0].value) == (Decimal(82560), Decimal("0.1"))


def test_a_formula_without_its_result_is_told_with_its_cell() -> None:
    rows = [HEADER, ["", "숫자", "얼마?", "=1+1", "O", ""], *ROWS]
    made = xlsx.read(workbook(rows), "물음")
    assert (LossCode.CELL, {"name": "D2", "value": "=1+1"}) in lost(made)


def test_a_formula_is_read_as_its_last_result() -> None:
    data = workbook([HEADER, ["", "숫자", "얼마?", "=40000+2", "O", ""]])
    files = dict(archive.Archive(data).items())
    page = "xl/worksheets/sheet1.xml"
    # As a spreadsheet program saves it, which has worked it out.
    files[page] = re.sub(rb"</f><v ?/>|</f><v></v>", b"</f><v>40002</v>", files[page])
    assert b"40002" in files[page]
    (block,) = questions_of(xlsx.read(archive.write(files), "물음").course).values()
    assert isinstance(block, m.Number)
    assert block.value == Decimal(40002)


def test_columns_sheets_and_settings_without_a_place_are_told() -> None:
    rows = [
        [*HEADER, "담당", "단위"],
        ["", "짧은 답", "무엇?", "계약서", "O", "", "가온", "장"],
    ]
    made = xlsx.read(workbook(rows, [["메모"], ["그냥 글"]]), "물음")
    assert lost(made) == [
        (LossCode.COLUMN, {"name": "담당"}),
        (LossCode.SHEET, {"name": "Sheet1"}),
        (LossCode.CELL, {"name": "단위", "value": "장"}),
    ]


def test_an_unknown_kind_is_told_and_the_rest_is_read() -> None:
    made = xlsx.read(workbook([HEADER, ["", "그림 맞히기", "?", "a"], *ROWS]), "물음")
    assert [code for code, _ in lost(made)] == [LossCode.KIND]
    assert len(questions_of(made.course)) == 2


def test_a_question_without_a_kind_is_understood_by_its_answers() -> None:
    rows = [HEADER, ["", "", "몇 장?", "한 장", "X"], ["", "", "", "두 장", "O"]]
    (block,) = questions_of(xlsx.read(workbook(rows), "물음").course).values()
    assert block.kind == "choice"


@pytest.mark.parametrize("read", [xlsx.read, csvfile.read])
def test_a_table_without_our_columns_is_refused_by_the_column_it_lacks(read: Any) -> None:
    data = workbook([["이름", "나이"]]) if read is xlsx.read else "이름,나이\n가온,20\n".encode()
    with pytest.raises(Refused) as caught:
        read(data, "물음")
    assert (caught.value.reason, caught.value.facts) == (Reason.HEADER_MISSING, {"column": "문제"})


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    option = m.Option(key=key_from("=1+1"), text="=1+1", right=True)
    other = m.Option(key=key_from("@a"), text="@a")
    data = xlsx.write(course_of([m.Choice(key="q", prompt="-2", options=(option, other))])).data
    page = load_workbook(BytesIO(data)).worksheets[0]
    assert {cell.data_type for row in page.iter_rows() for cell in row if cell.value} == {"s"}
    (back,) = questions_of(xlsx.read(data, "물음").course).values()
    assert isinstance(back, m.Choice)
    assert [one.text for one in back.options] == ["=1+1", "@a"]


@settings(max_examples=40)
@given(questions())
def test_what_a_workbook_can_say_comes_back_the_same_and_the_rest_is_told(
    blocks: list[m.AnyQuestion],
) -> None:
    course = course_of(blocks)
    written = xlsx.write(course)
    told = {one.place.partition("/")[2] for one in written.losses}
    kept = {key: block for key, block in questions_of(course).items() if key not in told}
    try:
        made = xlsx.read(written.data, "물음")
    except Refused as refused:
        assert refused.reason is Reason.NOTHING  # noqa: PT017  only when nothing was kept
        assert not kept
        return
    back = questions_of(made.course)
    assert {key: back.get(key) for key in kept} == kept
    assert not made.losses


@given(st.binary(max_size=200) | st.text().map(lambda text: ("문제,답\n" + text).encode()))
def test_any_bytes_of_a_csv_file_are_read_or_refused(data: bytes) -> None:
    try:
        assert csvfile.read(data, "").files()
    except Refused:
        return


GOOD = workbook([HEADER, *ROWS])


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused(data: st.DataObject) -> None:
    good = GOOD  # made once: a workbook carries the time it was made
    at = data.draw(st.integers(0, len(good) - 1))
    damaged = (
        good[:at] + data.draw(st.binary(max_size=4)) + good[at + data.draw(st.integers(0, 3)) :]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            assert xlsx.read(damaged, "").files()
        except Refused:
            return
