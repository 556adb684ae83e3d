"""What is known already that a report may be about: one indexed query, then the likeness."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gis_core.positions import LonLat
from incidents.actors import Actor
from incidents.duplicates import terms as numbers
from incidents.duplicates.default_points import is_default, point
from incidents.duplicates.likeness import (
    Around,
    Case,
    Likeness,
    apart_m,
    likeness,
    worth_showing,
)
from incidents.duplicates.near import NEAREST, Known, at_point, near
from incidents.duplicates.open_places import RING_M, density
from incidents.duplicates.rarities import weights_of
from incidents.duplicates.terms import Terms


@dataclass(frozen=True, slots=True)
class Candidate:
    """An incident that a report may be about; ``closed`` where it was closed lately.

    ``default_point``: both stand on a point that tells nothing of where they are.
    """

    incident_id: int
    likeness: Likeness
    distance_m: float
    category: str
    status: str
    lonlat: LonLat
    opened: datetime
    closed: datetime | None
    to_first: float
    """How likely it is by the incident's first report alone."""
    default_point: bool = False


def candidates(
    case: Case, *, limit: int | None = None, actor: Actor | None = None, without: int = 0
) -> list[Candidate]:
    """Return the incidents worth showing for a report, the likeliest first.

    With an ``actor`` only what that one may see and read; nothing else has a part in the answer.
    ``without`` is an incident that is left out: the report's own.
    """
    terms = numbers.current()
    known = near(case, without, terms)
    if actor:
        known = [one.told_to(actor) for one in known if actor.sees(one.held)]
    if not known:
        return []
    around = _around(case, known, terms)
    best: dict[int, Candidate] = {}
    for one in known:
        if one.case:
            found = likeness(case, one.case, terms, around)
            best[one.held.pk] = _better(best.get(one.held.pk), case, one, found, around)
    least = worth_showing((one.likeness for one in best.values()), case.category, terms)
    shown = [one for one in best.values() if one.likeness.probability >= least]
    shown.sort(key=lambda one: (-one.likeness.probability, one.opened, one.incident_id))
    return shown[: terms.most if limit is None else limit]


def _better(
    before: Candidate | None, case: Case, one: Known, found: Likeness, around: Around
) -> Candidate:
    """Return a candidate by the report that is most like it; the first report comes first."""
    if before:
        return (
            before
            if before.likeness.probability >= found.probability
            else replace(before, likeness=found)
        )
    return Candidate(
        incident_id=one.held.pk,
        likeness=found,
        distance_m=round(apart_m(case.lonlat, one.lonlat), 1),
        category=one.category,
        status=one.held.status,
        lonlat=one.lonlat,
        opened=one.opened,
        closed=one.closed,
        to_first=found.probability,
        default_point=around.at_point > 0 and point(one.lonlat) == point(case.lonlat),
    )


def _around(case: Case, known: Sequence[Known], terms: Terms) -> Around:
    here = point(case.lonlat)
    crowd = 0
    if any(point(one.lonlat) == here for one in known):
        crowd = _crowd(case)
    return Around(_per_km2(case, known, terms), crowd, weights_of(case.category))


def _crowd(case: Case) -> int:
    """Return how many open ones of the category stand on a default point; elsewhere 0."""
    counts = at_point(case.lonlat)
    kinds = Counter({category: many for category, (many, _) in counts.items()})
    return counts.get(case.category, (0, 0))[1] if is_default(kinds) else 0


def _per_km2(case: Case, known: Iterable[Known], terms: Terms) -> float:
    """Return the density of open things of the category around, and some of the usual."""
    own = {one.held.pk: one for one in known if one.category == case.category}
    metres = [apart_m(case.lonlat, one.lonlat) for one in own.values() if one.closed is None]
    # Where not all were read, the furthest of them says how far the reading went.
    furthest = max(metres, default=0.0) if len(metres) >= NEAREST else terms.position.search_m
    reach = max(furthest, 2 * RING_M)
    area = math.pi * (reach**2 - RING_M**2) / 1e6
    count = sum(RING_M < one <= reach for one in metres)
    return density(count, area, terms.position.chance_per_km2)
