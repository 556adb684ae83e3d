"""Places: suggested while typing, found in words, told in words. Nothing asked is kept."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Query, Router

from districts.explanation import area_name
from districts.geocoding import gazetteer, geocoder, suggesting
from districts.geocoding.found import Candidate, Geocoded
from districts.geocoding.reasons import in_words
from districts.geocoding.reverse import describe
from districts.geocoding.suggesting import Suggestion
from districts.placement import read_lonlat
from gis_core import languages
from gis_core.positions import LonLat
from incidents.answers import AreaName
from incidents.api import place_schemas, schemas
from incidents.errors import NothingAsked, TextHasNul, TooMuchAsked

router = Router(tags=["places"])
LONGEST = 10_000
KEPT_S = 300
"""How long a browser may use an answer again; nobody in between may keep what people type."""


@router.get(
    "/suggest",
    response=place_schemas.Suggestions,
    openapi_extra=schemas.described(422, 503),
    summary="Places while they are typed",
)
def suggest(
    request: HttpRequest,
    response: HttpResponse,
    q: Annotated[str, Query(examples=["nga tu hang xanh"])] = "",
    lon: Annotated[float | None, Query(description="Where the reader looks")] = None,
    lat: float | None = None,
) -> dict[str, Any]:
    """Return up to 8 areas, streets, junctions and landmarks; marks and small typos do not matter.

    An empty ``q`` has no suggestions, and makes the names ready for the next question.
    """
    near = LonLat(lon, lat) if lon is not None and lat is not None else None
    found = suggesting.suggest(q.replace("\0", " "), near=near)
    response["Cache-Control"] = f"private, max-age={KEPT_S}"
    return {
        "suggestions": [_suggestion(one, languages.active()) for one in found],
        "attribution": suggesting.attributions(found),
    }


@router.post(
    "/geocode",
    response=place_schemas.Candidates,
    openapi_extra=schemas.described(422, 503),
    summary="Places that a text may mean",
)
def geocode(
    request: HttpRequest, response: HttpResponse, asked: place_schemas.Asked
) -> dict[str, Any]:
    """Return a FeatureCollection of candidates with how sure each is, and why."""
    near = LonLat(asked.near.lon, asked.near.lat) if asked.near else None
    found = find(asked.text, near=near, limit=asked.limit)
    response["Cache-Control"] = "no-store"
    return {
        "features": [feature(one, languages.active()) for one in found.candidates],
        "attribution": found.attributions,
        "version": found.version,
    }


@router.get(
    "/reverse",
    response=place_schemas.InWords,
    openapi_extra=schemas.described(422, 503),
    summary="A position in words",
)
def reverse(
    request: HttpRequest,
    response: HttpResponse,
    lon: Annotated[float, Query(examples=[106.7004])],
    lat: Annotated[float, Query(examples=[10.7769])],
) -> dict[str, Any]:
    """Say a position as people would: "trước 45 Lê Lợi, Phường Sài Gòn"."""
    found = describe(read_lonlat(lon, lat))
    response["Cache-Control"] = f"private, max-age={KEPT_S}"
    return {"text": found.label, "attribution": gazetteer.attributions(found.told.places)}


def find(text: str, *, near: LonLat | None = None, limit: int) -> Geocoded:
    """Return what a text may mean. Raises NothingAsked, TooMuchAsked, TextHasNul."""
    if len(text) > LONGEST:
        raise TooMuchAsked(length=len(text), longest=LONGEST)
    if "\0" in text:
        raise TextHasNul(field="text")
    if not any(letter.isalnum() for letter in text):
        raise NothingAsked
    return geocoder.geocode(text, near=near, limit=limit)


def feature(one: Candidate, spoken: str) -> dict[str, Any]:
    """Return a candidate as a GeoJSON feature."""
    ward = one.ward
    lonlat = one.position.lonlat
    return {
        "geometry": {"coordinates": (round(lonlat.lon, 6), round(lonlat.lat, 6))},
        "properties": {
            "label": one.label,
            "confidence": round(one.confidence, 3),
            "accuracy_m": round(one.position.accuracy_m, 1),
            "means": str(one.means),
            "ward": ward and AreaName(ward.code, ward.name, area_name(ward, spoken), ward.kind),
            "parts": one.parts,
            "why": [words for code in one.why if (words := in_words(code))],
            "shape": one.line.__geo_interface__ if one.line is not None else None,
        },
    }


def _suggestion(one: Suggestion, spoken: str) -> dict[str, Any]:
    return {
        "label": one.name,
        "detail": _detail(one, spoken),
        "kind": one.kind,
        "lon": round(one.lonlat.lon, 6),
        "lat": round(one.lonlat.lat, 6),
        "accuracy_m": one.accuracy_m,
        "box": tuple(round(degrees, 5) for degrees in one.box),
        "text": one.text,
    }


def _detail(one: Suggestion, spoken: str) -> str:
    """Return what tells a place from others of its name."""
    around = [area_name(area, spoken) for area in (one.ward,) if area]
    if one.district and one.district.full_name != one.name:
        around.append(area_name(one.district, spoken))
    where = " · ".join(around)
    if one.present_name:
        former = gettext("former name of %(name)s") % {"name": one.present_name}
        return f"{former}, {where}" if where else former
    if one.other_name:
        where = " · ".join([gettext("also %(name)s") % {"name": one.other_name}, *around])
    if one.former and one.ward:
        return gettext("former area, today %(where)s") % {"where": where}
    return where
