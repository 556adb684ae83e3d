"""Getis and Ord's Gi*: whether what happened around a cell is more, or less, than chance leaves.

    z = (sum of w x - mean W) / (s sqrt((n W - W^2) / (n - 1)))

with binary weights ``w`` (1 in the cell's window, itself included; W of them), ``mean`` and ``s``
(divided by n) over all n cells: A. Getis and J. K. Ord, "The Analysis of Spatial Association by Use
of Distance Statistics", Geographical Analysis 24, 1992; in this form J. K. Ord and A. Getis, "Local
Spatial Autocorrelation Statistics", Geographical Analysis 27, 1995, equation (14).

A high z says that counts around here are high together; not why, and not that any one cell is.
Where people, roads or reporting are denser, so are counts: see ``exposure``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis_core.hotspots import permuting, significance, windows

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class GiStar(NamedTuple):
    """By cell, in the shape of the counts; NaN outside. ``p`` is two-sided."""

    z: Floats
    p: Floats


def gi_star(
    counts: Floats, reach: int, inside: Flags | None = None, window: windows.Window = "square"
) -> GiStar:
    """Return Gi* of a grid, its p from the normal distribution.

    ``reach`` cells on each side are neighbours: 1 is the queen's. Cells outside ``inside`` are
    nobody's neighbours and in no mean. Where every cell has the same count, or every cell is a
    neighbour, nothing can be said: z is 0. Raises ValueError for shapes that do not fit.
    """
    values, held = windows.counted(counts, inside)
    weights = windows.around(held.astype(np.float64), held, reach, window)
    z = scores(values[held], windows.around(values, held, reach, window), weights)
    return GiStar(laid(held, z), laid(held, significance.two_sided(z)))


def gi_star_permuted(
    counts: Floats, reach: int, inside: Flags | None = None, *, permutations: int = 999,
    seed: int = 0,
) -> GiStar:  # fmt: skip
    """Return Gi* with its p from permutations: counts need not be near to normal.

    As many cells as the window has are drawn of all, as mean and variance above suppose. PySAL
    draws the neighbours alone, the cell's own value given: a full cell among empty ones is then
    nothing, and all around it are hot.
    """
    values, held = windows.counted(counts, inside)
    around = windows.around(values, held, reach)
    weights = windows.around(held.astype(np.float64), held, reach)
    own = values[held]
    drawn = permuting.drawn_of_all(own, weights.astype(np.int64), around, permutations, seed)
    z = scores(own, around, weights)
    return GiStar(laid(held, z), laid(held, drawn.two_sided(permutations)))


def scores(values: Floats, around: Floats, weights: Floats) -> Floats:
    """Return z of the sums ``around`` over ``weights`` cells each; mean and s are of ``values``.

    All may have leading axes, a cube's: then every cell of every layer counts.
    """
    n = values.size
    if n < 2:
        return np.zeros(values.shape)
    mean = values.mean()
    variance = np.square(values - mean).mean()
    spread = np.sqrt(variance * np.maximum(n * weights - weights**2, 0.0) / (n - 1))
    told = spread > 1e-12 * max(abs(mean), 1e-300) * n
    answer: Floats = np.zeros(values.shape)
    np.divide(around - mean * weights, spread, out=answer, where=told)
    return answer


def laid(held: Flags, told: Floats) -> Floats:
    """Return what is told of the cells held on their grid, NaN elsewhere."""
    answer = np.full((*told.shape[:-1], *held.shape), np.nan)
    answer[..., held] = told
    return answer
