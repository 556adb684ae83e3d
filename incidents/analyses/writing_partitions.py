"""Incidents as partitioned GeoParquet: files of one month, or of one stretch of the Z-order curve.

The rows of ``incidents.exports`` that leave each by itself; what is sensitive is not among them.
Everything is read once, in order, as of one moment, and written as it comes: memory is bounded by
one batch and one row group.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import groupby, islice
from pathlib import Path
from typing import Final

from django.db import transaction

from gis_core.errors import N_, DomainError
from incidents.actors import Actor
from incidents.analyses.partitions import SUFFIX
from incidents.exports.rows import FIELDS, NAME, Wish, one_by_one, read
from incidents.exports.table import BATCH, Row, Table
from incidents.filters import Filters

OPENED: Final = [field.name for field in FIELDS].index("opened")
MOST_ROWS: Final = 250_000
"""In one file: a worker holds a file at a time, which takes it some 180 MB."""


class By(StrEnum):
    """What the rows of one file have in common."""

    MONTH = "month"
    PLACE = "place"
    """Neighbours on the Z-order curve, so that a file covers a part of the city."""


class FolderNotEmpty(DomainError):
    """The folder holds something, which would be read with what is written."""

    code = "partitions.folder_not_empty"
    status = 409
    message = N_("The folder %(folder)s is not empty. Name another one, or empty it first.")


def write_partitions(
    actor: Actor, filters: Filters, folder: Path, by: By = By.MONTH, most: int = MOST_ROWS
) -> list[Path]:
    """Write what the actor sees into a folder and return its files, at most ``most`` rows each.

    Files are named by month, or by number along the curve. Raises FolderNotEmpty.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FolderNotEmpty(folder=folder.name)
    order = ("opened_at", "pk") if by is By.MONTH else ("cell", "pk")
    with transaction.atomic():
        rows = read(one_by_one(Wish(actor, filters)).order_by(*order), actor)
        return [_write(part, folder / name) for name, part in _parts(rows, by, most)]


def _parts(rows: Iterable[Row], by: By, most: int) -> Iterator[tuple[str, Iterator[Row]]]:
    """Yield each file's name and rows; those of one are gone when the next one is asked for."""
    numbered = enumerate(rows) if by is By.PLACE else _numbered_by_month(rows)
    for key, group in groupby(numbered, lambda one: _name(one, by, most)):
        yield f"{key}{SUFFIX}", (row for _, row in group)


def _name(one: tuple[int, Row], by: By, most: int) -> str:
    number, row = one
    if by is By.PLACE:
        return f"{number // most:05d}"
    return f"{row[OPENED]:%Y-%m}-{number // most:03d}"


def _numbered_by_month(rows: Iterable[Row]) -> Iterator[tuple[int, Row]]:
    for _, group in groupby(rows, lambda row: (row[OPENED].year, row[OPENED].month)):
        yield from enumerate(group)


def _write(rows: Iterator[Row], path: Path) -> Path:
    from incidents.exports.writers import geoparquet  # noqa: PLC0415  heavy: Arrow

    geoparquet.write(Table(NAME, FIELDS, iter(lambda: list(islice(rows, BATCH)), [])), path)
    return path
