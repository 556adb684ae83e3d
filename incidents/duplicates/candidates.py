"""What is known already that a report may be about: one indexed query, then the likeness."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from gis_core import sql
from gis_core.positions import LonLat, degrees_reach
from incidents.duplicates import terms as numbers
from incidents.duplicates import wording
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
    opened: datetime
    closed: datetime | None


def candidates(
    case: Case, *, limit: int | None = None, without: int = 0, terms: Terms | None = None
) -> list[Candidate]:
    """Return the incidents worth showing for a report, the likeliest first.

    ``without`` is an incident that is left out: the report's own. Who may see which of them is the
    caller's question.
    """
    at = terms or numbers.current()
    known = _known(case, without, at)
    around = Around(_per_km2(case, [one for _, one in known], at))
    found = [
        Candidate(
            pk,
            likeness(case, one, at, around),
            apart_m(case.lonlat, one.lonlat),
            one.opened,
            one.closed,
        )
        for pk, one in known
    ]
    least = worth_showing((one.likeness for one in found), case.category, at)
    shown = [one for one in found if one.likeness.probability >= least]
    shown.sort(key=lambda one: (-one.likeness.probability, one.opened, one.incident_id))
    return shown[: at.most if limit is None else limit]


def _known(case: Case, without: int, terms: Terms) -> list[tuple[int, Case]]:
    at = terms.position
    reach = at.search_m + min(case.accuracy_m, at.search_m)
    since = case.opened - timedelta(days=terms.time.closed_days)
    box = degrees_reach(case.lonlat.lat, reach)
    here = (case.lonlat.lon, case.lonlat.lat)
    asked = (terms.mixed_up_with(case.category), *here, *box, since, without, NEAREST)
    return [
        (
            pk,
            Case(
                id=str(pk), category=category, lonlat=LonLat(lon, lat), accuracy_m=accuracy,
                opened=opened, closed=closed, words=wording.words(" ".join(texts or ())),
            ),
        )
        for pk, category, lon, lat, accuracy, opened, closed, texts
        in sql.prepared("incidents", "candidates", asked)
    ]  # fmt: skip


def _per_km2(case: Case, known: Sequence[Case], terms: Terms) -> float:
    """Return the density of open things of the category around, drawn to the usual one."""
    own = [one for one in known if one.category == case.category]
    metres = [apart_m(case.lonlat, one.lonlat) for one in own if one.closed is None]
    # Where not all were read, the furthest of them says how far the reading went.
    furthest = max(metres, default=0.0) if len(own) >= NEAREST else terms.position.search_m
    reach = max(furthest, 2 * RING_M)
    area = math.pi * (reach**2 - RING_M**2) / 1e6
    count = sum(RING_M < one <= reach for one in metres)
    return (count + terms.position.chance_per_km2 * area) / (2 * area)
