"""Many positions, each on its day: for every one the answer of ``placement.place``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

import numpy as np

from districts import bulk_placement, city, rulebook
from districts.bulk_placement import Found, Placed
from districts.placement import NullIsland, OutsideCity, SwappedPosition, in_extent, place
from districts.rulebook import EditionFacts, Rulebook
from districts.territory import (
    AreaRef,
    AssetRef,
    How,
    Placement,
    ServiceAreaRef,
    Share,
    Surroundings,
)
from gis_core import sql
from gis_core.positions import Position

Refusal = OutsideCity | SwappedPosition | NullIsland
ROUNDING_M = 0.01
"""Pieces are cut with rounding: nearer than this to a border the whole shape is asked."""

HOWS = {Found.INSIDE: How.INSIDE, Found.EDGE: How.EDGE, Found.SLIVER: How.SLIVER}


class Pin(NamedTuple):
    """A position on a day."""

    position: Position
    on: date


@dataclass(frozen=True, slots=True)
class _Around:
    """What covers each pin, by its number, and the pins that ``place`` has to be asked about."""

    near: set[int]
    assets: dict[int, list[AssetRef]] = field(default_factory=lambda: defaultdict(list))
    service_areas: dict[int, list[ServiceAreaRef]] = field(
        default_factory=lambda: defaultdict(list)
    )


@dataclass(frozen=True, slots=True)
class _Ground:
    """Some pins on the editions of their day, as the cell index placed them."""

    numbers: Sequence[int]
    book: Rulebook
    wards: EditionFacts | None
    districts: EditionFacts | None
    ward: Placed | None
    district: Placed | None
    margins: Sequence[float | None]


def place_many(pins: Sequence[Pin]) -> list[Placement | Refusal]:
    """Return for each pin its placement, or the error that ``place`` raises for it; in order.

    One statement for all, and ``place`` itself for the few whose circle a border crosses.
    """
    if not pins:
        return []
    book = rulebook.current()
    far = {n for n, pin in enumerate(pins) if not in_extent(pin.position.lonlat)}
    around = _look_around(pins, far, book)
    answers = {n: _alone(pins[n]) for n in far | around.near}
    for ground in _grounds(pins, answers.keys(), book):
        for order, n in enumerate(ground.numbers):
            answers[n] = _placement(pins[n], n, order, ground, around)
    return [answers[n] for n in range(len(pins))]


def _alone(pin: Pin) -> Placement | Refusal:
    try:
        return place(pin.position, pin.on)
    except (OutsideCity, SwappedPosition, NullIsland) as refusal:
        return refusal


def _look_around(pins: Sequence[Pin], far: AbstractSet[int], book: Rulebook) -> _Around:
    asked = [n for n in range(len(pins)) if n not in far]
    rows = sql.rows(
        "districts",
        "around_many",
        {
            "lons": [pins[n].position.lonlat.lon for n in asked],
            "lats": [pins[n].position.lonlat.lat for n in asked],
            "days": [pins[n].on for n in asked],
            "reaches": [max(pins[n].position.accuracy_m, ROUNDING_M) for n in asked],
            "srid": city.current().metric_srid,
        },
    )
    around = _Around({asked[row[0] - 1] for row in rows if not row[1]})
    for number, covers, service_area, asset, kind, code, name, owner, maintainer in rows:
        n, codes = asked[number - 1], book.agency_codes
        dated = book.service_areas.get(service_area) if covers else None
        if dated and dated.in_force_on(pins[n].on):
            around.service_areas[n].append(dated.ref)
        if asset is not None:
            ref = AssetRef(asset, kind, code, name, codes.get(owner), codes.get(maintainer))
            around.assets[n].append(ref)
    return around


def _grounds(pins: Sequence[Pin], apart: AbstractSet[int], book: Rulebook) -> Iterable[_Ground]:
    """Place the pins that are not answered yet, those of the same editions together."""
    town = city.current()
    days: defaultdict[date, list[int]] = defaultdict(list)
    for n, pin in enumerate(pins):
        if n not in apart:
            days[pin.on].append(n)
    alike: defaultdict[tuple[EditionFacts | None, EditionFacts | None], list[int]]
    alike = defaultdict(list)
    for day, numbers in days.items():
        wards = book.in_force(town.territory, town.ward_level, day)
        districts = book.in_force_or_former(town.territory, town.district_level, day)
        alike[wards, districts] += numbers
    for (wards, districts), numbers in alike.items():
        yield _ground([pins[n] for n in numbers], numbers, book, (wards, districts))


def _ground(
    pins: Sequence[Pin],
    numbers: Sequence[int],
    book: Rulebook,
    editions: tuple[EditionFacts | None, EditionFacts | None],
) -> _Ground:
    lons = np.array([pin.position.lonlat.lon for pin in pins])
    lats = np.array([pin.position.lonlat.lat for pin in pins])
    ward, district = (
        bulk_placement.of_edition(one.id).place(lons, lats) if one else None for one in editions
    )
    wards, districts = editions
    margins: Sequence[float | None] = [None] * len(pins)
    if wards:
        margins = bulk_placement.of_edition(wards.id).borders.metres(lons, lats).tolist()
    return _Ground(numbers, book, wards, districts, ward, district, margins)


def _placement(
    pin: Pin, n: int, order: int, ground: _Ground, around: _Around
) -> Placement | Refusal:
    ward = _ward(order, ground)
    if ward is None and ground.wards:
        return _alone(pin)
    here = Surroundings(
        ward=ward,
        district=_district(order, pin.on, ground),
        assets=tuple(sorted(around.assets[n], key=lambda ref: (ref.code, ref.id))),
        service_areas=tuple(
            sorted(around.service_areas[n], key=lambda ref: (ref.name, ref.id))
        ),
    )  # fmt: skip
    return Placement(
        position=pin.position,
        on=pin.on,
        here=here,
        how=HOWS[Found(int(ground.ward.how[order]))] if ground.ward else How.UNCOVERED,
        margin_m=ground.margins[order],
        shares=(Share(1.0, here),),
        version=ground.book.version,
    )


def _ward(order: int, ground: _Ground) -> AreaRef | None:
    if ground.wards is None or ground.ward is None or ground.ward.area[order] < 0:
        return None
    return _area(int(ground.ward.area[order]), ground.wards, ground.book)


def _district(order: int, on: date, ground: _Ground) -> AreaRef | None:
    """Return the district that covers the pin; a gap is bridged for wards alone."""
    if ground.districts is None or ground.district is None:
        return None
    if ground.district.how[order] > Found.EDGE:
        return None
    found = _area(int(ground.district.area[order]), ground.districts, ground.book)
    return replace(found, former=not ground.districts.in_force_on(on))


def _area(position: int, edition: EditionFacts, book: Rulebook) -> AreaRef:
    _, ref = book.areas[bulk_placement.of_edition(edition.id).areas[position].id]
    return ref
