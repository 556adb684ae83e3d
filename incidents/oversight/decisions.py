"""Decisions reckoned again, from the rules, boundaries and places of the moment they were made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from districts import rulebook, rules_then
from districts.routing import Decision as Route
from districts.routing import NoRule, route
from districts.rulebook import AgencyNames
from incidents.actors import Actor
from incidents.models import Decision, Event
from incidents.oversight.reading import incident_of_record
from incidents.rereading.recall import Memory

ROUNDING: Final = 0.001
"""Shares are kept with four digits, and a certainty adds up a few of them."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided, in words."""

    agency: str
    rule: str
    certainty: float
    needs_triage: bool


@dataclass(frozen=True, slots=True)
class Again:
    """A decision beside what its inputs lead to, reckoned now."""

    at: datetime
    because: str
    decided: Outcome
    by_hand: bool
    again: Outcome | None
    """None for what a person chose, and where something it rested on is no longer there."""

    @property
    def agrees(self) -> bool:
        """Whether both are the same."""
        one, other = self.decided, self.again
        return other is not None and (
            (one.agency, one.rule, one.needs_triage)
            == (other.agency, other.rule, other.needs_triage)
            and abs(one.certainty - other.certainty) < ROUNDING
        )


def decisions_again(actor: Actor, incident_id: int, language: str) -> list[Again]:
    """Return the decisions on an incident, the first one first, each reckoned again.

    Raises PermissionDenied, IncidentNotFound.
    """
    incident = incident_of_record(actor, incident_id)
    rows = Decision.objects.filter(incident=incident).select_related("agency", "rule", "incident")
    memory, names = Memory.read(), rulebook.current().agencies
    return [
        Again(
            at=row.decided_at,
            because=row.because if language == "vi" else row.because_en,
            decided=_decided(row, names, language),
            by_hand=row.basis == "person",
            again=_reckoned(row, memory, names, language),
        )
        for row in rows.order_by("id")
    ]


def _decided(row: Decision, names: Mapping[str, AgencyNames], language: str) -> Outcome:
    agency = names[row.agency.code].in_language(language) if row.agency else "–"
    return Outcome(agency, row.rule.code if row.rule else "", row.certainty, row.needs_triage)


def _reckoned(
    row: Decision, memory: Memory, names: Mapping[str, AgencyNames], language: str
) -> Outcome | None:
    found = _route(row, memory) if row.basis != "person" and row.inputs else None
    if found is None:
        return None
    agency = names[found.agency].in_language(language)
    return Outcome(agency, found.claim.rule, found.certainty, found.needs_triage)


def _route(row: Decision, memory: Memory) -> Route | None:
    kept: dict[str, Any] = row.inputs
    placement = memory.placement(date.fromisoformat(kept["on"]), kept["shares"])
    category = rules_then.category_at(_category_of(row), kept["version"])
    if placement is None or category is None:
        return None
    without = frozenset(kept.get("without", ()))
    try:
        return route(placement, category, rules_then.rules_at(row.decided_at), without)
    except NoRule:
        return None


def _category_of(row: Decision) -> str:
    """Return the incident's category when it was decided on: it may have been changed since."""
    changed = Event.objects.filter(incident=row.incident_id, kind="recategorised")
    later = changed.filter(at__gt=row.decided_at).order_by("id").first()
    return str(later.data["before"]) if later else row.incident.category_id
