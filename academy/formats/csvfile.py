"""Questions in a CSV file, read; and a template to fill in."""

import csv
from io import StringIO

from academy.formats import limits, sheet, text
from academy.formats.draft import Draft
from academy.formats.facts import Imported, Reason, Refused

_SEPARATORS = ",;\t"


def read(data: bytes, title: str) -> Imported:
    """A course of the questions in a CSV file: UTF-8 with or without its mark, UTF-16, or CP949.

    Raises:
        Refused: no text, no row that names the columns, or no question.
    """
    source = text.decode(data)
    first = source.lstrip("\n").partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    draft = Draft()
    reader = sheet.Reader(draft, title)
    if not reader.take(_rows(source, separator)):
        raise Refused(Reason.HEADER_MISSING, column=sheet.COLUMNS["prompt"])
    return reader.imported()


def _rows(source: str, separator: str) -> "list[sheet.Row]":
    rows: list[sheet.Row] = []
    reader = csv.reader(StringIO(source), delimiter=separator)
    try:
        for cells in reader:
            if len(rows) == limits.MAX_ROWS:
                raise Refused(Reason.TOO_MANY_ROWS, limit=limits.MAX_ROWS)
            if any(cells):
                rows.append(sheet.Row(str(reader.line_num), cells))
    except csv.Error as error:
        raise Refused(Reason.NOT_THIS, format="CSV") from error
    return rows


def template() -> bytes:
    """An example of every kind; its mark lets spreadsheet programs see that it is UTF-8."""
    out = StringIO()
    csv.writer(out).writerows(sheet.table(sheet.EXAMPLES))
    return out.getvalue().encode("utf-8-sig")
