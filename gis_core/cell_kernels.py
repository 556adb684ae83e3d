"""Where points lie, asked of the cells: the kernels that run once a point.

Points go in batches, and each step is done for all of a batch before the next: then the processor
waits for many places of the table at once, and seldom has to guess what comes next.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis_core.cell_build import AGAIN, INSIDE, MORE, Cells
from gis_core.cell_grid import SPLIT, Grid
from gis_core.cell_inside import EMPTY
from gis_core.orientation import ERROR_BOUND, compiled, orientation, shifted_side

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Ints = NDArray[np.int32]

BATCH = 1 << 11
IN_DOUBT = 2


class Batch(NamedTuple):
    """Points on their way, arrays of BATCH."""

    column: Ints
    row: Ints
    state: Ints
    """What is said of the place that each point lies in; in the end its polygon."""
    open: Ints
    """Which points are still to be decided."""
    at: Ints
    """By open point: the number that is to be read next."""
    near: Floats
    """By open point: read only so that what lies beside it is at hand when it is needed."""


@compiled
def first(x: Floats, y: Floats, grid: Grid, cells: Cells, out: Ints) -> None:
    """Write the first polygon that covers each point, -1 for none."""
    batch = _batch()
    for begin in range(0, len(x), BATCH):
        some = slice(begin, begin + BATCH)
        many = _look_up(x[some], y[some], grid, cells, batch)
        _decide(x[some], y[some], grid, cells, batch, many, 1)
        out[some] = batch.state[: len(x[some])]


@compiled
def pairs(
    x: Floats, y: Floats, number: int, grid: Grid, cells: Cells, points: Longs, polygons: Ints
) -> int:
    """Count all (point, polygon) pairs, and write them where there is room.

    Points are numbered from ``number`` on.
    """
    batch = _batch()
    state, runs, corners = batch.state, cells.runs, cells.corners
    found = 0
    for begin in range(0, len(x), BATCH):
        end, done = min(begin + BATCH, len(x)), 0
        many = _look_up(x[begin:end], y[begin:end], grid, cells, batch)
        many = _decide(x[begin:end], y[begin:end], grid, cells, batch, many, 2)
        for n in batch.open[:many]:
            found = _write(state[done:n], number + begin + done, points, polygons, found)
            done, run, px, py = n + 1, -2 - state[n], x[begin + n], y[begin + n]
            corner_x, corner_y = _corner(batch.column[n], batch.row[n], grid)
            while run >= 0:
                if covers_exactly(px, py, corner_x, corner_y, run, runs, corners):
                    if found < len(points):
                        points[found], polygons[found] = number + begin + n, runs[run, 2]
                    found += 1
                run = _next(run, runs)
        found = _write(state[done : end - begin], number + begin + done, points, polygons, found)
    return found


@compiled
def _batch() -> Batch:
    return Batch(
        np.empty(BATCH, np.int32),
        np.empty(BATCH, np.int32),
        np.empty(BATCH, np.int32),
        np.empty(BATCH, np.int32),
        np.empty(BATCH, np.int32),
        np.empty(BATCH, np.float64),
    )


@compiled
def _write(owner: Ints, number: int, points: Longs, polygons: Ints, found: int) -> int:
    """Write the pairs of points with one owner or none, where there is room; count all."""
    sure = min(max(len(points) - found, 0), len(owner))
    for n in range(sure):
        # Always written, sometimes overwritten by the next: quicker than to ask.
        points[np.uint64(found)], polygons[np.uint64(found)] = number + n, owner[n]
        found += owner[n] >= 0
    for n in range(sure, len(owner)):
        if found < len(points) and owner[n] >= 0:
            points[found], polygons[found] = number + n, owner[n]
        found += owner[n] >= 0
    return found


@compiled
def _look_up(x: Floats, y: Floats, grid: Grid, cells: Cells, batch: Batch) -> int:
    """Write what is said of each point's place; leave open, and count, those with runs."""
    state, open_, table = batch.state, batch.open, cells.state
    _cells(x, y, grid, batch)
    many = 0
    for n in range(len(x)):
        said = table[np.uint32(state[n])]
        state[n] = said
        open_[many] = n
        many += (said < EMPTY) | (said >= cells.polygons)
    for size in range(grid.shift - SPLIT, -1, -SPLIT):
        many = _look_into_parts(size, cells, batch, many)
    return many


@compiled
def _cells(x: Floats, y: Floats, grid: Grid, batch: Batch) -> None:
    """Write the column and the row of each point's cell, and its block in place of the state."""
    column, row, state = batch.column, batch.row, batch.state
    west, south, per_unit, shift, wide = grid.west, grid.south, grid.per_unit, grid.shift, grid.wide
    columns, rows = float(wide << shift), float(grid.high << shift)
    outside = wide * grid.high
    for n in range(len(x)):
        across, up = (x[n] - west) * per_unit, (y[n] - south) * per_unit
        # False also for what is not finite.
        on_grid = (across >= 0) & (across < columns) & (up >= 0) & (up < rows)
        column[n], row[n] = np.int32(across), np.int32(up)
        state[n] = (row[n] >> shift) * wide + (column[n] >> shift) if on_grid else outside


