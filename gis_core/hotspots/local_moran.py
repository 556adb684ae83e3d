"""Local Moran's I: which cells are like their neighbours (clusters), which unlike (outliers).

    I_i = (n - 1) z_i / (sum of z^2) * (mean of z over the neighbours)

with ``z`` the differences from the mean: L. Anselin, "Local Indicators of Spatial Association",
Geographical Analysis 27, 1995, equation (12), weights standardised by row. Mean and variance, the
cell's own value given: R. R. Sokal, N. L. Oden and B. A. Thomson, "Local Spatial Autocorrelation in
a Biological Model", Geographical Analysis 30, 1998, equations (A7) and (A8).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis_core.hotspots import permuting, significance, windows

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

QUADRANTS: Final = ("outside", "high-high", "low-high", "low-low", "high-low")
"""What a quadrant's number says of the cell and of its neighbours' mean; PySAL's order."""


class LocalMoran(NamedTuple):
    """By cell, in the shape of the counts; NaN and quadrant 0 outside. ``p`` is two-sided."""

    i: Floats
    z: Floats
    p: Floats
    quadrant: Bytes


class _Cells(NamedTuple):
    """One entry a cell inside."""

    off: Floats
    """What the cell's count differs from the mean."""
    many: Longs
    """Neighbours, itself left out."""
    around: Floats
    """The sum of their counts."""
    lag: Floats
    """The mean of their differences."""


def local_moran(
    counts: Floats, reach: int, inside: Flags | None = None, permutations: int = 0, seed: int = 0
) -> LocalMoran:
    """Return local Moran's I of a grid; neighbours are ``reach`` cells on each side, not itself.

    p comes from the normal distribution, or from so many conditional permutations. A cell without
    neighbours has I = 0, z = 0, p = 1, as have all where every count is the same. Raises ValueError
    for shapes that do not fit.
    """
    values, held = windows.counted(counts, inside)
    cells = _cells(values, held, reach)
    squares = float(np.square(cells.off).sum())
    n = len(cells.off)
    z = _z(cells, n, squares)
    p = significance.two_sided(z)
    if permutations:
        told = permuting.drawn(values[held], cells.many, cells.around, permutations, seed)
        p = np.where(cells.many > 0, told.two_sided(permutations), 1.0)
    i = (n - 1) * cells.off * cells.lag / squares if squares > 0 else np.zeros(n)
    laid = [_laid(held, told, np.nan) for told in (i, z, p)]
    return LocalMoran(laid[0], laid[1], laid[2], _quadrant(held, cells))


def _cells(values: Floats, held: Flags, reach: int) -> _Cells:
    own = values[held]
    many = windows.around(held.astype(np.float64), held, reach).astype(np.int64) - 1
    around = windows.around(values, held, reach) - own
    mean = own.mean() if len(own) else 0.0
    lag = np.divide(around - many * mean, many, out=np.zeros(len(own)), where=many > 0)
    return _Cells(own - mean, many, around, lag)


def _z(cells: _Cells, n: int, squares: float) -> Floats:
    """The mean of k others drawn without replacement is the neighbours' under the hypothesis."""
    answer = np.zeros(n)
    if n < 3 or squares <= 0:
        return answer
    expected = -cells.off / (n - 1)
    others = (squares - cells.off**2) / (n - 1) - expected**2
    many = np.maximum(cells.many, 1)
    variance = np.maximum(others, 0) * (n - 1 - many) / (many * (n - 2))
    told = (cells.many > 0) & (variance > 1e-24 * squares)
    away = np.sign(cells.off) * (cells.lag - expected)
    np.divide(away, np.sqrt(variance), out=answer, where=told)
    return answer


def _quadrant(held: Flags, cells: _Cells) -> Bytes:
    high, around = cells.off > 0, cells.lag > 0
    told = np.select([high & around, ~high & around, ~high & ~around], [1, 2, 3], 4)
    answer: Bytes = _laid(held, told, 0).astype(np.uint8)
    return answer


def _laid(held: Flags, told: NDArray[np.generic], outside: float) -> Floats:
    answer = np.full(held.shape, outside)
    answer[held] = told
    return answer
