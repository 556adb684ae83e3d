"""The spatial join of one position, at a date: ward, district, assets, service areas, margin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely

from districts import circle, city
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
from gis_core.errors import N_, DomainError
from gis_core.positions import LonLat, OutOfRange, Position, degrees_reach


class OutsideCity(DomainError):
    """No ward in force covers the position, nor lies within the sliver tolerance."""

    code = "position.outside_city"
    status = 422
    message = N_(
        "This place (%(lon)s, %(lat)s) is outside %(city)s. Move the pin to where the problem is, "
        "or call the service of that place."
    )


class SwappedPosition(DomainError):
    """The position is outside, but with its two numbers exchanged it is inside the city."""

    code = "position.swapped"
    status = 422
    message = N_(
        "Longitude and latitude seem to be exchanged: (%(lon)s, %(lat)s) is far from the city, "
        "(%(lat)s, %(lon)s) is in it. Send longitude first."
    )


class NullIsland(DomainError):
    """The position is (0, 0): what devices send when they know nothing."""

    code = "position.null_island"
    status = 422
    message = N_(
        "The position (0, 0) means that the device did not know where it was. "
        "Drop a pin on the map instead."
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """One thing that covers the pin or whose border is within reach of it."""

    layer: str
    ref: AreaRef | AssetRef | ServiceAreaRef
    covers: bool
    border_m: float | None
    around: memoryview | None


def place(position: Position, on: date) -> Placement:
    """Return what ``position`` lies in on the day ``on``; one SQL statement.

    On a shared edge the smaller code wins; in a gap between wards the nearest within the city's
    tolerance. Where no ward edition covers the day the ward is None. Raises OutsideCity,
    SwappedPosition, NullIsland.
    """
    found, margin, edition, version = _look(position, on)
    covering = [one for one in found if one.covers]
    here, how = _ward_or_sliver(found, covering)
    if here is None and edition is not None:
        raise _outside(position.lonlat, on)
    return Placement(
        position=position,
        on=on,
        here=_surroundings(covering, here),
        how=how,
        margin_m=margin if here else None,
        shares=_shares(position.accuracy_m, found, covering, here),
        version=version,
    )


def read_lonlat(lon: float, lat: float) -> LonLat:
    """Return the position that a person or a device sent.

    The city's longitude is no latitude, so exchanged numbers often lie off the globe: raises
    SwappedPosition where exchanging them leads into the city's extent, else OutOfRange.
    """
    try:
        return LonLat(lon, lat)
    except OutOfRange:
        if _in_extent(lat, lon):
            raise SwappedPosition(lon=lon, lat=lat) from None
        raise


def _in_extent(lon: float, lat: float) -> bool:
    west, south, east, north = city.current().extent
    return west <= lon <= east and south <= lat <= north


def _look(
    position: Position, on: date
) -> tuple[list[_Found], float | None, str | None, int]:
    """Run the statement: everything found, metres to the nearest ward border, edition, version."""
    here, town = position.lonlat, city.current()
    reach = max(position.accuracy_m, town.sliver_m)
    dlon, dlat = degrees_reach(here.lat, reach)
    answer = sql.prepared(
        "districts",
        "place",
        (
            here.lon, here.lat, on, position.accuracy_m, reach, dlon, dlat,
            town.metric_srid, town.territory, town.ward_level, town.district_level,
        ),
    )  # fmt: skip
    found = [_read(row, town.ward_level, town.district_level) for row in answer if row[0] != _MARGIN]
    [margin] = [row for row in answer if row[0] == _MARGIN]
    return found, margin[12], margin[5], margin[1]


_MARGIN = "margin"


def _read(row: Sequence[Any], ward_level: str, district_level: str) -> _Found:
    (layer, pk, code, name, kind, edition, former, approximate, first, second, categories,
     covers, border_m, around) = row  # fmt: skip
    ref: AreaRef | AssetRef | ServiceAreaRef
    if layer == "asset":
        ref = AssetRef(pk, kind, code, name, owner=first, maintainer=second)
    elif layer == "service_area":
        ref = ServiceAreaRef(pk, first, name, frozenset(categories))
    else:
        level = ward_level if layer == "ward" else district_level
        ref = AreaRef(pk, level, code, name, kind, edition, first, former, approximate)
    return _Found(layer, ref, covers, border_m, around)


def _ward_or_sliver(
    found: Sequence[_Found], covering: Sequence[_Found]
) -> tuple[_Found | None, How]:
    """Return the ward that answers, and how; rows come ordered by code, so the first is smallest."""
    wards = [one for one in covering if one.layer == "ward"]
    if wards:
        return wards[0], How.INSIDE if len(wards) == 1 else How.EDGE
    near = [one for one in found if one.layer == "ward" and _within_sliver(one)]
    if near:
        return min(near, key=_distance), How.SLIVER
    return None, How.UNCOVERED


def _within_sliver(one: _Found) -> bool:
    return _distance(one) <= city.current().sliver_m


def _distance(one: _Found) -> float:
    return one.border_m if one.border_m is not None else float("inf")


def _surroundings(covering: Sequence[_Found], ward: _Found | None) -> Surroundings:
    """Return the surroundings of one point, given all that covers it and the ward that won."""
    districts = [one.ref for one in covering if one.layer == "district"]
    return Surroundings(
        ward=ward.ref if ward else None,  # type: ignore[arg-type]
        district=districts[0] if districts else None,  # type: ignore[arg-type]
        assets=tuple(one.ref for one in covering if one.layer == "asset"),  # type: ignore[misc]
        service_areas=tuple(
            one.ref for one in covering if one.layer == "service_area"  # type: ignore[misc]
        ),
    )


def _shares(
    accuracy_m: float,
    found: Sequence[_Found],
    covering: Sequence[_Found],
    ward: _Found | None,
) -> tuple[Share, ...]:
    """Return the circle's parts; a part without a ward, off the city's edge, is left out."""
    crossing = {
        place: shapely.from_wkb(bytes(one.around)) for place, one in enumerate(found) if one.around
    }
    if not crossing:
        return (Share(1.0, _surroundings(covering, ward)),)
    whole = {place for place, one in enumerate(found) if one.covers and place not in crossing}
    parts = []
    for keys, part in circle.shares(accuracy_m, crossing).items():
        inside = [found[place] for place in sorted(keys | whole)]
        own = next((one for one in inside if one.layer == "ward"), None)
        if own or ward is None:
            parts.append(Share(part, _surroundings(inside, own)))
    return _whole(parts) or (Share(1.0, _surroundings(covering, ward)),)


def _whole(parts: Sequence[Share]) -> tuple[Share, ...]:
    total = sum(part.share for part in parts)
    return tuple(Share(part.share / total, part.surroundings) for part in parts)


def _outside(here: LonLat, on: date) -> DomainError:
    """Return the error that says best what is wrong with a position that is not in the city."""
    facts = {"lon": round(here.lon, 6), "lat": round(here.lat, 6)}
    if here.lon == 0 and here.lat == 0:
        return NullIsland()
    if (other := here.swapped()) and _inside(other, on):
        return SwappedPosition(**facts)
    return OutsideCity(city=city.current().name, **facts)


def _inside(here: LonLat, on: date) -> bool:
    found, *_ = _look(Position(here), on)
    return any(one.layer == "ward" and one.covers for one in found)
