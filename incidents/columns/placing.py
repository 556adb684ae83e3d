"""What a filter leaves of the columns, counted in the cells of a metric grid, or as points. Pure.

One pass over the image and one over what changed since; nothing is kept between questions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from gis_core.hotspots.grid import Grid
from gis_core.hotspots.scattering import Place
from gis_core.orientation import compiled
from incidents.columns.rows import Asked, Columns, Rows

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Longs = NDArray[np.int64]
Column = TypeVar("Column", bound=NDArray[Any])
_EVERY = np.zeros(0, np.bool_)
_ONE = np.ones(1, np.int8)


class Aside(NamedTuple):
    """Position codes at which nothing counts, and which rows of the image stand there."""

    codes: Longs
    base: Flags


class Part(NamedTuple):
    """The columns that are read; ``weight`` has one entry a row, or a single one for all.

    ``aside`` is empty where nothing is left out.
    """

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    kind: NDArray[np.uint16]
    day: NDArray[np.uint16]
    agency: NDArray[np.uint16]
    ward: NDArray[np.uint16]
    weight: NDArray[np.int8]
    aside: Flags


class Wanted(NamedTuple):
    """A filter as kernels read it; ``agencies`` and ``wards`` are empty where every one counts."""

    kinds: Bytes
    first_day: int
    last_day: int
    agencies: Flags
    wards: Flags


class Found(NamedTuple):
    """Points in metres of the city's CRS, 1 for what stands, -1 for what an image holds no more."""

    x: Floats
    y: Floats
    weight: Floats


def counts(columns: Columns, asked: Asked, grid: Grid, aside: Aside | None = None) -> Floats:
    """Return how many incidents each cell of a grid in the city's CRS holds, shape as the grid."""
    out = np.zeros(grid.shape)
    wanted, place = _wanted(asked), _from_origin(columns, grid)
    for part in _parts(columns, aside):
        _count(part, wanted, place, out)
    return out


def points(
    columns: Columns, asked: Asked, grid: Grid, within: Flags, aside: Aside | None = None
) -> Found:
    """Return the incidents in the cells of ``within``, a mask of the grid."""
    wanted, place = _wanted(asked), _from_origin(columns, grid)
    taken = []
    for part in _parts(columns, aside):
        x, y, weight = (np.empty(len(part.x)) for _ in Found._fields)
        many = _take(part, wanted, place, _read(within), Found(x, y, weight))
        taken.append((x[:many], y[:many], weight[:many]))
    east, north = columns.words.origin_m
    x, y, weight = (np.concatenate(column) for column in zip(*taken, strict=True))
    return Found(x + east, y + north, weight)


def _parts(columns: Columns, aside: Aside | None) -> Iterator[Part]:
    none = _EVERY, _EVERY
    base, delta = (aside.base, np.isin(columns.delta.code, aside.codes)) if aside else none
    yield _part(columns.base, _ONE, base)
    if len(columns.delta):
        yield _part(columns.delta, columns.weight, delta)


def _part(rows: Rows, weight: NDArray[np.int8], aside: Flags) -> Part:
    return Part(
        _read(rows.x),
        _read(rows.y),
        _read(rows.kind),
        _read(rows.day),
        _read(rows.agency),
        _read(rows.ward),
        _read(weight),
        _read(aside),
    )


def _wanted(asked: Asked) -> Wanted:
    return Wanted(
        _read(asked.kinds),
        asked.first_day,
        asked.last_day,
        _read(_EVERY if asked.agencies is None else asked.agencies),
        _read(_EVERY if asked.wards is None else asked.wards),
    )


def _read(column: Column) -> Column:
    """Return the same array, not to be written to: else kernels are compiled for both kinds."""
    told = column.view()
    told.setflags(write=False)
    return told


def _from_origin(columns: Columns, grid: Grid) -> Place:
    east, north = columns.words.origin_m
    return Place(grid.west_m - east, grid.south_m - north, 1 / grid.cell_m)


@compiled
def _chosen(part: Part, wanted: Wanted) -> Bytes:
    """Tell of each row whether it counts: one table at a time, so that no loop branches."""
    kind, day, kinds = part.kind, part.day, wanted.kinds
    first, last = wanted.first_day, wanted.last_day
    told = np.empty(len(kind), np.uint8)
    for k in range(len(kind)):
        told[k] = kinds[kind[k]] & (day[k] >= first) & (day[k] <= last)
    if len(wanted.agencies):
        agency, agencies = part.agency, wanted.agencies
        for k in range(len(kind)):
            told[k] &= agencies[agency[k]]
    if len(wanted.wards):
        ward, wards = part.ward, wanted.wards
        for k in range(len(kind)):
            told[k] &= wards[ward[k]]
    if len(part.aside):
        aside = part.aside
        for k in range(len(kind)):
            told[k] &= not aside[k]
    return told


@compiled
def _count(part: Part, wanted: Wanted, place: Place, out: Floats) -> None:
    rows, columns = out.shape
    told, x, y, weight = _chosen(part, wanted), part.x, part.y, part.weight
    west, south, per_m = place.west, place.south, place.per_m
    each = 1 if len(weight) > 1 else 0
    for k in range(len(x)):
        u, v = (x[k] - west) * per_m, (y[k] - south) * per_m
        if told[k] and 0 <= u < columns and 0 <= v < rows:
            out[int(v), int(u)] += weight[k * each]


@compiled
def _take(part: Part, wanted: Wanted, place: Place, within: Flags, out: Found) -> int:
    rows, columns = within.shape
    told, x, y, weight = _chosen(part, wanted), part.x, part.y, part.weight
    to_x, to_y, to_weight = out.x, out.y, out.weight
    west, south, per_m = place.west, place.south, place.per_m
    each = 1 if len(weight) > 1 else 0
    many = 0
    for k in range(len(x)):
        u, v = (x[k] - west) * per_m, (y[k] - south) * per_m
        if told[k] and 0 <= u < columns and 0 <= v < rows and within[int(v), int(u)]:
            to_x[many], to_y[many], to_weight[many] = x[k], y[k], weight[k * each]
            many += 1
    return many
