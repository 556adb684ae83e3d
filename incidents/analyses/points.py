"""A question's incidents as arrays: from the columns where they are fresh, else from PostGIS."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final

import numpy as np
import shapely
from django.db.models import F, FloatField, Func, QuerySet
from numpy.typing import NDArray

from districts import city
from districts.models import Category
from gis_core import replica
from gis_core.hotspots.telling import Tell
from gis_core.planes import to_degrees, to_metres
from incidents import coarse
from incidents.actors import Actor
from incidents.analyses import default_points
from incidents.analyses.errors import TooFine
from incidents.analyses.question import COUNTED, Question
from incidents.analyses.territory import Territory
from incidents.columns import asking, reading
from incidents.columns.merging import standing
from incidents.columns.rows import COLUMNS, FIRST_DAY, Asked, Columns, Rows
from incidents.filters import Filters
from incidents.models import Incident
from incidents.permissions import Act, Reach
from incidents.visibility import reached

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
AT_A_TIME: Final = 50_000
COARSE_M: Final = 600.0
"""Sensitive categories are counted in squares of at least this: a coarse cell is about 550 m."""


@dataclass(frozen=True, slots=True)
class Points:
    """Arrays of one length. ``x``, ``y``: metres of the city's CRS; ``day``: since FIRST_DAY.

    ``place``: a number that incidents at one position share; ``category``: by position in
    ``categories``. ``left_out``: why, how many; ``defaults``: on how many default points;
    ``coarse``: some stand in the middle of their coarse cell, and few in one place are not told.
    """

    x: Floats
    y: Floats
    day: Longs
    place: Longs
    category: Longs
    categories: tuple[str, ...]
    source: str
    coarse: bool = False
    defaults: int = 0
    left_out: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.x)

    def only(self, kept: NDArray[np.bool_], reason: str = "") -> Points:
        """Return those that are kept; the others are counted as left out for a reason."""
        columns = {name: getattr(self, name)[kept] for name in ("x", "y", "day", "place")}
        gone = int(len(kept) - kept.sum()) if reason else 0
        told = {**self.left_out, reason: gone} if gone else self.left_out
        return replace(self, **columns, category=self.category[kept], left_out=told)

    def of(self, categories: frozenset[str]) -> NDArray[np.bool_]:
        """Return which are of these categories."""
        numbers = [n for n, code in enumerate(self.categories) if code in categories]
        return np.isin(self.category, numbers)


def gather(actor: Actor, question: Question, ground: Territory, tell: Tell) -> Points:
    """Return the incidents that the question is about and the actor sees.

    What stands on a default point is left out: it is found among all categories, for one by itself
    looks like a trouble of its own. Sensitive categories are left out where nobody asks for them by
    name; else they stand in the middle of their coarse cell. Raises TooFine where the method tells
    single places.
    """
    hidden = frozenset(Category.objects.filter(sensitive=True).values_list("code", flat=True))
    asked = question.kinds()
    blurred = asked & hidden
    if blurred and (question.asked_of.form != "cells" or question.number("cell_m") < COARSE_M):
        raise TooFine(cell_m=f"{COARSE_M:g}")
    taken = _taken(actor, question, tell)
    wanted = taken.of(asked) if asked else ~taken.of(hidden)
    wanted &= ground.holds(taken.x, taken.y)
    left = _without_defaults(taken, wanted)
    return _blurred(left, blurred) if blurred else left


def _without_defaults(taken: Points, wanted: NDArray[np.bool_]) -> Points:
    found = default_points.default_points(taken.place, taken.category)
    at = len(np.unique(taken.place[found.there & wanted]))
    there = found.there[wanted]
    return replace(taken.only(wanted), defaults=at).only(~there, "default_points")


def _taken(actor: Actor, question: Question, tell: Tell) -> Points:
    since, until = question.days
    statuses = question.statuses or frozenset(COUNTED)
    filters = Filters(statuses=statuses, since=since, until=until)
    columns = reading.current() if actor.reach(Act.SEE_FIGURES) is Reach.ALL else None
    if columns is not None:
        return from_columns(columns, asking.asked(columns.words, filters, public=None))
    return _from_rows(actor, filters, tell)


def from_columns(columns: Columns, asked: Asked) -> Points:
    """Return the incidents of the columns that count, whatever changed since the image."""
    named, stands = standing(columns.delta, columns.weight)
    base, lately = columns.base, Rows.of({name: stands[name].copy() for name in COLUMNS})
    kept, new = _chosen(base, asked), _chosen(lately, asked)
    if len(named):
        kept = kept[~np.isin(base.id[kept], named)]

    def column(name: str) -> NDArray[Any]:
        parts = getattr(base, name)[kept], getattr(lately, name)[new]
        joined: NDArray[Any] = np.concatenate(parts)
        return joined

    east, north = columns.words.origin_m
    return Points(
        x=column("x").astype(np.float64) + east,
        y=column("y").astype(np.float64) + north,
        day=column("day").astype(np.int64),
        place=column("code"),
        category=column("kind").astype(np.int64) >> 5,
        categories=columns.words.categories,
        source="columns",
    )


def _chosen(rows: Rows, asked: Asked) -> NDArray[np.intp]:
    day = rows.day
    within = (day >= asked.first_day) & (day <= asked.last_day)
    [chosen] = np.nonzero(within & (asked.kinds[rows.kind] > 0))
    return chosen


def rows_of(actor: Actor, question: Question) -> QuerySet[Incident]:
    """Return the question's incidents as rows: all of the city, whatever its area."""
    since, until = question.days
    statuses = question.statuses or frozenset(COUNTED)
    filters = Filters(statuses=statuses, since=since, until=until)
    rows = _rows(actor, filters).exclude(category__sensitive=True)
    kinds = question.kinds()
    return rows.filter(category__in=kinds) if kinds else rows


