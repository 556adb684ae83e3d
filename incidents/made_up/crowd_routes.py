"""Whom a made-up crowd's incidents go to: one decision for all that lie in the same surroundings.

A circle is looked at in its middle and at four points around it, which takes the place of cutting
it exactly; what is the same for a thousand incidents is routed and explained once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from districts import bulk_placement, city, explanation, rulebook
from districts.bulk_placement import EditionIndex
from districts.explanation import Explanation
from districts.models import ServiceArea
from districts.routing import Decision, route
from districts.rulebook import EditionFacts, Rulebook
from districts.territory import AreaRef, How, Placement, ServiceAreaRef, Share, Surroundings
from gis_core import cell_index
from gis_core.positions import LonLat, Position, degrees_reach
from gis_core.shapes import from_geos
from incidents.made_up.crowd_places import Reports

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

AROUND: Final = ((0.0, 0.0), (0.61, 0.35), (-0.35, 0.61), (-0.61, -0.35), (0.35, -0.61))
"""The points looked at, in radii of the circle; the first is its middle, the others stand askew to
borders that run north or east."""


@dataclass(frozen=True, slots=True)
class Routed:
    """A decision, what it rests on and how it is explained."""

    category: str
    placement: Placement
    decision: Decision
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Ground:
    """What surrounds any point today: the editions, and the service areas."""

    book: Rulebook
    wards: EditionIndex
    districts: EditionIndex | None
    former: bool
    service_areas: Sequence[ServiceAreaRef]
    networks: cell_index.PointIndex


def ground(wards: EditionFacts, today: date) -> Ground:
    """Return the ground of the wards' edition."""
    book, town = rulebook.current(), city.current()
    over = book.in_force_or_former(town.territory, town.district_level, today)
    rows = ServiceArea.objects.filter(pk__in=book.service_areas).order_by("pk")
    return Ground(
        book=book,
        wards=bulk_placement.of_edition(wards.id),
        districts=bulk_placement.of_edition(over.id) if over else None,
        former=bool(over and not over.in_force_on(today)),
        service_areas=[book.service_areas[row.pk].ref for row in rows],
        networks=cell_index.build([from_geos(row.shape) for row in rows]),
    )


def inside_only(reports: Reports, wards: EditionIndex) -> Reports:
    """Return the reports with those that fell beside the city put where their neighbours are."""
    found = wards.place(reports.lons, reports.lats).area >= 0
    before = np.maximum.accumulate(np.where(found, np.arange(len(found)), -1))
    first = int(np.argmax(found))
    kept = np.where(before < 0, first, before)
    return Reports(reports.lons[kept], reports.lats[kept], reports.category, reports.seconds)


def route_all(
    reports: Reports, accuracy_m: Floats, categories: Sequence[str], here: Ground, on: date
) -> tuple[Longs, list[Routed]]:
    """Return for each report the number of its decision, and the decisions. Raises NoRule."""
    around, known = _surroundings(reports, accuracy_m, here)
    around[1:].sort(axis=0)
    mixed = _mixed(np.vstack((reports.category, around)))
    _, example, number = np.unique(mixed, return_index=True, return_inverse=True)
    routed = []
    for one in example.tolist():
        where = LonLat(float(reports.lons[one]), float(reports.lats[one]))
        placement = _placement(
            Position(where, float(accuracy_m[one]), "gps"),
            [known[place] for place in around[:, one].tolist()],
            here,
            on,
        )
        routed.append(_routed(categories[int(reports.category[one])], placement, here.book))
    return number.astype(np.int64), routed


def _routed(category: str, placement: Placement, book: Rulebook) -> Routed:
    decision = route(placement, book.category(category), book.rules_for[category])
    return Routed(category, placement, decision, explanation.explain(decision, placement, book))


def _placement(
    position: Position, around: Sequence[Surroundings], here: Ground, on: date
) -> Placement:
    # As in placement: a part of the circle that lies in no ward is left out.
    parts = Counter(one for one in around if one.ward)
    shares = tuple(Share(count / parts.total(), one) for one, count in parts.items())
    return Placement(position, on, around[0], How.INSIDE, None, shares, here.book.version)


def _surroundings(
    reports: Reports, accuracy_m: Floats, here: Ground
) -> tuple[Longs, list[Surroundings]]:
    """Return numbers of surroundings, shape (len(AROUND), reports), and what they stand for."""
    dlon, dlat = degrees_reach(float(reports.lats.mean()), 1.0)
    lons = np.concatenate([reports.lons + east * accuracy_m * dlon for east, _ in AROUND])
    lats = np.concatenate([reports.lats + north * accuracy_m * dlat for _, north in AROUND])
    ward = here.wards.place(lons, lats).area
    district = here.districts.place(lons, lats).area if here.districts else np.full_like(ward, -1)
    point, network = here.networks.pairs(lons, lats)
    # The sum of random numbers stands for a set.
    tags = np.random.default_rng(0).integers(1, 1 << 62, max(len(here.service_areas), 1))
    networks = np.zeros(len(lons), np.int64)
    np.add.at(networks, point, tags[network])
    mixed = _mixed(np.stack((ward, district, networks)))
    _, example, number = np.unique(mixed, return_index=True, return_inverse=True)
    known = []
    for one in example.tolist():
        these = network[np.searchsorted(point, one) : np.searchsorted(point, one, "right")]
        known.append(
            Surroundings(
                ward=_area(here.wards, int(ward[one]), here.book),
                district=_area(here.districts, int(district[one]), here.book),
                service_areas=tuple(here.service_areas[of] for of in these.tolist()),
            )
        )
    return number.reshape(len(AROUND), -1), known


def _area(index: EditionIndex | None, position: int, book: Rulebook) -> AreaRef | None:
    if index is None or position < 0:
        return None
    return book.areas[index.areas[position].id][1]


def _mixed(columns: NDArray[np.generic]) -> NDArray[np.uint64]:
    """Return one 64-bit number for each column of numbers, equal for equal columns.

    FNV-1a over whole words; that two columns of some million share one has a chance of one in
    millions.
    """
    mixed = np.full(columns.shape[1], 0xCBF29CE484222325, np.uint64)
    for row in columns.astype(np.int64).view(np.uint64):
        mixed = (mixed ^ row) * np.uint64(0x100000001B3)
        mixed ^= mixed >> np.uint64(29)
    return mixed
