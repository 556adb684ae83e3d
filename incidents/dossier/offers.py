"""What somebody may do with an incident now: nothing is offered that would be refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from django.utils import timezone

from gis_core.errors import DomainError
from incidents import deadline_rules
from incidents.actors import Actor
from incidents.closing import By
from incidents.deadlines import Clock
from incidents.models import Incident
from incidents.permissions import Act
from incidents.services import clocks, proving, splitting
from incidents.services.changing import CHANGEABLE
from incidents.workflow import ARROWS, HELD, Status, Step

BESIDES: Final[Mapping[Act, frozenset[Status]]] = MappingProxyType(
    {
        Act.MOVE: CHANGEABLE,
        Act.RECATEGORISE: CHANGEABLE,
        Act.DELEGATE: HELD,
        Act.PROMISE: HELD,
        Act.NOTE: frozenset(Status),
    }
)
"""Acts that are no steps of the workflow, and in which states they are possible."""

ORDER: Final = (
    Act.VERIFY, Act.ACCEPT, Act.START, Act.RESUME, Act.CLAIM_DONE, Act.CLOSE, Act.PROMISE,
    Act.PAUSE, Act.DECLINE, Act.ASSIGN, Act.REOPEN, Act.REJECT, Act.SPLIT, Act.DELEGATE,
    Act.MOVE, Act.RECATEGORISE, Act.NOTE,
)  # fmt: skip
"""What leads on comes first."""


def offered(actor: Actor, incident: Incident, clock: Clock | None) -> tuple[Act, ...]:
    """Return the acts that ``actor`` may do to the incident as it stands, likeliest first.

    ``clock`` is that of the agency that has it now. Asks the database for a few facts at most.
    """
    now, status = timezone.now(), Status(incident.status)
    possible = [act for act in ORDER if _fits(act, status) and actor.may(act, incident)]
    return tuple(act for act in possible if _CONDITIONS.get(act, _always)(incident, clock, now))


def _fits(act: Act, status: Status) -> bool:
    if act in BESIDES:
        return status in BESIDES[act]
    return status in ARROWS[Step(act.value)].sources


def _always(_incident: Incident, _clock: Clock | None, _now: datetime) -> bool:
    return True


def _may_pause(incident: Incident, clock: Clock | None, now: datetime) -> bool:
    """Whether the rule leaves days to pause."""
    on = timezone.localdate(incident.held_since or now)
    days = deadline_rules.rules().deadline(incident.category, on).pause_days
    return clock is None or clocks.paused_for(clock, now) < timedelta(days=days)


def _may_close(incident: Incident, _clock: Clock | None, now: datetime) -> bool:
    """Whether its parts have ended and its claim is proven, or was not objected to in time."""
    try:
        splitting.check_parts(incident)
        proving.check_closing(incident, By.OFFICE, now)
    except DomainError:
        return False
    return True


def _may_reopen(incident: Incident, _clock: Clock | None, _now: datetime) -> bool:
    """Whether there is an agency that it can go back to."""
    return bool(incident.agency or (incident.decision and incident.decision.agency))


_CONDITIONS: Final[Mapping[Act, Callable[[Incident, Clock | None, datetime], bool]]] = {
    Act.PAUSE: _may_pause,
    Act.CLOSE: _may_close,
    Act.REOPEN: _may_reopen,
}
