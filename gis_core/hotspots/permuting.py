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


ALIKE: Final = 1e-12
"""Sums that differ by less than this share of all values' sum are equal: fractions add up to a
little more or less, as they come."""


class Drawn(NamedTuple):
    """In how many permutations the neighbours' sum was as large as it is, or as small."""

    larger: Longs
    smaller: Longs

    def two_sided(self, permutations: int) -> Floats:
        """Return twice the chance of the rarer side; the observed arrangement counts as one."""
        rarer = np.minimum(self.larger, self.smaller)
        return np.minimum(2.0 * (rarer + 1) / (permutations + 1), 1.0)


def drawn(
    values: Floats, neighbours: Longs, observed: Floats, permutations: int, seed: int
) -> Drawn:
    """Compare each cell's ``observed`` sum over ``neighbours`` others with that of permutations.

    All arrays have one entry a cell. A cell that every other one neighbours, or none, is never
    rare. Raises ValueError for fewer than one permutation.
    """
    if permutations < 1:
        msg = "permutations must be at least 1"
        raise ValueError(msg)
    slack = ALIKE * float(np.abs(values).sum())
    least, most = observed - slack, observed + slack
    larger = np.full(len(values), permutations)
    smaller = larger.copy()
    wide = int(neighbours.max(initial=0)) + 1
    draws = _draws(len(values), wide, permutations, np.random.default_rng(seed))
    running = np.cumsum(values[draws], axis=1)
    for k in np.unique(neighbours[neighbours > 0]):
        cells = np.flatnonzero(neighbours == k)
        ordered = np.sort(running[:, k - 1])
        larger[cells] = permutations - np.searchsorted(ordered, least[cells], "left")
        smaller[cells] = np.searchsorted(ordered, most[cells], "right")
    _put_right(Drawn(larger, smaller), values, neighbours, (least, most), draws)
    return Drawn(larger, smaller)


def _draws(cells: int, most: int, permutations: int, draw: np.random.Generator) -> Longs:
    rows = [draw.choice(cells, most, replace=False) for _ in range(permutations)]
    return np.stack(rows).astype(np.int64)


def _put_right(
    counts: Drawn, values: Floats, neighbours: Longs, alike: tuple[Floats, Floats], draws: Longs
) -> None:
    """Count anew the draws that hold the very cell: the one drawn after its last stands in."""
    permutation, place = np.nonzero(neighbours[draws] > np.arange(draws.shape[1]))
    cell = draws[permutation, place]
    k = neighbours[cell]
    held = np.cumsum(values[draws], axis=1)[permutation, k - 1]
    instead = held - values[cell] + values[draws[permutation, k]]
    least, most = (bound[cell] for bound in alike)
    np.add.at(counts.larger, cell, (instead >= least).astype(np.int64) - (held >= least))
    np.add.at(counts.smaller, cell, (instead <= most).astype(np.int64) - (held <= most))
