"""What is known already that a report may be about: one indexed query, then the likeness."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from gis_core import sql
from gis_core.names import folded
from gis_core.positions import LonLat, degrees_reach
from incidents.actors import Actor
from incidents.duplicates import terms as numbers
from incidents.duplicates import wording
from incidents.duplicates.comparing import as_unsigned, asset_of, reporter_of
from incidents.duplicates.likeness import (
    Around,
    Case,
    Likeness,
    apart_m,
    likeness,
    worth_showing,
)
from incidents.duplicates.open_places import RING_M
from incidents.duplicates.terms import Terms

NEAREST: Final = 40
"""Of each category, at most: those further off hardly are the thing."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An incident that a report may be about; ``closed`` where it was closed lately."""

    incident_id: int
    likeness: Likeness
    distance_m: float
    category: str
    status: str
    lonlat: LonLat
    opened: datetime
    closed: datetime | None


@dataclass(frozen=True, slots=True)
class _Held:
    """What decides who may see an incident."""

    pk: int
    status: str
    public: bool
    agency_id: int | None
    ward_id: int | None
    district_id: int | None


@dataclass(frozen=True, slots=True)
class _Known:
    """One report of a known incident; its case has the incident's times of ending."""

    held: _Held
    case: Case
    lonlat: LonLat
    opened: datetime


def candidates(
    case: Case,
    *,
    limit: int | None = None,
    actor: Actor | None = None,
    without: int = 0,
    terms: Terms | None = None,
) -> list[Candidate]:
    """Return the incidents worth showing for a report, the likeliest first.

    With an ``actor`` only what that one may see; what it may not has no part in the answer either.
    ``without`` is an incident that is left out: the report's own.
    """
    at = terms or numbers.current()
    known = [one for one in _known(case, without, at) if actor is None or actor.sees(one.held)]
    around = Around(_per_km2(case, known, at))
    best: dict[int, Candidate] = {}
    for one in known:
        found = _candidate(case, one, likeness(case, one.case, at, around))
        before = best.get(found.incident_id)
        if before is None or found.likeness.probability > before.likeness.probability:
            best[found.incident_id] = found
    least = worth_showing((one.likeness for one in best.values()), case.category, at)
    shown = [one for one in best.values() if one.likeness.probability >= least]
    shown.sort(key=lambda one: (-one.likeness.probability, one.opened, one.incident_id))
    return shown[: at.most if limit is None else limit]


def _candidate(case: Case, one: _Known, found: Likeness) -> Candidate:
    held = one.held
    return Candidate(
        held.pk, found, round(apart_m(case.lonlat, one.lonlat), 1), one.case.category, held.status,
        one.lonlat, one.opened, one.case.closed,
    )  # fmt: skip


def _known(case: Case, without: int, terms: Terms) -> list[_Known]:
    at = terms.position
    reach = at.search_m + min(case.accuracy_m, at.search_m)
    since = case.opened - timedelta(days=terms.time.closed_days)
    box = degrees_reach(case.lonlat.lat, reach)
    here = (case.lonlat.lon, case.lonlat.lat)
    asked = (terms.mixed_up_with(case.category), *here, *box, since, without, NEAREST)
    return [_read(row) for row in sql.prepared("incidents", "candidates", asked)]


def _read(row: Sequence[Any]) -> _Known:
    (pk, category, status, public, agency, ward, district, lon, lat, accuracy, opened, closed,
     own_lon, own_lat, own_accuracy, reported, text, address, phone, email, hashes,
     assets) = row  # fmt: skip
    at_opening = reported is None or reported <= opened
    own = not at_opening and own_lon is not None
    case = Case(
        id=str(pk),
        category=category,
        # The first report stands where an office says that the thing is.
        lonlat=LonLat(own_lon, own_lat) if own else LonLat(lon, lat),
        accuracy_m=own_accuracy if own else accuracy,
        opened=reported or opened,
        closed=closed,
        words=wording.words(text or ""),
        address=folded(address or ""),
        photo_hashes=tuple(as_unsigned(one) for one in hashes or ()),
        asset=asset_of(assets),
        reporter=reporter_of(phone, email),
    )
    held = _Held(pk, status, public, agency, ward, district)
    return _Known(held, case, LonLat(lon, lat), opened)


def _per_km2(case: Case, known: Sequence[_Known], terms: Terms) -> float:
    """Return the density of open things of the category around, drawn to the usual one."""
    own = {one.held.pk: one for one in known if one.case.category == case.category}
    metres = [apart_m(case.lonlat, one.lonlat) for one in own.values() if one.case.closed is None]
    # Where not all were read, the furthest of them says how far the reading went.
    furthest = max(metres, default=0.0) if len(own) >= NEAREST else terms.position.search_m
    reach = max(furthest, 2 * RING_M)
    area = math.pi * (reach**2 - RING_M**2) / 1e6
    count = sum(RING_M < one <= reach for one in metres)
    return (count + terms.position.chance_per_km2 * area) / (2 * area)
