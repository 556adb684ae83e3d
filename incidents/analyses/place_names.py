"""What many places are called at once: the nearest street, and the ward of today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from django.utils import timezone

from districts import bulk_placement, city, rulebook
from districts.explanation import area_name
from gis_core import sql

MOST: Final = 1_000
"""Places at a time: a ranked table is shorter."""
REACH_M: Final = 200.0
"""A street further off says nothing of where a place is."""


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place's street and ward; "" where none is near, or none holds it."""

    street: str
    """As the gazetteer has it."""
    ward: str
    """With its kind, in the language asked for."""
    ward_code: str


def place_names(places: Sequence[tuple[float, float]], language: str) -> list[PlaceName]:
    """Return the names of places, given as (longitude, latitude), in their order.

    The ward is that of the published edition in force today, or of the last one, by the cell
    index; one statement finds all streets. Raises ValueError for more than MOST places.
    """
    if len(places) > MOST:
        msg = f"at most {MOST} places are named at a time"
        raise ValueError(msg)
    if not places:
        return []
    lons, lats = np.asarray(places, np.float64).T.copy()
    asked = {"lons": lons.tolist(), "lats": lats.tolist(), "reach_m": REACH_M}
    streets = {number - 1: name for number, name in sql.rows("incidents", "streets_near", asked)}
    wards = _wards(lons, lats, language)
    return [PlaceName(streets.get(n, ""), *ward) for n, ward in enumerate(wards)]


def _wards(
    lons: bulk_placement.Floats, lats: bulk_placement.Floats, language: str
) -> list[tuple[str, str]]:
    """Return name and code of the ward of each place; of places too far from any, "" and ""."""
    here, book = city.current(), rulebook.current()
    edition = book.in_force_or_former(here.territory, here.ward_level, timezone.localdate())
    if edition is None:
        return [("", "")] * len(lons)
    known = bulk_placement.of_edition(edition.id)
    found = known.place(lons, lats).area
    areas = {n: known.areas[n] for n in set(found.tolist()) - {-1}}
    names = {
        n: (area_name(book.areas[area.id][1], language), area.code) for n, area in areas.items()
    }
    return [names.get(n, ("", "")) for n in found.tolist()]
