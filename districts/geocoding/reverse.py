"""Position -> words, as people would say where it is: "trước 45 Lê Lợi, phường Sài Gòn".

What tells most is taken: a crossing under the feet, the house in front, the alley or street, what
people know nearby, at last the ward alone. One query, and a second one where two streets are near.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext

from districts.explanation import area_name
from districts.geocoding import areas, gazetteer
from districts.geocoding.gazetteer import Nearby
from districts.models.place import PlaceKind
from districts.territory import AreaRef
from gis_core import languages
from gis_core.positions import LonLat, distance_m

REACH_M: Final = 200.0
HOUSE_M: Final = 25.0
ON_CROSSING_M: Final = 15.0
CROSSING_M: Final = 35.0
ON_ALLEY_M: Final = 12.0
ON_STREET_M: Final = 35.0
NUMBER_M: Final = 120.0
"""How far along a street a number is still worth naming."""
KNOWN_M: Final = 150.0
"""A place that everybody knows counts as so much nearer than one that nobody does."""

# What is part of the name, and so needs no word for a street before it.
_OWN_WORD = re.compile(
    r"(đường|quốc lộ|tỉnh lộ|hương lộ|xa lộ|đại lộ|liên |hẻm|hem|ngõ|kiệt|phố|cầu|hầm|duong|ql\d)",
    re.IGNORECASE,
)
_ENGLISH = re.compile(r"\b(street|road|boulevard|avenue|alley)$", re.IGNORECASE)
_RELATION = re.compile(r"(đối diện|kế|cạnh|gần|trước|sau)\b", re.IGNORECASE)
_NUMBER = re.compile(r"[A-Z]{0,3}\d{1,5}(?!\d)")


class Near(StrEnum):
    """What a position is told by."""

    HOUSE = "house"
    CROSSING = "crossing"
    JUNCTION = "junction"
    ALLEY = "alley"
    STREET = "street"
    LANDMARK = "landmark"
    AREA = "area"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Told:
    """What was chosen, without words for it."""

    near: Near
    name: str = ""
    """As the gazetteer has it: "45 Lê Lợi", "Lê Lợi", "Chợ Bến Thành"."""
    second: str = ""
    """The other street of a crossing; the number of a house near by on a street."""
    distance_m: float = 0.0
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Described:
    """A position in words, and what they rest on."""

    label: str
    """In the active language; "" where nothing is near and no ward holds it."""
    told: Told
    ward: AreaRef | None


def describe(lonlat: LonLat) -> Described:
    """Return the position in words of the active language, Vietnamese or English."""
    nearby = gazetteer.around(lonlat, REACH_M)
    ward = areas.ward_at(lonlat)
    told = chosen(nearby, _crossing(lonlat, nearby))
    if told.near is Near.NOWHERE and ward is not None:
        told = Told(Near.AREA)
    return Described(", ".join(filter(None, (_words(told), _ward_words(ward)))), told, ward)


def chosen(nearby: Sequence[Nearby], crossing: Told | None) -> Told:
    """Return what tells most. ``nearby`` come nearest first. Pure."""
    return (
        _within(crossing, ON_CROSSING_M)
        or _first(nearby, PlaceKind.HOUSE, HOUSE_M, Near.HOUSE)
        or _within(crossing, CROSSING_M)
        or _first(nearby, PlaceKind.ALLEY, ON_ALLEY_M, Near.ALLEY)
        or _on_street(nearby)
        or _known(nearby)
        or Told(Near.NOWHERE)
    )


def _within(told: Told | None, metres: float) -> Told | None:
    return told if told and told.distance_m <= metres else None


def _first(nearby: Iterable[Nearby], kind: PlaceKind, metres: float, near: Near) -> Told | None:
    for one in nearby:
        if one.kind == kind and one.distance_m <= metres:
            return Told(near, one.name, "", one.distance_m, (one.place,))
    return None


def _on_street(nearby: Sequence[Nearby]) -> Told | None:
    """Return the street or the alley that is nearest, with a number near by where one is known."""
    lines = (one for one in nearby if one.kind in {PlaceKind.STREET, PlaceKind.ALLEY})
    line = next(lines, None)
    if line is None or line.distance_m > ON_STREET_M:
        return None
    if line.kind == PlaceKind.ALLEY:
        return Told(Near.ALLEY, line.name, "", line.distance_m, (line.place,))
    numbers = (
        one
        for one in nearby
        if one.kind == PlaceKind.HOUSE
        and one.street_key == line.street_key
        and _NUMBER.match(one.number)
    )
    house = next(numbers, None)
    if house is None or house.distance_m > NUMBER_M:
        return Told(Near.STREET, line.name, "", line.distance_m, (line.place,))
    both = (line.place, house.place)
    return Told(Near.STREET, line.name, house.number, line.distance_m, both)


def _known(nearby: Iterable[Nearby]) -> Told | None:
    """Return the landmark that is near and known; a street further off only where there is none."""
    marks = {PlaceKind.LANDMARK: 0.0, PlaceKind.JUNCTION: 0.0, PlaceKind.STOP: KNOWN_M}
    places = [one for one in nearby if one.kind in marks and len(one.name) > 2]
    if not places:
        return _first(nearby, PlaceKind.STREET, REACH_M, Near.STREET)
    best = min(
        places, key=lambda one: (one.distance_m - KNOWN_M * one.weight + marks[one.kind], one.place)
    )
    near = Near.JUNCTION if best.kind == PlaceKind.JUNCTION else Near.LANDMARK
    return Told(near, best.name, "", best.distance_m, (best.place,))


def _crossing(lonlat: LonLat, nearby: Iterable[Nearby]) -> Told | None:
    streets = {
        one.place: one.name
        for one in nearby
        if one.kind == PlaceKind.STREET and one.distance_m <= CROSSING_M
    }
    points = gazetteer.crossings(list(streets)) if len(streets) > 1 else []
    if not points:
        return None
    met = min(points, key=lambda one: (distance_m(lonlat, one.lonlat), one.first, one.second))
    first, second = sorted((met.first, met.second), key=lambda place: streets[place])
    metres = distance_m(lonlat, met.lonlat)
    return Told(Near.CROSSING, streets[first], streets[second], metres, (first, second))


def _words(told: Told) -> str:
    """Return what was chosen in words, without the ward."""
    return _WORDS[told.near](told)


def _crossing_words(told: Told) -> str:
    names = {"street": told.name, "other": told.second}
    return gettext("corner of %(street)s and %(other)s") % names


def _house_words(told: Told) -> str:
    if _RELATION.match(told.name):
        return _lower(told.name)
    return gettext("in front of %(house)s") % {"house": told.name}


def _line_words(told: Told) -> str:
    if not told.second:
        return _street(told.name)
    named = {"street": _street(told.name), "number": told.second}
    return gettext("%(street)s, near number %(number)s") % named


def _beside(told: Told) -> str:
    if told.distance_m < 1 and told.near is Near.LANDMARK:
        return gettext("at %(place)s") % {"place": told.name}
    return gettext("near %(place)s") % {"place": told.name}


def _street(name: str) -> str:
    """Return the name of a street within a sentence: "đường Lê Lợi", "hẻm 602 Điện Biên Phủ"."""
    if _ENGLISH.search(name):
        return name
    if _OWN_WORD.match(name):
        return _lower(name)
    return gettext("%(street)s street") % {"street": name}


def _ward_words(ward: AreaRef | None) -> str:
    if ward is None:
        return ""
    language = languages.active()
    name = area_name(ward, language)
    return name if language == "en" else _lower(name)


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


_WORDS: Final[Mapping[Near, Callable[[Told], str]]] = {
    Near.CROSSING: _crossing_words,
    Near.HOUSE: _house_words,
    Near.STREET: _line_words,
    Near.ALLEY: _line_words,
    Near.LANDMARK: _beside,
    Near.JUNCTION: _beside,
    Near.AREA: lambda _: "",
    Near.NOWHERE: lambda _: "",
}
