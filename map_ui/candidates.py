"""What the geocoder found, as pages show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from districts.explanation import area_name
from districts.geocoding.found import Candidate, Geocoded, Part
from districts.geocoding.reasons import in_words
from map_ui import catalogue


@dataclass(frozen=True, slots=True)
class ShownCandidate:
    """One numbered line of a list of candidates; ``token`` names it when it is chosen."""

    number: int
    label: str
    ward: str
    confidence: float
    accuracy_m: int
    why: tuple[str, ...]
    lon: float
    lat: float

    @property
    def token(self) -> str:
        """The place itself: a number alone would name another one after a gazetteer's loading."""
        return token_of(self.lon, self.lat)


def token_of(lon: float, lat: float) -> str:
    """Return a position as the form that chooses it says it."""
    return f"{lon:.6f},{lat:.6f}"


def shown(found: Geocoded) -> list[ShownCandidate]:
    """Return the candidates as numbered lines, in the reader's language."""
    return [_line(number, one) for number, one in enumerate(found.candidates, start=1)]


def chosen(found: Geocoded, token: str) -> Candidate | None:
    """Return the candidate that a form chose; None where there is none such any more."""
    places = ((one.position.lonlat, one) for one in found.candidates)
    return next((one for at, one in places if token_of(at.lon, at.lat) == token), None)


def marked(text: str, parts: tuple[Part, ...]) -> Iterator[tuple[str, bool]]:
    """Yield a text in pieces, and of each whether it says where."""
    at = 0
    for part in sorted(parts, key=lambda one: one.start):
        if part.start < at:
            continue
        yield text[at : part.start], False
        yield text[part.start : part.end], True
        at = part.end
    yield text[at:], False


def _line(number: int, one: Candidate) -> ShownCandidate:
    lonlat = one.position.lonlat
    ward = area_name(one.ward, catalogue.language()) if one.ward else ""
    return ShownCandidate(
        number=number,
        label=one.label,
        # A label mostly ends with its ward.
        ward="" if one.ward and one.label.endswith(one.ward.full_name) else ward,
        confidence=one.confidence,
        accuracy_m=round(one.position.accuracy_m),
        why=tuple(words for code in one.why if (words := in_words(code))),
        lon=round(lonlat.lon, 6),
        lat=round(lonlat.lat, 6),
    )
