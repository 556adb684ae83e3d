"""Methods whose places are squares: each returns what it found in every square of a grid."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from gis_core.hotspots.grid import Grid
from incidents.analyses.errors import TooShort
from incidents.analyses.points import Points
from incidents.analyses.question import Question
from incidents.analyses.rates import rates
from incidents.analyses.results import Fact
from incidents.analyses.spots import Spot, connected, peaks
from incidents.columns.rows import day_of

if TYPE_CHECKING:
    from gis_core.hotspots.significance import Control

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]
STEPS: Final = (0.02, 0.05, 0.1, 0.2, 0.4, 0.7)
"""Where the classes of a density begin, as shares of its peak."""
SURER: Final = 5.0
"""What holds at so many times less than the chosen significance is very sure."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Incidents counted in the squares of a grid; ``inside``: which of them are asked about."""

    grid: Grid
    counts: Floats
    inside: Bools


@dataclass(frozen=True, slots=True)
class Found:
    """What a method says of each square. ``kind``: its class, from 1 on; 0 for none.

    ``spot``: the line of the table that it belongs to; ``lows``: where the classes begin, where
    they are steps of the value. ``more``: further columns of the layer.
    """

    value: Floats
    kind: Longs
    spot: Longs
    spots: list[Spot]
    facts: Mapping[str, Fact]
    lows: tuple[float, ...] = ()
    more: Mapping[str, Floats] = field(default_factory=dict)


PATTERNS: Final = ("new", "intensifying", "persistent", "diminishing", "other")
Method = Callable[[Question, Ground, Points], Found]


def density(question: Question, ground: Ground, points: Points) -> Found:
    """Return incidents per km² around each square."""
    from gis_core.hotspots import kernel_density  # noqa: PLC0415  heavy: scipy's filters

    bandwidth, cell = question.number("bandwidth_m"), ground.grid.cell_m
    kernel: kernel_density.Kernel = (
        "gaussian" if question.parameters["kernel"] == "gaussian" else "quartic"
    )
    laid = kernel_density.density_of(
        ground.grid, kernel_density.Points(points.x, points.y), bandwidth, kernel, ground.inside
    )
    value = np.nan_to_num(laid)
    peak = float(value.max(initial=0.0))
    lows = tuple(peak * share for share in STEPS)
    kind = np.searchsorted(lows, value, side="right") if peak else np.zeros(value.shape)
    spot, spots = peaks(value, ground.counts, max(round(bandwidth / cell), 1), lows[2])
    area_km2 = int(ground.inside.sum()) * cell**2 / 1e6
    facts: dict[str, Fact] = {"peak": peak, "mean": len(points) / area_km2 if area_km2 else 0.0}
    return Found(value, kind.astype(np.int64), spot, spots, facts, lows)


def getis_ord(question: Question, ground: Ground, _points: Points) -> Found:
    """Return Gi* of each square with its neighbours."""
    from gis_core.hotspots import getis_ord as method  # noqa: PLC0415  heavy: scipy's distributions
    from gis_core.hotspots.significance import significant  # noqa: PLC0415

    compared, inside = rates(question, ground.grid, ground.counts, ground.inside)
    told = method.gi_star(compared, int(question.number("reach")), inside=inside)
    share, guard = question.number("share"), control(question)
    p = np.where(inside, told.p, np.nan)
    sure = significant(p, share / SURER, guard) & inside
    holds = significant(p, share, guard) & inside
    z = np.where(inside, told.z, 0.0)
    kind = np.select([sure & (z > 0), holds & (z > 0), sure, holds], [1, 2, 4, 3], 0)
    spot, spots = connected(np.isin(kind, (1, 2)).astype(np.int64), z, ground.counts)
    hot = spot > 0
    facts: dict[str, Fact] = {
        "hot": len(spots),
        "hot_cells": int(hot.sum()),
        "cold_cells": int(np.isin(kind, (3, 4)).sum()),
        "share": _share(ground.counts, hot),
        "not_exposed": _aside(ground, inside),
    }
    return Found(z, kind, spot, spots, facts, more={"p": p})


