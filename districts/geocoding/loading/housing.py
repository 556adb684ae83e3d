"""Houses and alleys find their street: by what their address says, else by what they touch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from districts.geocoding.alley_names import alley_name
from districts.geocoding.keys import initials, number_key, place_key
from districts.geocoding.loading.features import Feature, PlaceRecord
from districts.geocoding.typos import closeness
from districts.models import PlaceKind
from gis_core.names import folded
from gis_core.planes import Shapes, to_metres

TOUCHING_M = 15.0
OWN_STREET_M = 500.0
"""A house stands on the street of its address if that is this near."""
LIKE_STREET_M = 300.0
HOUSE_WEIGHT = 0.1
SAME_HOUSE_DEGREES = 4
"""Decimals: two addresses with one number within about ten metres are one house."""

BESIDE = frozenset({"doi", "dien", "ke", "ben", "canh", "truoc", "nha", "bis", "ter"})
_WORDY = re.compile(r"[a-z]{3,}")


def houses_of(features: Sequence[Feature]) -> list[PlaceRecord]:
    """Return a house for each address; house 28 of "Hẻm 18 Bis" is number 18BIS/28 of its street.

    An address that names no street, an alley without one, or whose number is a description
    ("cột điện 3/21") is left out; so is a second one of the same number and place.
    """
    houses = [house for feature in features if (house := _house(feature))]
    once: dict[tuple[object, ...], PlaceRecord] = {}
    for house in sorted(houses, key=lambda one: one.reference):
        x, y = shapely.get_coordinates(house.shape)[0].tolist()
        spot = (round(x, SAME_HOUSE_DEGREES), round(y, SAME_HOUSE_DEGREES))
        once.setdefault((house.street_key, house.number, spot), house)
    return list(once.values())


def _house(feature: Feature) -> PlaceRecord | None:
    street = feature.street.split(",")[0]
    number, key = clean_number(feature.number), place_key(street)
    if alley := alley_name(street):
        number, key = f"{alley.number}/{number}" if number else "", alley.street_key
    if not (number and key) or len(number) > 40:
        return None
    return PlaceRecord(
        reference=f"house:{feature.reference}",
        kind=PlaceKind.HOUSE,
        sort=feature.sort,
        name=f"{feature.number} {street}"[:250],
        shape=shapely.point_on_surface(feature.shape),
        weight=HOUSE_WEIGHT,
        number=number,
        street_key=key,
    )


def clean_number(text: str) -> str:
    """Return the key of a house number, "" for a text that tells something else.

    The house opposite, or next door, is near enough: "Đối diện 121-123", "Kế số 8".
    """
    words = " ".join(word for word in folded(text).split() if word not in BESIDE)
    return "" if _WORDY.search(words) else number_key(text)


def with_streets(
    alleys: Sequence[PlaceRecord], streets: Sequence[PlaceRecord], metric_srid: int
) -> list[PlaceRecord]:
    """Return the alleys, those whose name tells no street with the nearest one that they touch."""
    alone = [at for at, alley in enumerate(alleys) if alley.number and not alley.street_key]
    found = list(alleys)
    if not (alone and streets):
        return found
    tree = shapely.STRtree(_metric(streets, metric_srid))
    ends = _metric([alleys[at] for at in alone], metric_srid)
    pairs = tree.query_nearest(ends, max_distance=TOUCHING_M, all_matches=False)
    for one, street in zip(*pairs, strict=True):
        at = alone[int(one)]
        found[at] = replace(alleys[at], street_key=streets[int(street)].street_key)
    return found


def with_known_streets(
    records: Sequence[PlaceRecord], streets: Sequence[PlaceRecord], metric_srid: int
) -> list[PlaceRecord]:
    """Return houses and alleys, with the key of the street beside them where theirs is not known.

    That is the street whose initials they give ("CMT8"), whose name is a typo away, or to whose
    name they add a place ("Tỉnh lộ 8 Củ Chi").
    """
    found = list(records)
    if not (records and streets):
        return found
    lines, spots = _metric(streets, metric_srid), _metric(records, metric_srid)
    tree = shapely.STRtree(lines)
    near, there = tree.query(spots, predicate="dwithin", distance=OWN_STREET_M)
    beside: dict[int, list[int]] = {}
    for at, street in zip(near.tolist(), there.tolist(), strict=True):
        beside.setdefault(at, []).append(street)
    for at, candidates in beside.items():
        key = records[at].street_key
        if key and not any(streets[one].street_key == key for one in candidates):
            like = [one for one in candidates if _is_meant(key, streets[one])]
            gaps = shapely.distance(lines[like], spots[at]) if like else np.array([np.inf])
            if gaps.min() < LIKE_STREET_M:
                found[at] = replace(records[at], street_key=streets[like[gaps.argmin()]].street_key)
    return found


def _is_meant(key: str, street: PlaceRecord) -> bool:
    names = [name.name for name in street.names]
    if key in {place_key(name) for name in names} or key in {initials(name) for name in names}:
        return True
    own = street.street_key
    longer = len(own) > 4 and key.startswith(own) and not key[len(own)].isdigit()
    return longer or closeness(key, own) > 0


def _metric(records: Sequence[PlaceRecord], metric_srid: int) -> Shapes:
    return to_metres(np.array([record.shape for record in records], dtype=object), metric_srid)
