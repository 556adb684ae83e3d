"""The ways in which areas' names are written -> the areas. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from districts.geocoding.areas.known import KnownArea
from gis_core.names import folded, spelled

SPELLED, UNMARKED, MARKED_ELSE, SHORTENED = 1.0, 0.97, 0.8, 0.75
"""Closeness: letter by letter; with no mark written; with other marks; initials."""
ONE_OFF, TWO_OFF = 0.7, 0.5
"""Closeness of a name with one or two letters wrong."""
LONG_KEY = 8
"""Letters from which on two wrong ones, or a wrong space, still leave no other name."""
LONGEST_NAME = 6
"""Words in the longest names, with one to spare for a word cut in two."""

_ZEROS = re.compile(r"^0+(?=\d)")


@dataclass(frozen=True, slots=True)
class Hit:
    """An area that bears the name, and how nearly it is written so (0 to 1)."""

    area: KnownArea
    closeness: float


@lru_cache(maxsize=8192)
def area_key(name: str) -> str:
    """Return what the ways of writing one area's name share: "Quy Đức", "qui duc" -> "quiduc".

    Without spaces, so that words written together or apart agree; "05" is "5".
    """
    return _ZEROS.sub("", folded(name).replace(" ", "").replace("y", "i"))


@dataclass(frozen=True)
class Spellings:
    """The areas of one level by the keys of their names."""

    whole: Mapping[str, tuple[KnownArea, ...]]
    short: Mapping[str, tuple[KnownArea, ...]]
    """By initials, "bt", and by the first letter with the last word, "bthanh"."""
    fuzzy: Sequence[str]
    """The keys that may be misspelt: no numbers."""

    def named(self, written: str) -> list[Hit]:
        """Return the areas whose name is written so, but for marks."""
        areas = self.whole.get(area_key(written), ())
        return [Hit(area, _closeness(written, area.name)) for area in areas]

    def shortened(self, written: str) -> list[Hit]:
        """Return the areas whose name may be shortened so."""
        key = spelled(written).replace(" ", "")
        return [Hit(area, SHORTENED) for area in self.short.get(key, ())]

    def close_to(self, written: str) -> list[Hit]:
        """Return the areas whose name has one letter wrong, or two in a long name."""
        key = area_key(written)
        most = 0 if len(key) < 5 or key.isdigit() else 1 if len(key) <= LONG_KEY else 2
        if not most:
            return []
        found = process.extract(key, self.fuzzy, scorer=OSA.distance, score_cutoff=most, limit=4)
        count = len(written.split())
        return [
            Hit(area, ONE_OFF if distance == 1 else TWO_OFF)
            for name, distance, _ in found
            if distance
            for area in self.whole[name]
            if count == len(area.name.split()) or len(key) > LONG_KEY
        ]


def spellings(areas: Iterable[KnownArea]) -> Spellings:
    """Return the ways in which these areas are written; areas keep their order."""
    whole: dict[str, list[KnownArea]] = {}
    short: dict[str, list[KnownArea]] = {}
    for area in areas:
        whole.setdefault(area_key(area.name), []).append(area)
        for key in _shortened(area.name):
            short.setdefault(key, []).append(area)
    fuzzy = [key for key in whole if not key.isdigit()]
    return Spellings(
        {key: tuple(ones) for key, ones in whole.items()},
        {key: tuple(ones) for key, ones in short.items()},
        fuzzy,
    )


def _shortened(name: str) -> set[str]:
    """Return initials and the like, with marks and without; never a syllable of its own."""
    words = spelled(name).split()
    if len(words) < 2:
        return set()
    short = ("".join(word[0] for word in words), words[0][0] + "".join(words[1:]))
    return {*short, *map(folded, short)}


@lru_cache(maxsize=8192)
def _closeness(written: str, name: str) -> float:
    one, other = spelled(written).replace(" ", ""), spelled(name).replace(" ", "")
    if one == other or one.isdigit():
        return SPELLED
    return UNMARKED if one == folded(one) else MARKED_ELSE
