"""Places while they are typed: the beginning of a name -> what may be meant, most likely first.

All names are held in memory, keyed by the catalogue's version, and asked by the beginnings of
their words (``word_index``); a keystroke costs one query, for the version. What was typed to its
end is the geocoder's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from districts import city, rulebook
from districts.geocoding import suggestible
from districts.geocoding.suggestible import Box, Name, Names, normal
from districts.geocoding.word_index import Floats
from districts.models.place import PlaceKind
from districts.territory import AreaRef
from gis_core.positions import LonLat

MOST: Final = 8
LONGEST: Final = 100
"""Characters of what is typed that are looked at."""
MOST_WORDS: Final = 12
LOOKED_AT: Final = 80
"""Names that are compared letter by letter, after a rough choice among all."""
AREA_WORD: Final = 0.45
"""What a word counts that is in the name of an area around the place, not in the place's own."""
LEAST: Final = 0.5
BEHIND: Final = 0.3
"""A name must fit at least so well, and at most so much worse than the best."""
MOST_NUMBERED: Final = 4
"""Streets offered with the house number that was typed."""
NEAR: Final = 0.15
NEAR_KM: Final = 5.0
"""A name where the reader looks counts so much more; a third of it so far away."""
CROSSING_FAVOUR: Final = 0.2
"""For a junction, where the word for one was typed."""
WHOLE_WORDS: Final = 0.8
"""What fits at least so well was not mistyped."""
LEAST_ACCURACY_M: Final = 30.0
KM_PER_DEGREE: Final = 111.195

