"""Points that mean "nobody knows where": many reports of many things on one spot. Pure.

A desk that takes calls files what it cannot place at its own address, a geocoder at the middle of
a town. Such a point says nothing of where a thing is, so sharing it is no sign of being one thing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from statistics import median
from typing import Final

from gis_core.positions import LonLat

Point = tuple[int, int]
"""Longitude and latitude in millionths of a degree, about 0.1 m."""

LEAST_REPORTS: Final = 30
LEAST_CATEGORIES: Final = 5
"""One bad crossing gathers reports too, but of a few kinds."""
LARGEST_SHARE: Final = 0.6
"""Of the commonest category: above it the place has a trouble of its own."""
TIMES: Final = 20
"""Where every report is filed at the next crossing, thirty there are nothing special: a default
point holds many times what half of the points hold at most ..."""
SHARE: Final = 0.001
"""... and in a file of many years more than a school or a market gathers: so much of all."""


def point(lonlat: LonLat) -> Point:
    """Return the point that equal positions share."""
    return round(lonlat.lon * 1e6), round(lonlat.lat * 1e6)


def default_points(found: Iterable[tuple[LonLat, str]]) -> frozenset[Point]:
    """Return the default points among positions with their categories."""
    return frozenset(place for place, kinds in _counted(found).items() if is_default(kinds))


def standing_out(found: Iterable[tuple[LonLat, str]]) -> frozenset[Point]:
    """Return the default points of a whole file: of those above the ones that stand out from it."""
    at = _counted(found)
    counts = [kinds.total() for kinds in at.values()]
    least = max(TIMES * median(counts), SHARE * sum(counts)) if counts else 0
    return frozenset(
        place for place, kinds in at.items() if kinds.total() >= least and is_default(kinds)
    )


def _counted(found: Iterable[tuple[LonLat, str]]) -> Mapping[Point, Counter[str]]:
    at: defaultdict[Point, Counter[str]] = defaultdict(Counter)
    for lonlat, category in found:
        at[point(lonlat)][category] += 1
    return at


def is_default(kinds: Counter[str]) -> bool:
    """Tell whether a point with so many reports of each category tells nothing of where."""
    reports = kinds.total()
    return (
        reports >= LEAST_REPORTS
        and len(kinds) >= LEAST_CATEGORIES
        and kinds.most_common(1)[0][1] <= LARGEST_SHARE * reports
    )
