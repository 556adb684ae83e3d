"""What offices do with an incident, step by step: lock, ask, check, write, record, tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from incidents import deadline_rules, workflow
from incidents.actors import Actor
from incidents.errors import (
    IncidentChanged,
    IncidentNotFound,
    PauseUsedUp,
    PermissionDenied,
    ReasonMissing,
    UnknownReason,
)
from incidents.models import Incident
from incidents.permissions import Act, Reach
from incidents.services import clocks
from incidents.services.events import Happening, record
from incidents.services.telling import tell_all
from incidents.workflow import ARROWS, ENDED, Reason, Status, Step

EVENTS: Final[Mapping[Step, str]] = {
    Step.VERIFY: "verified",
    Step.REJECT: "rejected",
    Step.ACCEPT: "accepted",
    Step.DECLINE: "declined",
    Step.START: "in_progress",
    Step.PAUSE: clocks.PAUSED,
    Step.RESUME: clocks.RESUMED,
    Step.CLAIM_DONE: "claimed_done",
    Step.CLOSE: "closed",
    Step.REOPEN: "reopened",
}
"""The event that each step records; giving to an agency is ``assign``, dividing is ``split``."""

TOLD: Final = frozenset({Step.REJECT, Step.CLAIM_DONE, Step.CLOSE})


@dataclass(frozen=True, slots=True)
class Said:
    """What an actor says with a step, and which state of the incident was before their eyes."""

    reason: str = ""
    """A code of the step's closed list."""
    words: str = ""
    version: int | None = None


@transaction.atomic
def take(actor: Actor, incident_id: int, step: Step, said: Said = Said()) -> Incident:
    """Take one step of the workflow, and return the incident as it stands then.

    Raises IncidentNotFound, also for what ``actor`` may not see; PermissionDenied;
    IncidentChanged where ``said.version`` is not the newest; ForbiddenStep; ReasonMissing;
    UnknownReason; PauseUsedUp.
    """
    incident = locked_incident(actor, Act(step.value), incident_id, said.version)
    target = workflow.after(Status(incident.status), step)
    check_reason(step, said)
    now = timezone.now()
    data = _EFFECTS.get(step, _nothing)(incident, now)
    if said.reason:
        data["reason"] = said.reason
    _arrive(incident, target, now)
    happening = Happening(EVENTS[step], incident, reason=said.words.strip()[:300], data=data)
    event = record(happening, actor)
    if step in TOLD:
        tell_all(event, incident)
    return incident


def locked_incident(
    actor: Actor, act: Act, incident_id: int, version: int | None = None
) -> Incident:
    """Return an incident that ``actor`` may do this to, locked until the transaction ends.

    Raises PermissionDenied; IncidentNotFound, also for what ``actor`` may not see; IncidentChanged.
    """
    if actor.reach(act) is Reach.NONE:
        raise PermissionDenied
    locked = Incident.objects.select_for_update(of=("self",)).select_related("category")
    incident = locked.filter(pk=incident_id).first()
    if incident is None or not actor.sees(incident):
        raise IncidentNotFound(id=incident_id)
    actor.must(act, incident)
    if version is not None and version != incident.version:
        raise IncidentChanged
    return incident


def check_reason(step: Step, said: Said) -> None:
    """Raise where the step asks for a reason that was not given, or is not in its closed list."""
    wanted = ARROWS[step].reason
    if wanted is Reason.WORDS and not said.words.strip():
        raise ReasonMissing
    if wanted is Reason.LISTED:
        possible = [reason.code for reason in deadline_rules.rules().reasons_for(step)]
        if said.reason not in possible:
            raise UnknownReason(reason=said.reason or "–", possible=", ".join(possible))


def _arrive(incident: Incident, target: Status, now: datetime) -> None:
    incident.status = target.value
    incident.closed_at = now if target in ENDED else None
    if target in ENDED or target is Status.CLAIMED_DONE:
        clocks.end(incident)
        incident.needs_triage = False
    incident.version += 1
    incident.save()


def _nothing(_incident: Incident, _now: datetime) -> dict[str, Any]:
    return {}


def _decline(incident: Incident, _now: datetime) -> dict[str, Any]:
    """The agency gives it back: a person finds who takes it, and knows who did not."""
    declined = incident.agency.code if incident.agency else None
    incident.agency, incident.needs_triage = None, True
    clocks.end(incident)
    return {"agency": declined}


def _pause(incident: Incident, now: datetime) -> dict[str, Any]:
    clock = clocks.clock_of(incident)
    on = timezone.localdate(incident.held_since or now)
    allowed = deadline_rules.rules().deadline(incident.category, on).pause_days
    if clock and clocks.paused_for(clock, now) >= timedelta(days=allowed):
        raise PauseUsedUp(days=f"{allowed:g}")
    # What is late already stays late.
    stopped = clocks.paused(clock, now) if clock else None
    incident.due_at = stopped.due(deadline_rules.calendar()) if stopped else None
    return {"since": now.isoformat()}


def _resume(incident: Incident, now: datetime) -> dict[str, Any]:
    clock = clocks.clock_of(incident)
    if clock is None:
        return {"since": now.isoformat()}
    going = clocks.resumed(clock, now)
    incident.due_at = going.due(deadline_rules.calendar())
    due = incident.due_at.isoformat() if incident.due_at else None
    return {"since": now.isoformat(), "due": due}


def _reopen(incident: Incident, now: datetime) -> dict[str, Any]:
    """It goes back to whoever said that it was done, with a new clock."""
    return {"agency": incident.agency.code if incident.agency else None} | clocks.begin(
        incident, now
    )


_EFFECTS: Final[Mapping[Step, Callable[[Incident, datetime], dict[str, Any]]]] = {
    Step.DECLINE: _decline,
    Step.PAUSE: _pause,
    Step.RESUME: _resume,
    Step.REOPEN: _reopen,
}
