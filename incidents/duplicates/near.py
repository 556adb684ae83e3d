"""The incidents around a report that are open, or were closed lately: one prepared query."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from gis_core import sql
from gis_core.names import folded
from gis_core.positions import LonLat, degrees_reach
from gis_core.tiles import cell_code, ranges_around
from incidents.actors import Actor
from incidents.duplicates import wording
from incidents.duplicates.comparing import as_unsigned, asset_of, reporter_of
from incidents.duplicates.likeness import Case
from incidents.duplicates.terms import Terms
from incidents.permissions import Act

NEAREST: Final = 24
"""Open ones of each category, at most: those further off hardly are the thing."""
COMPARED: Final = 16
"""Incidents that a report is held against in full."""
SLICE: Final = timedelta(days=60)
SLICED_FROM: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""As the index of closed incidents cuts time."""


@dataclass(frozen=True, slots=True)
class Held:
    """What decides who may see an incident."""

    pk: int
    status: str
    public: bool
    agency_id: int | None
    ward_id: int | None
    district_id: int | None


@dataclass(frozen=True, slots=True)
class Known:
    """An incident by one of its first reports; without a case where it is too far to compare."""

    held: Held
    category: str
    lonlat: LonLat
    opened: datetime
    closed: datetime | None
    case: Case | None
    approved: bool = False
    """Whether everybody may read the words and see the photos of this report."""

    def told_to(self, actor: Actor) -> Known:
        """Return the same with only what ``actor`` may know of it."""
        if self.case is None:
            return self
        case = self.case
        if not (self.approved or actor.may(Act.READ_WORDS, self.held)):
            case = replace(case, words=frozenset(), address="", photo_hashes=())
        if not actor.may(Act.SEE_CONTACTS, self.held):
            case = replace(case, reporter="")
        return replace(self, case=case)


def near(case: Case, without: int, terms: Terms) -> list[Known]:
    """Return what a report may be about: an entry for each of an incident's reports, in order."""
    at = terms.position
    here = case.lonlat
    box = degrees_reach(here.lat, at.search_m + min(case.accuracy_m, at.search_m))
    since = case.opened - timedelta(days=terms.time.closed_days)
    firsts, lasts = zip(*ranges_around(here, *box), strict=True)
    asked = (
        terms.mixed_up_with(case.category), here.lon, here.lat, *box, case.opened, since,
        _slices(since), list(firsts), list(lasts), without, NEAREST, COMPARED,
    )  # fmt: skip
    return [_known(row) for row in sql.prepared("incidents", "candidates", asked)]


def at_point(lonlat: LonLat) -> dict[str, tuple[int, int]]:
    """Return for each category how many stand on this very point, and how many of them are open.

    Beyond two thousand they are not counted.
    """
    rows = sql.prepared("incidents", "at_point", (cell_code(lonlat),))
    return {category: (many, still_open) for category, many, still_open in rows}


def _slices(since: datetime) -> list[int]:
    first, last = (math.floor((moment - SLICED_FROM) / SLICE) for moment in (since, timezone.now()))
    return list(range(first, last + 1))


def _known(row: Sequence[Any]) -> Known:
    held, (category, lon, lat, accuracy, opened, closed) = Held(*row[:6]), row[6:12]
    here = LonLat(lon, lat)
    whole: dict[str, Any] = {
        "id": str(held.pk), "category": category, "lonlat": here, "accuracy_m": accuracy,
        "opened": opened, "closed": closed, "asset": asset_of(row[13] or ()),
    }  # fmt: skip
    case = Case(**whole | _said(row[14:-1])) if row[12] else None
    return Known(held, category, here, opened, closed, case, approved=row[-1])


def _said(row: Sequence[Any]) -> dict[str, Any]:
    """What one of its reports adds; the first one stands where an office says that the thing is."""
    number, lon, lat, accuracy, reported, text, address, phone, email, hashes = row
    if number is None:
        return {}
    found: dict[str, Any] = {
        "opened": reported,
        "words": wording.words(text),
        "address": folded(address),
        "reporter": reporter_of(phone, email),
        "photo_hashes": tuple(as_unsigned(one) for one in hashes),
    }
    if number > 1 and lon is not None:
        found |= {"lonlat": LonLat(lon, lat), "accuracy_m": accuracy}
    return found
