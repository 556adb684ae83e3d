"""What is open at a moment of history, found by place: an rtree over points that hold reports."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from rtree import index

from gis_core.positions import EARTH_RADIUS_M, LonLat
from incidents.duplicates.default_points import Point, point
from incidents.duplicates.likeness import Case, apart_m

FIRST: Final = 4
LATEST: Final = 24
"""Of one point's reports of one category those are compared: the first ones, and the latest."""
HELD: Final = 500
"""Of one point's reports of one category so many are held. On a default point lie tens of
thousands, and each of them would else be looked at for each that comes."""
FEW_GONE: Final = 1_000
NODE: Final = 20
"""Entries of a tree's node: with the library's 100 each entry that is added costs twice as much."""
UNSEEN: Final = 0.5
"""Of the usual density: what may be around besides what was reported there."""
RING_M: Final = 60.0
"""Nearer than this a neighbour may be the thing itself; what is around begins beyond."""


@dataclass(slots=True)
class Incident:
    """What was grouped as one thing: its first report, and whether anything of it is open."""

    first: Case
    closed: datetime | None
    latest: datetime
    reports: int = 1
    like: str = ""
    """First report of the earlier incident that it was likely about when it was told; else ""."""

    def is_open(self, when: datetime) -> bool:
        """Tell whether anything of it is open at a moment."""
        return self.closed is None or self.closed >= when

    def add(self, case: Case) -> None:
        """Take another report in; the thing lasts as long as any of them."""
        self.reports += 1
        self.latest = case.opened
        ends = self.closed is not None and case.closed is not None
        self.closed = max(self.closed, case.closed) if ends else None  # type: ignore[type-var]


Member = tuple[Case, Incident]
Entry = tuple[int, tuple[float, float, float, float], None]
"""As a tree is made of many at once: number, box, and nothing besides."""


def _tree(of: Sequence[Entry] = ()) -> index.Index:
    """Return a tree that holds entries and takes more."""
    small = index.Property(
        leaf_capacity=NODE, index_capacity=NODE, near_minimum_overlap_factor=NODE // 2
    )
    return index.Index(of, properties=small) if of else index.Index(properties=small)


@dataclass(slots=True)
class _Place:
    lonlat: LonLat
    category: str
    members: list[Member] = field(default_factory=list)


@dataclass(slots=True)
class OpenPlaces:
    """Reports by category and point; forgets what was closed long ago when it meets it."""

    kept_closed: timedelta
    _trees: defaultdict[str, index.Index] = field(default_factory=lambda: defaultdict(_tree))
    _all: index.Index = field(default_factory=_tree)
    _at: dict[tuple[str, Point], int] = field(default_factory=dict)
    _places: dict[int, _Place] = field(default_factory=dict)
    _next: int = 0
    _gone: int = 0
    """Entries of the trees whose place is no more."""

    def add(self, case: Case, incident: Incident) -> None:
        """Take a report in."""
        key = (case.category, point(case.lonlat))
        number = self._at.get(key)
        if number is None:
            number = self._at[key] = self._next
            self._next += 1
            self._places[number] = _Place(case.lonlat, case.category)
            box = (case.lonlat.lon, case.lonlat.lat) * 2
            self._trees[case.category].insert(number, box)
            self._all.insert(number, box)
        members = self._places[number].members
        members.append((case, incident))
        if len(members) > HELD:
            del members[FIRST]

    def near(self, case: Case, metres: float, other_metres: float) -> list[list[Member]]:
        """Return the reports around, a list for each point: of the category, of any nearer by."""
        found = set(self._trees[case.category].intersection(_box(case.lonlat, metres)))
        found.update(self._all.intersection(_box(case.lonlat, other_metres)))
        known = sorted(found & self._places.keys())
        return [alive for number in known if (alive := self._alive(number, case.opened))]

    def forget(self, when: datetime) -> None:
        """Let go of all that was closed long before a moment; nothing else looks further back."""
        for key, number in list(self._at.items()):
            if not self._alive(number, when):
                del self._at[key], self._places[number]
                self._gone += 1
        # Taking one entry out of a tree costs ten times what making it anew does for each.
        if self._gone > max(len(self._places), FEW_GONE):
            self._plant()

    def _plant(self) -> None:
        """Make the trees anew, of what is held alone."""
        by: defaultdict[str, list[Entry]] = defaultdict(list)
        for number, place in self._places.items():
            by[place.category].append((number, (place.lonlat.lon, place.lonlat.lat) * 2, None))
        self._trees.clear()
        self._trees.update({category: _tree(of) for category, of in by.items()})
        self._all, self._gone = _tree([entry for of in by.values() for entry in of]), 0

    def members(self) -> Iterator[Member]:
        """Yield all that is held, in the order in which it would be met."""
        for number in sorted(self._places):
            yield from self._places[number].members

    def _alive(self, number: int, when: datetime) -> list[Member]:
        place = self._places[number]
        least = when - self.kept_closed
        place.members = [
            member
            for member in place.members
            if member[1].closed is None or member[1].closed >= least
        ]
        return place.members


def compared(places: list[list[Member]], case: Case, most: int) -> Iterator[Member]:
    """Yield the members to be compared: the nearest, then the latest ones."""
    chosen = (m for place in places for m in [*place[:FIRST], *place[FIRST:][-LATEST:]])
    return iter(heapq.nsmallest(most, chosen, key=lambda member: _farness(case, member[0])))


def _farness(case: Case, known: Case) -> float:
    days = abs((case.opened - known.opened).total_seconds()) / 86_400
    other = 0.0 if case.category == known.category else 3.0
    return apart_m(case.lonlat, known.lonlat) / 15 + math.log1p(days) + other


def around_per_km2(places: list[list[Member]], case: Case, metres: float, usual: float) -> float:
    """Return the density of open things of the category in the ring, and some of the usual."""
    area = math.pi * (metres**2 - RING_M**2) / 1e6
    seen = {
        id(incident)
        for place in places
        for known, incident in place[-LATEST:]
        if known.category == case.category
        and RING_M < apart_m(known.lonlat, case.lonlat) <= metres
        and incident.is_open(case.opened)
    }
    return density(len(seen), area, usual)


def density(seen: int, area_km2: float, usual: float) -> float:
    """Return how many a square kilometre holds: those seen, and some of the usual besides."""
    return seen / area_km2 + usual * UNSEEN


def _box(here: LonLat, metres: float) -> tuple[float, float, float, float]:
    north = math.degrees(metres / EARTH_RADIUS_M)
    east = north / max(math.cos(math.radians(here.lat)), 0.01)
    return here.lon - east, here.lat - north, here.lon + east, here.lat + north
