"""Junctions with a name of their own: roundabouts, and crossings after which bus stops are named.

A stop "Ngã 4 Hàng Xanh" stands beside the junction, not on it; where a source draws no junction of
this name, the streets that cross near its stops show where it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from districts.geocoding.keys import JUNCTION_KEYS, place_key
from districts.geocoding.loading.features import Name, PlaceRecord
from districts.geocoding.loading.grouping import Reach, grouped
from districts.geocoding.loading.surroundings import Surroundings
from districts.geocoding.loading.weighing import landmark_weight
from districts.models import NameUse, PlaceKind
from gis_core.planes import Shapes, to_metres

ONE_JUNCTION_M = 700.0
"""Stops of one name this near one another belong to one junction."""
SAME_M = 500.0
"""A junction of the source this near is the stops' own."""
BESIDE_M = 350.0
"""How far the stops of a junction may be from it."""
TOGETHER_M = 60.0
"""Crossings this near are one junction of all their streets."""
FAR_M = 600.0
"""A metre counts as much against a crossing as 1/600 of a street speaks for it."""
SORT = "junction/stops"


@dataclass(frozen=True, slots=True)
class _Crossings:
    """Where streets meet, in metres, with what speaks for each."""

    points: Shapes
    degrees: Sequence[shapely.Point]
    streets: Sequence[Mapping[str, float]]
    """By key the weight of each street that meets there."""


def with_junctions(
    records: Sequence[PlaceRecord], around: Surroundings, metric_srid: int
) -> list[PlaceRecord]:
    """Return the places with the junctions that stops are named after, and their bare names.

    ``around`` are the streets that cross there, and junctions that are known already.
    """
    drawn = [one for one in records if one.kind == PlaceKind.JUNCTION]
    known = [*drawn, *around.junctions]
    crossings = _crossings(around, metric_srid)
    found: list[PlaceRecord] = []
    for stops in _stops_of_one_junction(records, metric_srid):
        found += _junction(stops, known, crossings, metric_srid)
    others = [one for one in records if one.kind != PlaceKind.JUNCTION]
    return [*others, *(_with_bare_name(one) for one in (*drawn, *found))]


def bare_key(key: str) -> str:
    """Return a junction's key without its kind: "nga4hangxanh" -> "hangxanh"."""
    begins = max((begin for begin in JUNCTION_KEYS if key.startswith(begin)), key=len, default="")
    rest = key.removeprefix(begins)
    return bare_key(rest) if begins and rest.startswith(JUNCTION_KEYS) else rest


def _stops_of_one_junction(
    records: Sequence[PlaceRecord], metric_srid: int
) -> list[list[PlaceRecord]]:
    by_key: dict[str, list[PlaceRecord]] = {}
    for one in records:
        key = place_key(one.name)
        if one.kind == PlaceKind.STOP and key.startswith(JUNCTION_KEYS) and bare_key(key):
            by_key.setdefault(key, []).append(one)
    reach = Reach(ONE_JUNCTION_M, ONE_JUNCTION_M)
    return [
        [same[at] for at in group]
        for _, same in sorted(by_key.items())
        for group in grouped(_metric(same, metric_srid), [()] * len(same), reach)
    ]


def _junction(
    stops: Sequence[PlaceRecord],
    drawn: Sequence[PlaceRecord],
    crossings: _Crossings,
    metric_srid: int,
) -> list[PlaceRecord]:
    """Return the junction of these stops, none where the source draws it."""
    key = place_key(stops[0].name)
    middle = shapely.MultiPoint(list(_metric(stops, metric_srid))).centroid
    same = [one for one in drawn if bare_key(key) == bare_key(place_key(one.name))]
    if same and shapely.distance(_metric(same, metric_srid), middle).min() < SAME_M:
        return []
    first = min(stops, key=lambda stop: stop.reference)
    return [
        PlaceRecord(
            reference=f"junction:{first.reference}",
            kind=PlaceKind.JUNCTION,
            sort=SORT,
            name=first.name,
            shape=_place_of(bare_key(key), middle, crossings) or first.shape,
            weight=landmark_weight(SORT),
            names=(Name(first.name),),
        )
    ]


def _place_of(key: str, middle: shapely.Point, crossings: _Crossings) -> shapely.Point | None:
    """Return the crossing that these stops mean: of the street they name, else the greatest."""
    if not len(crossings.points):
        return None
    away = shapely.distance(crossings.points, middle)
    near: list[int] = np.flatnonzero(away < BESIDE_M).tolist()
    if not near:
        return None
    own = [at for at in near if key in crossings.streets[at]]
    if own:
        return crossings.degrees[min(own, key=lambda at: away[at])]
    importance = {at: _importance(at, near, crossings) - away[at] / FAR_M for at in near}
    return crossings.degrees[max(near, key=lambda at: importance[at])]


def _importance(at: int, near: Sequence[int], crossings: _Crossings) -> float:
    """Return the weights of all streets that meet within a junction's width of this crossing."""
    streets: dict[str, float] = {}
    for one in near:
        if shapely.dwithin(crossings.points[one], crossings.points[at], TOGETHER_M):
            streets.update(crossings.streets[one])
    return sum(streets.values())


def _crossings(around: Surroundings, metric_srid: int) -> _Crossings:
    degrees = [point for _, _, point in around.met]
    return _Crossings(
        points=to_metres(np.array(degrees, dtype=object), metric_srid),
        degrees=degrees,
        streets=[
            {around.streets[at].street_key: around.streets[at].weight for at in pair}
            for *pair, _ in around.met
        ],
    )


def _with_bare_name(junction: PlaceRecord) -> PlaceRecord:
    """Return the junction with what people call it for short: "Hàng Xanh"."""
    words = junction.name.split()
    while len(words) > 2 and place_key(" ".join(words[:2])) in JUNCTION_KEYS:
        words = words[2:]
    bare = " ".join(words)
    if bare == junction.name or len(words) < 2:
        return junction
    return replace(junction, names=(*junction.names, Name(bare, NameUse.SHORT)))


def _metric(records: Sequence[PlaceRecord], metric_srid: int) -> Shapes:
    return to_metres(np.array([one.shape for one in records], dtype=object), metric_srid)
