"""Which cells the borders touch, and which stretch of a border touches each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis_core.cell_grid import Borders, Grid
from gis_core.orientation import compiled

Longs = NDArray[np.int64]
Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]


class Touches(NamedTuple):
    """The cells that each piece of border touches, piece by piece."""

    row: Ints
    column: Ints
    begin: Longs
    """Where each piece's cells begin; one more than there are pieces."""


class Runs(NamedTuple):
    """Stretches of one polygon's border that touch one cell; by place, then by polygon."""

    place: Ints
    owner: Ints
    begin: Ints
    """Its first corner."""
    end: Ints
    """Its last corner."""
    inside: Flags
    """Whether the cell's shifted south-west corner lies in the polygon: told by the first run."""
    first: Ints
    """By place: its first run, or -1."""


def touches(borders: Borders, grid: Grid) -> Touches:
    """Return the cells that each piece touches."""
    corners, begin = borders.corners, borders.begin
    counts = np.zeros(len(begin) + 1, np.int64)
    nothing = np.empty(0, np.int32)
    _touches(corners, begin, grid, counts, nothing, nothing)
    starts = counts.cumsum()
    row, column = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.int32)
    _touches(corners, begin, grid, counts, row, column)
    return Touches(row, column, starts)


def runs(borders: Borders, touched: Touches, at: Ints, places: int) -> Runs:
    """Return the runs of all cells; each touch is filed in the table at the place ``at``."""
    stop, piece = _filed(at, touched.begin, places)
    rows, first = _joined(stop, piece, borders.begin, borders.owner)
    place, owner, begin, end = (np.ascontiguousarray(column) for column in rows.T)
    return Runs(place, owner, begin, end, np.zeros(len(rows), np.bool_), first)


@compiled
def _filed(place: Ints, starts: Longs, places: int) -> tuple[Ints, Ints]:
    """Sort pieces by the places that they touch; return where each place's end, and the pieces."""
    stop = np.zeros(places + 1, np.int32)
    for at in place:
        stop[at + 1] += 1
    for at in range(places):
        stop[at + 1] += stop[at]
    piece = np.empty(len(place), np.int32)
    for n in range(len(starts) - 1):
        for touch in range(starts[n], starts[n + 1]):
            piece[stop[place[touch]]] = n
            stop[place[touch]] += 1
    return stop[:places], piece


@compiled
def _joined(stop: Ints, piece: Ints, begin: Ints, owner: Ints) -> tuple[Ints, Ints]:
    """Join pieces that follow one another within a place: rows (place, owner, begin, end)."""
    first = np.full(len(stop), -1, np.int32)
    found, many, touch = np.empty((len(piece), 4), np.int32), 0, 0
    for at in range(len(stop)):
        if touch < stop[at]:
            first[at] = many
        while touch < stop[at]:
            n = piece[touch]
            found[many, 0], found[many, 1] = at, owner[n]
            found[many, 2], found[many, 3] = begin[n], begin[n] + 1
            touch += 1
            while touch < stop[at] and begin[piece[touch]] == found[many, 3]:
                found[many, 3] += 1
                touch += 1
            many += 1
    return found[:many], first


@compiled
def _touches(
    corners: NDArray[np.float64], begin: Ints, grid: Grid, counts: Longs, row: Ints, column: Ints
) -> None:
    """Count each piece's cells at one place after its own, and write them where there is room."""
    found = 0
    for n in range(len(begin)):
        ax, ay = corners[begin[n], 0], corners[begin[n], 1]
        bx, by = corners[begin[n] + 1, 0], corners[begin[n] + 1, 1]
        many = _touch(ax, ay, bx, by, grid, row[found:], column[found:])
        counts[n + 1] = many
        found += many


@compiled
def _touch(
    ax: float, ay: float, bx: float, by: float, grid: Grid, out_row: Ints, out_column: Ints
) -> int:
    """Count the cells that a piece touches, and write them where there is room."""
    pad, columns, rows = grid.pad, grid.wide << grid.shift, grid.high << grid.shift
    first_row = _column(min(ay, by) - pad, grid.south, grid.per_unit, rows)
    last_row = _column(max(ay, by) + pad, grid.south, grid.per_unit, rows)
    found = 0
    for row in range(first_row, last_row + 1):
        low = grid.south + row * grid.side - pad
        west, east = _row_span(ax, ay, bx, by, low, low + grid.side + 2 * pad)
        first = _column(west - pad, grid.west, grid.per_unit, columns)
        last = _column(east + pad, grid.west, grid.per_unit, columns)
        for column in range(first, last + 1):
            if found < len(out_row):
                out_row[found], out_column[found] = row, column
            found += 1
    return found


@compiled
def _column(x: float, west: float, per_unit: float, columns: int) -> int:
    return min(max(int((x - west) * per_unit), 0), columns - 1)


@compiled
def _row_span(
    ax: float, ay: float, bx: float, by: float, low: float, high: float
) -> tuple[float, float]:
    """From where to where, west to east, a piece runs between two heights."""
    if ay == by:
        return min(ax, bx), max(ax, bx)
    at_low = min(max((low - ay) / (by - ay), 0.0), 1.0)
    at_high = min(max((high - ay) / (by - ay), 0.0), 1.0)
    x_low, x_high = ax + at_low * (bx - ax), ax + at_high * (bx - ax)
    return min(x_low, x_high), max(x_low, x_high)
