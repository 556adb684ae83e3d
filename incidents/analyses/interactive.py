"""A statistic of the whole city while a planner moves a slider: milliseconds over the columns.

The same answer as an analysis over the same squares gives, but for what needs single incidents'
rows: sensitive categories are left out, and an own area ends at the squares whose middles lie in
it, and what stands on a default point is left out by all that the image holds, not by the period
alone. Where no columns are kept, or somebody may not count everything, rows are read: in seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from districts.models import Category
from gis_core.hotspots.grid import Grid
from gis_core.hotspots.telling import silent
from incidents.actors import Actor
from incidents.analyses import classes, territory
from incidents.analyses.cells import STEPS
from incidents.analyses.default_points import default_points
from incidents.analyses.errors import BadQuestion
from incidents.analyses.points import gather
from incidents.analyses.question import COUNTED, SHAPE, WARDS, AskedArea, Question, ward_edition
from incidents.analyses.rates import compared
from incidents.columns import placing
from incidents.columns.asking import asked as columns_asked
from incidents.columns.reading import current
from incidents.columns.rows import Asked, Columns
from incidents.filters import Filters
from incidents.permissions import Act, Reach

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]
AT_A_TIME: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Ground:
    """The squares that are asked about, and a name for them."""

    grid: Grid
    inside: Flags
    area: AskedArea
    edition: int | None


class _Key(NamedTuple):
    """What a ground is kept by."""

    area: AskedArea
    edition: int | None
    cell_m: float


@dataclass(frozen=True, slots=True)
class Surface:
    """``kind``: each square's class from 1 on, 0 for none, in the shape of the grid.

    ``codes`` name the classes, ``lows`` where they begin, where they are steps of a density (per
    km²). ``source``: columns or rows.
    """

    grid: Grid
    kind: NDArray[np.uint8]
    codes: tuple[str, ...]
    lows: tuple[float, ...]
    incidents: int
    source: str

    def legend(self) -> list[Mapping[str, Any]]:
        """Return the classes with how many squares each has, and the steps' bounds."""
        many = np.bincount(self.kind.ravel(), minlength=len(self.codes) + 1)
        lows = self.lows or (None,) * len(self.codes)
        highs = (*lows[1:], None)
        return [
            {"code": code, "places": int(many[n]), "low": low, "high": high}
            for n, (code, low, high) in enumerate(zip(self.codes, lows, highs, strict=True), 1)
        ]


@dataclass(frozen=True, slots=True)
class Source:
    """Where incidents come from: counted in squares, and as points in some of them."""

    name: str
    counts: Callable[[Grid], Floats]
    points: Callable[[Grid, Flags], placing.Found]


def answer(actor: Actor, question: Question, today: date) -> Surface:
    """Return the surface of a question. Raises BadQuestion for a method that takes too long.

    Also PermissionDenied, TooManyCells.
    """
    actor.must(Act.SEE_FIGURES)
    if question.method not in METHODS:
        possible = ", ".join(METHODS)
        raise BadQuestion(field="method", value=question.method, possible=possible)
    settled = question.settled(today)
    ground = _ground(_Key(settled.area, ward_edition(), settled.number("cell_m")))
    columns = current() if actor.reach(Act.SEE_FIGURES) is Reach.ALL else None
    if columns is None:
        return surface(_of_rows(actor, settled), settled, ground)
    return surface(of_columns(columns, filters(columns, settled)), settled, ground)


def surface(source: Source, question: Question, ground: Ground) -> Surface:
    """Return the classes of a question's squares."""
    kind, lows, incidents = METHODS[question.method](source, question, ground)
    codes = tuple(question.asked_of.classes) or tuple(f"step_{n + 1}" for n in range(len(STEPS)))
    return Surface(ground.grid, kind, codes, lows, incidents, source.name)


def of_columns(columns: Columns, asked: Asked) -> Source:
    """Return the columns as a source, but for default points and what lies beyond the city."""
    aside = _aside(columns)
    return Source(
        "columns",
        lambda grid: placing.counts(columns, asked, grid, aside),
        lambda grid, within: placing.points(columns, asked, grid, within, aside),
    )


@dataclass(slots=True)
class _Kept:
    """What is left out of the image read last, known by its codes, in an edition's city."""

    code: Longs
    edition: int | None
    aside: placing.Aside


_kept: _Kept | None = None


def _aside(columns: Columns) -> placing.Aside:
    """Return an image's default points and what lies beyond the city's border, found once.

    Tens of milliseconds a million.
    """
    global _kept  # noqa: PLW0603  one image a process, replaced whole
    kept, base, edition = _kept, columns.base, ward_edition()
    if kept is None or kept.code is not base.code or kept.edition != edition:
        found, beyond = default_points(base.code, base.kind >> 5), _beyond(columns)
        codes = np.union1d(found.place, base.code[beyond])
        kept = _kept = _Kept(base.code, edition, placing.Aside(codes, found.there | beyond))
    return kept.aside


