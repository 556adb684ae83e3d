"""Where and when a made-up crowd reports: streets drawn inside wards, hot spots, rain, five years.

Numbers in, numbers out; the same seed gives the same crowd.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis_core.positions import degrees_reach

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

YEARS: Final = 5
STREETS: Final = 14
"""Lines drawn in each ward."""
SPOTS: Final = 3
"""Places on each line where trouble comes back."""
LENGTHS_M: Final = (150.0, 600.0, 2_500.0)
"""Shortest, usual and longest line."""
BESIDE_M: Final = 6.0

RAIN: Final[Mapping[str, float]] = {
    "flooding": 6, "blocked-drain": 4, "fallen-tree": 4, "manhole-cover": 2, "pothole": 2,
    "road-subsidence": 2.5, "dangerous-branch": 2.5, "power-outage": 2, "power-line-down": 2.5,
}  # fmt: skip
"""How many times as often a trouble is reported in the rainy months as in the dry ones."""
RAINY_MONTHS: Final = range(5, 12)

COMMON: Final[Mapping[str, float]] = {
    "pothole": 9, "litter": 9, "street-lamp-out": 7, "sidewalk-encroachment": 7, "noise": 7,
    "illegal-parking": 6, "flooding": 5, "construction-waste": 5, "sidewalk-damage": 5,
    "water-leak": 4, "blocked-drain": 4, "tree-pruning": 4, "power-outage": 3, "no-water": 3,
    "hanging-cable": 3,
}  # fmt: skip
"""How common a trouble is beside one that is not named here, which counts 1."""

HOURS: Final = (1, 1, 1, 1, 1, 2, 5, 9, 10, 9, 8, 7, 5, 6, 7, 8, 8, 8, 7, 6, 5, 4, 3, 2)
"""How many reports each hour of the day brings."""


@dataclass(frozen=True, slots=True)
class Streets:
    """Lines by their two ends in degrees, how often each is reported from, and its spots."""

    begin: Floats
    end: Floats
    weight: Floats
    spots: Floats
    """Shape (lines, SPOTS): parts of the line's length."""


@dataclass(frozen=True, slots=True)
class Reports:
    """Reports in the order of their time, as arrays of one length."""

    lons: Floats
    lats: Floats
    category: Longs
    """Position in the list of categories."""
    seconds: Longs
    """Unix time."""


def draw_streets(wards: Sequence[BaseGeometry], chance: Generator) -> Streets:
    """Return STREETS lines for each ward, each wholly inside it; a town's lines cross squarely."""
    shapes = np.repeat(np.asarray(wards, object), STREETS)
    middle = _inside(shapes, chance)
    turn = np.repeat(chance.uniform(0, np.pi, len(wards)), STREETS)
    angle = (
        turn + chance.integers(0, 2, len(shapes)) * np.pi / 2 + chance.normal(0, 0.05, len(shapes))
    )
    shortest, usual, longest = LENGTHS_M
    half = np.clip(chance.lognormal(np.log(usual), 0.7, len(shapes)), shortest, longest) / 2
    reach = _degrees(middle[:, 1])
    along = np.stack((np.cos(angle), np.sin(angle)), axis=1) * half[:, None] * reach
    lines = shapely.linestrings(np.stack((middle - along, middle + along), axis=1))
    kept = _longest_part(shapely.intersection(lines, shapes), len(shapes))
    size = np.repeat(shapely.area(np.asarray(wards, object)), STREETS) / 1.6e-3
    return Streets(
        begin=shapely.get_coordinates(shapely.get_point(kept, 0)),
        end=shapely.get_coordinates(shapely.get_point(kept, -1)),
        weight=_shares(chance.lognormal(0, 1, len(kept)) / (1 + size)),
        spots=chance.uniform(0.05, 0.95, (len(kept), SPOTS)),
    )


