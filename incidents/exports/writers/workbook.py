"""XLSX: a header that stays, real dates in the city's time, and sheets of at most 1,048,576 rows.

Rows go to the disk as they come. Texts are written as texts: none is taken for a formula or link.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from django.utils import timezone

from incidents.exports.table import POINT, Field, Kind, Row, Table, lonlat
from incidents.exports.writers.text_values import wkt

ROWS_OF_A_SHEET: Final = 1_048_576
WIDTHS: Final[Mapping[Kind, int]] = {Kind.TEXT: 22, Kind.MOMENT: 17, Kind.DAY: 11}
WIDTH: Final = 10
LONGEST: Final = 32_767
"""Characters of a cell."""

Put = Callable[[Any, int, int, Any], Any]


def write(table: Table, path: Path, most: int = ROWS_OF_A_SHEET) -> None:
    """Write the workbook; what one sheet cannot hold goes on in the next, under the same header."""
    options = {"constant_memory": True, "tmpdir": str(path.parent), "default_date_format": ""}
    with xlsxwriter.Workbook(str(path), options) as book:
        putters = _putters(book)
        sheet, line, number = _sheet(book, table, 1), 1, 1
        puts = [putters[field.kind] for field in table.fields]
        for batch in table.batches:
            for row in batch:
                if line == most:
                    number += 1
                    sheet, line = _sheet(book, table, number), 1
                _put(sheet, line, row, puts, table.shape)
                line += 1


def _sheet(book: Any, table: Table, number: int) -> Any:  # noqa: ANN401  xlsxwriter has no types
    sheet = book.add_worksheet(table.name[:25] + (f" {number}" if number > 1 else ""))
    bold = book.add_format({"bold": True})
    where = ("lon", "lat") if table.shape == POINT else ("wkt",)
    fields = [*table.fields, *(Field(name, Kind.REAL) for name in where)]
    for column, field in enumerate(fields):
        sheet.set_column(column, column, WIDTHS.get(field.kind, WIDTH))
    sheet.freeze_panes(1, 0)
    for column, field in enumerate(fields):
        sheet.write_string(0, column, field.name, bold)
    return sheet


def _put(sheet: Any, line: int, row: Row, puts: list[Put], shape: str) -> None:  # noqa: ANN401
    *values, wkb = row
    for column, (value, put) in enumerate(zip(values, puts, strict=True)):
        if value is not None:
            put(sheet, line, column, value)
    if wkb is None:
        return
    if shape == POINT:
        for column, degree in enumerate(lonlat(wkb), len(values)):
            sheet.write_number(line, column, degree)
    else:
        sheet.write_string(line, len(values), wkt(wkb)[:LONGEST])


def _putters(book: Any) -> dict[Kind, Put]:  # noqa: ANN401
    zone = timezone.get_default_timezone()
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})

    def put_moment(sheet: Any, line: int, column: int, value: datetime) -> None:  # noqa: ANN401
        sheet.write_datetime(line, column, value.astimezone(zone).replace(tzinfo=None), moment)

    def put_day(sheet: Any, line: int, column: int, value: date) -> None:  # noqa: ANN401
        sheet.write_datetime(line, column, value, day)

    def put_text(sheet: Any, line: int, column: int, value: str) -> None:  # noqa: ANN401
        sheet.write_string(line, column, value[:LONGEST])

    def put_number(sheet: Any, line: int, column: int, value: float) -> None:  # noqa: ANN401
        sheet.write_number(line, column, value)

    def put_truth(sheet: Any, line: int, column: int, value: bool) -> None:  # noqa: ANN401, FBT001
        sheet.write_boolean(line, column, value)

    return {
        Kind.TEXT: put_text,
        Kind.WHOLE: put_number,
        Kind.REAL: put_number,
        Kind.TRUTH: put_truth,
        Kind.MOMENT: put_moment,
        Kind.DAY: put_day,
    }
