"""Streets that changed their name: both names find the street, whichever the source draws."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from shapely.geometry.base import BaseGeometry

from districts.geocoding.keys import place_key
from districts.geocoding.loading.features import Feature, Name
from districts.models import NameUse

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True, slots=True)
class FormerName:
    """A stretch of a street, its name until a day, and its name from then on."""

    old: str
    new: str
    box: Box
    """The pieces whose middle lies in it changed their name."""
    since: date | None
    """The day from which the new name is in use; None where it is not known."""
    keeps: bool
    """Whether the stretch keeps the old name beside the new one: a national road its number."""
    source: str

    def covers(self, shape: BaseGeometry) -> bool:
        """Tell whether this is a piece of the stretch."""
        west, south, east, north = self.box
        middle = shape.interpolate(0.5, normalized=True)
        return bool(west <= middle.x <= east and south <= middle.y <= north)


def read_former_names(path: Path) -> list[FormerName]:
    """Return the changes that a file lists, in its order; none where there is no file."""
    if not path.is_file():
        return []
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return [_change(one) for one in content["street"]]


def _change(one: Mapping[str, Any]) -> FormerName:
    west, south, east, north = one["box"]
    return FormerName(
        old=one["old"],
        new=one["new"],
        box=(west, south, east, north),
        since=one.get("since"),
        keeps=one.get("keeps", False),
        source=one["source"],
    )


def renamed(pieces: Iterable[Feature], changes: Sequence[FormerName]) -> list[Feature]:
    """Return the pieces of streets with their present names.

    The former name stays with its last day. A piece that keeps its name stays, and another under
    the new name stands beside it.
    """
    by_key: dict[str, list[FormerName]] = {}
    for change in changes:
        for key in {place_key(change.old), place_key(change.new)}:
            by_key.setdefault(key, []).append(change)
    found: list[Feature] = []
    for piece in pieces:
        known = by_key.get(place_key(piece.name), ()) if by_key else ()
        here = [one for one in known if one.covers(piece.shape)]
        found += _both(piece, here[0]) if here else [piece]
    return found


def _both(piece: Feature, change: FormerName) -> list[Feature]:
    ours = {place_key(change.old), place_key(change.new)}
    others = [name for name in piece.names if place_key(name.name) not in ours]
    if not change.keeps:
        former = Name(change.old, NameUse.FORMER, valid_to=change.since)
        new = Name(change.new, valid_from=change.since)
        return [replace(piece, names=(new, *others, former))]
    if place_key(piece.name) == place_key(change.new):
        return [piece]
    named = Name(change.new, valid_from=change.since)
    return [piece, replace(piece, reference=f"{piece.reference}+", names=(named,))]
