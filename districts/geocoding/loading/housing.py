"""Houses and alleys find their street: by what their address says, else by what they touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from districts.geocoding.alley_names import alley_name
from districts.geocoding.keys import number_key, place_key
from districts.geocoding.loading.features import Feature, PlaceRecord
from districts.models import PlaceKind
from gis_core.planes import to_metres

TOUCHING_M = 15.0
HOUSE_WEIGHT = 0.1


def houses_of(features: Sequence[Feature]) -> list[PlaceRecord]:
    """Return a house for each address; house 28 of "Hẻm 18 Bis" is number 18BIS/28 of its street.

    An address that names no street, or an alley without one, is left out.
    """
    return [house for feature in features if (house := _house(feature))]


def _house(feature: Feature) -> PlaceRecord | None:
    number, key = number_key(feature.number), place_key(feature.street)
    if alley := alley_name(feature.street):
        number, key = f"{alley.number}/{number}", alley.street_key
    if not (number and key) or len(number) > 40:
        return None
    return PlaceRecord(
        reference=f"house:{feature.reference}",
        kind=PlaceKind.HOUSE,
        sort=feature.sort,
        name=f"{feature.number} {feature.street}"[:250],
        shape=shapely.point_on_surface(feature.shape),
        weight=HOUSE_WEIGHT,
        number=number,
        street_key=key,
    )


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


def _metric(records: Sequence[PlaceRecord], metric_srid: int) -> np.ndarray:
    return to_metres(np.array([record.shape for record in records], dtype=object), metric_srid)
