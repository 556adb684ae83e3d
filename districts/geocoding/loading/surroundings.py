"""The streets and junctions that other gazetteers hold: what stops and addresses lie on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely

from districts.geocoding.loading.features import Name, PlaceRecord
from districts.geocoding.loading.meeting import Meeting
from districts.models import Crossing, NameUse, Place, PlaceKind, PlaceName
from gis_core.shapes import from_geos


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Streets, where they meet (by positions in ``streets``), and junctions."""

    streets: Sequence[PlaceRecord] = ()
    met: Sequence[Meeting] = ()
    junctions: Sequence[PlaceRecord] = ()


NOWHERE = Surroundings()


def surroundings(code: str) -> Surroundings:
    """Return what all gazetteers but this one hold; it costs a second for a whole city."""
    ids, streets = _stored(code, PlaceKind.STREET)
    position = {pk: at for at, pk in enumerate(ids)}
    rows = Crossing.objects.filter(first__in=ids, second__in=ids).order_by("pk")
    return Surroundings(
        streets=streets,
        met=[
            (position[first], position[second], shapely.Point(point.x, point.y))
            for first, second, point in rows.values_list("first", "second", "point")
        ],
        junctions=_stored(code, PlaceKind.JUNCTION)[1],
    )


def _stored(code: str, kind: PlaceKind) -> tuple[list[int], list[PlaceRecord]]:
    places = list(
        Place.objects.filter(kind=kind.value).exclude(gazetteer__code=code).order_by("pk")
    )
    names: dict[int, list[Name]] = {place.pk: [] for place in places}
    rows = PlaceName.objects.filter(place__in=list(names)).order_by("pk")
    for pk, name, use in rows.values_list("place", "name", "use"):
        names[pk].append(Name(name, NameUse(use)))
    return list(names), [
        PlaceRecord(
            reference=place.reference,
            kind=kind,
            sort=place.sort,
            name=place.name,
            shape=from_geos(place.shape),
            weight=place.weight,
            names=tuple(names[place.pk]),
            street_key=place.street_key,
        )
        for place in places
    ]