_CROSSING = re.compile(r"(nga (tu|ba|nam|sau|bay)|vong xoay|giao lo|bung binh|goc)\b")
_NUMBERED = re.compile(
    r"\s*(?:s[ốo]\s+)?(?P<number>\d+\w?(?:[/-]\d+\w?)*)[\s,]+(?P<rest>[^\W\d].+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One place that what was typed may become."""

    name: str
    """As people say it: "Lê Duẩn", "Phường Bến Nghé"; behind the house number that was typed."""
    kind: str
    """A ``PlaceKind``, or "area"."""
    lonlat: LonLat
    accuracy_m: float
    box: Box
    """West, south, east, north in degrees."""
    former: bool = False
    present_name: str = ""
    """What a place is called today whose former name was typed; "" for an area that is gone."""
    ward: AreaRef | None = None
    """The ward in force around it."""
    district: AreaRef | None = None
    """The district around it, of today or the last there was."""
    text: str = ""
    """What to ask the geocoder when it is chosen: set where ``lonlat`` is not yet the place."""
    place: int | None = None
    """The gazetteer's place; None for an area."""


def suggest(typed: str, *, near: LonLat | None = None, limit: int = MOST) -> list[Suggestion]:
    """Return the places that ``typed`` may become, at most ``limit``; none where no word is.

    ``near`` is where the reader looks: of two equal names the nearer comes first.
    """
    names = suggestible.current(rulebook.newest_version())
    where = near or LonLat(*city.current().view.centre)
    typed = typed[:LONGEST]
    found = [_as_suggestion(names.names[one], names) for one in _ranked(typed, names, where)]
    return list(_once([*_numbered(typed, found, names, where), *found]))[:limit]


def attributions() -> tuple[str, ...]:
    """Return whose places are suggested, to be shown beside them."""
    return suggestible.current(rulebook.newest_version()).attributions


def _numbered(
    typed: str, whole: Sequence[Suggestion], names: Names, near: LonLat
) -> Iterator[Suggestion]:
    """Yield the streets behind a house number: the geocoder knows where on them it is."""
    match = _NUMBERED.fullmatch(typed)
    if match is None or (whole and normal(whole[0].name).startswith(normal(typed))):
        return
    streets = (names.names[one] for one in _ranked(match["rest"], names, near))
    for name in [one for one in streets if one.kind == PlaceKind.STREET][:MOST_NUMBERED]:
        street = _as_suggestion(name, names)
        said = f"{match['number']} {street.name}"
        ward = f", {street.ward.full_name}" if street.ward else ""
        yield replace(street, name=said, text=f"{said}{ward}")


def _ranked(typed: str, names: Names, near: LonLat) -> list[int]:
    """Return positions in ``names``, the likeliest first."""
    text = normal(typed)
    words = text.split()[:MOST_WORDS]
    if not words or not names.names:
        return []
    fit = _fit(words, names, typos=False)
    if fit.max() < WHOLE_WORDS:
        fit = np.maximum(fit, _fit(words, names, typos=True))
    rough = fit + names.likely + _nearness(names, near)
    if _CROSSING.match(text):
        rough[names.junctions] += CROSSING_FAVOUR
    rough[fit < max(LEAST, float(fit.max()) - BEHIND)] = -1
    many = min(LOOKED_AT, len(rough))
    best = [int(one) for one in np.argpartition(-rough, many - 1)[:many] if rough[one] >= 0]
    score = {one: float(rough[one]) + _order(text, names.names[one].name) for one in best}
    return sorted(best, key=lambda one: (-score[one], one))


def _fit(words: Sequence[str], names: Names, *, typos: bool) -> Floats:
    """Return for each name the share of the words that are in it: rare words count for more.

    Words of the areas around count a little, in company of a word of the name itself.
    """
    total, fit = 0.0, np.zeros(len(names.names), np.float32)
    own_words = np.zeros(len(names.names), bool)
    for number, word in enumerate(words, start=1):
        begun = number == len(words)
        own = names.words.closeness(word, begun=begun, typos=typos)
        area = names.area_words.closeness(word, begun=begun, typos=typos)
        around = np.append(area, np.float32(0))[names.around].max(axis=1, initial=0)
        weight = min(names.words.weight(word), names.area_words.weight(word))
        fit += weight * np.maximum(own, AREA_WORD * around)
        own_words |= own > 0
        total += weight
    return np.where(own_words, fit / total, 0).astype(np.float32)


def _nearness(names: Names, near: LonLat) -> Floats:
    """Return a bonus that falls with the distance: on a plane, for ordering only."""
    east = (names.lon - near.lon) * math.cos(math.radians(near.lat))
    km = np.hypot(east, names.lat - near.lat) * KM_PER_DEGREE
    return (NEAR * np.exp(-km / NEAR_KM)).astype(np.float32)


def _order(asked: str, name: str) -> float:
    """Return a bonus for words that stand together and in order, and for nothing beside them."""
    known = normal(name).removeprefix("duong ")
    wanted = asked.removeprefix("duong ")
    tight = 0.1 * min(1.0, len(wanted) / max(len(known), 1))
    if known.startswith(wanted):
        return tight + (0.3 if known == wanted else 0.2)
    return tight + (0.12 if f" {wanted}" in known else 0.0)


def _as_suggestion(one: Name, names: Names) -> Suggestion:
    district = (next(iter(level & set(one.around)), None) for level in names.districts)
    ward = next((area for area in one.around if area in names.wards), None)
    within = next((area for area in district if area is not None), None)
    west, south, east, north = one.box
    metres = 1000 * KM_PER_DEGREE
    reach = math.hypot((east - west) * math.cos(math.radians(south)), north - south) * metres / 2
    return Suggestion(
        name=one.name if one.former or not one.present else one.present,
        kind=one.kind,
        lonlat=LonLat(*one.lonlat),
        accuracy_m=round(max(reach, LEAST_ACCURACY_M)),
        box=one.box,
        former=one.former,
        present_name=one.present if one.former else "",
        ward=names.by_area[ward] if ward else None,
        district=names.by_area[within] if within else None,
        place=one.place,
    )


def _once(suggestions: Iterable[Suggestion]) -> Iterator[Suggestion]:
    """Yield each place once, and of what reads the same only the first."""
    places, read = set[int | None](), set[tuple[str, str, object]]()
    for one in suggestions:
        place = None if one.text else one.place
        line = (normal(one.name), one.kind, one.ward)
        if (place is not None and place in places) or line in read:
            continue
        places.add(place)
        read.add(line)
        yield one
