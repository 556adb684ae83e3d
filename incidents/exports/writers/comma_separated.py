"""CSV (RFC 4180) in UTF-8. It begins with a byte order mark: without one Excel garbles Vietnamese.

A text that a spreadsheet would take for a formula is preceded by an apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

from incidents.exports.table import POINT, Kind, Row, Table, lonlat
from incidents.exports.writers.text_values import NOT_WHOLE, SAID, no_formula, sayers, wkt

MARK: Final = "\ufeff"
BROKEN: Final = f"{NOT_WHOLE}\r\n".encode()


def pieces(table: Table) -> Iterator[bytes]:
    """Yield the file; positions as the columns lon and lat, other shapes as one column wkt."""
    where = ["lon", "lat"] if table.shape == POINT else ["wkt"]
    yield _written([[*(field.name for field in table.fields), *where]], MARK)
    truths = {Kind.TRUTH: lambda value: "true" if value else "false"}
    change = sayers(table.fields, {**SAID, **truths, Kind.TEXT: no_formula})
    for batch in table.batches:
        yield _written([_cells(row, change, table.shape) for row in batch])


def _cells(row: Row, change: list[Any], shape: str) -> list[Any]:
    *cells, wkb = row
    for place, say in change:
        if cells[place] is not None:
            cells[place] = say(cells[place])
    if shape != POINT:
        return [*cells, wkt(wkb)]
    return [*cells, *(lonlat(wkb) if wkb else ("", ""))]


def _written(rows: list[list[Any]], before: str = "") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return (before + text.getvalue()).encode()
