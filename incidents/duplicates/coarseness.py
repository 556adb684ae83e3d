"""How little the positions of a file say, though they look exact. Pure.

Coordinates cut to a few decimals fall into one cell whatever is in it; a geocoder that knows no
house numbers puts a whole street on one point. Sharing such a place is less of a sign than sharing
the point of a house, and how much less is seen in what else stands there.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from gis_core.positions import EARTH_RADIUS_M, LonLat
from incidents.duplicates.default_points import Point, point
from incidents.duplicates.likeness import Case
from incidents.duplicates.terms import Terms

FINEST: Final = 5
"""Decimals of a degree that are as good as exact: 1 m."""
FEWEST: Final = 200
"""Positions from which on it can be told how they were cut."""
NEARLY_ALL: Final = 0.95
UNSEEN: Final = 0.5
"""What a point may yet be shared by, as a share of what points usually are."""
SPREAD: Final = 12**-0.5
"""The standard deviation of what lies anywhere in a cell, as a share of its side."""
LONGEST: Final = timedelta(days=60)
"""What nobody closed is counted as open for so long."""


def cell_m(found: Sequence[LonLat]) -> float:
    """Return the side of the cells that positions are cut to, in metres; 0: in none."""
    for places in range(FINEST):
        cut = sum(one == LonLat(round(one.lon, places), round(one.lat, places)) for one in found)
        if len(found) >= FEWEST and cut >= NEARLY_ALL * len(found):
            return math.radians(EARTH_RADIUS_M) / 10.0**places
    return 0.0


def knowing_cells(terms: Terms, side_m: float, *, unsaid: bool = False) -> Terms:
    """Return the terms for positions that are cut to cells: none is nearer than its cell.

    ``unsaid``: no report says how sure its position is, so all are taken to be less sure.
    """
    spread, at = side_m * SPREAD, terms.position
    exact = max(at.exact_m, spread)
    floor = max(at.unsaid_m if unsaid else at.floor_m, spread)
    return replace(terms, position=replace(at, exact_m=exact, floor_m=floor))


def say_nothing(cases: Sequence[Case]) -> bool:
    """Tell whether a source leaves open how sure its positions are."""
    return len(cases) >= FEWEST and not any(case.accuracy_m for case in cases)


@dataclass(frozen=True, slots=True)
class Shared:
    """How many unrelated things of a category stand open on a point, by what else was told there.

    A point that holds a share of all reports of other categories holds the same share of the open
    things of this one, for all that is known.
    """

    at: dict[Point, Counter[str]]
    reports: Counter[str]
    standing: dict[str, float]
    """By category: how many are open at once, its arrivals times how long they stay (Little)."""
    usual: float = 0.0
    """How many reports of other categories stand on a report's point, on average."""

    def expected(self, case: Case) -> float:
        """Return how many unrelated things of a case's category are open on its point."""
        here = self.at.get(point(case.lonlat), Counter[str]())
        others = self.reports.total() - self.reports[case.category]
        told = here.total() - here[case.category] + UNSEEN * self.usual
        return self.standing.get(case.category, 0.0) * told / others if others else 0.0


def shared(cases: Iterable[Case]) -> Shared:
    """Return what the points of a file's reports are shared by."""
    at: defaultdict[Point, Counter[str]] = defaultdict(Counter)
    reports: Counter[str] = Counter()
    lasting: defaultdict[str, timedelta] = defaultdict(timedelta)
    times = []
    for case in cases:
        at[point(case.lonlat)][case.category] += 1
        reports[case.category] += 1
        lasting[case.category] += _lasted(case)
        times.append(case.opened)
    span = max(max(times) - min(times), LONGEST) if times else LONGEST
    # A point that holds one category says nothing of others, and most points do.
    several = {place: kinds for place, kinds in at.items() if len(kinds) > 1}
    met = sum(sum(n * (kinds.total() - n) for n in kinds.values()) for kinds in several.values())
    standing = {one: total / span for one, total in lasting.items()}
    return Shared(several, reports, standing, met / max(reports.total(), 1))


def _lasted(case: Case) -> timedelta:
    return min(case.closed - case.opened, LONGEST) if case.closed else LONGEST
