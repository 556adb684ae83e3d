"""What each cell of the grid holds: which polygons, which borders, and where corners lie.

A point is thought to be shifted by (d, e), both infinitesimal, d much smaller than e. Then it lies
on no border and level with no vertex, and a crossing is a crossing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis_core.cell_grid import Grid, Segments
from gis_core.orientation import compiled, shifted_side

EMPTY = -1
PAD = 1e-9
"""Cells grow by this part of a side when borders are put in them: more than rounding can move."""

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]


class Cells(NamedTuple):
    """What each cell holds.

    ``state`` has per cell EMPTY, the one polygon that it lies wholly in, or -2 - (position of its
    first entry). An entry is a polygon, whether the shifted south-west corner lies in it, and from
    where to where its borders stand in ``borders``, rows of (ax, ay, bx, by); ``last`` marks a
    cell's last entry. Entries of a cell are in the order of the polygons.
    """

    state: Ints
    polygon: Ints
    corner_inside: Flags
    last: Flags
    begin: Longs
    borders: Floats


class Touched(NamedTuple):
    """The (cell, polygon) pairs in which a border of the polygon touches the cell, sorted."""

    cell: Longs
    polygon: Ints
    begin: Longs
    """Where each pair's borders begin in ``segment``; one more than there are pairs."""
    segment: Longs
    first: Longs
    """By cell: its first pair, or -1."""


def cells(borders: Segments, grid: Grid, polygons: int) -> Cells:
    """Return what each cell of ``grid`` holds of the ``polygons`` that ``borders`` belong to."""
    touched = _touched(borders, grid, max(polygons, 1))
    toggles = _toggles(borders, grid)
    total = grid.columns * grid.rows
    state, inner = np.full(total, EMPTY, np.int32), np.zeros(total, np.int32)
    corner_inside = np.zeros(len(touched.cell), np.bool_)
    _walk_inside(toggles, grid, touched, inner, corner_inside, state)
    extra = _whole_in_listed_cells(toggles, grid, touched, inner)
    return _packed(borders, touched, corner_inside, extra, state)


def _touched(borders: Segments, grid: Grid, polygons: int) -> Touched:
    counts = _touch_counts(borders, grid)
    keys = _touch_keys(borders, grid, polygons, _starts(counts))
    order = np.argsort(keys, kind="stable")
    pairs, begin = np.unique(keys[order], return_index=True)
    cell = pairs // polygons
    first = np.full(grid.columns * grid.rows, -1, np.int64)
    listed, position = np.unique(cell, return_index=True)
    first[listed] = position
    return Touched(
        cell=cell,
        polygon=(pairs % polygons).astype(np.int32),
        begin=np.append(begin, len(keys)),
        segment=np.repeat(np.arange(len(counts)), counts)[order],
        first=first,
    )


def _toggles(borders: Segments, grid: Grid) -> Longs:
    """Return where, going east along each row of corners, a polygon begins or ends; sorted."""
    starts = _starts(_toggle_counts(borders, grid))
    return np.sort(_toggle_keys(borders, grid, starts))


def _whole_in_listed_cells(toggles: Longs, grid: Grid, touched: Touched, inner: Ints) -> Longs:
    """Return the (cell, polygon) pairs, shape (n, 2), wholly covered where others are too."""
    nothing = np.empty((0, 2), np.int64)
    found = np.empty((_list_whole(toggles, grid, touched, inner, nothing), 2), np.int64)
    if len(found):
        _list_whole(toggles, grid, touched, inner, found)
    return found


def _packed(
    borders: Segments, touched: Touched, corner_inside: Flags, extra: Longs, state: Ints
) -> Cells:
    """Join both kinds of entries in the order of cells, and copy their borders side by side."""
    none = np.zeros(len(extra), np.int64)
    cell = np.concatenate((touched.cell, extra[:, 0]))
    polygon = np.concatenate((touched.polygon, extra[:, 1].astype(np.int32)))
    inside = np.concatenate((corner_inside, none == 0))
    begin = np.concatenate((touched.begin[:-1], none))
    length = np.concatenate((np.diff(touched.begin), none))
    order = np.lexsort((polygon, cell))
    cell, begin, length = cell[order], begin[order], length[order]
    listed, position = np.unique(cell, return_index=True)
    state[listed] = -2 - position
    packed = _starts(length)
    places = np.repeat(begin - packed[:-1], length) + np.arange(packed[-1])
    chosen = touched.segment[places]
    ends = (borders.ax, borders.ay, borders.bx, borders.by)
    return Cells(
        state=state,
        polygon=polygon[order],
        corner_inside=inside[order],
        last=np.append(cell[1:] != cell[:-1], np.ones(min(len(cell), 1), np.bool_)),
        begin=packed,
        borders=np.stack([end[chosen] for end in ends], axis=1),
    )


def _starts(counts: Longs) -> Longs:
    return np.concatenate((np.zeros(1, np.int64), counts.cumsum()))


@compiled
def _column(x: float, west: float, per_unit: float, columns: int) -> int:
    return min(max(int((x - west) * per_unit), 0), columns - 1)


@compiled
def _row_span(
    ax: float, ay: float, bx: float, by: float, low: float, high: float
) -> tuple[float, float]:
    """From where to where, west to east, a segment runs between two heights."""
    if ay == by:
        return min(ax, bx), max(ax, bx)
    at_low = min(max((low - ay) / (by - ay), 0.0), 1.0)
    at_high = min(max((high - ay) / (by - ay), 0.0), 1.0)
    x_low, x_high = ax + at_low * (bx - ax), ax + at_high * (bx - ax)
    return min(x_low, x_high), max(x_low, x_high)


