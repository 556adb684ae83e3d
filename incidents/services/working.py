"""What offices do with an incident, step by step: lock, ask, check, write, record, tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from incidents import closing, deadline_rules, workflow
from incidents.actors import ANYBODY, Actor
from incidents.closing import By
from incidents.errors import PauseUsedUp, ReasonMissing, UnknownReason
from incidents.models import Event, Incident
from incidents.models.work import When
from incidents.permissions import Act, Role
from incidents.said import NOTHING_SAID, Said
from incidents.services import claims, clocks, forwarding, promising, proving, splitting
from incidents.services.asking_again import ask_again
from incidents.services.events import Happening, record
from incidents.services.locking import locked_incident
from incidents.services.telling import tell_agency, tell_all
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

TOLD: Final = frozenset({Step.REJECT, Step.CLAIM_DONE, Step.CLOSE, Step.REOPEN})
LETS_GO: Final = frozenset({Step.REJECT, Step.DECLINE, Step.CLAIM_DONE})
"""Steps that end the custody."""
SHOWS: Final = {Step.CLAIM_DONE: When.AFTER, Step.REOPEN: When.DISPUTED}
"""What the photos of a step show, where not how it was before."""


@transaction.atomic
def take(actor: Actor, incident_id: int, step: Step, said: Said = NOTHING_SAID) -> Incident:
    """Take one step of the workflow, and return the incident as it stands then.

    Raises IncidentNotFound, also for what ``actor`` may not see; PermissionDenied;
    IncidentChanged where ``said.version`` is not the newest; ForbiddenStep; ReasonMissing;
    UnknownReason; PauseUsedUp; NotOnSite; ProofMissing; LateNeedsMore; BadPromise.
    """
    incident = locked_incident(actor, Act(step.value), incident_id, said.version)
    now = timezone.now()
    _check(actor, incident, step, said, now)
    go(actor, incident, step, said, now)
    incident.version += 1
    incident.save()
    return incident


def close_silent(incident: Incident, now: datetime) -> bool:
    """Close a locked incident that was claimed done, where nobody objected for long enough.

    False, and nothing done, where it is too early. For the watch.
    """
    claim = proving.claim_of(incident) if incident.status == Status.CLAIMED_DONE else None
    terms = deadline_rules.rules().terms(incident.category)
    if claim is None or not closing.may_close(By.SILENCE, claim, terms, now):
        return False
    go(ANYBODY, incident, Step.CLOSE, NOTHING_SAID, now)
    incident.version += 1
    incident.save()
    return True


def end_pause(incident: Incident, now: datetime) -> bool:
    """Resume a locked incident whose pause has used up its days, from the moment when it did.

    False, and nothing done, where none has. For the watch.
    """
    clock = clocks.clock_of(incident) if incident.status == Status.PAUSED else None
    ends = clock.pause_ends(clocks.pause_allowed(incident)) if clock else None
    if ends is None or now < ends:
        return False
    go(ANYBODY, incident, Step.RESUME, NOTHING_SAID, ends)
    incident.version += 1
    incident.save()
    return True


def _check(actor: Actor, incident: Incident, step: Step, said: Said, now: datetime) -> None:
    """Raise where the step is not to be taken, or not with so little said."""
    if step not in EVENTS:
        raise workflow.ForbiddenStep(current=incident.status, wanted=ARROWS[step].target)
    workflow.after(Status(incident.status), step)
    check_reason(step, said)
    proving.check_late(incident, step, said, actor, now)
    if step is Step.CLOSE:
        splitting.check_parts(incident)
        by = By.REPORTER if actor.role is Role.CITIZEN else By.OFFICE
        proving.check_closing(incident, by, now)


def go(actor: Actor, incident: Incident, step: Step, said: Said, now: datetime) -> Event:
    """Do what a step does to a locked incident, and record it; the caller saves the incident."""
    data = proving.proof(incident, said) | _EFFECTS.get(step, _nothing)(incident, now)
    if step in proving.HOLDS and actor.may(Act.PROMISE, incident):
        data |= promising.promise_of(said, now)
    if ARROWS[step].reason is Reason.LISTED:
        data["reason"] = said.reason
    if step is Step.CLAIM_DONE:
        data["proven"] = proving.is_proven(said)
    happening = Happening(EVENTS[step], incident, reason=said.sentence, data=data)
    event = record(happening, actor)
    proving.keep(incident, event, said, SHOWS.get(step, When.BEFORE))
    _arrive(incident, step, event, now)
    if step in TOLD:
        tell_all(event, incident)
    if step is Step.REOPEN:
        ask_again(incident.pk)
        tell_agency(event, incident, "disputed" if actor.role is Role.CITIZEN else "reopened")
    return event


def check_reason(step: Step, said: Said) -> None:
    """Raise where the step asks for a reason that was not given, or is not in its closed list."""
    wanted = ARROWS[step].reason
    if wanted is Reason.WORDS and not said.words.strip():
        raise ReasonMissing
    if wanted is Reason.LISTED:
        possible = [reason.code for reason in deadline_rules.rules().reasons_for(step)]
        if said.reason not in possible:
            raise UnknownReason(reason=said.reason or "–", possible=", ".join(possible))


def _arrive(incident: Incident, step: Step, event: Event, now: datetime) -> None:
    """Put the incident, its custody and its parent where the step leads."""
    target = ARROWS[step].target
    incident.status = target.value
    incident.closed_at = now if target in ENDED else None
    if step in LETS_GO:
        clocks.release(incident, event, now, proven=event.data.get("proven"))
        clocks.end(incident)
    if step is Step.DECLINE or target in ENDED:
        clocks.end_lending(incident, now)
    if step is Step.CLAIM_DONE:
        claims.begin(incident, now)
    elif step is Step.REOPEN:
        claims.take_back(incident, now)
        clocks.hand_over(incident, event, now)
        splitting.parent_goes_on(incident, event)
    elif step in {Step.PAUSE, Step.RESUME}:
        clocks.put_off(incident)
    promising.keep_promise(incident, event)
    if target in ENDED or target is Status.CLAIMED_DONE:
        incident.needs_triage = incident.check_after = False
    if target in ENDED:
        incident.next_step_at = None
        forwarding.stop_all(incident)
        splitting.end_parent(incident, event, now)


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
    allowed = clocks.pause_allowed(incident)
    if clock and clocks.paused_for(clock, now) >= allowed:
        raise PauseUsedUp(days=f"{allowed / timedelta(days=1):g}")
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
    if incident.agency is None and incident.decision:
        incident.agency = incident.decision.agency
    if incident.agency is None:
        raise workflow.ForbiddenStep(current=incident.status, wanted=Status.ASSIGNED)
    return {"agency": incident.agency.code} | clocks.begin(incident, now)


_EFFECTS: Final[Mapping[Step, Callable[[Incident, datetime], dict[str, Any]]]] = {
    Step.DECLINE: _decline,
    Step.PAUSE: _pause,
    Step.RESUME: _resume,
    Step.REOPEN: _reopen,
}
