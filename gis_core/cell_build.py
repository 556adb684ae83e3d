"""What each cell of the grid holds: which polygons, which borders, and where corners lie."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis_core import cell_inside, cell_runs
from gis_core.cell_grid import SPLIT, Borders, Grid
from gis_core.cell_inside import EMPTY
from gis_core.cell_runs import Runs, Touches

INSIDE, AGAIN, MORE = 1, 2, 4
"""What is said of a run: the cell's corner lies inside; the next run is of the same polygon; the
next run is of the same cell."""

Longs = NDArray[np.int64]
Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]


class Cells(NamedTuple):
    """A table of places: blocks, the parts of divided ones, the parts of these, down to cells.

    ``state`` has first all blocks, row by row; then, at ``outside``, what lies off the grid; then
    the parts of each divided place, row by row. It says EMPTY, the one polygon that the place lies
    wholly in, ``polygons`` + the number of a divided place, or -2 - (the place's first run).

    ``runs`` are rows of (first corner, last corner, polygon, INSIDE | AGAIN | MORE): stretches of
    a polygon's border that touch the cell, in ``corners``; of no length where a polygon covers all
    of the place. Runs of a place are in the order of the polygons.
    """

    polygons: int
    outside: int
    state: Ints
    runs: Ints
    corners: NDArray[np.float64]

    @property
    def nbytes(self) -> int:
        """About how many bytes of memory this takes."""
        return self.state.nbytes + self.runs.nbytes + self.corners.nbytes


def cells(borders: Borders, grid: Grid, polygons: int) -> Cells:
    """Return what the cells of ``grid`` hold of the ``polygons`` that ``borders`` belong to."""
    touched = cell_runs.touches(borders, grid)
    place, base = _divided(touched, grid)
    state = np.full(len(base), EMPTY, np.int32)
    runs = cell_runs.runs(borders, touched, place, len(base))
    others = cell_inside.walk(cell_inside.toggles(borders, grid), grid, base, runs, state)
    outside = grid.wide * grid.high
    divided = base >= 0
    state[divided] = polygons + ((base[divided] - outside - 1) >> 2 * SPLIT)
    rows = _listed(runs, _with_first(others, state, runs), state)
    return Cells(polygons, outside, state, rows, borders.corners)


def _divided(touched: Touches, grid: Grid) -> tuple[Ints, Ints]:
    """Divide what is touched; return the place of each touched cell, and each place's parts."""
    row, column, mask = touched.row, touched.column, (1 << SPLIT) - 1
    place = (row >> grid.shift) * np.int32(grid.wide) + (column >> grid.shift)
    bases = [np.full(grid.wide * grid.high + 1, -1, np.int32)]
    begin = 0
    for size in range(grid.shift - SPLIT, -1, -SPLIT):
        seen = np.zeros(len(bases[-1]), np.bool_)
        seen[place - begin] = True
        parts = np.flatnonzero(seen)
        begin_of = bases[-1]
        end = begin + len(begin_of)
        begin_of[parts] = end + (np.arange(len(parts)) << 2 * SPLIT)
        part = (((row >> size) & mask) << SPLIT) + ((column >> size) & mask)
        place = begin_of[place - begin] + part
        bases.append(np.full(len(parts) << 2 * SPLIT, -1, np.int32))
        begin = end
    return place, np.concatenate(bases)


def _with_first(others: Longs, state: Ints, runs: Runs) -> Longs:
    """Add, where several polygons cover all of a place without runs, the first of them."""
    crowded = np.unique(others[:, 0])
    crowded = crowded[runs.first[crowded] < 0]
    return np.concatenate((np.stack((crowded, state[crowded]), axis=1), others))


def _listed(runs: Runs, whole: Longs, state: Ints) -> Ints:
    """Return the rows of ``Cells.runs``, and name each place's first in ``state``."""
    rows = np.empty((len(runs.place) + len(whole), 4), np.int32)
    for at, column in enumerate((runs.begin, runs.end, runs.owner, runs.inside)):
        rows[: len(column), at] = column
    rows[len(runs.place) :] = (0, 0, 0, INSIDE)
    rows[len(runs.place) :, 2] = whole[:, 1]
    place: Longs = np.concatenate((runs.place.astype(np.int64), whole[:, 0]))
    if len(whole):
        order = np.argsort((place << 32) + rows[:, 2], kind="stable")
        rows, place = rows[order], place[order]
    more = _as_before(place)
    again = more & _as_before(rows[:, 2])
    rows[:-1, 3] |= MORE * more[1:] + AGAIN * again[1:]
    first = np.flatnonzero(~more)
    state[place[first]] = -2 - first
    return rows


def _as_before(values: NDArray[np.integer]) -> Flags:
    """Whether each value equals the one before it."""
    same = np.zeros(len(values), np.bool_)
    same[1:] = values[1:] == values[:-1]
    return same
