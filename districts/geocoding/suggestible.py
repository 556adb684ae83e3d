"""Every name that can be suggested, in memory, as one version of the catalogue had it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from districts import city, rulebook
from districts.geocoding import word_index
from districts.geocoding.keys import place_key
from districts.geocoding.word_index import WordIndex
from districts.models import Gazetteer
from districts.models.place import NameUse, PlaceKind
from districts.rulebook import Rulebook
from districts.territory import AreaRef
from gis_core import sql
from gis_core.names import folded

AREA: Final = "area"
"""The kind of a suggestion that is a ward or a district."""
AREA_WEIGHT: Final = 0.8
WEIGHT: Final = 0.12
"""How much a place's own weight counts beside how well its name fits."""
FAVOUR: Final = {
    AREA: 0.06,
    PlaceKind.JUNCTION.value: 0.06,
    PlaceKind.STREET.value: 0.06,
    PlaceKind.ALLEY.value: -0.05,
    PlaceKind.STOP.value: -0.05,
}
"""What people mean more often than other things of the same name."""
FORMER: Final = -0.04
MOST_AROUND: Final = 4
"""Areas kept around a place: ward and district, of today and of before."""

Box = tuple[float, float, float, float]

_COUNTED: Final = {"3": "ba", "4": "tu", "5": "nam", "6": "sau", "7": "bay"}
_NGA = re.compile(r"\bnga ([34567])\b")
_GLUED = re.compile(r"\b([pq]) ?(\d{1,2})\b")
_KINDS: Final = {"p": "phuong", "q": "quan"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name and what bears it. ``present`` is what it is called today, where this is another."""

    name: str
    kind: str
    lonlat: tuple[float, float]
    box: Box
    weight: float
    around: tuple[int, ...]
    """Ids of the areas of any time that the place lies in."""
    key: str = ""
    present: str = ""
    former: bool = False
    place: int | None = None
    area: int | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """All names, column by column in one order: what a keystroke compares with at once."""

    version: int
    names: Sequence[Name]
    words: WordIndex
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    likely: NDArray[np.float32]
    """How likely people mean it, whatever its name."""
    junctions: NDArray[np.bool_]
    areas: Sequence[AreaRef]
    area_words: WordIndex
    around: NDArray[np.int32]
    """(names, MOST_AROUND): positions in ``areas``; -1, its one beyond the last, for none."""
    wards: frozenset[int]
    """Ids of the wards in force."""
    districts: Sequence[frozenset[int]]
    """Ids of the districts of each edition, newest first."""
    by_area: Mapping[int, AreaRef]
    attributions: tuple[str, ...]


_kept: Names | None = None
_building = Lock()


def current(version: int) -> Names:
    """Return the names of this version of the catalogue; read again only when it moved."""
    global _kept  # noqa: PLW0603  one value a process, replaced whole, keyed by its version
    kept = _kept
    if kept is None or kept.version != version:
        with _building:
            if _kept is None or _kept.version != version:
                _kept = _read(version)
            kept = _kept
    return kept


def normal(text: str) -> str:
    """Return a name as it is compared: folded, "Ngã 4" as "nga tu", "Q1" as "quan 1"."""
    counted = _NGA.sub(lambda match: f"nga {_COUNTED[match[1]]}", folded(text))
    return _GLUED.sub(lambda match: f"{_KINDS[match[1]]} {match[2]}", counted)


def _read(version: int) -> Names:
    book = rulebook.current(version)
    names = [*_areas(book), *_places()]
    refs = [ref for _, ref in book.areas.values()]
    column = {ref.id: number for number, ref in enumerate(refs)}
    around = np.full((len(names), MOST_AROUND), -1, np.int32)
    for number, name in enumerate(names):
        known = [column[one] for one in name.around if one in column][:MOST_AROUND]
        around[number, : len(known)] = known
    return Names(
        version=version,
        names=names,
        words=word_index.build([normal(one.name).split() for one in names], _glued(names)),
        lon=np.array([one.lonlat[0] for one in names], float),
        lat=np.array([one.lonlat[1] for one in names], float),
        likely=np.array([_likely(one) for one in names], np.float32),
        junctions=np.array([one.kind == PlaceKind.JUNCTION for one in names], bool),
        areas=refs,
        area_words=word_index.build([normal(ref.full_name).split() for ref in refs], []),
        around=around,
        wards=_wards(book),
        districts=_districts(book),
        by_area={ref.id: ref for ref in refs},
        attributions=_attributions(),
    )


def _likely(one: Name) -> float:
    favour = FAVOUR.get(one.kind, 0.0) + (FORMER if one.former else 0.0)
    return favour + WEIGHT * one.weight


def _areas(book: Rulebook) -> Iterable[Name]:
    """Yield the areas of every time, each name of one district once, the newest first."""
    where = {row[0]: row for row in sql.rows("districts.geocoding", "suggestible_areas", {})}
    newest = {edition.id: place for place, edition in enumerate(book.editions)}
    ordered = sorted(book.areas.items(), key=lambda item: (newest.get(item[1][0], 0), item[0]))
    in_force = {one.id for one in book.editions if one.in_force_on(timezone.localdate())}
    wards, seen = _wards(book), set[tuple[str, Any]]()
    districts = frozenset[int]().union(*_districts(book))
    for pk, (edition, ref) in ordered:
        _, lon, lat, *box, around = where[pk]
        today = next((one for one in around if one in wards), None)
        district = next((book.areas[one][1].name for one in around if one in districts - {pk}), "")
        same = (ref.full_name, district or today)
        if same in seen:
            continue
        seen.add(same)
        west, south, east, north = box
        yield Name(
            ref.full_name, AREA, (lon, lat), (west, south, east, north), AREA_WEIGHT,
            tuple(one for one in around if one != pk), place_key(ref.name),
            former=edition not in in_force, area=pk,
        )  # fmt: skip


def _places() -> Iterable[Name]:
    for row in sql.rows("districts.geocoding", "suggestible_places", {}):
        pk, kind, name, key, use, present, weight, lon, lat, west, south, east, north, around = row
        yield Name(
            name, kind, (lon, lat), (west, south, east, north), weight, tuple(around), key,
            present="" if name == present else present, former=use == NameUse.FORMER.value,
            place=pk,
        )  # fmt: skip


def _glued(names: Sequence[Name]) -> list[str]:
    return [one.key or normal(one.name).replace(" ", "") for one in names]


def _wards(book: Rulebook) -> frozenset[int]:
    here = city.current()
    edition = book.in_force(here.territory, here.ward_level, timezone.localdate())
    return _of(book, edition.id) if edition else frozenset()


def _districts(book: Rulebook) -> list[frozenset[int]]:
    here = city.current()
    level = (here.territory, here.district_level)
    return [_of(book, one.id) for one in book.editions if (one.territory, one.level) == level]


def _of(book: Rulebook, edition: int) -> frozenset[int]:
    return frozenset(pk for pk, (own, _) in book.areas.items() if own == edition)


def _attributions() -> tuple[str, ...]:
    rows = Gazetteer.objects.exclude(attribution="").order_by("code")
    return tuple(dict.fromkeys(rows.values_list("attribution", flat=True)))
