"""Asking the gazetteer: places by name, their shapes, the houses and alleys of a street.

Every question is one prepared statement, so that a text costs a handful of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from districts import rulebook
from districts.geocoding.typos import closeness, deletions
from districts.models import NameUse, PlaceKind
from gis_core import sql
from gis_core.positions import LonLat

SQL = "districts.geocoding"
CLOSE_LIMIT = 20


@dataclass(frozen=True, slots=True)
class NameHit:
    """A place that bears a name asked for, and how well the name fits."""

    asked: str
    """The key that was asked for."""
    place: int
    kind: PlaceKind
    name: str
    """The name that fits, as stored."""
    use: NameUse
    closeness: float
    """1 for the very key, less for each typo."""
    lonlat: LonLat
    weight: float
    """0 to 1: how likely people mean this one."""
    valid_to: date | None
    """Of a former name: the day after its last."""
    official: str
    """The place's present name."""
    street_key: str = ""
    number: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class House:
    """A house; ``number`` as ``keys.number_key`` gives it, alleys before the house: 602/15."""

    place: int
    number: str
    street_key: str
    lonlat: LonLat


@dataclass(frozen=True, slots=True)
class Alley:
    """An alley of a street; ``number`` is its path, 602 or 602/15."""

    place: int
    number: str
    street_key: str
    lonlat: LonLat
    shape: BaseGeometry
    """How it runs, WGS 84."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """What bears a number on some streets, each in order of street and number."""

    houses: list[House]
    alleys: list[Alley]


@dataclass(frozen=True, slots=True)
class CrossingPoint:
    """Where two streets meet."""

    first: int
    second: int
    lonlat: LonLat


@dataclass(frozen=True, slots=True)
class Nearby:
    """A place near a position, and how far its nearest point is."""

    place: int
    kind: PlaceKind
    name: str
    number: str
    street_key: str
    distance_m: float
    lonlat: LonLat
    """The nearest point of the place."""
    weight: float = 0.0


def named(keys: Sequence[str]) -> list[NameHit]:
    """Return the places that bear one of the names, most likely first.

    ``keys`` are from ``keys.place_key``. Of one place and key there is one hit.
    """
    asked = sorted({key for key in keys if key})
    rows = sql.prepared(SQL, "named", [asked]) if asked else []
    return [_hit(row[0], 1.0, row) for row in rows]


def close_to(keys: Sequence[str], *, limit: int = CLOSE_LIMIT) -> list[NameHit]:
    """Return places whose name is a typo or two from one of the keys, closest first.

    At most ``limit`` for each key; those that ``named`` gives are not among them.
    """
    wanted = {key: deletions(key) for key in keys}
    numbers = sorted({number for found in wanted.values() for number in found})
    rows = sql.prepared(SQL, "close_to", [numbers]) if numbers else []
    hits: list[NameHit] = []
    for key, forms in wanted.items():
        near = [_hit(key, fit, row) for row in rows if (fit := _fit(key, row[0], forms))]
        near.sort(key=lambda hit: (-hit.closeness, -hit.weight, hit.place))
        hits += near[:limit]
    return hits


def _fit(asked: str, key: str, forms: Sequence[int]) -> float:
    return closeness(asked, key) if forms and asked != key else 0.0


def shapes(places: Iterable[int]) -> dict[int, BaseGeometry]:
    """Return the WGS 84 shapes of the places, by id; unknown ids are left out."""
    asked = sorted(set(places))
    rows = sql.prepared(SQL, "shapes", [asked]) if asked else []
    return {place: shapely.from_wkb(bytes(shape)) for place, shape in rows}


def numbered(street_keys: Sequence[str]) -> Numbered:
    """Return every house and every alley with a number of the streets with these keys.

    Wherever the streets are.
    """
    asked = sorted({key for key in street_keys if key})
    found = Numbered([], [])
    for place, number, key, lon, lat, shape in (
        sql.prepared(SQL, "on_streets", [asked]) if asked else ()
    ):
        at = LonLat(lon, lat)
        if shape is None:
            found.houses.append(House(place, number, key, at))
        else:
            way = shapely.from_wkb(bytes(shape))
            found.alleys.append(Alley(place, number, key, at, way))
    return found


def crossings(places: Sequence[int]) -> list[CrossingPoint]:
    """Return where streets among these meet one another."""
    asked = sorted(set(places))
    rows = sql.prepared(SQL, "crossings", [asked]) if len(asked) > 1 else []
    return [CrossingPoint(first, second, LonLat(lon, lat)) for first, second, lon, lat in rows]


def around(
    lonlat: LonLat, metres: float, kinds: Iterable[PlaceKind] = tuple(PlaceKind)
) -> list[Nearby]:
    """Return the places of these kinds within ``metres``, nearest first."""
    asked = sorted(PlaceKind(kind).value for kind in kinds)
    rows = sql.prepared(SQL, "around", [lonlat.lon, lonlat.lat, metres, asked])
    return [
        Nearby(place, PlaceKind(kind), name, number, key, distance, LonLat(lon, lat), weight)
        for place, kind, name, number, key, distance, lon, lat, weight in rows
    ]


def version() -> int:
    """Return the catalogue's version; it moves whenever a gazetteer is loaded."""
    return rulebook.newest_version()


def attributions(places: Iterable[int]) -> tuple[str, ...]:
    """Return whose work the places are, to be shown wherever they are, in order of letters."""
    asked = sorted(set(places))
    rows = sql.prepared(SQL, "attributions", [asked]) if asked else []
    return tuple(row[0] for row in rows)


def _hit(asked: str, fit: float, row: sql.Row) -> NameHit:
    _, place, kind, name, use, lon, lat, weight, valid_to, official, street_key, number, sort = row
    return NameHit(
        asked=asked,
        place=place,
        kind=PlaceKind(kind),
        name=name,
        use=NameUse(use),
        closeness=fit,
        lonlat=LonLat(lon, lat),
        weight=weight,
        valid_to=valid_to,
        official=official,
        street_key=street_key,
        number=number,
        sort=sort,
    )
