"""A grid of square cells in a metric plane, and counts on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

if TYPE_CHECKING:
    from gis_core.hotspots.scattering import Place

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of ``cell_m`` metres; ``west_m``, ``south_m`` is the outer corner of cell (0, 0).

    Arrays over a grid have the shape (``rows``, ``columns``), row 0 in the south.
    """

    west_m: float
    south_m: float
    cell_m: float
    columns: int
    rows: int

    @classmethod
    def over(cls, box_m: tuple[float, float, float, float], cell_m: float) -> Grid:
        """Return the grid that covers (west, south, east, north), in metres, from its corner.

        Raises ValueError for a cell that is not above 0, or a box turned round.
        """
        west, south, east, north = box_m
        if not (cell_m > 0 and east > west and north > south):
            msg = "cell_m must be above 0, and the box must have an area"
            raise ValueError(msg)
        columns = max(int(np.ceil((east - west) / cell_m)), 1)
        rows = max(int(np.ceil((north - south) / cell_m)), 1)
        return cls(float(west), float(south), float(cell_m), columns, rows)

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows, self.columns

    def count(self, x: Floats, y: Floats, weights: Floats | None = None) -> Floats:
        """Return how many of the points lie in each cell; those outside are in none.

        Cells are half open to the east and north.
        """
        column = np.floor((np.asarray(x) - self.west_m) / self.cell_m)
        row = np.floor((np.asarray(y) - self.south_m) / self.cell_m)
        inside = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        place = row[inside].astype(np.int64) * self.columns + column[inside].astype(np.int64)
        kept = None if weights is None else np.asarray(weights)[inside]
        counted = np.bincount(place, kept, minlength=self.rows * self.columns)
        return counted.reshape(self.shape).astype(np.float64)

    def centres(self) -> tuple[Floats, Floats]:
        """Return the x of each column's middle and the y of each row's, in metres."""
        x = self.west_m + (np.arange(self.columns, dtype=np.float64) + 0.5) * self.cell_m
        y = self.south_m + (np.arange(self.rows, dtype=np.float64) + 0.5) * self.cell_m
        return x, y

    def spread(self, x: Floats, y: Floats, weights: Floats | None = None) -> Floats:
        """Return the points shared out among the four cells whose middles are around each.

        Linear binning: M. P. Wand, "Fast Computation of Multivariate Kernel Estimators", Journal of
        Computational and Graphical Statistics 3, 1994. What falls to cells beyond the grid is lost.
        """
        from gis_core.hotspots import scattering  # noqa: PLC0415  heavy: its compiler, 65 MB

        shared = np.zeros((self.rows + 2, self.columns + 2))
        weight = np.ones(1) if weights is None else weights
        east, north, held = (np.ascontiguousarray(side, np.float64) for side in (x, y, weight))
        scattering.share_out(east, north, held, self.place(1), shared)
        return shared[1:-1, 1:-1]

    def place(self, room: int = 0) -> Place:
        """Return where the grid lies, with ``room`` more cells on each side."""
        from gis_core.hotspots.scattering import Place  # noqa: PLC0415  heavy, as above

        wider = room * self.cell_m
        return Place(self.west_m - wider, self.south_m - wider, 1 / self.cell_m)

    def within(self, *shapes: Polygon | MultiPolygon) -> Flags:
        """Return which cells have their middle in one of the shapes, valid ones in metres.

        A middle on an edge belongs to the shape on one side of it alone.
        """
        found = np.zeros(self.shape, np.bool_)
        for shape in shapes:
            self._cross(shape, found)
        return found

    def _cross(self, shape: Polygon | MultiPolygon, found: Flags) -> None:
        """Mark what is inside: whoever crossed the border an odd number of times (even-odd rule).

        Of the grid only the part around the shape is gone through.
        """
        corners, ring = shapely.get_coordinates(
            shapely.get_rings(shapely.get_parts(shape)), return_index=True
        )
        if not len(corners):
            return
        u = (corners[:, 0] - self.west_m) / self.cell_m - 0.5
        v = (corners[:, 1] - self.south_m) / self.cell_m - 0.5
        rows, columns = _around(v, self.rows), _around(u, self.columns)
        part = found[rows, columns]
        part |= _odd(u - columns.start, v - rows.start, ring, part.shape)

    def corners(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Floats:
        """Return the corners of cells, anticlockwise from the south-west: shape (n, 5, 2), metres.

        The last is the first again, as in the ring of a polygon.
        """
        steps = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], np.float64)
        cells = np.stack([np.asarray(columns), np.asarray(rows)], axis=1)
        placed: Floats = (cells[:, None] + steps) * self.cell_m
        placed += (self.west_m, self.south_m)
        return placed


def _around(sides: Floats, most: int) -> slice:
    """Return the cells whose middles may lie between the least and the greatest of ``sides``."""
    begin, end = np.clip([np.floor(sides.min()), np.ceil(sides.max()) + 1], 0, most)
    return slice(int(begin), int(end))


def _odd(u: Floats, v: Floats, ring: NDArray[np.int64], shape: tuple[int, ...]) -> Flags:
    """Return which places of a part of a grid have oddly many edges of rings to their left."""
    high, wide = shape
    edge = np.flatnonzero(ring[1:] == ring[:-1])
    low, top = (find(v[edge], v[edge + 1]) for find in (np.minimum, np.maximum))
    first = np.clip(np.ceil(low), 0, high).astype(np.int64)
    many = np.clip(np.ceil(top), 0, high).astype(np.int64) - first
    ends = np.cumsum(many)
    row = np.arange(many.sum()) - np.repeat(ends - many - first, many)
    edge = np.repeat(edge, many)
    share = (row - v[edge]) / (v[edge + 1] - v[edge])
    crossing = np.ceil(u[edge] + share * (u[edge + 1] - u[edge]))
    column = np.clip(crossing, 0, wide).astype(np.int64)
    turns = np.bincount(row * (wide + 1) + column, minlength=high * (wide + 1))
    odd: Flags = np.cumsum(turns.reshape(high, wide + 1)[:, :-1] & 1, axis=1) & 1 == 1
    return odd
