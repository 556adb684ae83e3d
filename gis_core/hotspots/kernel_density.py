"""Kernel density on a grid: how many events there are per square kilometre around each cell.

    density(q) = sum of K(|q - p| / h) / h^2 over the events p

Quartic (biweight) kernel: K(u) = 3 / pi (1 - u^2)^2 for u < 1, B. W. Silverman, "Density Estimation
for Statistics and Data Analysis", 1986, equation (4.5), page 76; there h is where it ends. Gaussian
kernel: K(u) = exp(-u^2 / 2) / (2 pi), equation (4.3); there h is its standard deviation, and it is
cut at 4.5 of them (0.00004 of its mass). Edges: P. J. Diggle, "A Kernel Method for Smoothing Point
Process Data", Applied Statistics 34, 1985, section 2: divide by the part of the kernel's mass that
lies inside. Bandwidths: D. W. Scott, "Multivariate Density Estimation", 1992, equation (6.42);
Silverman, equation (4.14); for two dimensions both give sigma n^(-1/6).

How exact it is depends on how points reach the grid, see ``density`` and ``density_of``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import fft, linalg

from gis_core.hotspots import scattering, windows
from gis_core.hotspots.grid import Grid

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Kernel = Literal["quartic", "gaussian"]
Binning = Literal["nearest", "linear", "area"]
"""How events, or ground, reached the grid's cells: by ``Grid.count``; by ``Grid.spread``; evenly
all over each cell."""
Rule = Literal["scott", "silverman"]

LEAST_MASS: Final = 0.25
"""What lies inside of a kernel at a right-angled corner. Where less does, an isle or a spit, the
density is divided by this much: a few events there would else be the peak of the city."""
CUT: Final = 4.5
WIDEST: Final = 6.0
"""Cells within which a quartic kernel is added point by point: further, the grid is as good."""
FINE: Final = 24
"""Steps a cell in which a kernel is reckoned to be laid on a grid; fewer where it is WIDEST cells
and more: memory and time would grow with the fourth power of what a planner's slider says."""
SMOOTH: Final = 30.0
"""Cells from which bandwidth on a kernel is laid by its values at the cells' middles: by less than
0.1 % does it show then how points reached the grid."""
PER_KM2: Final = 1e6
QUARTIC_TO_GAUSSIAN: Final = 460.8 ** (1 / 6)
"""How many times wider a quartic kernel smooths alike: Silverman 1986, table 4.1 (2.78)."""


class Points(NamedTuple):
    """Events in metres of the grid's plane; ``weight`` is one a point, or None: each counts 1."""

    x: Floats
    y: Floats
    weight: Floats | None = None


def density(
    counts: Floats, cell_m: float, bandwidth_m: float, kernel: Kernel = "quartic",
    inside: Flags | None = None, binning: Binning = "nearest",
) -> Floats:  # fmt: skip
    """Return events per km² at each cell's middle, from counts of cells.

    ``binning`` says how the counts came about: ``Grid.count`` (nearest) or ``Grid.spread``
    (linear). With ``inside`` the density is corrected at the edges, at most fourfold (LEAST_MASS),
    and NaN outside; counts outside are left out. Raises ValueError for lengths that are not above
    0.
    """
    held = counts if inside is None else np.where(inside, counts, 0.0)
    raw = _folded(held, weights(cell_m, bandwidth_m, kernel, binning)) * (PER_KM2 / cell_m**2)
    np.maximum(raw, 0.0, out=raw)
    if inside is None:
        return raw
    ground: Binning = "nearest" if binning == "nearest" else "area"
    return corrected(raw, mass(inside, cell_m, bandwidth_m, kernel, ground), inside)


