"""A document as an XLSX workbook: numbers as numbers, one sheet a table."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import xlsxwriter
from django.utils import timezone
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from map_ui.documents.document import Cell, Document, Kind, Table

FORMATS: Final = {
    Kind.TEXT: "@", Kind.COUNT: "#,##0", Kind.SHARE: "0.0%", Kind.DAYS: "#,##0.0",
    Kind.STARS: "0.00", Kind.MOMENT: "dd/mm/yyyy hh:mm",
}  # fmt: skip
LINKED: Final = {"font_color": "#00665c", "underline": 1}
WIDEST_NAME: Final = 31
"""Letters of a sheet's name."""


@dataclass(frozen=True, slots=True)
class Formats:
    """How cells of each kind are written, and those that lead somewhere."""

    plain: dict[Kind, Format]
    linked: dict[Kind, Format]


def xlsx(document: Document) -> bytes:
    """Return the workbook's bytes. What looks like a formula is written as text."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": f"{document.title} · {document.about}"})
        formats = Formats(
            {kind: book.add_format({"num_format": f}) for kind, f in FORMATS.items()},
            {kind: book.add_format({"num_format": f} | LINKED) for kind, f in FORMATS.items()},
        )
        for number, table in enumerate(document.tables, start=1):
            sheet = book.add_worksheet(_sheet_name(number, table.name))
            _write(book, sheet, document, table, formats)
    return file.getvalue()


def _sheet_name(number: int, name: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", f"{number} {name}")[:WIDEST_NAME]


def _write(
    book: Workbook, sheet: Worksheet, document: Document, table: Table, formats: Formats
) -> None:
    bold = book.add_format({"bold": True})
    head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "bottom"})
    sheet.write_string(0, 0, f"{document.title} · {document.about}", bold)
    sheet.write_string(1, 0, table.name if not table.note else f"{table.name}. {table.note}")
    for at, column in enumerate(table.columns):
        sheet.write_string(3, at, column.name, head)
        sheet.set_column(at, at, 10 + 9 * (column.width - 1))
    for row, cells in enumerate(table.cells(), start=4):
        for at, cell in enumerate(cells):
            _put(sheet, row, at, cell, formats)
    sheet.freeze_panes(4, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)


def _put(sheet: Worksheet, row: int, at: int, cell: Cell, formats: Formats) -> None:
    value, form = cell.value, (formats.linked if cell.link else formats.plain)[cell.kind]
    if cell.link:
        # The words that come with a link make room for the number that is written below.
        sheet.write_url(row, at, cell.link, form, string=cell.said)
    if isinstance(value, datetime):
        # A workbook knows no time zones: the city's own time stands in it.
        sheet.write_datetime(row, at, timezone.make_naive(value), form)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, at, value, form)
    elif value is not None and not cell.link:
        sheet.write_string(row, at, value)
