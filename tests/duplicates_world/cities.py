"""The same made-up year as other cities would file it: other words, worse positions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from gis_core.positions import LonLat
from incidents.duplicates.likeness import Case
from tests.duplicates_world.making import Told
from tests.duplicates_world.streets import METRE, Line

Change = Callable[[Case], Case]
NOTHING: frozenset[str] = frozenset()


def cities(lines: Sequence[Line]) -> dict[str, Change]:
    """Return what each city does to a report before it is filed."""
    middles = [line[len(line) // 2] for line in lines]
    return {
        "as it is": lambda case: case,
        "no texts": lambda case: replace(case, words=NOTHING),
        "another catalogue": lambda case: replace(case, category=f"x-{case.category}"),
        "no accuracies": lambda case: replace(case, accuracy_m=0.0),
        "no closing times": lambda case: replace(case, closed=None),
        "none of these": lambda case: replace(
            case, category=f"x-{case.category}", words=NOTHING, accuracy_m=0.0, closed=None
        ),
        "positions of 4 decimals": lambda case: replace(case, lonlat=_rounded(case.lonlat, 4)),
        "positions of 3 decimals": lambda case: replace(case, lonlat=_rounded(case.lonlat, 3)),
        "streets for positions": lambda case: replace(
            case, lonlat=_nearest(case.lonlat, middles), accuracy_m=0.0
        ),
    }


def told_by(told: Sequence[Told], change: Change) -> list[Told]:
    """Return the reports as a city files them."""
    return [replace(one, case=change(one.case)) for one in told]


def _rounded(at: LonLat, places: int) -> LonLat:
    return LonLat(round(at.lon, places), round(at.lat, places))


def _nearest(at: LonLat, middles: Sequence[tuple[float, ...]]) -> LonLat:
    """The middle of a street near by, what a geocoder gives that knows no house numbers."""
    reach = 400 * METRE
    near = [m for m in middles if abs(m[1] - at.lat) < reach and abs(m[0] - at.lon) < reach]
    best = min(near, key=lambda m: abs(m[0] - at.lon) + abs(m[1] - at.lat), default=None)
    return LonLat(best[0], best[1]) if best else at