def _rows(actor: Actor, filters: Filters) -> QuerySet[Incident]:
    return Incident.objects.using(replica.alias()).filter(
        reached(actor, Act.SEE_FIGURES),
        opened_at__gte=filters.opened_from(),
        opened_at__lt=filters.opened_before(),
        status__in=filters.statuses,
    )


def _from_rows(actor: Actor, filters: Filters, tell: Tell) -> Points:
    """One read of the table, as it stands at its beginning, in parts."""
    rows = _rows(actor, filters)
    told = rows.annotate(
        lon=Func("position", function="ST_X", output_field=FloatField()),
        lat=Func("position", function="ST_Y", output_field=FloatField()),
        on=_day(city.current().time_zone),
    ).values_list("lon", "lat", "on", "category_id")
    names = tuple(sorted(Category.objects.values_list("code", flat=True)))
    numbers = {code: number for number, code in enumerate(names)}
    share = 1 / max(rows.count(), 1)
    taken = told.order_by().iterator(chunk_size=AT_A_TIME)
    parts = _parts(taken, numbers, lambda many: tell(min(many * share, 1.0)))
    lon, lat, day, category = np.concatenate([*parts, np.empty((0, 4))]).T.copy()
    x, y = in_metres(lon, lat)
    place = default_points.places(lon, lat)
    return Points(x, y, day.astype(np.int64), place, category.astype(np.int64), names, "postgis")


def _day(zone: str) -> Func:
    """The day in the city, since FIRST_DAY."""
    return Func(
        F("opened_at"),
        template=f"((%(expressions)s AT TIME ZONE '{zone}')::date - '{FIRST_DAY}'::date)",
        output_field=FloatField(),
    )


def _parts(
    rows: Iterator[Any], numbers: dict[str, int], tell: Callable[[int], None]
) -> Iterator[Floats]:
    many = 0
    while some := [(*row[:3], numbers[row[3]]) for row in islice(rows, AT_A_TIME)]:
        many += len(some)
        tell(many)
        yield np.asarray(some, np.float64)


def in_metres(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return degrees as metres of the city's CRS."""
    there = np.asarray(shapely.points(lon, lat), object)
    moved = to_metres(there, city.current().metric_srid)
    return shapely.get_x(moved), shapely.get_y(moved)


def in_degrees(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return metres of the city's CRS as degrees."""
    there = np.asarray(shapely.points(x, y), object)
    moved = to_degrees(there, city.current().metric_srid)
    return shapely.get_x(moved), shapely.get_y(moved)


def _blurred(points: Points, categories: frozenset[str]) -> Points:
    """Put sensitive ones in the middle of their coarse cell; leave out those of too few there."""
    blur = np.flatnonzero(points.of(categories))
    column, row = (
        np.floor(side / coarse.CELL) for side in in_degrees(points.x[blur], points.y[blur])
    )
    key = np.stack([column, row, points.category[blur]], axis=1)
    _, which, many = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    kept = np.ones(len(points), np.bool_)
    kept[blur] = many[which.ravel()] >= coarse.FEWEST
    x, y = points.x.copy(), points.y.copy()
    x[blur], y[blur] = in_metres((column + 0.5) * coarse.CELL, (row + 0.5) * coarse.CELL)
    return replace(points, x=x, y=y, coarse=True).only(kept, "sensitive_few")
