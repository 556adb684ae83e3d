"""Points that many incidents bear although nothing happened there, among any number of them. Pure.

What makes one is told in ``incidents.duplicates.default_points``: many incidents, of many
categories, none of which is most of them. Such a point would be the first hotspot of every
analysis; it is told apart, and left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from incidents.duplicates.default_points import LARGEST_SHARE, LEAST_CATEGORIES, LEAST_REPORTS

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Numbers = NDArray[np.integer]
Flags = NDArray[np.bool_]

BUCKETS: Final = 20
"""Bits of a place's number by which places are first told apart, roughly."""
MIXING: Final = np.uint64(0x9E3779B97F4A7C15)
"""2**64 over the golden ratio, an odd number: D. Knuth, TAOCP volume 3, section 6.4."""


@dataclass(frozen=True, slots=True)
class DefaultPoints:
    """The points, the one with most incidents first; and which incidents stand there."""

    place: Longs
    """The number that its incidents share, as it was given."""
    count: Longs
    categories: Longs
    """How many it has."""
    first: Longs
    """The position of one of its incidents, to read coordinates at."""
    there: Flags
    """By incident: whether it stands at one of the points; what is left out."""


def places(lons: Floats, lats: Floats) -> Longs:
    """Return a number by position, the same for positions equal to a millionth of a degree."""
    east, north = (np.rint(side * 1e6).astype(np.int64) for side in (lons, lats))
    numbers: Longs = (east << 32) + north
    return numbers


def default_points(place: Longs, category: Numbers) -> DefaultPoints:
    """Return the default points among incidents.

    ``place``: (n,), the number of each one's position: of ``places``, or a position code at its
    finest; ``category``: (n,), whole numbers from 0. Takes tens of milliseconds a million.
    """
    some = np.flatnonzero(_crowded(place))
    some = some[np.argsort(place[some], kind="stable")]
    here, kind = place[some], category[some].astype(np.int64)
    starts = np.flatnonzero(np.r_[True, here[1:] != here[:-1]][: len(here)])
    group = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(here)]))
    kinds = int(kind.max(initial=0)) + 1
    pair, many = np.unique(group * kinds + kind, return_counts=True)
    owner = pair // kinds
    count = np.bincount(group, minlength=len(starts))
    categories = np.bincount(owner, minlength=len(starts))
    most = np.zeros(len(starts), np.int64)
    np.maximum.at(most, owner, many)
    enough = (count >= LEAST_REPORTS) & (categories >= LEAST_CATEGORIES)
    found = np.flatnonzero(enough & (most <= LARGEST_SHARE * count))
    there = np.zeros(len(place), np.bool_)
    there[some[np.isin(group, found)]] = True
    first = some[starts[found]]
    ranked = np.lexsort((place[first], -count[found]))
    told = found[ranked]
    return DefaultPoints(place[first[ranked]], count[told], categories[told], first[ranked], there)


def _crowded(place: Longs) -> Flags:
    """Return which may share their place with enough others: all that do, and a few more."""
    with np.errstate(over="ignore"):
        mixed = place.astype(np.uint64) * MIXING
    bucket = (mixed >> np.uint64(64 - BUCKETS)).astype(np.int32)
    crowded: Flags = np.bincount(bucket, minlength=1 << BUCKETS)[bucket] >= LEAST_REPORTS
    return crowded
