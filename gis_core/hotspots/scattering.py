"""Each point puts its share into the cells around it. Compiled by numba where that is installed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis_core.orientation import compiled

Floats = NDArray[np.float64]


class Place(NamedTuple):
    """Where an array of cells lies: the outer corner of cell (0, 0), and cells a metre."""

    west: float
    south: float
    per_m: float


@compiled
def share_out(x: Floats, y: Floats, weights: Floats, place: Place, out: Floats) -> None:
    """Add each point to the four cells whose middles are around it, the nearer the more.

    ``weights`` has one entry a point, or a single one for all.
    """
    rows, columns = out.shape
    each = 1 if len(weights) > 1 else 0
    for k in range(len(x)):
        u = (x[k] - place.west) * place.per_m - 0.5
        v = (y[k] - place.south) * place.per_m - 0.5
        if not (0 <= u < columns - 1 and 0 <= v < rows - 1):
            continue
        column, row, weight = int(u), int(v), weights[k * each]
        east, north = u - column, (v - row) * weight
        out[row, column] += (1 - east) * (weight - north)
        out[row, column + 1] += east * (weight - north)
        out[row + 1, column] += (1 - east) * north
        out[row + 1, column + 1] += east * north


@compiled
def add_quartic(
    x: Floats, y: Floats, weights: Floats, place: Place, reach: float, out: Floats
) -> None:
    """Add (1 - d^2)^2 of each point to the cells nearer than ``reach`` cells, d in reaches.

    ``out`` must be ``6 + 3 * reach`` cells wider than what is wanted of it on each side: its outer
    cells are only partly filled. The inner loop has no branch, so that it runs on vectors.
    """
    rows, columns = out.shape
    each = 1 if len(weights) > 1 else 0
    per_square = 1.0 / (reach * reach)
    high = int(2 * reach) + 1
    wide = (high + 3) // 4 * 4
    near = np.empty(wide)
    for k in range(len(x)):
        u = (x[k] - place.west) * place.per_m - 0.5
        v = (y[k] - place.south) * place.per_m - 0.5
        if not (reach <= u < columns - wide - 1 and reach <= v < rows - high - 1):
            continue
        row, column, weight = int(v - reach) + 1, int(u - reach) + 1, weights[k * each]
        for j in range(wide):
            step = column + j - u
            near[j] = 1.0 - step * step * per_square
        for i in range(row, row + high):
            away = (i - v) * (i - v) * per_square
            line = out[i, column : column + wide]
            for j in range(wide):
                value = max(near[j] - away, 0.0)
                line[j] += weight * value * value
