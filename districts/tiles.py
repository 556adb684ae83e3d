"""Areas of the edition in force as vector tiles."""

from __future__ import annotations

from typing import Final

from django.utils import timezone

from districts import city, rulebook
from districts.rulebook import EditionFacts, Rulebook
from gis_core import sql
from gis_core.tiles import Tile

DEEPEST_ZOOM: Final = 16


def ward_tile(place: Tile) -> bytes:
    """Return the Mapbox vector tile of today's wards; empty where there is none.

    Layers: ``wards`` (polygons) and ``ward_labels`` (points): code, name, full_name, approximate.
    Neighbours are drawn on the tile's own grid of 4096, so their shared edges meet.
    """
    edition = _in_force(rulebook.current())
    if edition is None:
        return b""
    asked = {"edition": edition.id, "z": place.z, "x": place.x, "y": place.y}
    [(tile,)] = sql.rows("districts", "ward_tile", asked)
    return bytes(tile)


def ward_revision() -> str:
    """Return what changes whenever a ward tile may: the edition and the catalogue's version."""
    book = rulebook.current()
    edition = _in_force(book)
    return f"{edition.id if edition else 0}.{book.version}"


def _in_force(book: Rulebook) -> EditionFacts | None:
    here = city.current()
    return book.in_force_or_former(here.territory, here.ward_level, timezone.localdate())