def _beyond(columns: Columns) -> Flags:
    """Return which rows of the image lie beyond the city's border."""
    city, (east, north) = territory.territory(AskedArea()), columns.words.origin_m
    x, y = columns.base.x, columns.base.y
    parts = [
        ~city.holds(x[some].astype(np.float64) + east, y[some].astype(np.float64) + north)
        for some in (slice(at, at + AT_A_TIME) for at in range(0, len(x), AT_A_TIME))
    ]
    return np.concatenate([np.zeros(0, np.bool_), *parts])


def filters(columns: Columns, question: Question) -> Asked:
    """Return what the columns are asked: a settled question's filters, nothing sensitive."""
    hidden = frozenset(Category.objects.filter(sensitive=True).values_list("code", flat=True))
    since, until = question.days
    narrowed = Filters(
        categories=(question.kinds() or frozenset(columns.words.categories)) - hidden,
        statuses=question.statuses or frozenset(COUNTED),
        since=since,
        until=until,
    )
    wards = question.area.wards if question.area.kind == WARDS else None
    return columns_asked(columns.words, narrowed, public=None, wards=wards)


def _of_rows(actor: Actor, question: Question) -> Source:
    taken = gather(actor, question, territory.territory(question.area), silent)
    weight = np.ones(len(taken))
    return Source(
        "rows",
        lambda grid: grid.count(taken.x, taken.y),
        lambda _grid, _within: placing.Found(taken.x, taken.y, weight),
    )


@lru_cache(maxsize=8)
def _ground(key: _Key) -> Ground:
    held = territory.territory(key.area)
    grid = territory.grid_over(held, key.cell_m)
    return Ground(grid, territory.inside(held, grid), key.area, key.edition)


def _getis_ord(
    source: Source, question: Question, ground: Ground
) -> tuple[NDArray[np.uint8], tuple[float, ...], int]:
    counts, inside = _counted(source, ground)
    told = classes.getis_ord(question, compared(question, ground.grid, counts, inside))
    return told.kind.astype(np.uint8), (), round(float(counts.sum()))


def _local_moran(
    source: Source, question: Question, ground: Ground
) -> tuple[NDArray[np.uint8], tuple[float, ...], int]:
    counts, inside = _counted(source, ground)
    told = classes.local_moran(question, compared(question, ground.grid, counts, inside))
    return told.kind.astype(np.uint8), (), round(float(counts.sum()))


def _density(
    source: Source, question: Question, ground: Ground
) -> tuple[NDArray[np.uint8], tuple[float, ...], int]:
    from gis_core.hotspots import kernel_density as kd  # noqa: PLC0415  heavy: scipy's transforms

    counts, inside = _counted(source, ground)
    found = source.points(ground.grid, inside)
    kernel: kd.Kernel = "gaussian" if question.parameters["kernel"] == "gaussian" else "quartic"
    bandwidth = question.number("bandwidth_m")
    raw = kd.density_of(ground.grid, kd.Points(*found), bandwidth, kernel)
    more = np.flatnonzero(inside & ~ground.inside).tobytes()
    part = _mass(_Key(ground.area, ground.edition, ground.grid.cell_m), more, bandwidth, kernel)
    value = np.nan_to_num(kd.corrected(raw, part, inside))
    peak = float(value.max(initial=0.0))
    lows = tuple(peak * share for share in STEPS)
    kind = sum((value >= low).astype(np.uint8) for low in lows) if peak > 0 else value * 0
    return np.asarray(kind, np.uint8), lows, round(float(counts.sum()))


@lru_cache(maxsize=16)
def _mass(key: _Key, more: bytes, bandwidth_m: float, kernel: Any) -> Floats:  # noqa: ANN401
    """Return the kernel's mass inside a ground and ``more`` of its squares, by their places."""
    from gis_core.hotspots import kernel_density as kd  # noqa: PLC0415  heavy: scipy's transforms

    inside = _ground(key).inside.copy()
    inside.ravel()[np.frombuffer(more, np.int64)] = True
    return kd.mass(inside, key.cell_m, bandwidth_m, kernel)


def _counted(source: Source, ground: Ground) -> tuple[Floats, Flags]:
    """Return the counts, and the squares that are asked about.

    A square whose middle lies beyond the city still has the incidents on this side of its border.
    """
    counts = source.counts(ground.grid)
    if ground.area.kind == SHAPE:
        return np.where(ground.inside, counts, 0.0), ground.inside
    return counts, ground.inside | (counts > 0)


METHODS: Final[
    Mapping[
        str,
        Callable[[Source, Question, Ground], tuple[NDArray[np.uint8], tuple[float, ...], int]],
    ]
] = MappingProxyType({
    "getis_ord": _getis_ord,
    "density": _density,
    "local_moran": _local_moran,
})  # fmt: skip
