"""Where points lie, asked of the cells: the kernels that run once a point."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis_core.cell_build import EMPTY, Cells
from gis_core.cell_grid import Grid
from gis_core.orientation import compiled, orientation, shifted_side

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Ints = NDArray[np.int32]


@compiled
def _cell(x: float, y: float, grid: Grid) -> int:
    """The number of the cell that holds the point; -1 off the grid and for what is not finite."""
    if not (grid.west <= x <= grid.east and grid.south <= y <= grid.north):
        return -1
    column = min(int((x - grid.west) * grid.per_unit), grid.columns - 1)
    row = min(int((y - grid.south) * grid.per_unit), grid.rows - 1)
    return row * grid.columns + column


@compiled
def _covers(x: float, y: float, cell: int, entry: int, grid: Grid, cells: Cells) -> bool:
    """Whether the entry's polygon covers the point, border included.

    The way from the shifted point goes level to below the corner's meridian, then along it.
    """
    corner_x = grid.west + (cell % grid.columns) * grid.side
    corner_y = grid.south + (cell // grid.columns) * grid.side
    inside = cells.corner_inside[entry]
    for n in range(cells.begin[entry], cells.begin[entry + 1]):
        ax, ay = cells.borders[n, 0], cells.borders[n, 1]
        bx, by = cells.borders[n, 2], cells.borders[n, 3]
        level, meridian = (ay > y) != (by > y), (ax > corner_x) != (bx > corner_x)
        near = min(ay, by) <= y <= max(ay, by) and min(ax, bx) <= x <= max(ax, bx)
        if near and orientation(ax, ay, bx, by, x, y) == 0:
            return True
        if level or meridian:
            turn = shifted_side(ax, ay, bx, by, corner_x, y)
            if level and shifted_side(ax, ay, bx, by, x, y) != turn:
                inside = not inside
            if meridian and turn != shifted_side(ax, ay, bx, by, corner_x, corner_y):
                inside = not inside
    return bool(inside)


@compiled
def first(x: Floats, y: Floats, grid: Grid, cells: Cells, out: Ints) -> None:
    """Write the first polygon that covers each point, -1 for none."""
    for n in range(len(x)):
        out[n] = EMPTY
        cell = _cell(x[n], y[n], grid)
        if cell < 0:
            continue
        state = cells.state[cell]
        if state >= EMPTY:
            out[n] = state
            continue
        entry = -2 - state
        while not _covers(x[n], y[n], cell, entry, grid, cells):
            if cells.last[entry]:
                break
            entry += 1
        else:
            out[n] = cells.polygon[entry]


@compiled
def pairs(x: Floats, y: Floats, grid: Grid, cells: Cells, points: Longs, polygons: Ints) -> int:
    """Count all (point, polygon) pairs, and write them where there is room."""
    found = 0
    for n in range(len(x)):
        cell = _cell(x[n], y[n], grid)
        state = cells.state[cell] if cell >= 0 else EMPTY
        if state >= 0:
            if found < len(points):
                points[found], polygons[found] = n, state
            found += 1
        entry = -2 - state
        while state < EMPTY:
            if _covers(x[n], y[n], cell, entry, grid, cells):
                if found < len(points):
                    points[found], polygons[found] = n, cells.polygon[entry]
                found += 1
            if cells.last[entry]:
                break
            entry += 1
    return found
