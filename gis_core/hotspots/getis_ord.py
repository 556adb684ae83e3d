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
    z = scores(values, held, windows.sums(values, reach, window), _weights(held, reach, window))
    return GiStar(z, significance.two_sided(z))


def gi_star_permuted(
    counts: Floats, reach: int, inside: Flags | None = None, *, permutations: int = 999,
    seed: int = 0,
) -> GiStar:  # fmt: skip
    """Return Gi* with its p from conditional permutations: counts need not be near to normal."""
    values, held = windows.counted(counts, inside)
    around = windows.sums(values, reach)
    weights = _weights(held, reach, "square")
    z = scores(values, held, around, weights)
    neighbours = weights[held].astype(np.int64) - 1
    own = values[held]
    drawn = permuting.drawn(own, neighbours, around[held] - own, permutations, seed)
    p = np.full(held.shape, np.nan)
    p[held] = drawn.two_sided(permutations)
    return GiStar(z, p)


def scores(values: Floats, held: Flags, around: Floats, weights: Floats) -> Floats:
    """Return z of sums ``around`` over ``weights`` cells each; mean and s are of all ``values``.

    Arrays may have leading axes, a cube's: then n counts the cells of all its layers.
    """
    layers = values.size // held.size
    n = layers * int(held.sum())
    answer = np.full(values.shape, np.nan)
    answer[..., held] = 0.0
    if n < 2:
        return answer
    mean = values.sum() / n
    variance = max(np.square(values - mean).sum(where=held) / n, 0.0)
    spread = np.sqrt(variance * np.maximum(n * weights - weights**2, 0.0) / (n - 1))
    told = held & (spread > 1e-12 * max(abs(mean), 1e-300) * n)
    np.divide(around - mean * weights, spread, out=answer, where=told)
    return answer


def _weights(held: Flags, reach: int, window: windows.Window) -> Floats:
    return windows.sums(held.astype(np.float64), reach, window)
