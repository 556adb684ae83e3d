"""Methods whose places are squares: each returns what it found in every square of a grid."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gis_core.hotspots.grid import Grid
from gis_core.hotspots.telling import Tell
from incidents.analyses import classes
from incidents.analyses.classes import Classes
from incidents.analyses.errors import TooShort
from incidents.analyses.points import Points
from incidents.analyses.question import Question
from incidents.analyses.rates import Compared, compared
from incidents.analyses.results import Fact, Warned
from incidents.analyses.spots import Spot, connected, peaks
from incidents.columns.rows import day_of

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Bools = NDArray[np.bool_]
STEPS: Final = (0.02, 0.05, 0.1, 0.2, 0.4, 0.7)
"""Where the classes of a density begin, as shares of its peak."""


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
    they are steps of the value. ``more``: further columns of the layer; ``told``: what was done.
    """

    value: Floats
    kind: Longs
    spot: Longs
    spots: list[Spot]
    facts: Mapping[str, Fact]
    lows: tuple[float, ...] = ()
    more: Mapping[str, Floats] = field(default_factory=dict)
    told: Sequence[Warned] = ()


PATTERNS: Final = ("new", "intensifying", "persistent", "diminishing", "other")
Method = Callable[[Question, Ground, Points, Tell], Found]


def density(question: Question, ground: Ground, points: Points, _tell: Tell) -> Found:
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


def getis_ord(question: Question, ground: Ground, _points: Points, _tell: Tell) -> Found:
    """Return Gi* of each square with its neighbours."""
    squares = compared(question, ground.grid, ground.counts, ground.inside)
    told = classes.getis_ord(question, squares)
    hot = np.isin(told.kind, (1, 2))
    spot, spots = connected(hot.astype(np.int64), told.value, ground.counts, least=1)
    facts: dict[str, Fact] = {
        "hot": len(spots),
        "hot_cells": int(hot.sum()),
        "cold_cells": int(np.isin(told.kind, (3, 4)).sum()),
        "share": _share(ground.counts, hot),
    }
    return _found(question, squares, told, (spot, spots), facts)


def local_moran(question: Question, ground: Ground, _points: Points, _tell: Tell) -> Found:
    """Return local Moran's I of each square, and what it is among its neighbours."""
    squares = compared(question, ground.grid, ground.counts, ground.inside)
    told = classes.local_moran(question, squares)
    group = np.where(told.kind <= 2, told.kind, 0)
    spot, spots = connected(group, ground.counts, ground.counts)
    facts: dict[str, Fact] = {
        "hot_cells": int((told.kind == 1).sum()),
        "lone": int((told.kind == 2).sum()),
        "share": _share(ground.counts, told.kind == 1),
    }
    spots = [replace(one, value=float(told.value[one.top])) for one in spots]
    return _found(question, squares, told, (spot, spots), facts)


def _found(
    question: Question, squares: Compared, told: Classes, spots: tuple[Longs, list[Spot]],
    facts: Mapping[str, Fact],
) -> Found:  # fmt: skip
    said = (*squares.told, *classes.drawing_told(question, int(squares.inside.sum())))
    more = {"p": told.p, **squares.more}
    return Found(told.value, told.kind, *spots, facts, more=more, told=said)


def emerging(question: Question, ground: Ground, points: Points, tell: Tell) -> Found:
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
    told = method.emerging(cube, reach, share, ground.inside, tell)
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


def _share(counts: Floats, of: Bools) -> float:
    whole = float(counts.sum())
    return float(counts[of].sum()) / whole if whole else 0.0


METHODS: Final[Mapping[str, Method]] = MappingProxyType({
    "density": density,
    "getis_ord": getis_ord,
    "local_moran": local_moran,
    "emerging": emerging,
})  # fmt: skip
