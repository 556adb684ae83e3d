"""Which cells lie wholly in a polygon, and which corners of the others do.

A point is thought to be shifted by (d, e), both infinitesimal, d much smaller than e. Then it lies
on no border and level with no vertex, and a crossing is a crossing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis_core.cell_grid import SPLIT, Borders, Grid
from gis_core.cell_runs import Runs
from gis_core.orientation import compiled, shifted_side

Longs = NDArray[np.int64]
Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]

EMPTY = -1


def toggles(borders: Borders, grid: Grid) -> Longs:
    """Return where, going east along each row of corners, a polygon begins or ends; sorted."""
    total = _toggles(borders, grid, np.empty(0, np.int64))
    found = np.empty(total, np.int64)
    _toggles(borders, grid, found)
    return np.sort(found)


def walk(toggled: Longs, grid: Grid, base: Ints, runs: Runs, state: Ints) -> Longs:
    """Visit the corner of every place inside each polygon.

    Marks the runs whose corner is inside, and writes to ``state`` the first polygon that covers
    all of a place without runs. Returns the (place, polygon) pairs, shape (n, 2), of the others
    that cover all of a place.
    """
    room = 1 << 12
    while True:
        others = np.empty((room, 2), np.int64)
        many = _walk(toggled, grid, base, runs, state, others)
        if many <= room:
            return others[:many]
        room = many


@compiled
def _walk(toggled: Longs, grid: Grid, base: Ints, runs: Runs, state: Ints, others: Longs) -> int:
    """Count the others, and write them where there is room. May be called again."""
    rows, width = grid.high << grid.shift, (grid.wide << grid.shift) + 1
    first, place, owner, inside = runs.first, runs.place, runs.owner, runs.inside
    shift, wide, many = grid.shift, grid.wide, 0
    for n in range(0, len(toggled), 2):
        line = toggled[n] // width
        polygon, row = line // rows, line % rows
        column, end = toggled[n] - line * width, toggled[n + 1] - line * width
        while column < end:
            at, size = _place(column, row, base, shift, wide)
            if (row | column) & ((1 << size) - 1) == 0:
                run = _run(at, polygon, first, place, owner)
                if run >= 0:
                    inside[run] = True
                elif first[at] < 0 and (state[at] == EMPTY or state[at] == polygon):
                    state[at] = polygon
                else:
                    if many < len(others):
                        others[many, 0], others[many, 1] = at, polygon
                    many += 1
            column = ((column >> size) + 1) << size
    return many


@compiled
def _place(column: int, row: int, base: Ints, shift: int, wide: int) -> tuple[int, int]:
    """The undivided place that holds a cell, and how large it is: 2**size cells a side."""
    at, size, mask = (row >> shift) * wide + (column >> shift), shift, (1 << SPLIT) - 1
    while base[at] >= 0:
        size -= SPLIT
        at = base[at] + (((row >> size) & mask) << SPLIT) + ((column >> size) & mask)
    return at, size


@compiled
def _run(at: int, polygon: int, first: Ints, place: Ints, owner: Ints) -> int:
    """The first run of the polygon's border in the cell, or -1."""
    run = first[at]
    if run < 0:
        return -1
    while run < len(place) and place[run] == at:
        if owner[run] == polygon:
            return int(run)
        run += 1
    return -1


@compiled
def _toggles(borders: Borders, grid: Grid, out: Longs) -> int:
    """Count where borders cross the rows of corners, and write it where there is room."""
    corners, begin, owner = borders.corners, borders.begin, borders.owner
    rows, width = grid.high << grid.shift, (grid.wide << grid.shift) + 1
    found = 0
    for n in range(len(begin)):
        ax, ay = corners[begin[n], 0], corners[begin[n], 1]
        bx, by = corners[begin[n] + 1, 0], corners[begin[n] + 1, 1]
        first, last = _crossed_rows(ay, by, grid)
        for row in range(first, last if len(out) else first):
            column = _first_corner_east(ax, ay, bx, by, grid.south + row * grid.side, grid)
            out[found + row - first] = (np.int64(owner[n]) * rows + row) * width + column
        found += last - first
    return found


@compiled
def _crossed_rows(ay: float, by: float, grid: Grid) -> tuple[int, int]:
    """The rows whose shifted corners' height a piece crosses: a half-open range."""
    low, high = min(ay, by), max(ay, by)
    rows = grid.high << grid.shift
    first = max(int((low - grid.south) * grid.per_unit) - 1, 0)
    while first < rows and grid.south + first * grid.side < low:
        first += 1
    last = first
    while last < rows and grid.south + last * grid.side < high:
        last += 1
    return first, last


@compiled
def _first_corner_east(ax: float, ay: float, bx: float, by: float, y: float, grid: Grid) -> int:
    """The first column whose shifted corner at height ``y`` lies east of the piece."""
    x = ax + (y - ay) / (by - ay) * (bx - ax)
    columns = grid.wide << grid.shift
    column = min(max(int((x - grid.west) * grid.per_unit), 0), columns)
    east = -1 if by > ay else 1
    while (
        column > 0 and shifted_side(ax, ay, bx, by, grid.west + (column - 1) * grid.side, y) == east
    ):
        column -= 1
    while (
        column < columns and shifted_side(ax, ay, bx, by, grid.west + column * grid.side, y) != east
    ):
        column += 1
    return column
