"""The grid of the cell index, and the borders that it is laid over."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

SPLIT = 2
"""What is divided has 2**SPLIT parts a side."""
PER_PIECE, MOST_RUNS = 16, 1 << 19
"""How often a piece of border may pass from cell to cell, by default; and all pieces together.

Smaller cells answer more points at once and take more memory; measured on wards and assets.
"""
FEWEST, MOST = 1 << 6, 1 << 18
"""Bounds on the number of blocks: what is said of so many, 1 MB, stays in a core's cache."""
BLOCKS_PER_PIECE = 32
MOST_COLUMNS = 1 << 22
PAD = 1e-9
"""Cells grow by this part of a side when borders are put in them: more than rounding can move."""
STEPS = 1 << 12
"""A side is never less than so many steps from a double to the next."""


class Borders(NamedTuple):
    """The straight pieces of every polygon's border, ring by ring, in the order of the polygons."""

    corners: NDArray[np.float64]
    """Longitude and latitude of all vertices, shape (n, 2)."""
    begin: NDArray[np.int32]
    """Each piece runs from this corner to the next one."""
    owner: NDArray[np.int32]
    """The polygon of each piece."""


class Grid(NamedTuple):
    """A uniform grid of square cells, and over it square blocks of 2**shift cells a side.

    Cell (column, row) has its south-west corner at
    (west + column * side, south + row * side).
    """

    west: float
    south: float
    side: float
    per_unit: float
    pad: float
    """A border nearer to a cell than this is thought to touch it."""
    shift: int
    wide: int
    """Blocks from west to east."""
    high: int


def borders(polygons: NDArray[np.object_]) -> Borders:
    """Return the borders of polygons, holes included; raises TypeError for other shapes."""
    kinds = shapely.get_type_id(polygons)
    if not np.isin(kinds, (3, 6)).all():
        msg = "an index is built of Polygon and MultiPolygon only"
        raise TypeError(msg)
    parts, owner = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    begin = np.flatnonzero(ring[1:] == ring[:-1])
    owners = owner[part[ring[begin]]]
    return Borders(corners, begin.astype(np.int32), owners.astype(np.int32))


def lay(laid_over: Borders, cells: int | None) -> Grid:
    """Return a grid over all borders; of about ``cells`` cells, where that is said."""
    if not len(laid_over.begin):
        return Grid(0.0, 0.0, 1.0, 1.0, 0.0, 0, 0, 0)
    corners, pieces = laid_over.corners, len(laid_over.begin)
    (west, east), (south, north) = ((float(line.min()), float(line.max())) for line in corners.T)
    step = float(np.spacing(max(-west, east, -south, north)))
    wanted = _side_of(cells, east - west, north - south) if cells else _side_for(laid_over)
    side = max(wanted, STEPS * step, max(east - west, north - south) / MOST_COLUMNS)
    per_unit = 1.0 / side
    last_column, last_row = int((east - west) * per_unit), int((north - south) * per_unit)
    most, shift = min(max(BLOCKS_PER_PIECE * pieces, FEWEST), MOST), 0
    while ((last_column >> shift) + 1) * ((last_row >> shift) + 1) > most:
        shift += SPLIT
    wide, high = (last_column >> shift) + 1, (last_row >> shift) + 1
    return Grid(west, south, side, per_unit, PAD * side + 4 * step, shift, wide, high)


def _side_of(cells: int, width: float, height: float) -> float:
    return max(math.sqrt(width * height / cells), max(width, height) / cells)


def _side_for(laid_over: Borders) -> float:
    """Return the side of cells with which borders pass from one to the next so many times."""
    corners, begin = laid_over.corners, laid_over.begin
    length = float(np.abs(corners[begin + 1] - corners[begin]).sum())
    return length / min(PER_PIECE * len(begin), MOST_RUNS)
