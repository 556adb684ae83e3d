"""How many incidents everybody may see, in small cells and in wards, under the map's filters.

From the columns where they are kept, else from PostGIS. Of what is sensitive nothing is counted:
a map that is kept can be laid over another, and the difference of two would tell of one case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from django.db.models import Count, F
from numpy.typing import NDArray

from districts.outlines import ward_edition
from gis_core.tiles import LEVEL, lonlat_of
from incidents.actors import ANYBODY
from incidents.columns import asking, reading
from incidents.columns.rows import NOWHERE, Asked, Columns, Rows
from incidents.filters import Filters
from incidents.listing import filtered
from incidents.selectors import visible_to

FEW: Final = 200_000
"""Incidents that are looked at closely; of more the smallest cells would be too many to sum."""
FINE, FINEST = 17, 20
"""Zooms of the smallest cells, of many and of few: 306 and 38 m wide at the equator."""
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class MapCounts:
    """``cells``: shape (n, 3) of longitude and latitude of a cell's middle, and its count."""

    cells: NDArray[np.float64]
    wide: float
    """Of a cell, in degrees."""
    wards: Mapping[str, int]
    """By the code of a ward in force; those with none are not in it."""
    total: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One incident as a map shows it."""

    id: int
    category: str
    status: str
    opened: datetime
    lon: float
    lat: float


def map_counts(filters: Filters, *, most_cells: int) -> MapCounts:
    """Return what everybody may see under the filters, in cells as small as ``most_cells`` lets."""
    columns = None if filters.box else reading.current()
    if columns is None:
        return _of_database(filters, most_cells)
    return of_columns(columns, asking.asked(columns.words, filters), most_cells)


def newest(filters: Filters, most: int) -> list[Listed]:
    """Return at most so many of the incidents that everybody may see, the newest first."""
    rows = filtered(visible_to(ANYBODY), filters).order_by("-opened_at", "-id")
    found = rows.values_list("pk", "category_id", "status", "opened_at", "position")[:most]
    return [
        Listed(pk, category, status, opened, place.x, place.y)
        for pk, category, status, opened, place in found
    ]


def of_columns(columns: Columns, asked: Asked, most_cells: int) -> MapCounts:
    """Return the counts of what is asked for: one pass over the base, one over the delta."""
    base, delta = _wanted(columns.base, asked), _wanted(columns.delta, asked)
    weight = columns.weight[delta].astype(np.int64)
    level = _finest(int(base.sum()))
    each, many = _runs(columns.base.code[base] >> _shift(level))
    moved = columns.delta.code[delta] >> _shift(level)
    cells = _summed(np.concatenate([each, moved]), np.concatenate([many, weight]))
    by_ward = np.bincount(columns.base.ward[base], minlength=NOWHERE + 1)
    np.add.at(by_ward, columns.delta.ward[delta], weight)
    wards = {code: int(by_ward[at]) for at, code in enumerate(columns.words.wards) if by_ward[at]}
    return MapCounts(*_cells(*cells, level, most_cells), wards, int(many.sum() + weight.sum()))


def _wanted(rows: Rows, asked: Asked) -> NDArray[np.bool_]:
    """Return which rows are asked for."""
    wanted = asked.kinds[rows.kind] > 0
    wanted &= (rows.day >= asked.first_day) & (rows.day <= asked.last_day)
    for table, column in ((asked.agencies, rows.agency), (asked.wards, rows.ward)):
        if table is not None:
            wanted &= table[column]
    return wanted


def _runs(keys: Ints) -> tuple[Ints, Ints]:
    """Return each of rising keys once, and how often it is there."""
    begins = np.flatnonzero(np.diff(keys, prepend=keys[:1] - 1))
    return keys[begins], np.diff(begins, append=len(keys))


def _of_database(filters: Filters, most_cells: int) -> MapCounts:
    rows = filtered(visible_to(ANYBODY), filters).order_by()
    level = _finest(rows[: FEW + 1].count())
    by_cell = rows.values(place=F("cell").bitrightshift(_shift(level))).annotate(many=Count("pk"))
    pairs = np.array(list(by_cell.values_list("place", "many")), np.int64).reshape(-1, 2)
    edition = ward_edition()
    in_force = rows.filter(ward__edition=edition.id) if edition else rows.none()
    by_ward = in_force.values("ward__code").annotate(many=Count("pk"))
    wards = dict(by_ward.values_list("ward__code", "many"))
    cells = _cells(pairs[:, 0], pairs[:, 1], level, most_cells)
    return MapCounts(*cells, wards, int(pairs[:, 1].sum()))


def _finest(many: int) -> int:
    return FINEST if many <= FEW else FINE


def _cells(codes: Ints, counts: Ints, level: int, most: int) -> tuple[NDArray[np.float64], float]:
    """Return cells by their middles, and how wide one is in degrees.

    Larger ones, four to one, until they are not too many.
    """
    while len(codes) > most:
        level -= 1
        codes, counts = _summed(codes >> 2, counts)
    half = 3 << (_shift(level) - 2)
    places = [lonlat_of((int(code) << _shift(level)) + half) for code in codes]
    rows: Sequence[tuple[float, float, int]] = [
        (place.lon, place.lat, int(count)) for place, count in zip(places, counts, strict=True)
    ]
    return np.array(rows, np.float64).reshape(-1, 3), 360 / (1 << level)


def _summed(keys: Ints, weight: Ints) -> tuple[Ints, Ints]:
    """Return each key once, rising, with the sum of its weights; left out where that is 0."""
    each, which = np.unique(keys, return_inverse=True)
    sums = np.bincount(which, weight, minlength=len(each)).round().astype(np.int64)
    return each[sums > 0], sums[sums > 0]


def _shift(level: int) -> int:
    return 2 * (LEVEL - level)
