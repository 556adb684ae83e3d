"""Conditional permutations: a cell keeps its value, its neighbours are drawn from all other cells.

L. Anselin, "Local Indicators of Spatial Association", Geographical Analysis 27, 1995, section 3.
As in PySAL all cells share the draws. A draw of ``k`` among all cells is one of ``k`` among the
others as soon as the cell itself, where it was drawn, is put in for by one more drawn cell: so one
sorted list of sums serves every cell with ``k`` neighbours, but for the few draws that hold it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]


EXACT: Final = 2.0**52
"""Whole numbers add up exactly as long as their sum is below twice this."""


class Drawn(NamedTuple):
    """In how many permutations the neighbours' sum was as large as it is, or as small."""

    larger: Longs
    smaller: Longs

    def two_sided(self, permutations: int) -> Floats:
        """Return twice the chance of the rarer side; the observed arrangement counts as one."""
        rarer = np.minimum(self.larger, self.smaller)
        return np.minimum(2.0 * (rarer + 1) / (permutations + 1), 1.0)


def whole(values: Floats) -> Floats:
    """Return values as whole numbers in the same proportions, to about 15 digits of their sum.

    Sums of those are exact in any order. Sums of fractions are not, and many squares without
    anything, which are all alike, would be told apart by their rounding.
    """
    total = float(np.abs(values).sum())
    if total == 0 or (total < EXACT and np.array_equal(values, np.rint(values))):
        return values
    return np.rint(values * (EXACT / total))


def drawn(
    values: Floats, neighbours: Longs, observed: Floats, permutations: int, seed: int
) -> Drawn:
    """Compare each cell's ``observed`` sum over ``neighbours`` others with that of permutations.

    All arrays have one entry a cell, and hold ``whole`` numbers. A cell that every other one
    neighbours, or none, is never rare. Raises ValueError for fewer than one permutation.
    """
    if permutations < 1:
        msg = "permutations must be at least 1"
        raise ValueError(msg)
    larger = np.full(len(values), permutations)
    smaller = larger.copy()
    most = int(neighbours.max(initial=0)) + 1
    draws = _draws(len(values), most, permutations, np.random.default_rng(seed))
    running = np.cumsum(values[draws], axis=1)
    for k in np.unique(neighbours[neighbours > 0]):
        cells = np.flatnonzero(neighbours == k)
        ordered = np.sort(running[:, k - 1])
        larger[cells] = permutations - np.searchsorted(ordered, observed[cells], "left")
        smaller[cells] = np.searchsorted(ordered, observed[cells], "right")
    _put_right(Drawn(larger, smaller), values, neighbours, observed, draws)
    return Drawn(larger, smaller)


def _draws(cells: int, most: int, permutations: int, draw: np.random.Generator) -> Longs:
    rows = [draw.choice(cells, most, replace=False) for _ in range(permutations)]
    return np.stack(rows).astype(np.int64)


def _put_right(
    counts: Drawn, values: Floats, neighbours: Longs, observed: Floats, draws: Longs
) -> None:
    """Count anew the draws that hold the very cell: the one drawn after its last stands in."""
    permutation, place = np.nonzero(neighbours[draws] > np.arange(draws.shape[1]))
    cell = draws[permutation, place]
    k = neighbours[cell]
    held = np.cumsum(values[draws], axis=1)[permutation, k - 1]
    instead = held - values[cell] + values[draws[permutation, k]]
    seen = observed[cell]
    np.add.at(counts.larger, cell, (instead >= seen).astype(np.int64) - (held >= seen))
    np.add.at(counts.smaller, cell, (instead <= seen).astype(np.int64) - (held <= seen))
