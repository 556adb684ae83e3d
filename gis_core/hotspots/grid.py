"""A grid of square cells in a metric plane, and counts on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


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
        return cls(west, south, cell_m, columns, rows)

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
