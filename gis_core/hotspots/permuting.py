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
    most = min(int(neighbours.max(initial=0)) + 1, len(values))
    draws = _draws(values, most, permutations, seed)
    alike = _alike(values, observed)
    told = _compared(np.cumsum(values[draws], axis=1), neighbours, alike)
    _put_right(told, values, neighbours, alike, draws)
    return told


def drawn_of_all(
    values: Floats, cells: Longs, observed: Floats, permutations: int, seed: int
) -> Drawn:
    """Compare sums over ``cells`` cells each with sums over as many drawn of all, own ones too.

    As ``drawn``, but nothing is given: a cell that is full by itself is rare, too.
    """
    draws = _draws(values, int(cells.max(initial=0)), permutations, seed)
    return _compared(np.cumsum(values[draws], axis=1), cells, _alike(values, observed))


def _alike(values: Floats, observed: Floats) -> tuple[Floats, Floats]:
    """Return within which bounds a sum is the observed one."""
    slack = ALIKE * float(np.abs(values).sum())
    return observed - slack, observed + slack


def _compared(running: Floats, cells: Longs, alike: tuple[Floats, Floats]) -> Drawn:
    """``running``: by permutation the sums of its first values; ``cells``: how many are summed."""
    permutations = len(running)
    larger = np.full(len(cells), permutations)
    smaller = larger.copy()
    least, most = alike
    for k in np.unique(cells[cells > 0]):
        some = np.flatnonzero(cells == k)
        ordered = np.sort(running[:, k - 1])
        larger[some] = permutations - np.searchsorted(ordered, least[some], "left")
        smaller[some] = np.searchsorted(ordered, most[some], "right")
    return Drawn(larger, smaller)


def _draws(values: Floats, many: int, permutations: int, seed: int) -> Longs:
    if permutations < 1:
        msg = "permutations must be at least 1"
        raise ValueError(msg)
    draw = np.random.default_rng(seed)
    rows = [draw.choice(len(values), many, replace=False) for _ in range(permutations)]
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
