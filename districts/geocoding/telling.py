"""A parsed text and its candidates as lines that a person reads, and as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from django.utils.translation import gettext

from districts.geocoding.found import Candidate, Geocoded, Means
from districts.geocoding.parsed import Mention, Parsed, Window
from districts.geocoding.reasons import in_words
from gis_core.errors import N_

MENTIONS: Final[Mapping[str, str]] = {
    "Street": N_("street"),
    "Junction": N_("crossing"),
    "Stretch": N_("stretch of a street"),
    "Landmark": N_("landmark"),
    "AreaName": N_("ward or district"),
    "Milestone": N_("kilometre post"),
    "AssetNumber": N_("number on an asset"),
    "Pin": N_("coordinates"),
    "Elsewhere": N_("another province"),
}
"""By class of mention."""

MEANS: Final[Mapping[Means, str]] = {
    Means.PIN: N_("coordinates"),
    Means.HOUSE: N_("house"),
    Means.INTERPOLATED: N_("house, by its number"),
    Means.ALLEY: N_("alley"),
    Means.ALLEY_MOUTH: N_("mouth of an alley, by its number"),
    Means.JUNCTION: N_("crossing"),
    Means.STRETCH: N_("stretch of a street"),
    Means.LANDMARK: N_("landmark"),
    Means.MILESTONE: N_("kilometre post"),
    Means.ASSET: N_("number on an asset"),
    Means.STREET: N_("street"),
    Means.AREA: N_("ward or district"),
    Means.EXTERNAL: N_("another service"),
}
"""How a place was found."""


def lines(parsed: Parsed, answer: Geocoded) -> Iterator[str]:
    """Yield what was read and what it may mean, in the active language."""
    yield gettext("Read:")
    for mention in parsed.mentions:
        yield f"  {gettext(MENTIONS[type(mention).__name__])}: {_said(parsed, mention)}"
    if not parsed.mentions:
        yield "  " + gettext("nothing about a place")
    yield gettext("Found:")
    for number, candidate in enumerate(answer.candidates, start=1):
        yield from _candidate(number, candidate)
    if not answer.candidates:
        yield "  " + gettext("no place in the city")
    yield from answer.attributions


def _candidate(number: int, one: Candidate) -> Iterator[str]:
    lonlat = one.position.lonlat
    yield f"{number:3d}. {one.label}"
    yield "     " + gettext(
        "%(means)s; %(share)d %% sure; within %(metres)d m of %(lat).6f, %(lon).6f"
    ) % {
        "means": gettext(MEANS[one.means]),
        "share": round(one.confidence * 100),
        "metres": round(one.position.accuracy_m),
        "lat": lonlat.lat,
        "lon": lonlat.lon,
    }
    for part in one.parts:
        yield f"     “{part.text}” → {part.name}"
    if why := [words for code in one.why if (words := in_words(code))]:
        yield "     " + "; ".join(why)


def _said(parsed: Parsed, mention: Mention) -> str:
    """Return the words of a mention, with what was read of numbers and relations."""
    found = []
    for field in fields(mention):
        value = getattr(mention, field.name)
        if isinstance(value, Window):
            found.append(_words(parsed, value))
        elif field.name == "streets":
            found.append(" × ".join(_words(parsed, window) for window in value))
        elif field.name in {"house", "number", "km", "text"} and value:
            found.append(str(value))
        elif field.name == "alleys" and value:
            found.append("/".join(value))
    return " · ".join(dict.fromkeys(found)) or parsed.text


def _words(parsed: Parsed, window: Window) -> str:
    return " ".join(token.spelled for token in parsed.words(window))


def values(parsed: Parsed, answer: Geocoded) -> dict[str, Any]:
    """Return the same as plain values, for JSON."""
    return {
        "text": answer.text,
        "read": [
            {"kind": type(one).__name__.lower(), "words": _said(parsed, one)}
            for one in parsed.mentions
        ],
        "candidates": [_values(one) for one in answer.candidates],
        "attributions": list(answer.attributions),
        "version": answer.version,
    }


def _values(one: Candidate) -> dict[str, Any]:
    return {
        "lon": round(one.position.lonlat.lon, 6),
        "lat": round(one.position.lonlat.lat, 6),
        "accuracy_m": one.position.accuracy_m,
        "label": one.label,
        "means": one.means.value,
        "confidence": one.confidence,
        "ward_code": one.ward.code if one.ward else None,
        "ward": one.ward.full_name if one.ward else None,
        "parts": [
            {"text": part.text, "start": part.start, "end": part.end, "name": part.name}
            for part in one.parts
        ],
        "why": list(one.why),
    }
