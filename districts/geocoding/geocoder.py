"""Words -> where: the gazetteer's answer to a text."""

from __future__ import annotations

from districts.geocoding import crediting, gazetteer
from districts.geocoding.found import Geocoded
from districts.geocoding.parsed import Parsed
from districts.geocoding.parser import parse
from districts.geocoding.resolving import resolve
from districts.geocoding.warming import warm
from gis_core.positions import LonLat


def geocode(text: str, *, near: LonLat | None = None, limit: int = 5) -> Geocoded:
    """Return at most ``limit`` places that the text may mean, most likely first.

    None where it names no place in the city. ``near`` is where the writer is, if that is known.
    The same text, gazetteer and boundaries give the same answer. Never fails on any text.
    """
    return geocoded(parse(text), near=near, limit=limit)


def geocoded(parsed: Parsed, *, near: LonLat | None = None, limit: int = 5) -> Geocoded:
    """Return the answer to a text that was parsed."""
    version = gazetteer.version()
    warm(version)
    found = resolve(parsed, near=near, version=version)[:limit]
    places = {place for one in found for place in one.places}
    return Geocoded(
        text=parsed.text,
        candidates=tuple(found),
        attributions=crediting.attributions(places, version),
        version=version,
    )
