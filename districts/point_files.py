"""A file of points -> the same ids with the area of each; chunk by chunk, whatever its length."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO, TextIOWrapper
from itertools import islice
from operator import add
from pathlib import Path
from typing import NamedTuple, TextIO

import numpy as np

from districts.bulk_placement import EditionIndex, Floats, Found
from districts.fetching import Progress, silent
from gis_core.errors import N_, DomainError

CHUNK = 50_000
ADDED = ("ward_code", "ward_name", "how")
END = "\r\n"
QUOTED = re.compile(r'[",\r\n]')
"""What no cell can hold without quotes."""


class NoPointFile(DomainError):
    """The file is not there, or is no text in UTF-8."""

    code = "points.unreadable"
    status = 422
    message = N_("%(file)s cannot be read: %(reason)s. A CSV file in UTF-8 is needed.")


class NoPointColumn(DomainError):
    """The file has no such column."""

    code = "points.no_column"
    status = 422
    message = N_(
        '%(file)s has no column "%(column)s". Its columns are: %(columns)s. Name yours with '
        "--id, --lon and --lat."
    )


class Rows(NamedTuple):
    """The columns of some rows that are wanted; "" for what a short row lacks."""

    ids: list[str]
    lons: list[str]
    lats: list[str]


@dataclass(frozen=True, slots=True)
class PointColumns:
    """What the file calls its columns."""

    id: str = "id"
    lon: str = "lon"
    lat: str = "lat"


def place_file(
    source: Path,
    target: Path,
    index: EditionIndex,
    columns: PointColumns,
    tell: Progress = silent,
) -> dict[Found, int]:
    """Write id, ward_code, ward_name and how of every row, in order; return how many of each.

    ``tell`` hears of kilobytes read and of rows. Raises NoPointFile, NoPointColumn.
    """
    counts = dict.fromkeys(Found, 0)
    size = max(source.stat().st_size // 1000, 1) if source.is_file() else 1
    try:
        with (
            source.open("rb") as file,
            TextIOWrapper(file, encoding="utf-8-sig", newline="") as lines,
            target.open("w", encoding="utf-8", newline="") as out,
        ):
            csv.writer(out).writerow((columns.id, *ADDED))
            for rows in _chunks(lines, source.name, columns):
                _place(rows, index, out, counts)
                read = min(file.tell() // 1000, size)
                tell(read, size, f"kB, {sum(counts.values()):,} rows")
    except (OSError, UnicodeDecodeError) as error:
        raise NoPointFile(file=source.name, reason=error) from error
    return counts


def _chunks(lines: TextIO, name: str, columns: PointColumns) -> Iterator[Rows]:
    reader = csv.reader(lines)
    header = next(reader, [])
    places = [_column(header, name, wanted) for wanted in (columns.id, columns.lon, columns.lat)]
    while (rows := _rows(islice(reader, CHUNK), places)) is not None:
        yield rows


def _rows(lines: Iterator[list[str]], places: Sequence[int]) -> Rows | None:
    """Take the columns at ``places`` line by line, so that no more is held than these."""
    at_id, at_lon, at_lat = places
    least, read, rows = max(places) + 1, 0, Rows([], [], [])
    add_id, add_lon, add_lat = (column.append for column in rows)
    for read, row in enumerate(lines, 1):  # noqa: B007  told after the loop
        if row:
            whole = row if len(row) >= least else row + [""] * least
            add_id(whole[at_id])
            add_lon(whole[at_lon])
            add_lat(whole[at_lat])
    return rows if read else None


def _column(header: Sequence[str], name: str, wanted: str) -> int:
    if wanted not in header:
        raise NoPointColumn(file=name, column=wanted, columns=", ".join(header) or "-")
    return header.index(wanted)


def _place(rows: Rows, index: EditionIndex, out: TextIO, counts: dict[Found, int]) -> None:
    placed = index.place(_numbers(rows.lons), _numbers(rows.lats))
    # A row ends in one of few ways, so that each needs to be written as CSV only once.
    kind, which = np.unique(placed.area * len(Found) + placed.how, return_inverse=True)
    ends = [_end(index, *divmod(int(one), len(Found))) for one in kind]
    told = [ends[one] for one in which.tolist()]
    out.write("".join(map(add, _ids_as_csv(rows.ids), told)))
    for how, count in enumerate(np.bincount(placed.how, minlength=len(Found))):
        counts[Found(how)] += int(count)


def _ids_as_csv(ids: list[str]) -> list[str]:
    if QUOTED.search("".join(ids)) is None:
        return ids
    # A cell alone in its row would be quoted if it is empty.
    return [_as_csv(text, "").removesuffix(",") for text in ids]


def _end(index: EditionIndex, area: int, how: int) -> str:
    """The row from the first comma on."""
    named = (index.areas[area].code, index.areas[area].name) if area >= 0 else ("", "")
    return "," + _as_csv(*named, Found(how).name.lower()) + END


def _as_csv(*texts: str) -> str:
    out = StringIO(newline="")
    csv.writer(out, lineterminator=END).writerow(texts)
    return out.getvalue().removesuffix(END)


def _numbers(texts: list[str]) -> Floats:
    try:
        return np.fromiter(map(float, texts), np.float64, len(texts))
    except ValueError:
        return np.array([number(text) for text in texts], np.float64)


def number(text: str) -> float:
    """Return the number that a cell holds; NaN where it holds none."""
    try:
        return float(text)
    except ValueError:
        return math.nan
