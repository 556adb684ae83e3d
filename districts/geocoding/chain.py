"""The gazetteer first; where it is unsure and one is configured, an external geocoder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.conf import settings

from districts import city
from districts.geocoding import external
from districts.geocoding.areas import AreaReading, meant, ward_at
from districts.geocoding.external import Service, Told
from districts.geocoding.found import Candidate, Geocoded, Means
from districts.geocoding.geocoder import geocoded
from districts.geocoding.parsed import Parsed
from districts.geocoding.parser import parse
from gis_core.positions import LonLat, OutOfRange, Position

IN_NAMED_AREA, NO_AREA_NAMED, ELSEWHERE_IN_CITY = 0.5, 0.35, 0.1
"""Confidence of what a service found: in the area that the text names, without one, in another.

Estimates, below what the gazetteer answers surely: no service was measured on the city's texts.
"""
HALF = 0.5
LATER = 0.7
"""How much less each next answer of a service counts."""


def geocode_with_externals(text: str, *, near: LonLat | None = None, limit: int = 5) -> Geocoded:
    """Return what ``geocoder.geocode`` does, and what the configured service adds to it.

    The service is asked only where the gazetteer's best candidate is less sure than
    ``WARDWISE_GEOCODER_BELOW_PERCENT``, the text names a place and does not speak of another
    province. Only the words of the place are sent. Call it outside a transaction; it may take
    ``WARDWISE_GEOCODER_TIMEOUT_S`` and two seconds more. A service that fails adds nothing.
    """
    parsed = parse(text)
    answer = geocoded(parsed, near=near, limit=limit)
    service = external.configured()
    if service is None or _is_sure(answer):
        return answer
    areas = meant(parsed)
    found = [] if areas.elsewhere else list(_asked(service, parsed, areas))
    if not found:
        return answer
    together = sorted([*answer.candidates, *found], key=lambda one: -one.confidence)
    attributions = dict.fromkeys([*answer.attributions, service.attribution])
    return replace(answer, candidates=tuple(together[:limit]), attributions=tuple(attributions))


def _is_sure(answer: Geocoded) -> bool:
    least, best = settings.WARDWISE_GEOCODER_BELOW_PERCENT / 100, answer.best
    # An area alone is what is left where the street in it is not known.
    return best is not None and best.means is not Means.AREA and best.confidence >= least


def _asked(service: Service, parsed: Parsed, areas: AreaReading) -> Iterator[Candidate]:
    """Yield what the service knows of the text's place, those within the city."""
    words = external.place_words(parsed, areas, city.current().name)
    for rank, told in enumerate(external.places(service, words) if words else ()):
        if (one := _candidate(told, areas)) is not None:
            yield replace(one, confidence=round(one.confidence * LATER**rank, 3))


def _candidate(told: Told, areas: AreaReading) -> Candidate | None:
    try:
        lonlat = told.lonlat
    except OutOfRange:
        return None
    ward = ward_at(lonlat)
    if ward is None:
        return None
    confidence, why = _confidence(lonlat, areas)
    return Candidate(
        position=Position(lonlat, told.radius_m, "geocoded"),
        label=told.label,
        means=Means.EXTERNAL,
        confidence=confidence,
        ward=ward,
        why=("external", *why),
    )


def _confidence(lonlat: LonLat, areas: AreaReading) -> tuple[float, tuple[str, ...]]:
    if not areas.readings:
        return NO_AREA_NAMED, ()
    within = sum(one.weight for one in areas.readings if one.covers(lonlat))
    why = "in_named_area" if within > HALF else "outside_named_area"
    return ELSEWHERE_IN_CITY + (IN_NAMED_AREA - ELSEWHERE_IN_CITY) * within, (why,)
