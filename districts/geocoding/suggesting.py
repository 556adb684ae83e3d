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
from itertools import chain, islice
from typing import Final

import numpy as np

from districts import city, rulebook
from districts.geocoding import gazetteer, suggestible
from districts.geocoding.suggestible import Box, Names, normal
from districts.geocoding.word_index import TYPO, Floats
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
UNKNOWN: Final = 0.35
"""What a word weighs that is in no name: it was mistyped, or says nothing about the place."""
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
_KIND = re.compile(r"^(duong|phuong|xa|quan|huyen|thi tran|thi xa|thanh pho|dac khu) ")
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
    other_name: str = ""
    """What it is called too, where that was typed."""
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
    found = _ranked(typed, names, where)
    numbered = _numbered(typed, found, names, where)
    plain = (_as_suggestion(one, names) for one in found)
    return list(islice(_once(chain(numbered, plain)), limit))


def attributions(suggestions: Iterable[Suggestion]) -> tuple[str, ...]:
    """Return whose places are suggested, to be shown beside them."""
    return gazetteer.attributions(one.place for one in suggestions if one.place is not None)


def _numbered(typed: str, whole: Sequence[int], names: Names, near: LonLat) -> Iterator[Suggestion]:
    """Yield the streets behind a house number: the geocoder knows where on them it is."""
    match = _NUMBERED.fullmatch(typed)
    if match is None or (whole and names.names[whole[0]].text.startswith(normal(typed))):
        return
    ranked = _ranked(match["rest"], names, near)
    streets = (one for one in ranked if names.names[one].kind == PlaceKind.STREET)
    for number in islice(streets, MOST_NUMBERED):
        street = _as_suggestion(number, names)
        said = f"{match['number']} {street.name}"
        ward = f", {street.ward.full_name}" if street.ward else ""
        yield replace(street, name=said, text=f"{said}{ward}")


def _ranked(typed: str, names: Names, near: LonLat) -> list[int]:
    """Return positions in ``names``, the likeliest first."""
    text = normal(typed)
    words = text.split()[:MOST_WORDS]
    if not words or not names.names:
        return []
    fit = _fit(words, names)
    rough = fit + names.likely + _nearness(names, near)
    if _CROSSING.match(text):
        rough[names.junctions] += CROSSING_FAVOUR
    rough[fit < max(LEAST, float(fit.max()) - BEHIND)] = -1
    many = min(LOOKED_AT, len(rough))
    best = [int(one) for one in np.argpartition(-rough, many - 1)[:many] if rough[one] >= 0]
    score = {one: float(rough[one]) + _order(text, names.names[one].text) for one in best}
    return sorted(best, key=lambda one: (-score[one], one))


def _fit(words: Sequence[str], names: Names) -> Floats:
    """Return for each name the share of the words that are in it: rare words count for more.

    Words of the areas around count a little, in company of a word of the name itself. Where no
    name has all words as typed, they may be mistyped.
    """
    begun = [number == len(words) for number in range(1, len(words) + 1)]
    own = [names.words.closeness(word, begun=last) for word, last in zip(words, begun, strict=True)]
    around = [
        _of_areas(names.area_words.closeness(word, begun=last), names)
        for word, last in zip(words, begun, strict=True)
    ]
    weights = [_weight(word, names) for word in words]
    fit = _shares(own, around, weights)
    if fit.max() >= WHOLE_WORDS:
        return fit
    for word, found in zip(words, own, strict=True):
        mistyped = names.words.mistyped(word)
        found[mistyped] = np.maximum(found[mistyped], TYPO)
    return _shares(own, around, weights)


def _weight(word: str, names: Names) -> float:
    known = (names.words.weight(word), names.area_words.weight(word))
    return min((one for one in known if one), default=UNKNOWN)


def _of_areas(closeness: Floats, names: Names) -> Floats | None:
    """Return for each name what a word counts that is in the name of an area around it."""
    if not closeness.any():
        return None
    ways = np.append(closeness, np.float32(0))[names.around].max(axis=1, initial=0)
    shares: Floats = (AREA_WORD * ways)[names.lying]
    return shares


def _shares(
    own: Sequence[Floats], around: Sequence[Floats | None], weights: Sequence[float]
) -> Floats:
    fit, named = np.zeros_like(own[0]), np.zeros(len(own[0]), bool)
    for mine, areas, weight in zip(own, around, weights, strict=True):
        fit += np.float32(weight) * (mine if areas is None else np.maximum(mine, areas))
        named |= mine > 0
    fit[~named] = 0
    return fit / np.float32(sum(weights))


def _nearness(names: Names, near: LonLat) -> Floats:
    """Return a bonus that falls with the distance: on a plane, for ordering only."""
    east = (names.lon - near.lon) * math.cos(math.radians(near.lat))
    km = np.hypot(east, names.lat - near.lat) * KM_PER_DEGREE
    return (NEAR * np.exp(-km / NEAR_KM)).astype(np.float32)


def _order(asked: str, whole: str) -> float:
    """Return a bonus for words that stand together and in order, and for nothing beside them."""
    known = whole if whole.startswith(asked) else _KIND.sub("", whole)
    tight = 0.1 * min(1.0, len(asked) / max(len(known), 1))
    if known.startswith(asked):
        return tight + (0.3 if known == asked else 0.2)
    return tight + (0.12 if f" {asked}" in known else 0.0)


def _as_suggestion(number: int, names: Names) -> Suggestion:
    one = names.names[number]
    ward, district = names.surroundings(number)
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
        other_name="" if one.former or one.short or not one.present else one.name,
        ward=ward,
        district=district,
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
