"""Streets that changed their name: both names find the street, whichever the source draws.

The file lists what changed, when, by which decision, and a place on the street by which it is told
from others of its name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import shapely

from districts.geocoding.keys import place_key
from districts.geocoding.loading.features import Name, PlaceRecord
from districts.models import NameUse
from gis_core.planes import to_metres

NEAR_M = 300.0


@dataclass(frozen=True, slots=True)
class FormerName:
    """A street's name until a day, and its name from then on."""

    old: str
    new: str
    since: date
    """The day from which the new name is in use."""
    near: shapely.Point
    """A place on the street, WGS 84."""
    source: str


def read_former_names(path: Path) -> list[FormerName]:
    """Return the changes that a file lists, oldest first; none where there is no file."""
    if not path.is_file():
        return []
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    changes = [
        FormerName(one["old"], one["new"], one["since"], shapely.Point(one["near"]), one["source"])
        for one in content["street"]
    ]
    return sorted(changes, key=lambda change: change.since)


def with_former_names(
    streets: Sequence[PlaceRecord], changes: Sequence[FormerName], metric_srid: int
) -> list[PlaceRecord]:
    """Return the streets, those that changed their name the new one first, the old one dated."""
    found = list(streets)
    if not (streets and changes):
        return found
    lines = to_metres(np.array([one.shape for one in streets], dtype=object), metric_srid)
    places = to_metres(np.array([one.near for one in changes], dtype=object), metric_srid)
    for change, place in zip(changes, places, strict=True):
        keys = {place_key(change.old), place_key(change.new)}
        near = [
            at
            for at in np.flatnonzero(shapely.distance(lines, place) < NEAR_M)
            if keys & {found[at].street_key, *(place_key(one.name) for one in found[at].names)}
        ]
        for at in near:
            found[at] = _renamed(found[at], change)
    return found


def _renamed(street: PlaceRecord, change: FormerName) -> PlaceRecord:
    ours = {place_key(change.old), place_key(change.new)}
    others = [name for name in street.names if place_key(name.name) not in ours]
    former = Name(change.old, NameUse.FORMER, valid_to=change.since)
    return replace(
        street,
        name=change.new,
        names=(Name(change.new, valid_from=change.since), *others, former),
        street_key=place_key(change.new),
    )
