"""A file of points -> the same ids with the area of each; chunk by chunk, whatever its length."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any, Protocol, TextIO

import numpy as np

from districts.bulk_placement import EditionIndex, Floats, Found
from districts.fetching import Progress, silent
from gis_core.errors import N_, DomainError

CHUNK = 50_000
ADDED = ("ward_code", "ward_name", "how")


class Writer(Protocol):
    """A ``csv.writer``; the module does not name the type."""

    def writerows(self, rows: Iterable[Sequence[Any]], /) -> None: ...


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
            writer = csv.writer(out)
            writer.writerow((columns.id, *ADDED))
            for rows in _chunks(lines, source.name, columns):
                _place(rows, index, writer, counts)
                read = min(file.tell() // 1000, size)
                tell(read, size, f"kB, {sum(counts.values()):,} rows")
    except (OSError, UnicodeDecodeError) as error:
        raise NoPointFile(file=source.name, reason=error) from error
    return counts


def _chunks(lines: TextIO, name: str, columns: PointColumns) -> Iterator[list[list[str]]]:
    """Yield rows of three texts: id, longitude, latitude; "" for what a short row lacks."""
    reader = csv.reader(lines)
    header = next(reader, [])
    places = [_column(header, name, wanted) for wanted in (columns.id, columns.lon, columns.lat)]
    while chunk := list(islice(reader, CHUNK)):
        yield [[row[place] if place < len(row) else "" for place in places] for row in chunk if row]


def _column(header: Sequence[str], name: str, wanted: str) -> int:
    if wanted not in header:
        raise NoPointColumn(file=name, column=wanted, columns=", ".join(header) or "-")
    return header.index(wanted)


def _place(
    rows: Sequence[Sequence[str]],
    index: EditionIndex,
    writer: Writer,
    counts: dict[Found, int],
) -> None:
    placed = index.place(_numbers(rows, 1), _numbers(rows, 2))
    hows = [how.name.lower() for how in Found]
    nowhere = ("", "")
    named = [(area.code, area.name) for area in index.areas]
    writer.writerows(
        (row[0], *(named[area] if area >= 0 else nowhere), hows[how])
        for row, area, how in zip(rows, placed.area.tolist(), placed.how.tolist(), strict=True)
    )
    for how, count in enumerate(np.bincount(placed.how, minlength=len(Found))):
        counts[Found(how)] += int(count)


def _numbers(rows: Sequence[Sequence[str]], place: int) -> Floats:
    return np.array([number(row[place]) for row in rows], np.float64)


def number(text: str) -> float:
    """Return the number that a cell holds; NaN where it holds none."""
    try:
        return float(text)
    except ValueError:
        return math.nan
