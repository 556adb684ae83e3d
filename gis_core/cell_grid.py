"""The grid of the cell index: segments of borders, the cells they touch, the spans between them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

PER_SEGMENT = 8
"""Cells for every border segment, by default; measured best for wards and for small assets."""
FEWEST, MOST = 1 << 10, 1 << 22
"""Bounds on the number of cells; the upper one bounds the memory at 16 MB."""


class Segments(NamedTuple):
    """The straight pieces of every polygon's border, arrays of one length."""

    ax: NDArray[np.float64]
    ay: NDArray[np.float64]
    bx: NDArray[np.float64]
    by: NDArray[np.float64]
    owner: NDArray[np.int32]


class Grid(NamedTuple):
    """A uniform grid of squares.

    Cell (column, row) has its south-west corner at
    (west + column * side, south + row * side).
    """

    west: float
    south: float
    east: float
    north: float
    side: float
    per_unit: float
    columns: int
    rows: int


def segments(polygons: NDArray[np.object_]) -> Segments:
    """Return the borders of polygons, holes included; raises TypeError for other shapes."""
    kinds = shapely.get_type_id(polygons)
    if not np.isin(kinds, (3, 6)).all():
        msg = "an index is built of Polygon and MultiPolygon only"
        raise TypeError(msg)
    parts, owner = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    moves = same & (points[1:] != points[:-1]).any(axis=1)
    begin, end = points[:-1][moves], points[1:][moves]
    owners = owner[part[ring[:-1][moves]]].astype(np.int32)
    ax, ay, bx, by = (np.ascontiguousarray(column) for column in (*begin.T, *end.T))
    return Segments(ax, ay, bx, by, owners)


def lay(borders: Segments, cells: int | None) -> Grid:
    """Return a grid of square cells over all borders, of about ``cells`` cells."""
    if not len(borders.ax):
        return Grid(0.0, 0.0, -1.0, -1.0, 1.0, 1.0, 0, 0)
    west, south = float(borders.ax.min()), float(borders.ay.min())
    east, north = float(borders.ax.max()), float(borders.ay.max())
    wanted = cells or min(max(PER_SEGMENT * len(borders.ax), FEWEST), MOST)
    width, height = max(east - west, 1e-12), max(north - south, 1e-12)
    side = max((width * height / wanted) ** 0.5, max(width, height) / wanted)
    columns, rows = int(width / side) + 1, int(height / side) + 1
    return Grid(west, south, east, north, side, 1.0 / side, columns, rows)