def _inside(shapes: NDArray[np.object_], chance: Generator) -> Floats:
    """Return a point in each shape: one of some drawn in its box, else one that surely is."""
    box = shapely.bounds(shapes)
    points: Floats = shapely.get_coordinates(shapely.point_on_surface(shapes))
    for _ in range(8):
        drawn = chance.uniform(box[:, :2], box[:, 2:])
        hit = shapely.contains_xy(shapes, drawn[:, 0], drawn[:, 1])
        points[hit] = drawn[hit]
    return points


def _longest_part(cut: NDArray[np.object_], count: int) -> NDArray[np.object_]:
    parts, owner = shapely.get_parts(cut, return_index=True)
    order = np.lexsort((-shapely.length(parts), owner))
    _, first = np.unique(owner[order], return_index=True)
    kept: NDArray[np.object_] = parts[order][first]
    if len(kept) != count:
        raise AssertionError
    return kept


def _degrees(lats: Floats) -> Floats:
    """Return, for each latitude, how many degrees east and north one metre is."""
    dlon, dlat = degrees_reach(float(np.mean(lats)), 1.0)
    return np.broadcast_to(np.array([dlon, dlat]), (len(lats), 2))


def draw_reports(
    streets: Streets, categories: Sequence[str], many: int, until: datetime, chance: Generator
) -> Reports:
    """Return ``many`` reports from the YEARS before ``until``, whose zone is the city's."""
    street = chance.choice(len(streets.weight), many, p=streets.weight)
    common = _shares(np.array([COMMON.get(code, 1.0) for code in categories]))
    category = chance.choice(len(categories), many, p=common)
    # Half of what is said of a street is its own old trouble.
    own = chance.choice(len(categories), len(streets.weight), p=common)
    category = np.where(chance.random(many) < 0.5, own[street], category)
    lonlat = _on_streets(streets, street, chance)
    seconds = _times(category, categories, until, chance)
    order = np.argsort(seconds, kind="stable")
    lons, lats = np.round(lonlat[order], 6).T
    return Reports(lons, lats, category[order], seconds[order])


def _on_streets(streets: Streets, street: Longs, chance: Generator) -> Floats:
    many = len(street)
    spot = streets.spots[street, chance.integers(0, SPOTS, many)] + chance.normal(0, 0.02, many)
    part = np.where(chance.random(many) < 0.6, spot, chance.random(many))
    begin, end = streets.begin[street], streets.end[street]
    place = begin + (end - begin) * np.clip(part, 0, 1)[:, None]
    beside = chance.normal(0, BESIDE_M, (many, 2)) * _degrees(place[:, 1])
    lonlat: Floats = place + beside
    return lonlat


def _times(category: Longs, categories: Sequence[str], until: datetime, chance: Generator) -> Longs:
    """Return a moment for each report: more each year, fewer at weekends, with the rain."""
    last = until.replace(hour=0, minute=0, second=0, microsecond=0)
    days = [last - timedelta(days=back) for back in range(365 * YEARS, -1, -1)]
    usual = np.linspace(0.6, 1.4, len(days)) * [0.6 if day.weekday() > 4 else 1.0 for day in days]
    rainy = np.array([day.month in RAINY_MONTHS for day in days])
    day = np.empty(len(category), np.int64)
    for number, code in enumerate(categories):
        of_it = np.flatnonzero(category == number)
        weight = usual * np.where(rainy, RAIN.get(code, 1.0), 1.0)
        day[of_it] = chance.choice(len(days), len(of_it), p=_shares(weight))
    hour = chance.choice(24, len(category), p=_shares(np.array(HOURS, float)))
    seconds = hour * 3600 + chance.integers(0, 3600, len(category))
    midnight = np.array([int(day.timestamp()) for day in days])
    moments: Longs = np.minimum(midnight[day] + seconds, int(until.timestamp()) - 60)
    return moments


def _shares(weights: Floats) -> Floats:
    shares: Floats = weights / weights.sum()
    return shares
