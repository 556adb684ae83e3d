"""The spatial join of one position, at a date: ward, district, assets, service areas, margin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import shapely

from districts import circle, city
from districts.looking import Found, Layer, look
from districts.territory import (
    AreaRef,
    AssetRef,
    How,
    Placement,
    ServiceAreaRef,
    Share,
    Surroundings,
)
from gis_core.errors import N_, DomainError
from gis_core.positions import LonLat, OutOfRange, Position


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


def place(position: Position, on: date) -> Placement:
    """Return what ``position`` lies in on the day ``on``; one SQL statement.

    On a shared edge the smaller code wins; in a gap between wards the nearest within the city's
    tolerance. Where no ward edition covers the day the ward is None. Off the city's extent nothing
    is asked, for its metric CRS need not reach there. Raises OutsideCity, SwappedPosition,
    NullIsland.
    """
    if not in_extent(position.lonlat):
        raise _outside(position.lonlat, on)
    seen = look(position, on)
    covering = [one for one in seen.found if one.geometry.covers]
    ward, how = _ward_or_sliver(seen.found, covering)
    if ward is None and seen.wards_known:
        raise _outside(position.lonlat, on)
    here = _surroundings(covering, ward)
    return Placement(
        position=position,
        on=on,
        here=here,
        how=how,
        margin_m=seen.margin_m if ward else None,
        shares=_shares(position.accuracy_m, seen.found, here),
        version=seen.version,
    )


def read_lonlat(lon: float, lat: float) -> LonLat:
    """Return the position that a person or a device sent.

    The city's longitude is no latitude, so exchanged numbers often lie off the globe: raises
    SwappedPosition where exchanging them leads into the city's extent, else OutOfRange.
    """
    try:
        return LonLat(lon, lat)
    except OutOfRange:
        west, south, east, north = city.current().extent
        if west <= lat <= east and south <= lon <= north:
            raise SwappedPosition(lon=lon, lat=lat) from None
        raise


def in_extent(here: LonLat) -> bool:
    """Whether the position lies in the box around the city, in which all of its wards lie."""
    west, south, east, north = city.current().extent
    return west <= here.lon <= east and south <= here.lat <= north


def _ward_or_sliver(
    found: Sequence[Found], covering: Sequence[Found]
) -> tuple[AreaRef | None, How]:
    """Return the ward that answers, and how; found comes ordered by code."""
    wards = _areas(covering, Layer.WARD)
    if wards:
        return wards[0], How.INSIDE if len(wards) == 1 else How.EDGE
    reach = city.current().sliver_m
    near = [one for one in found if one.layer is Layer.WARD and _metres(one) <= reach]
    if near:
        [ward, *_] = _areas([min(near, key=_metres)], Layer.WARD)
        return ward, How.SLIVER
    return None, How.UNCOVERED


def _metres(one: Found) -> float:
    return float("inf") if one.geometry.border_m is None else one.geometry.border_m


def _areas(found: Sequence[Found], layer: Layer) -> list[AreaRef]:
    return [one.ref for one in found if one.layer is layer and isinstance(one.ref, AreaRef)]


def _surroundings(covering: Sequence[Found], ward: AreaRef | None) -> Surroundings:
    """Return the surroundings of one point, given all that covers it and the ward that won."""
    refs = [one.ref for one in covering]
    districts = _areas(covering, Layer.DISTRICT)
    return Surroundings(
        ward=ward,
        district=districts[0] if districts else None,
        assets=tuple(ref for ref in refs if isinstance(ref, AssetRef)),
        service_areas=tuple(ref for ref in refs if isinstance(ref, ServiceAreaRef)),
    )


def _shares(accuracy_m: float, found: Sequence[Found], here: Surroundings) -> tuple[Share, ...]:
    """Return the circle's parts; a part in no ward, off the city's edge, is left out."""
    around = {
        number: shapely.from_wkb(bytes(one.geometry.around))
        for number, one in enumerate(found)
        if one.geometry.around
    }
    if not around:
        return (Share(1.0, here),)
    whole = {n for n, one in enumerate(found) if one.geometry.covers and n not in around}
    parts = []
    for numbers, part in circle.shares(accuracy_m, around).items():
        inside = [found[number] for number in sorted(numbers | whole)]
        wards = _areas(inside, Layer.WARD)
        if wards or here.ward is None:
            parts.append((part, _surroundings(inside, wards[0] if wards else None)))
    total = sum(part for part, _ in parts)
    return tuple(Share(part / total, place) for part, place in parts) or (Share(1.0, here),)


def _outside(here: LonLat, on: date) -> DomainError:
    """Return the error that says best what is wrong with a position that is not in the city."""
    facts = {"lon": round(here.lon, 6), "lat": round(here.lat, 6)}
    if here.lon == 0 and here.lat == 0:
        return NullIsland()
    if (other := here.swapped()) and _inside(other, on):
        return SwappedPosition(**facts)
    return OutsideCity(city=city.current().name, **facts)


def _inside(here: LonLat, on: date) -> bool:
    return in_extent(here) and bool(
        _areas([one for one in look(Position(here), on).found if one.geometry.covers], Layer.WARD)
    )
