"""Where something is: WGS 84 degrees, longitude first, and how well it is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from gis_core.errors import N_, DomainError

WGS84 = 4326
EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of GRS 80 (IUGG), in metres."""


class OutOfRange(DomainError):
    """A longitude or latitude is not a finite number of degrees on the globe."""

    code = "position.out_of_range"
    status = 422
    message = N_(
        "Longitude %(lon)s, latitude %(lat)s is not a position on the globe. "
        "Longitude runs from -180 to 180, latitude from -90 to 90."
    )


class BadAccuracy(DomainError):
    """An accuracy radius is negative, not finite, or larger than any city."""

    code = "position.bad_accuracy"
    status = 422
    message = N_("The accuracy %(accuracy_m)s is not a radius in metres from 0 to %(largest)s.")


@dataclass(frozen=True, slots=True)
class LonLat:
    """A WGS 84 position in degrees, longitude first.

    Raises OutOfRange for anything not finite or off the globe; whether it lies in the city is
    placement's question.
    """

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (-180.0 <= self.lon <= 180.0 and -90.0 <= self.lat <= 90.0):
            raise OutOfRange(lon=self.lon, lat=self.lat)

    def swapped(self) -> LonLat | None:
        """Return the position with its two numbers exchanged; None where that is off the globe."""
        return LonLat(self.lat, self.lon) if abs(self.lon) <= 90.0 else None


@dataclass(frozen=True, slots=True)
class Position:
    """A position, the radius in metres within which it is believed to lie, and how it was found.

    Raises BadAccuracy.
    """

    LARGEST_RADIUS_M: ClassVar[float] = 50_000.0

    lonlat: LonLat
    accuracy_m: float = 0.0
    method: str = "pin"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.accuracy_m) and 0 <= self.accuracy_m <= self.LARGEST_RADIUS_M):
            raise BadAccuracy(accuracy_m=self.accuracy_m, largest=self.LARGEST_RADIUS_M)


def distance_m(one: LonLat, other: LonLat) -> float:
    """Return metres along the great circle, by the haversine formula on the mean sphere."""
    lat, other_lat = math.radians(one.lat), math.radians(other.lat)
    half_dlon = math.radians(other.lon - one.lon) / 2
    half_chord = (
        math.sin((other_lat - lat) / 2) ** 2
        + math.cos(lat) * math.cos(other_lat) * math.sin(half_dlon) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(min(math.sqrt(half_chord), 1.0))


def degrees_reach(lat: float, metres: float) -> tuple[float, float]:
    """Return (dlon, dlat) in degrees that reach at least ``metres`` around latitude ``lat``.

    On a sphere, one per cent larger to cover the ellipsoid; for index boxes, not for measuring.
    """
    dlat = math.degrees(metres / EARTH_RADIUS_M) * 1.01
    return dlat / max(math.cos(math.radians(lat)), 0.01), dlat
