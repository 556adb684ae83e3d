"""Areas of the edition in force as vector tiles."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from django.utils import timezone

from districts import city, rulebook
from districts.rulebook import EditionFacts, Rulebook
from gis_core import sql
from gis_core.tiles import Tile

DEEPEST_ZOOM: Final = 16
MOST_KEPT: Final = 256
"""Tiles that a process keeps. The largest of a whole city have 100 kB, most have a few."""


def ward_tile(place: Tile) -> bytes:
    """Return the Mapbox vector tile of today's wards; empty where there is none.

    Layers: ``wards`` (polygons) and ``ward_labels`` (points): code, name, full_name, approximate.
    Neighbours are drawn on the tile's own grid of 4096, so their shared edges meet.
    """
    book = rulebook.current()
    edition = _in_force(book)
    return _drawn(place, edition.id, book.version) if edition else b""


def ward_revision() -> str:
    """Return what changes whenever a ward tile may: the edition and the catalogue's version."""
    book = rulebook.current()
    edition = _in_force(book)
    return f"{edition.id if edition else 0}.{book.version}"


@lru_cache(maxsize=MOST_KEPT)
def _drawn(place: Tile, edition_id: int, _version: int) -> bytes:
    asked = {"edition": edition_id, "z": place.z, "x": place.x, "y": place.y}
    [(tile,)] = sql.rows("districts", "ward_tile", asked)
    return bytes(tile)


def _in_force(book: Rulebook) -> EditionFacts | None:
    here = city.current()
    return book.in_force_or_former(here.territory, here.ward_level, timezone.localdate())