@compiled
def _touch(ax: float, ay: float, bx: float, by: float, grid: Grid, out: Longs) -> int:
    """Count the cells that a segment touches, and write them where ``out`` has room."""
    pad = PAD * grid.side
    first_row = _column(min(ay, by) - pad, grid.south, grid.per_unit, grid.rows)
    last_row = _column(max(ay, by) + pad, grid.south, grid.per_unit, grid.rows)
    found = 0
    for row in range(first_row, last_row + 1):
        low = grid.south + row * grid.side - pad
        west, east = _row_span(ax, ay, bx, by, low, low + grid.side + 2 * pad)
        first = _column(west - pad, grid.west, grid.per_unit, grid.columns)
        last = _column(east + pad, grid.west, grid.per_unit, grid.columns)
        for column in range(first, last + 1):
            if found < len(out):
                out[found] = row * grid.columns + column
            found += 1
    return found


@compiled
def _touch_counts(borders: Segments, grid: Grid) -> Longs:
    nothing = np.empty(0, np.int64)
    counts = np.empty(len(borders.ax), np.int64)
    for n in range(len(counts)):
        ax, ay, bx, by = borders.ax[n], borders.ay[n], borders.bx[n], borders.by[n]
        counts[n] = _touch(ax, ay, bx, by, grid, nothing)
    return counts


@compiled
def _touch_keys(borders: Segments, grid: Grid, polygons: int, starts: Longs) -> Longs:
    keys = np.empty(starts[-1], np.int64)
    for n in range(len(borders.ax)):
        ax, ay, bx, by = borders.ax[n], borders.ay[n], borders.bx[n], borders.by[n]
        own = keys[starts[n] : starts[n + 1]]
        _touch(ax, ay, bx, by, grid, own)
        for place in range(len(own)):
            own[place] = own[place] * polygons + borders.owner[n]
    return keys


@compiled
def _crossed_rows(ay: float, by: float, grid: Grid) -> tuple[int, int]:
    """The rows whose shifted corners' height a segment crosses: a half-open range."""
    low, high = min(ay, by), max(ay, by)
    first = max(int((low - grid.south) * grid.per_unit) - 1, 0)
    while first < grid.rows and grid.south + first * grid.side < low:
        first += 1
    last = first
    while last < grid.rows and grid.south + last * grid.side < high:
        last += 1
    return first, last


@compiled
def _first_corner_east(ax: float, ay: float, bx: float, by: float, y: float, grid: Grid) -> int:
    """The first column whose shifted corner at height ``y`` lies east of the segment."""
    x = ax + (y - ay) / (by - ay) * (bx - ax)
    column = min(max(int((x - grid.west) * grid.per_unit), 0), grid.columns)
    east = -1 if by > ay else 1
    while (
        column > 0 and shifted_side(ax, ay, bx, by, grid.west + (column - 1) * grid.side, y) == east
    ):
        column -= 1
    while (
        column < grid.columns
        and shifted_side(ax, ay, bx, by, grid.west + column * grid.side, y) != east
    ):
        column += 1
    return column


@compiled
def _toggle_counts(borders: Segments, grid: Grid) -> Longs:
    counts = np.empty(len(borders.ax), np.int64)
    for n in range(len(counts)):
        first, last = _crossed_rows(borders.ay[n], borders.by[n], grid)
        counts[n] = last - first
    return counts


@compiled
def _toggle_keys(borders: Segments, grid: Grid, starts: Longs) -> Longs:
    keys = np.empty(starts[-1], np.int64)
    for n in range(len(borders.ax)):
        ax, ay, bx, by = borders.ax[n], borders.ay[n], borders.bx[n], borders.by[n]
        first, last = _crossed_rows(ay, by, grid)
        for row in range(first, last):
            column = _first_corner_east(ax, ay, bx, by, grid.south + row * grid.side, grid)
            line = np.int64(borders.owner[n]) * grid.rows + row
            keys[starts[n] + row - first] = line * (grid.columns + 1) + column
    return keys


@compiled
def _pair(cell: int, polygon: int, touched: Touched) -> int:
    """The position of (cell, polygon) among the touched pairs, or -1."""
    entry = touched.first[cell]
    while 0 <= entry < len(touched.cell) and touched.cell[entry] == cell:
        if touched.polygon[entry] == polygon:
            return int(entry)
        entry += 1
    return -1


@compiled
def _walk_inside(
    toggles: Longs, grid: Grid, touched: Touched, inner: Ints, corner_inside: Flags, state: Ints
) -> None:
    """Visit every corner inside each polygon: mark its pair, or count and name the whole cell."""
    width = grid.columns + 1
    for n in range(0, len(toggles), 2):
        line = toggles[n] // width
        polygon, row = line // grid.rows, line % grid.rows
        for column in range(toggles[n] % width, toggles[n + 1] % width):
            cell = row * grid.columns + column
            entry = _pair(cell, polygon, touched)
            if entry >= 0:
                corner_inside[entry] = True
            else:
                inner[cell] += 1
                state[cell] = polygon


@compiled
def _list_whole(toggles: Longs, grid: Grid, touched: Touched, inner: Ints, out: Longs) -> int:
    """Count the whole cells that need a list all the same, and write them where there is room."""
    width = grid.columns + 1
    found = 0
    for n in range(0, len(toggles), 2):
        line = toggles[n] // width
        polygon, row = line // grid.rows, line % grid.rows
        for column in range(toggles[n] % width, toggles[n + 1] % width):
            cell = row * grid.columns + column
            alone = touched.first[cell] < 0 and inner[cell] < 2
            if alone or _pair(cell, polygon, touched) >= 0:
                continue
            if found < len(out):
                out[found, 0], out[found, 1] = cell, polygon
            found += 1
    return found
