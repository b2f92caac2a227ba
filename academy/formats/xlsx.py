"""Questions in an Excel workbook, in both directions; and a template to fill in."""

import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from academy.document import model as m
from academy.formats import limits, sheet
from academy.formats.archive import Archive
from academy.formats.draft import Draft
from academy.formats.facts import Exported, Imported, LossCode, Reason, Refused
from academy.formats.xml import refuse_doctype

if TYPE_CHECKING:
    from openpyxl import Workbook

_HELP = "도움말"
_OBJECTS = ("xl/media/", "xl/charts/", "xl/comments", "xl/drawings/comment", "xl/embeddings/")
# What a spreadsheet program takes for the code of a character.
_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_BLANK_ROWS = 200_000


def read(data: bytes, title: str) -> Imported:
    """A course of the questions in a workbook: every sheet whose rows have our columns.

    Raises:
        Refused: no workbook, one with macros, or none of its sheets has questions.
    """
    draft = Draft()
    _look_through(data, draft)
    reader = sheet.Reader(draft, title)
    taken = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # what the library does not know does not concern questions
            for name, rows in _sheets(data, draft):
                if reader.take(rows):
                    taken = True
                elif name != _HELP:
                    draft.lose(LossCode.SHEET, "", name=name)
    except Refused:
        raise
    except Exception as error:  # the library raises whatever its parts raise on a broken file
        raise Refused(Reason.ARCHIVE_BROKEN) from error
    if not taken:
        raise Refused(Reason.HEADER_MISSING, column=sheet.COLUMNS["prompt"])
    return reader.imported()


def _look_through(data: bytes, draft: Draft) -> None:
    archive = Archive(data)
    if "xl/workbook.xml" not in archive:
        raise Refused(Reason.NOT_THIS, format="XLSX")
    for name in archive.names():
        if name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name:
            raise Refused(Reason.MACROS)
        if name.endswith((".xml", ".rels", ".vml")):
            if archive.size(name) > limits.MAX_XML_BYTES:
                raise Refused(Reason.TOO_COMPLEX)
            if name.endswith((".xml", ".rels")):
                refuse_doctype(archive.read(name))
        if name.startswith(_OBJECTS):
            draft.lose(LossCode.OBJECT, "", name=name.rpartition("/")[2])


def _sheets(data: bytes, draft: Draft) -> Iterator[tuple[str, list[sheet.Row]]]:
    from openpyxl import load_workbook  # noqa: PLC0415  only importing reads workbooks

    def opened(*, results: bool) -> "Workbook":
        return load_workbook(BytesIO(data), read_only=True, keep_links=False, data_only=results)

    for page in opened(results=False).worksheets:
        if page.sheet_state != "visible":
            draft.lose(LossCode.SHEET, "", name=page.title)
            continue
        rows, formulas = _rows(page, draft)
        if formulas:
            # What each of them last gave stands in the same file.
            _fill_in(opened(results=True)[page.title], rows, formulas, draft)
        yield page.title, [sheet.Row(f"{page.title} {at}", rows[at]) for at in sorted(rows)]


_Formulas = dict[tuple[int, int], str]


def _rows(page: Any, draft: Draft) -> tuple[dict[int, list[str]], _Formulas]:
    """The rows in which something stands, by number, and the formulas among them."""
    rows: dict[int, list[str]] = {}
    formulas: _Formulas = {}
    page.reset_dimensions()
    for number, cells in enumerate(page.iter_rows(max_col=limits.MAX_COLUMNS + 1), 1):
        if number > _BLANK_ROWS or len(rows) > limits.MAX_ROWS:
            raise Refused(Reason.TOO_MANY_ROWS, limit=limits.MAX_ROWS)
        made: list[str] = []
        has_formula = False
        for at, cell in enumerate(cells):
            if cell.data_type == "f":
                has_formula = True
                formulas[number, at] = str(cell.value)
            elif cell.data_type == "e":
                place = f"{page.title} {number}"
                draft.lose(LossCode.CELL, place, name=cell.coordinate, value=str(cell.value))
            is_text = cell.value is not None and cell.data_type not in {"f", "e"}
            made.append(_text(cell.value) if is_text else "")
        if has_formula or any(made):
            rows[number] = made
    return rows, formulas


def _fill_in(page: Any, rows: dict[int, list[str]], formulas: _Formulas, draft: Draft) -> None:
    page.reset_dimensions()
    found = page.iter_rows(max_col=limits.MAX_COLUMNS + 1)
    values = {
        (number, at): cell
        for number, cells in enumerate(found, 1)
        for at, cell in enumerate(cells)
        if (number, at) in formulas
    }
    for (number, at), formula in formulas.items():
        cell = values.get((number, at))
        if cell is None or cell.value is None or cell.data_type == "e":
            place = f"{page.title} {number}"
            draft.lose(LossCode.CELL, place, name=_named(number, at), value=formula)
        else:
            rows[number][at] = _text(cell.value)


def _named(row: int, column: int) -> str:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    return f"{get_column_letter(column + 1)}{row}"


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "O" if value else "X"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004  what is exact
        case datetime():
            return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
        case date() | time() | timedelta():
            return str(value)
    return str(value).replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "")


# Writing


def write(course: m.Course) -> Exported:
    """The questions of a course as a workbook of one sheet."""
    rows, losses = sheet.rows_of(course)
    book = _book()
    _fill(book, "문제", sheet.table(rows))
    return Exported(_saved(book), tuple(losses))


def template() -> bytes:
    """An example of every kind, and a sheet that explains the columns."""
    book = _book()
    _fill(book, "문제", sheet.table(sheet.EXAMPLES))
    kinds = [[name] for name in sheet.KINDS.values()]
    advice = [
        ["한 문제는 ‘종류’가 적힌 줄에서 시작해요. 답이 더 있으면 아래 줄에 답만 적어 주세요."],
        ["‘맞음’에는 맞는 답이면 O, 아니면 X를 적어 주세요."],
        ["빈칸 문제의 답에는 문장을 적고, 빈칸이 될 말을 [[ ]] 안에 넣어 주세요."],
        ["쓸 수 있는 종류:"],
    ]
    _fill(book, _HELP, [*advice, *kinds])
    return _saved(book)


def _book() -> "Workbook":
    from openpyxl import Workbook  # noqa: PLC0415  only exporting writes workbooks

    return Workbook(write_only=True)


def _fill(book: "Workbook", title: str, rows: Sequence[Sequence[str]]) -> None:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    page = book.create_sheet(title)
    page.freeze_panes = "A2"
    for column in "BCDFGH":
        page.column_dimensions[column].width = 24
    for number, row in enumerate(rows):
        cells = []
        for text in row:
            cell = WriteOnlyCell(page, _CODE.sub("_x005F_", text) or None)
            if text:
                cell.data_type = "s"  # never a formula, whatever it begins with
                cell.quotePrefix = text[0] in "=+-@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if not number:
                cell.font = Font(bold=True)
            cells.append(cell)
        page.append(cells)


def _saved(book: "Workbook") -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()
