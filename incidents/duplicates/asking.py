"""Before somebody reports: what everybody may see that is known already and may be the same.

Only public incidents are named, by what the public map shows of them. What was said of them counts
only as far as everybody may read it, so that nobody learns words by guessing them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from gis_core.errors import N_, DomainError
from gis_core.names import folded
from gis_core.positions import LonLat
from incidents.actors import ANYBODY
from incidents.duplicates import wording
from incidents.duplicates.candidates import Candidate, candidates
from incidents.duplicates.likeness import Case
from incidents.report import Statement

NONE: Final = "none"
MOST: Final = 20
"""Incidents that one header may name."""


class MaybeKnown(DomainError):
    """What everybody can see near the place may be what is about to be reported."""

    code = "report.maybe_known"
    status = 409
    message = N_(
        "This may be known already: %(count)s incidents near there look like it (candidates). "
        "Follow one of them instead; or send it again with the header "
        "X-Acknowledge-Duplicate: none, or with their numbers, and it is taken."
    )


class BadAcknowledgement(DomainError):
    """The header names neither incidents nor nothing."""

    code = "report.bad_acknowledgement"
    status = 422
    message = N_(
        "X-Acknowledge-Duplicate must be none, or the numbers of at most %(most)s incidents with "
        "commas between them."
    )


@dataclass(frozen=True, slots=True)
class Alike:
    """A public incident that may be the same."""

    id: int
    category: str
    status: str
    distance_m: float
    since: datetime
    lonlat: LonLat

    def facts(self) -> dict[str, Any]:
        """Return what programs read of it."""
        return {
            "id": self.id,
            "category": self.category,
            "status": self.status,
            "distance_m": self.distance_m,
            "since": self.since.isoformat(),
        }


def alike(case: Case) -> list[Alike]:
    """Return what everybody may see that a case may be about, the likeliest first; at most five."""
    return [_alike(one) for one in candidates(case, actor=ANYBODY)]


def case_of(statement: Statement) -> Case | None:
    """Return what somebody says as a case; None without a position. The reporter stays unasked."""
    where = statement.position
    if where is None:
        return None
    return Case(
        id="",
        category=statement.category,
        lonlat=where.lonlat,
        accuracy_m=where.accuracy_m,
        opened=statement.reported_at,
        words=wording.words(statement.text),
        address=folded(statement.address),
    )


def read_acknowledged(header: str | None) -> frozenset[int] | None:
    """Return the incidents that a sender has seen; None: all there may be. Raises as below.

    Without a header nothing was seen. Raises BadAcknowledgement.
    """
    if header is None:
        return frozenset()
    said = header.strip()
    if said.lower() == NONE:
        return None
    parts = [part.strip() for part in said.split(",")]
    if len(parts) > MOST or not all(_is_number(part) for part in parts):
        raise BadAcknowledgement(most=MOST)
    return frozenset(int(part) for part in parts)


def check_unknown(statement: Statement, acknowledged: Collection[int] | None) -> None:
    """Raise MaybeKnown where there is something that its sender has not seen."""
    case = case_of(statement) if acknowledged is not None else None
    if case is None or acknowledged is None:
        return
    found = [one for one in alike(case) if one.id not in acknowledged]
    if found:
        raise MaybeKnown(count=len(found), candidates=[one.facts() for one in found])


def _alike(one: Candidate) -> Alike:
    return Alike(
        one.incident_id, one.category, one.status, one.distance_m, one.opened, one.lonlat
    )  # fmt: skip


def _is_number(part: str) -> bool:
    return part.isascii() and part.isdigit() and len(part) < 19
