"""The three external geocoders, each asked through geopy: words -> places.

One file for the three, for they differ in four lines each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from districts import city
from gis_core.positions import LonLat

LIMIT = 5
UNREADABLE = (
    ArithmeticError, AttributeError, HTTPException, LookupError, OSError, RecursionError, TypeError,
    ValueError,
)  # fmt: skip
"""What an answer of another form, or a broken one, raises: geopy reads it without looking."""
UNKNOWN_RADIUS_M = 500.0
RADII_M: Mapping[str, float] = {
    "house": 30, "building": 30, "address": 30, "amenity": 60, "venue": 60, "shop": 30,
    "street": 250, "road": 250, "highway": 250, "residential": 250,
    "neighbourhood": 800, "suburb": 1500, "quarter": 800, "district": 1500, "locality": 1500,
}  # fmt: skip
"""Metres by which a result of this sort may be off; of areas and unknown sorts, see below."""


class NoAnswer(Exception):
    """The service did not answer, or with nothing that can be read. Never holds what was asked."""

    def __init__(self, cause: str, retry_after_s: float | None = None) -> None:
        super().__init__(cause)
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Told:
    """A place that a service answered with, in WGS 84 degrees."""

    lon: float
    lat: float
    label: str
    radius_m: float

    @property
    def lonlat(self) -> LonLat:
        """Where it is. Raises OutOfRange."""
        return LonLat(self.lon, self.lat)

    def as_json(self) -> dict[str, Any]:
        """Return the place as it is kept."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Service:
    """A configured external geocoder."""

    kind: str
    """nominatim, photon or pelias."""
    url: str
    user_agent: str
    key: str
    interval_s: float
    """The least time between two questions, of all processes together."""
    timeout_s: float
    attribution: str

    @property
    def name(self) -> str:
        """What the service's turns and answers are kept under."""
        return f"{self.kind} {self.url}"


def configured() -> Service | None:
    """Return the service that the environment names; None where it names none."""
    if not settings.WARDWISE_GEOCODER:
        return None
    return Service(
        kind=settings.WARDWISE_GEOCODER,
        url=settings.WARDWISE_GEOCODER_URL,
        user_agent=settings.WARDWISE_GEOCODER_USER_AGENT,
        key=settings.WARDWISE_GEOCODER_KEY,
        interval_s=settings.WARDWISE_GEOCODER_INTERVAL_MS / 1000,
        timeout_s=settings.WARDWISE_GEOCODER_TIMEOUT_S,
        attribution=settings.WARDWISE_GEOCODER_ATTRIBUTION,
    )


def ask(service: Service, words: str) -> list[Told]:
    """Return what the service knows of these words, in its order. Raises NoAnswer."""
    from geopy.exc import (  # noqa: PLC0415  heavy, and only where a service is configured
        GeocoderRateLimited,
        GeopyError,
    )

    try:
        found = SERVICES[service.kind](service, words)
        return [_told(one.longitude, one.latitude, one.address, one.raw) for one in found or ()]
    except GeocoderRateLimited as error:
        raise NoAnswer("rate limited", error.retry_after) from None
    except GeopyError as error:
        raise NoAnswer(type(error).__name__) from None
    except UNREADABLE as error:
        raise NoAnswer(f"unreadable answer: {type(error).__name__}") from None


def _nominatim(service: Service, words: str) -> Any:  # noqa: ANN401  geopy has no types
    from geopy.geocoders import Nominatim  # noqa: PLC0415  heavy, as above

    geocoder = Nominatim(**_reached(service))
    language = city.current().languages[0]
    box = {"viewbox": _box(), "bounded": True}
    return geocoder.geocode(words, exactly_one=False, limit=LIMIT, language=language, **box)


def _photon(service: Service, words: str) -> Any:  # noqa: ANN401
    from geopy.geocoders import Photon  # noqa: PLC0415  heavy, as above

    return Photon(**_reached(service)).geocode(words, exactly_one=False, limit=LIMIT, bbox=_box())


def _pelias(service: Service, words: str) -> Any:  # noqa: ANN401
    from geopy.geocoders import Pelias  # noqa: PLC0415  heavy, as above

    geocoder = Pelias(api_key=service.key or None, **_reached(service))
    return geocoder.geocode(words, exactly_one=False, boundary_rect=_box())


SERVICES: Mapping[str, Callable[[Service, str], Any]] = {
    "nominatim": _nominatim,
    "photon": _photon,
    "pelias": _pelias,
}


def _reached(service: Service) -> dict[str, Any]:
    from geopy.adapters import URLLibAdapter  # noqa: PLC0415  heavy, as above

    parts = urlsplit(service.url)
    return {
        "scheme": parts.scheme,
        "domain": f"{parts.netloc}{parts.path}",
        "timeout": service.timeout_s,
        "user_agent": service.user_agent,
        "adapter_factory": URLLibAdapter,
    }


def _box() -> list[tuple[float, float]]:
    west, south, east, north = city.current().extent
    return [(south, west), (north, east)]


def _told(lon: float, lat: float, label: str | None, raw: Mapping[str, Any]) -> Told:
    if not (math.isfinite(lon) and math.isfinite(lat)):
        msg = "not a position"
        raise ValueError(msg)
    return Told(float(lon), float(lat), str(label or ""), _radius_m(raw))


def _radius_m(raw: Mapping[str, Any]) -> float:
    """Return how far off a result may be, by what its sort is called in any of the forms."""
    facts = {**raw, **raw.get("properties", {})}
    sorts = (str(facts.get(key)) for key in ("addresstype", "layer", "type", "osm_key", "class"))
    return next((RADII_M[sort] for sort in sorts if sort in RADII_M), UNKNOWN_RADIUS_M)