@compiled
def _look_into_parts(size: int, cells: Cells, batch: Batch, many: int) -> int:
    """Go on, where an open point's place is divided, to the part of 2**size cells a side."""
    column, row, state, open_, at = batch.column, batch.row, batch.state, batch.open, batch.at
    table, polygons, mask = cells.state, cells.polygons, (1 << SPLIT) - 1
    for place in range(many):
        n = open_[place]
        part = (((row[n] >> size) & mask) << SPLIT) + ((column[n] >> size) & mask)
        inner = cells.outside + 1 + ((state[n] - polygons) << 2 * SPLIT) + part
        at[place] = inner if state[n] >= polygons else -1
    for place in range(many):
        at[place] = table[np.uint32(at[place])] if at[place] >= 0 else state[open_[place]]
    kept = 0
    for place in range(many):
        n, said = open_[place], at[place]
        state[n] = said
        open_[kept] = n
        kept += (said < EMPTY) | (said >= polygons)
    return kept


@compiled
def _decide(
    x: Floats, y: Floats, grid: Grid, cells: Cells, batch: Batch, many: int, enough: int
) -> int:
    """Write the polygon that covers each open point, or EMPTY; leave open those with two owners.

    Looks for no more than ``enough`` owners.
    """
    runs, corners = cells.runs, cells.corners
    state, open_ = batch.state, batch.open
    _read_ahead(runs, corners, batch, many)
    kept = 0
    for place in range(many):
        n = open_[place]
        run, owner, owners = -2 - state[n], EMPTY, 0
        corner_x, corner_y = _corner(batch.column[n], batch.row[n], grid)
        while run >= 0 and owners < enough:
            covers = _covers(x[n], y[n], corner_x, corner_y, run, runs, corners)
            if covers == IN_DOUBT:
                covers = covers_exactly(x[n], y[n], corner_x, corner_y, run, runs, corners)
            owner = runs[run, 2] if covers else owner
            owners += covers
            run = _next(run, runs)
        open_[kept] = n
        kept += owners > 1
        state[n] = state[n] if owners > 1 else owner
    return kept


@compiled
def _read_ahead(runs: Ints, corners: Floats, batch: Batch, many: int) -> None:
    for place in range(many):
        batch.at[place] = runs[np.uint32(-2 - batch.state[batch.open[place]]), 0]
    for place in range(many):
        batch.near[place] = corners[np.uint32(batch.at[place]), 0]


@compiled
def _corner(column: int, row: int, grid: Grid) -> tuple[float, float]:
    return grid.west + column * grid.side, grid.south + row * grid.side


@compiled
def _next(run: int, runs: Ints) -> int:
    """The first run of the place's next polygon, or -1."""
    while runs[run, 3] & AGAIN:
        run += 1
    return run + 1 if runs[run, 3] & MORE else -1


@compiled
def _covers(
    x: float, y: float, corner_x: float, corner_y: float, run: int, runs: Ints, corners: Floats
) -> int:
    """1 where the run's polygon covers the point, 0 where not, or IN_DOUBT next to a border.

    The way from the shifted point goes level to below the corner's meridian, then along it; turns
    are of the point, of that place and of the corner. See ``orientation`` for the bound.
    """
    inside, doubt = runs[run, 3] & INSIDE, False
    while True:
        begin, end = runs[run, 0], runs[run, 1]
        bx, by = corners[begin, 0] - x, corners[begin, 1] - y
        bu, bv = corners[begin, 0] - corner_x, corners[begin, 1] - corner_y
        for n in range(begin + 1, end + 1):
            ax, ay, au, av = bx, by, bu, bv
            bx, by = corners[n, 0] - x, corners[n, 1] - y
            bu, bv = corners[n, 0] - corner_x, corners[n, 1] - corner_y
            l1, l2, l3 = ax * by, au * by, au * bv
            r1, r2, r3 = ay * bx, ay * bu, av * bu
            turn1, turn2, turn3 = l1 - r1, l2 - r2, l3 - r3
            size = abs(l1) + abs(r1) + abs(l2) + abs(r2) + abs(l3) + abs(r3)
            doubt |= min(abs(turn1), abs(turn2), abs(turn3)) <= ERROR_BOUND * size
            inside ^= ((ay > 0) != (by > 0)) & ((turn1 > 0) != (turn2 > 0))
            inside ^= ((au > 0) != (bu > 0)) & ((turn2 > 0) != (turn3 > 0))
        if not runs[run, 3] & AGAIN:
            return IN_DOUBT if doubt else inside
        run += 1


@compiled
def covers_exactly(
    x: float, y: float, corner_x: float, corner_y: float, run: int, runs: Ints, corners: Floats
) -> int:
    """Whether the run's polygon covers the point, border included: 1 or 0."""
    inside = int(runs[run, 3] & INSIDE)
    while True:
        for n in range(runs[run, 0], runs[run, 1]):
            ax, ay, bx, by = corners[n, 0], corners[n, 1], corners[n + 1, 0], corners[n + 1, 1]
            level, meridian = (ay > y) != (by > y), (ax > corner_x) != (bx > corner_x)
            near = min(ay, by) <= y <= max(ay, by) and min(ax, bx) <= x <= max(ax, bx)
            if near and orientation(ax, ay, bx, by, x, y) == 0:
                return 1
            if level or meridian:
                turn = shifted_side(ax, ay, bx, by, corner_x, y)
                if level:
                    inside ^= shifted_side(ax, ay, bx, by, x, y) != turn
                if meridian:
                    inside ^= turn != shifted_side(ax, ay, bx, by, corner_x, corner_y)
        if not runs[run, 3] & AGAIN:
            return inside
        run += 1
