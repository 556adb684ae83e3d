"""What waits for a person's word: pairs of incidents that may be one, the likeliest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.gis.geos import Point as GeoPoint
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from gis_core.positions import LonLat
from incidents.actors import Actor
from incidents.duplicates.default_points import Point, default_points, point
from incidents.duplicates.likeness import Factor, apart_m
from incidents.errors import BadCursor, PermissionDenied
from incidents.models import Incident, Pair
from incidents.models.alike import Verdict
from incidents.permissions import Act, Reach
from incidents.visibility import reached
from incidents.workflow import OPEN

PAGE: Final = 50
GROUPED: Final = 2000
"""Waiting pairs that are looked at for groups, the likeliest."""
AT_ONE_POINT: Final = 60
"""Of those whose earlier ones share a point: a default point has more than all others together."""
COUNTED_TO: Final = 99
"""More than this is said to be more than this."""
GROUPED_TO_COUNT: Final = 300
"""Waiting pairs up to which groups are counted for a badge, which every page shows."""
CROWDED: Final = 12
"""From so many incidents on, of which most share a point, a group is a default point's."""


@dataclass(frozen=True, slots=True)
class PairFilter:
    """What is asked of the queue: of a category, at least so likely."""

    category: str = ""
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class Side:
    """One incident of a pair."""

    id: int
    version: int
    category: str
    status: str
    lonlat: LonLat
    accuracy_m: float
    opened: datetime
    report_count: int
    agency_id: int | None
    public: bool


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two incidents that may be one, and what speaks for it; ``asked_again``: it was put off."""

    id: int
    newer: Side
    older: Side
    probability: float
    factors: tuple[Factor, ...]
    distance_m: float
    found_at: datetime
    asked_again: bool


@dataclass(frozen=True, slots=True)
class PairPage:
    """Pairs, the likeliest first, and where the next page begins; None at the end."""

    rows: tuple[PairRow, ...]
    following: str | None


@dataclass(frozen=True, slots=True)
class PairGroup:
    """Incidents that pairs connect. ``default_point``: they share a point that tells nothing.

    There only some of the pairs are read; ``open_there`` is how many incidents stand on it.
    """

    incidents: tuple[int, ...]
    pairs: tuple[PairRow, ...]
    default_point: LonLat | None = None
    open_there: int = 0


def waiting_pairs(
    actor: Actor, wanted: PairFilter = PairFilter(), cursor: str | None = None, size: int = PAGE
) -> PairPage:
    """Return a page of the pairs whose two incidents ``actor`` may merge.

    Raises PermissionDenied, BadCursor.
    """
    rows = _after(_asked(actor, wanted), cursor)[: size + 1]
    found = [as_row(row) for row in rows]
    more = len(found) > size
    shown = tuple(found[:size])
    return PairPage(shown, f"{shown[-1].probability!r}_{shown[-1].id}" if more else None)


def waiting_groups(actor: Actor, wanted: PairFilter = PairFilter()) -> tuple[PairGroup, ...]:
    """Return the waiting pairs as connected groups, the likeliest first. Raises PermissionDenied.

    What stands on one default point is one group, however much it is, after all others.
    """
    grouped = _grouped(_likeliest(actor, wanted, GROUPED))
    groups = [_group(actor, rows) for rows in grouped]
    return tuple(sorted(groups, key=_rank))


def _rank(group: PairGroup) -> tuple[bool, float, tuple[int, ...]]:
    return group.default_point is not None, -group.pairs[0].probability, group.incidents


def how_many(actor: Actor) -> int:
    """Return how many groups wait, at most ``COUNTED_TO + 1``; 0 for no office.

    Where more pairs wait than are read for a badge, at how many places they do.
    """
    if actor.reach(Act.MERGE) is Reach.NONE:
        return 0
    pairs = _likeliest(actor, PairFilter(), GROUPED_TO_COUNT + 1)
    if len(pairs) <= GROUPED_TO_COUNT:
        return min(len(_grouped(pairs)), COUNTED_TO + 1)
    places = _asked(actor, PairFilter()).order_by().values("older__position").distinct()
    return places[: COUNTED_TO + 1].count()


def waiting(now: datetime) -> Q:
    """Return the condition that a pair waits: both open, no word yet or a word that is over."""
    open_now = [status.value for status in OPEN]
    unsaid = Q(verdict=Verdict.NONE.value)
    again = Q(verdict=Verdict.LATER.value, again_at__lte=now)
    return (unsaid | again) & Q(newer__status__in=open_now, older__status__in=open_now)


def _asked(actor: Actor, wanted: PairFilter) -> QuerySet[Pair]:
    if actor.reach(Act.MERGE) is Reach.NONE:
        raise PermissionDenied
    mine = reached(actor, Act.MERGE, "newer__") & reached(actor, Act.MERGE, "older__")
    rows = Pair.objects.filter(waiting(timezone.now()), mine, probability__gte=wanted.least)
    if wanted.category:
        rows = rows.filter(newer__category=wanted.category)
    return rows.select_related("newer", "older").order_by("-probability", "id")


def _likeliest(actor: Actor, wanted: PairFilter, most: int) -> list[PairRow]:
    """Return the likeliest of the waiting pairs, not too many of one place."""
    asked = _asked(actor, wanted).annotate(
        place=Window(
            RowNumber(), partition_by=[F("older__position")], order_by=["-probability", "id"]
        )
    )
    return [as_row(row) for row in asked.filter(place__lte=AT_ONE_POINT)[:most]]


def _grouped(pairs: list[PairRow]) -> list[list[PairRow]]:
    crowded, others = _at_default_points(pairs)
    return [*crowded, *_connected(others)]


def _after(rows: QuerySet[Pair], cursor: str | None) -> QuerySet[Pair]:
    if not cursor:
        return rows
    try:
        probability, last = cursor.split("_")
        place = float(probability), int(last)
    except ValueError:
        raise BadCursor from None
    return rows.filter(Q(probability__lt=place[0]) | Q(probability=place[0], pk__gt=place[1]))


def as_row(row: Pair) -> PairRow:
    """Return a pair with its two incidents."""
    newer, older = _side(row.newer), _side(row.older)
    return PairRow(
        row.pk, newer, older, row.probability, tuple(Factor(*one) for one in row.factors),
        round(apart_m(newer.lonlat, older.lonlat), 1), row.found_at,
        row.verdict == Verdict.LATER.value,
    )  # fmt: skip


def _side(row: Incident) -> Side:
    here = LonLat(row.position.x, row.position.y)
    return Side(row.pk, row.version, row.category_id, row.status, here, row.accuracy_m,
                row.opened_at, row.report_count, row.agency_id, row.public)  # fmt: skip


def _connected(pairs: list[PairRow]) -> list[list[PairRow]]:
    """Return the pairs by what they connect, each group's likeliest first."""
    leader: dict[int, int] = {}

    def find(one: int) -> int:
        while leader.setdefault(one, one) != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for pair in pairs:
        leader[find(pair.newer.id)] = find(pair.older.id)
    groups: dict[int, list[PairRow]] = {}
    for pair in pairs:
        groups.setdefault(find(pair.newer.id), []).append(pair)
    return list(groups.values())


