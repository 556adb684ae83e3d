"""Every name that can be suggested, in memory, as one version of the catalogue had it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from districts import bulk_placement, city, rulebook
from districts.geocoding import word_index
from districts.geocoding.word_index import WordIndex
from districts.models.place import NameUse, PlaceKind
from districts.rulebook import EditionFacts, Rulebook
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
OTHER_NAME: Final = -0.06
"""For a name that is not what the place is called today."""
ELSEWHERE: Final = 9.0

Box = tuple[float, float, float, float]

_COUNTED: Final = {"3": "ba", "4": "tu", "5": "nam", "6": "sau", "7": "bay"}
_NGA = re.compile(r"\bnga ([34567])\b")
_GLUED = re.compile(r"\b([pq]) ?(\d{1,2})\b")
_KINDS: Final = {"p": "phuong", "q": "quan"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name and what bears it. ``present`` is what it is called today, where this is another."""

    name: str
    text: str
    """The name as it is compared: see ``normal``."""
    kind: str
    lonlat: tuple[float, float]
    box: Box
    weight: float
    present: str = ""
    former: bool = False
    short: bool = False
    """Whether it is letters for the name: nobody needs to read them again."""
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
    """(ways to lie, editions) positions in ``areas``; -1 for none."""
    lying: NDArray[np.int32]
    """How each name lies: a row of ``around``. Thousands share one."""
    ward_edition: str
    """The one in force."""
    district_level: str

    def surroundings(self, number: int) -> tuple[AreaRef | None, AreaRef | None]:
        """Return the ward in force around a name, and the district of today or the last."""
        around = [self.areas[one] for one in self.around[self.lying[number]] if one >= 0]
        others = [one for one in around if one.id != self.names[number].area]
        districts = [one for one in others if one.level == self.district_level]
        wards = [one for one in others if one.level != self.district_level]
        ward = next((one for one in wards if one.edition == self.ward_edition), None)
        return ward, next(iter(districts), None)


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
    return _normal(folded(text))


def _normal(plain: str) -> str:
    counted = _NGA.sub(lambda match: f"nga {_COUNTED[match[1]]}", plain)
    return _GLUED.sub(lambda match: f"{_KINDS[match[1]]} {match[2]}", counted)


def _read(version: int) -> Names:
    book = rulebook.current(version)
    here = city.current()
    refs = [ref for _, ref in book.areas.values()]
    ward = book.in_force(here.territory, here.ward_level, timezone.localdate())
    names = [*_areas(book, refs), *_places()]
    lon = np.array([one.lonlat[0] for one in names], float)
    lat = np.array([one.lonlat[1] for one in names], float)
    around = _around(book, refs, lon, lat)
    ways, lying = np.unique(around, axis=0, return_inverse=True)
    likely = np.array([_likely(one) for one in names], np.float32)
    # Gazetteers reach beyond the city; nobody can report from there.
    likely[(around < 0).all(axis=1)] -= ELSEWHERE
    return Names(
        version=version,
        names=names,
        words=word_index.build([one.text.split() for one in names], glue=True),
        lon=lon,
        lat=lat,
        likely=likely,
        junctions=np.array([one.kind == PlaceKind.JUNCTION for one in names], bool),
        areas=refs,
        area_words=word_index.build([normal(ref.full_name).split() for ref in refs]),
        around=ways.astype(np.int32),
        lying=lying.reshape(-1).astype(np.int32),
        ward_edition=ward.name if ward else "",
        district_level=here.district_level,
    )


def _likely(one: Name) -> float:
    favour = FAVOUR.get(one.kind, 0.0) + (OTHER_NAME if one.present or one.former else 0.0)
    return favour + WEIGHT * one.weight


def _around(
    book: Rulebook, refs: Sequence[AreaRef], lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> NDArray[np.int32]:
    """Return (points, editions): positions in ``refs`` of the areas that cover each point."""
    position = {ref.id: number for number, ref in enumerate(refs)}
    editions = _told_by(book)
    around = np.full((len(lon), max(len(editions), 1)), -1, np.int32)
    for column, edition in enumerate(editions):
        index = bulk_placement.of_edition(edition.id)
        known = np.array([*(position[one.id] for one in index.areas), -1], np.int32)
        around[:, column] = known[index.index.first(lon, lat)]
    return around


def _told_by(book: Rulebook) -> list[EditionFacts]:
    """Return the editions that tell places apart: the newest wards, those before, the districts.

    People name these; each further one would cost every web process its memory.
    """
    here = city.current()
    own = [one for one in book.editions if one.territory == here.territory]
    wards = [one for one in own if one.level == here.ward_level]
    districts = [one for one in own if one.level == here.district_level]
    return [*wards[:2], *districts[:1]]


def _areas(book: Rulebook, refs: Sequence[AreaRef]) -> Iterable[Name]:
    """Yield the areas of every time, each name of one district once, the newest first."""
    where = {pk: row for pk, *row in sql.rows("districts.geocoding", "suggestible_areas", {})}
    rows = np.array([where[ref.id] for ref in refs], float).reshape(-1, 6)
    around = _around(book, refs, rows[:, 0], rows[:, 1])
    age = {edition.id: number for number, edition in enumerate(book.editions)}
    today = {one.id for one in book.editions if one.in_force_on(timezone.localdate())}
    seen = set[tuple[str, str]]()
    editions = [book.areas[ref.id][0] for ref in refs]
    for number in sorted(range(len(refs)), key=lambda one: (age[editions[one]], one)):
        ref, (lon, lat, *box) = refs[number], rows[number].tolist()
        within = [refs[one] for one in around[number] if one >= 0 and refs[one].level != ref.level]
        same = (ref.full_name, within[0].name if within else "")
        if same not in seen:
            seen.add(same)
            west, south, east, north = box
            yield Name(
                ref.full_name, normal(ref.full_name), AREA, (lon, lat), (west, south, east, north),
                AREA_WEIGHT, former=editions[number] not in today, area=ref.id,
            )  # fmt: skip


def _places() -> Iterable[Name]:
    for row in sql.rows("districts.geocoding", "suggestible_places", {}):
        pk, kind, name, plain, use, present, weight, lon, lat, *box = row
        west, south, east, north = box
        yield Name(
            name, _normal(plain), kind, (lon, lat), (west, south, east, north), weight,
            present="" if name == present else present, former=use == NameUse.FORMER.value,
            short=use == NameUse.SHORT.value, place=pk,
        )  # fmt: skip