def density_of(
    grid: Grid, points: Points, bandwidth_m: float, kernel: Kernel = "quartic",
    inside: Flags | None = None,
) -> Floats:  # fmt: skip
    """Return events per km² at each cell's middle, from the points themselves.

    Exact for a quartic kernel of at most WIDEST cells; else by linear binning, see ``density``.
    Points outside ``inside`` but on the grid count: they do not where they are left out before.
    """
    if kernel == "quartic" and bandwidth_m <= WIDEST * grid.cell_m:
        raw = _added(grid, points, bandwidth_m)
    else:
        spread = grid.spread(*points)
        raw = density(spread, grid.cell_m, bandwidth_m, kernel, binning="linear")
    if inside is None:
        return raw
    return corrected(raw, mass(inside, grid.cell_m, bandwidth_m, kernel), inside)


def mass(
    inside: Flags, cell_m: float, bandwidth_m: float, kernel: Kernel = "quartic",
    binning: Binning = "area",
) -> Floats:  # fmt: skip
    """Return for each cell what part of the kernel around its middle lies in cells inside."""
    return _folded(inside, weights(cell_m, bandwidth_m, kernel, binning))


def corrected(raw: Floats, part: Floats, inside: Flags) -> Floats:
    """Return densities divided by the kernel's ``mass``, or LEAST_MASS; NaN outside.

    The whole array costs as much as its cells: ask once for the mass of a mask, and keep it.
    """
    told = np.full(raw.shape, np.nan)
    told[inside] = raw[inside] / np.maximum(part[inside], LEAST_MASS)
    return told


def bandwidth(x: Floats, y: Floats, rule: Rule = "scott", kernel: Kernel = "gaussian") -> float:
    """Return a bandwidth in metres for points as scattered as these; 0 for fewer than two.

    ``silverman`` takes the smaller of standard deviation and interquartile range / 1.34 (his
    equation 3.30), so that a few points far away do not widen it. Rules like these are made for one
    hill of points: for a city of many centres they are too wide, an upper bound to begin with.
    """
    if len(x) < 2:
        return 0.0
    robust = rule == "silverman"
    along = np.sqrt(_scale(np.asarray(x), robust=robust) * _scale(np.asarray(y), robust=robust))
    gaussian = float(along * len(x) ** (-1 / 6))
    return gaussian * (QUARTIC_TO_GAUSSIAN if kernel == "quartic" else 1.0)


def exact(points: Points, places: Floats, bandwidth_m: float, kernel: Kernel = "quartic") -> Floats:
    """Return events per km² at ``places`` (n, 2), looking at every point: for few of both."""
    answer = np.zeros(len(places))
    weight = 1.0 if points.weight is None else points.weight
    for k, (x, y) in enumerate(places):
        away = np.hypot(points.x - x, points.y - y)
        answer[k] = (weight * _kernel(away, bandwidth_m, kernel)).sum()
    return answer * PER_KM2


@lru_cache(maxsize=64)
def weights(cell_m: float, bandwidth_m: float, kernel: Kernel, binning: Binning) -> Floats:
    """Return the kernel on a grid, its middle in the middle, all together 1.

    For nearest binning its values at the cells' middles. Linear binning spreads each point over
    four cells and so smooths; of all weights that may be applied to it, these come nearest to the
    kernel for points anywhere in a cell: its orthogonal projection on piecewise linear functions
    (M. Unser, "Splines", IEEE Signal Processing Magazine 16 (6), 1999). For what lies evenly all
    over a cell its mean there. From SMOOTH cells on as for nearest binning, whatever the binning.
    Raises ValueError for lengths that are not above 0.
    """
    if not (cell_m > 0 and bandwidth_m > 0):
        msg = "cell_m and bandwidth_m must be above 0"
        raise ValueError(msg)
    furthest = bandwidth_m * (CUT if kernel == "gaussian" else 1.0)
    reach = int(np.ceil(furthest / cell_m)) + {"nearest": 0, "area": 1, "linear": 2}[binning]
    cells = np.arange(-reach, reach + 1)
    if binning == "nearest" or bandwidth_m >= SMOOTH * cell_m:
        return _whole(_kernel(np.hypot(*np.meshgrid(cells, cells)) * cell_m, bandwidth_m, kernel))
    many, steps = 2 * reach + 1, int(np.ceil(FINE * min(WIDEST * cell_m / bandwidth_m, 1.0)))
    fine = (np.arange(many * steps) + 0.5) / steps - many / 2
    values = _kernel(np.hypot(*np.meshgrid(fine, fine)) * cell_m, bandwidth_m, kernel)
    if binning == "area":
        return _whole(values.reshape(many, steps, many, steps).mean(axis=(1, 3)))
    return _whole(_projected(_projected(values, steps).T, steps).T)