def local_moran(question: Question, ground: Ground, _points: Points) -> Found:
    """Return local Moran's I of each square, and what it is among its neighbours."""
    from gis_core.hotspots import local_moran as method  # noqa: PLC0415  heavy
    from gis_core.hotspots.significance import significant  # noqa: PLC0415

    compared, inside = rates(question, ground.grid, ground.counts, ground.inside)
    told = method.local_moran(compared, int(question.number("reach")), inside=inside)
    p = np.where(inside, told.p, np.nan)
    holds = significant(p, question.number("share"), control(question)) & inside
    order = {"high-high": 1, "high-low": 2, "low-high": 3, "low-low": 4}
    numbers = np.asarray([order.get(name, 0) for name in method.QUADRANTS])
    kind = np.where(holds, numbers[told.quadrant], 0)
    value = np.where(inside, told.i, 0.0)
    group = np.where(kind <= 2, kind, 0)
    spot, spots = connected(group, ground.counts, ground.counts)
    facts: dict[str, Fact] = {
        "hot_cells": int((kind == 1).sum()),
        "lone": int((kind == 2).sum()),
        "share": _share(ground.counts, kind == 1),
        "not_exposed": _aside(ground, inside),
    }
    spots = [replace(one, value=float(value[one.top])) for one in spots]
    return Found(value, kind, spot, spots, facts, more={"p": p})


def emerging(question: Question, ground: Ground, points: Points) -> Found:
    """Return how each square's Gi* went over the stretches of the period.

    Stretches are counted back from the last day; days before the first whole one are left out.
    """
    from gis_core.hotspots import emerging as method  # noqa: PLC0415  heavy

    length = int(question.number("step_days"))
    since, until = (day_of(day) for day in question.days)
    steps = (until - since + 1) // length
    if steps < method.FEWEST_STEPS:
        raise TooShort(steps=steps, fewest=method.FEWEST_STEPS)
    step = steps - 1 - (until - points.day) // length
    cube = np.stack([
        ground.grid.count(points.x[step == n], points.y[step == n]) for n in range(steps)
    ])  # fmt: skip
    reach, share = int(question.number("reach")), question.number("share")
    told = method.emerging(cube, reach, share, inside=ground.inside)
    kind = _patterns(method.KINDS)[told.kind]
    value = np.nan_to_num(np.where(ground.inside, told.trend_z, 0.0))
    spot, spots = connected(kind, ground.counts, ground.counts)
    spots = [replace(one, value=float(value[one.top])) for one in spots]
    many = np.bincount(kind.ravel(), minlength=len(PATTERNS) + 1)
    facts: dict[str, Fact] = {name: int(many[n]) for n, name in enumerate(PATTERNS, 1)}
    more = {"z_last": np.nan_to_num(told.z[-1])}
    return Found(value, kind, spot, spots, facts | {"steps": steps}, more=more)


def _patterns(kinds: Sequence[str]) -> Longs:
    """Return our class for each of the method's: cold ones are none, rarer ones are "other"."""
    numbers = {f"{name}_hot": n for n, name in enumerate(PATTERNS, 1)}
    rest = len(PATTERNS)
    return np.asarray([numbers.get(one, rest if one.endswith("_hot") else 0) for one in kinds])


def control(question: Question) -> Control:
    """Return how the question guards against finding by chance."""
    known: Mapping[str, Control] = {"fdr": "fdr", "bonferroni": "bonferroni", "none": "none"}
    return known[question.control]


def _aside(ground: Ground, compared: Bools) -> int:
    """How many incidents lie in squares that are not compared."""
    return round(float(ground.counts[ground.inside & ~compared].sum()))


def _share(counts: Floats, of: Bools) -> float:
    whole = float(counts.sum())
    return float(counts[of].sum()) / whole if whole else 0.0


METHODS: Final[Mapping[str, Method]] = MappingProxyType({
    "density": density,
    "getis_ord": getis_ord,
    "local_moran": local_moran,
    "emerging": emerging,
})  # fmt: skip