def _at_default_points(pairs: list[PairRow]) -> tuple[list[list[PairRow]], list[PairRow]]:
    """Return the pairs that stand on one default point, by point, and all others."""
    sides = {side.id: side for pair in pairs for side in (pair.older, pair.newer)}
    known = default_points((side.lonlat, side.category) for side in sides.values())
    at: dict[Point, list[PairRow]] = {}
    others: list[PairRow] = []
    for pair in pairs:
        here = point(pair.older.lonlat)
        shared = here in known and here == point(pair.newer.lonlat)
        (at.setdefault(here, []) if shared else others).append(pair)
    return list(at.values()), others


def _group(actor: Actor, pairs: list[PairRow]) -> PairGroup:
    sides = {side.id: side for pair in pairs for side in (pair.older, pair.newer)}
    shared = _default_point(list(sides.values()))
    there = _open_there(actor, shared) if shared else 0
    return PairGroup(tuple(sorted(sides)), tuple(pairs), shared, max(there, len(sides)))


def _open_there(actor: Actor, lonlat: LonLat) -> int:
    here = GeoPoint(lonlat.lon, lonlat.lat, srid=4326)
    rows = Incident.objects.filter(reached(actor, Act.MERGE), position=here)
    return rows.filter(status__in=[status.value for status in OPEN]).count()


def _default_point(sides: list[Side]) -> LonLat | None:
    at: dict[Point, list[Side]] = {}
    for side in sides:
        at.setdefault(point(side.lonlat), []).append(side)
    most = max(at.values(), key=len)
    crowded = len(most) >= CROWDED and len(most) * 2 > len(sides)
    return most[0].lonlat if crowded else None
