"""Run placement's one statement and read its rows: everything on the ground around one pin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum

from districts import city, rulebook
from districts.rulebook import EditionFacts, Rulebook
from districts.territory import AreaRef, AssetRef, ServiceAreaRef
from gis_core import sql
from gis_core.positions import Position


class Layer(IntEnum):
    """The layers a pin is joined to, in the order in which they are read."""

    WARD = 1
    DISTRICT = 2
    ASSET = 3
    SERVICE_AREA = 4


@dataclass(frozen=True, slots=True)
class Geometry:
    """How a thing lies to the pin."""

    covers: bool | None
    """None where only the border was looked at, and the pieces say whether it covers."""
    border_m: float | None
    """Metres to its border, where that is within reach."""
    around: memoryview | None
    """Where its border crosses the circle: the part near the pin, WKB, metres from the pin."""

    def with_border(self, border: Geometry) -> Geometry:
        """Return what the pieces and the border say together; near the border it decides."""
        covers = self.covers if border.covers is None else border.covers
        return Geometry(covers, border.border_m, border.around)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that covers the pin or whose border is within reach of it."""

    layer: Layer
    ref: AreaRef | AssetRef | ServiceAreaRef
    geometry: Geometry

    @property
    def order(self) -> tuple[int, str, int]:
        """Layer, code, id: in this order the smaller code comes first."""
        code = self.ref.name if isinstance(self.ref, ServiceAreaRef) else self.ref.code
        return self.layer, code, self.ref.id


@dataclass(frozen=True, slots=True)
class Look:
    """What the statement found around one pin, in order of layer and code."""

    found: tuple[Found, ...]
    margin_m: float | None
    """Metres to the nearest border of a ward in force."""
    wards_known: bool
    version: int


def look(position: Position, on: date) -> Look:
    """Run the statement, and once more when the catalogue has moved since it was read."""
    book = rulebook.kept()
    first = _look_with(book, position, on)
    if first.version == book.version:
        return first
    return _look_with(rulebook.current(first.version), position, on)


def _look_with(book: Rulebook, position: Position, on: date) -> Look:
    here, town = position.lonlat, city.current()
    wards = book.in_force(town.territory, town.ward_level, on)
    districts = book.in_force_or_former(town.territory, town.district_level, on)
    reach = max(position.accuracy_m, town.sliver_m)
    wards_id = wards.id if wards else None
    *rows, last = sql.prepared(
        "districts",
        "place",
        (here.lon, here.lat, on, position.accuracy_m, reach, town.metric_srid, wards_id),
    )
    reader = _Reader(book, wards, districts, on)
    found = _merged(one for one in map(reader.read, rows) if one)
    return Look(found, last[10], wards is not None, last[2] or 0)


def _merged(found: Iterable[Found]) -> tuple[Found, ...]:
    """Return each thing once, in order, from its pieces and its border."""
    things: dict[tuple[int, str, int], Found] = {}
    for one in found:
        known = things.get(one.order)
        if known is None:
            things[one.order] = one
        elif one.geometry.border_m is not None:
            things[one.order] = replace(one, geometry=known.geometry.with_border(one.geometry))
    return tuple(things[order] for order in sorted(things))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns rows into values; what does not count on the day is None."""

    book: Rulebook
    wards: EditionFacts | None
    districts: EditionFacts | None
    on: date

    def read(self, row: sql.Row) -> Found | None:
        area, service_area, asset, kind, code, name, owner, maintainer, counts = row[:9]
        geometry = Geometry(*row[9:])
        if area is not None:
            return self._area(area, geometry)
        if service_area is not None:
            return self._service_area(service_area, geometry)
        codes = self.book.agency_codes
        ref = AssetRef(asset, kind, code, name, codes.get(owner), codes.get(maintainer))
        return Found(Layer.ASSET, ref, geometry) if counts else None

    def _area(self, area: int, geometry: Geometry) -> Found | None:
        edition, ref = self.book.areas.get(area, (None, None))
        if ref is None:
            return None
        if self.wards and edition == self.wards.id:
            return Found(Layer.WARD, ref, geometry)
        if self.districts and edition == self.districts.id:
            former = not self.districts.in_force_on(self.on)
            return Found(Layer.DISTRICT, replace(ref, former=former), geometry)
        return None

    def _service_area(self, service_area: int, geometry: Geometry) -> Found | None:
        dated = self.book.service_areas.get(service_area)
        if dated is None or not dated.in_force_on(self.on):
            return None
        return Found(Layer.SERVICE_AREA, dated.ref, geometry)
