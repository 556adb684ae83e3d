"""Whether a text speaks of a place that is not ours."""

from __future__ import annotations

from collections.abc import Sequence

from districts import city
from districts.geocoding.areas.hearing import Heard
from districts.geocoding.parsed import Elsewhere, Parsed, Pin
from gis_core.positions import LonLat

OURS = frozenset({"city", "province"})
"""The city's own name, and those of the provinces that it absorbed."""


def is_elsewhere(parsed: Parsed, heard: Sequence[Heard]) -> bool:
    """Tell whether the place lies outside the city.

    Coordinates decide where there are any. Else another province is named, and nothing that only
    the city has: neither its name nor a district of it. A ward's name before the province's is no
    proof, for every province has its own "Phường 5".
    """
    pins = [one for one in parsed.mentions if isinstance(one, Pin)]
    if pins:
        return not any(_in_extent(one.lonlat) for one in pins)
    others = [one for one in parsed.mentions if isinstance(one, Elsewhere)]
    if not others or any(one.level in OURS for one in heard):
        return False
    last = max(one.start for one in others)
    return not any(_is_proof(one, parsed.tokens[one.first].start > last) for one in heard)


def _is_proof(heard: Heard, after: bool) -> bool:  # noqa: FBT001
    """Tell whether only the city bears a name; ``after`` the other province's, or before it."""
    if heard.level == "district":
        return heard.cued or after
    return heard.cued and after


def _in_extent(lonlat: LonLat) -> bool:
    west, south, east, north = city.current().extent
    return west <= lonlat.lon <= east and south <= lonlat.lat <= north