def _projected(values: Floats, steps: int) -> Floats:
    """Return what hats on the cells come nearest to ``values`` with, along the first axis.

    A step of a cell is under that cell's hat and under the nearer neighbour's, so the equations are
    tridiagonal. LAPACK's general solver, which works in parallel, took so much stack for wide
    kernels that a web server's thread overflowed, and its process ended.
    """
    parts = values.reshape(-1, steps, values.shape[1])
    away = (np.arange(steps) + 0.5) / steps - 0.5
    own, before, after = 1 - np.abs(away), np.maximum(-away, 0), np.maximum(away, 0)
    under = np.einsum("csm,s->cm", parts, own)
    under[:-1] += np.einsum("csm,s->cm", parts[1:], before)
    under[1:] += np.einsum("csm,s->cm", parts[:-1], after)
    shared = np.full((3, len(under)), (own * (before + after)).sum())
    shared[1] = np.square([own, before, after]).sum()
    shared[1, [0, -1]] -= np.square(after).sum()
    solved: Floats = linalg.solve_banded((1, 1), shared, under)
    return solved


def _whole(laid: Floats) -> Floats:
    part: Floats = laid / laid.sum()
    part.setflags(write=False)
    return part


def _kernel(away: Floats, bandwidth_m: float, kernel: Kernel) -> Floats:
    """Return K(u) / h^2, per square metre."""
    u2 = np.square(away / bandwidth_m)
    if kernel == "gaussian":
        value = np.where(u2 < CUT**2, np.exp(-u2 / 2) / (2 * np.pi), 0.0)
    else:
        value = 3 / np.pi * np.square(np.maximum(1 - u2, 0.0))
    shaped: Floats = value / bandwidth_m**2
    return shaped


def _added(grid: Grid, points: Points, bandwidth_m: float) -> Floats:
    reach = bandwidth_m / grid.cell_m
    room = 6 + 3 * int(np.ceil(reach))
    out = np.zeros((grid.rows + 2 * room, grid.columns + 2 * room))
    one = np.ones(1) if points.weight is None else points.weight
    weight = np.asarray(one, np.float64) * (3 / np.pi / bandwidth_m**2 * PER_KM2)
    x, y, held = (np.ascontiguousarray(side, np.float64) for side in (points.x, points.y, weight))
    scattering.add_quartic(x, y, held, grid.place(room), reach, out)
    return out[room:-room, room:-room]


def _folded(counts: Floats | Flags, laid: Floats) -> Floats:
    answer = np.zeros(counts.shape)
    for block in windows.blocks(counts.astype(np.bool_, copy=False), len(laid) // 2):
        answer[block] = _convolved(counts[block].astype(np.float64, copy=False), laid)
    return answer


def _convolved(counts: Floats, laid: Floats) -> Floats:
    reach = len(laid) // 2
    rows, columns = counts.shape
    size = [fft.next_fast_len(length + 2 * reach, real=True) for length in counts.shape]
    waves = fft.rfft2(counts, size)
    waves *= fft.rfft2(laid, size)
    whole: Floats = fft.irfft2(waves, size)
    return whole[reach : reach + rows, reach : reach + columns]


def _scale(along: Floats, *, robust: bool) -> float:
    deviation = float(np.std(along, ddof=1))
    if not robust:
        return deviation
    low, high = np.percentile(along, (25, 75))
    return min(deviation, float(high - low) / 1.34) or deviation
