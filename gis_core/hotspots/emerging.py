"""Emerging hotspots: how the hot and cold places of a space-time cube change with time.

The cube holds counts by step, row and column. Gi* (``getis_ord``) of each of its cells looks at the
square window around it in its own step and in ``LAG`` step before (the first step has none before),
and holds them against mean and variance of the whole cube. Which cells are hot or cold is decided
for all cells of the cube together (Benjamini and Hochberg). Each place's series of z is tried for a
trend: H. B. Mann, "Nonparametric Tests Against Trend", Econometrica 13, 1945; M. G. Kendall, "Rank
Correlation Methods", 4th edition, 1975, with the correction for ties (equation 4.3 there); with
continuity correction. A trend is told where its two-sided p is at most ``share``.

A hot place is, the first that holds of:

    new           hot in the last step, never before
    intensifying  hot in the last and in at least 90 % of all steps, z rises
    diminishing   the same, z falls
    persistent    the same, no trend
    oscillating   hot in the last step, and cold in some step before
    consecutive   hot in the last steps, at least two, and never before those
    sporadic      hot in the last step, off and on before
    historical    not hot in the last step, but in at least 90 % of all steps

and cold places likewise; all others are in no pattern. The categories are those that planners know
from ArcGIS; there, too, ninety per cent is the limit.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis_core.hotspots import getis_ord, significance, windows
from gis_core.hotspots.telling import Tell, between, silent

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

_PATTERNS: Final = (
    "new", "intensifying", "diminishing", "persistent",
    "oscillating", "consecutive", "sporadic", "historical",
)  # fmt: skip
KINDS: Final = (
    "none",
    *(f"{pattern}_hot" for pattern in _PATTERNS),
    *(f"{pattern}_cold" for pattern in _PATTERNS),
)
"""What the numbers of ``Emerging.kind`` say."""
LAG: Final = 1
FEWEST_STEPS: Final = 10
"""From ten on the trend's normal distribution is near enough (Kendall 1975, chapter 4)."""
MOSTLY: Final = 0.9
SCORED: Final = 0.3
"""What is done once all scores are; the trend compares each step with each later one."""


class Trend(NamedTuple):
    """Mann and Kendall's by cell: ``s`` counts rises less falls, ``p`` is two-sided."""

    s: Floats
    z: Floats
    p: Floats


class Emerging(NamedTuple):
    """Shapes (rows, columns), ``z`` (steps, rows, columns); outside kind is 0, the others NaN."""

    kind: Bytes
    trend_z: Floats
    z: Floats


def emerging(
    cube: Floats, reach: int, share: float = 0.05, inside: Flags | None = None,
    tell: Tell = silent,
) -> Emerging:  # fmt: skip
    """Return each place's pattern over the steps of ``cube``, the latest last.

    ``tell`` hears after each step of the scores and of the trend. Raises ValueError for fewer than
    FEWEST_STEPS steps, or shapes that do not fit.
    """
    values, held = windows.counted(cube, inside)
    if values.ndim != 3 or len(values) < FEWEST_STEPS:
        msg = f"at least {FEWEST_STEPS} steps are needed to tell a trend"
        raise ValueError(msg)
    z = _scores(values, held, reach, between(tell, 0.0, SCORED))
    found = significance.significant(significance.two_sided(z), share)
    trend = mann_kendall(z, tell=between(tell, SCORED, 1.0))
    turn = np.where(trend.p <= share, np.sign(trend.z), 0).astype(np.int8)
    hot, cold = found & (z > 0), found & (z < 0)
    kind, mirrored = patterns(hot, cold, turn), patterns(cold, hot, -turn)
    told = np.where((kind == 0) & (mirrored > 0), mirrored + len(_PATTERNS), kind)
    grid = np.zeros(held.shape, np.uint8)
    grid[held] = told
    return Emerging(grid, getis_ord.laid(held, trend.z), getis_ord.laid(held, z))


def patterns(hot: Flags, cold: Flags, turn: NDArray[np.int8]) -> Bytes:
    """Return the number of each place's pattern, 0 for none.

    ``hot`` and ``cold`` have the shape (steps, …), ``turn`` without the steps: 1 where z rises,
    -1 where it falls. For cold places change hot and cold, and the sign.
    """
    steps, times, now = len(hot), hot.sum(axis=0), hot[-1]
    mostly = times >= MOSTLY * steps
    run = np.cumprod(hot[::-1], axis=0).sum(axis=0)
    cases = (
        now & (times == 1),
        now & mostly & (turn > 0),
        now & mostly & (turn < 0),
        now & mostly,
        now & cold.any(axis=0),
        now & (run == times),
        now,
        mostly,
    )
    kind: Bytes = np.select(cases, range(1, len(cases) + 1), 0).astype(np.uint8)
    return kind


def mann_kendall(series: Floats, *, continuity: bool = True, tell: Tell = silent) -> Trend:
    """Return the trend of each series along the first axis; NaN where a value is NaN.

    A series that never changes has z = 0 and p = 1.
    """
    steps = len(series)
    s = np.zeros(series.shape[1:])
    equal = np.ones(series.shape)
    for k in range(steps - 1):
        later = series[k + 1 :] - series[k]
        s += np.sign(later).sum(axis=0)
        same = later == 0
        equal[k + 1 :] += same
        equal[k] += same.sum(axis=0)
        # Each step is compared with fewer later ones than the step before.
        tell(1 - ((steps - 1 - k) / steps) ** 2)
    tied = ((equal - 1) * (2 * equal + 5)).sum(axis=0)
    spread = np.sqrt((steps * (steps - 1) * (2 * steps + 5) - tied) / 18)
    towards = s - np.sign(s) if continuity else s
    z = np.divide(towards, spread, out=np.zeros_like(s), where=spread > 0)
    z[np.isnan(s)] = np.nan
    return Trend(s, z, significance.two_sided(z))


def _scores(values: Floats, held: Flags, reach: int, tell: Tell) -> Floats:
    """Return Gi* by step and cell inside."""
    own = np.empty((len(values), int(held.sum())))
    for step, layer in enumerate(values):
        own[step] = windows.around(layer, held, reach)
        tell((step + 1) / len(values))
    around = own.copy()
    layers = np.ones((len(values), 1))
    for lag in range(1, LAG + 1):
        around[lag:] += own[:-lag]
        layers[lag:] += 1
    cells = windows.around(held.astype(np.float64), held, reach)
    return getis_ord.scores(values[:, held], around, layers * cells)
