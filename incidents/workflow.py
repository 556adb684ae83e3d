"""The states of an incident, the steps between them, and what each step asks for, as tables. Pure.

    received -> verified -> assigned -> accepted -> in progress -> claimed done -> closed
        |           |          |  ^         |          |   ^            |            |
        +-> rejected <---------+  |      declined    paused             +- reopened -+

Declining leads back to *verified*, from where routing goes on without the agency that declined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from gis_core.errors import N_, DomainError


class Status(StrEnum):
    """Where an incident stands."""

    RECEIVED = "received"
    VERIFIED = "verified"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    CLAIMED_DONE = "claimed_done"
    SPLIT = "split"
    """Its parts are incidents of their own; it ends when the last of them does."""
    CLOSED = "closed"
    REJECTED = "rejected"
    MERGED = "merged"
    """Found to be another incident; its reports are with that one until somebody undoes it."""


ENDED = frozenset({Status.CLOSED, Status.REJECTED})
OPEN = frozenset(Status) - ENDED - {Status.MERGED}
HELD = frozenset({Status.ASSIGNED, Status.ACCEPTED, Status.IN_PROGRESS, Status.PAUSED})
"""An agency has it and its clock stands or runs."""


class Step(StrEnum):
    """What takes an incident from one state to another."""

    VERIFY = "verify"
    REJECT = "reject"
    ASSIGN = "assign"
    ACCEPT = "accept"
    DECLINE = "decline"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CLAIM_DONE = "claim_done"
    CLOSE = "close"
    REOPEN = "reopen"
    SPLIT = "split"


class Reason(StrEnum):
    """What a step asks its actor to say."""

    NONE = "none"
    WORDS = "words"
    """A sentence of one's own."""
    LISTED = "listed"
    """One of the closed list of this step, in the catalogue; a sentence may come with it."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """From which states a step leads where, and what it asks for."""

    sources: frozenset[Status]
    target: Status
    reason: Reason = Reason.NONE


def _from(*sources: Status) -> frozenset[Status]:
    return frozenset(sources)


_UNDER_WAY = _from(Status.ASSIGNED, Status.ACCEPTED, Status.IN_PROGRESS)
_BEFORE_WORK = _from(Status.RECEIVED, Status.VERIFIED, Status.ASSIGNED, Status.ACCEPTED)

ARROWS: Mapping[Step, Arrow] = MappingProxyType({
    Step.VERIFY: Arrow(_from(Status.RECEIVED), Status.VERIFIED),
    Step.REJECT: Arrow(_BEFORE_WORK, Status.REJECTED, Reason.LISTED),
    Step.ASSIGN: Arrow(
        _BEFORE_WORK | _from(Status.IN_PROGRESS, Status.PAUSED), Status.ASSIGNED, Reason.WORDS
    ),
    Step.ACCEPT: Arrow(_from(Status.ASSIGNED), Status.ACCEPTED),
    Step.DECLINE: Arrow(_from(Status.ASSIGNED, Status.ACCEPTED), Status.VERIFIED, Reason.LISTED),
    Step.START: Arrow(_from(Status.ASSIGNED, Status.ACCEPTED), Status.IN_PROGRESS),
    Step.PAUSE: Arrow(_UNDER_WAY, Status.PAUSED, Reason.LISTED),
    Step.RESUME: Arrow(_from(Status.PAUSED), Status.IN_PROGRESS),
    Step.CLAIM_DONE: Arrow(_UNDER_WAY, Status.CLAIMED_DONE, Reason.WORDS),
    Step.CLOSE: Arrow(_from(Status.CLAIMED_DONE, Status.SPLIT), Status.CLOSED),
    Step.REOPEN: Arrow(_from(Status.CLAIMED_DONE, Status.CLOSED), Status.ASSIGNED, Reason.WORDS),
    Step.SPLIT: Arrow(_BEFORE_WORK | _from(Status.IN_PROGRESS), Status.SPLIT, Reason.WORDS),
})  # fmt: skip


class ForbiddenStep(DomainError):
    """The workflow has no arrow between these two states."""

    code = "incident.forbidden_step"
    status = 409
    message = N_("An incident that is %(current)s cannot become %(wanted)s.")


def after(current: Status, step: Step) -> Status:
    """Return the state that ``step`` leads to from ``current``. Raises ForbiddenStep."""
    arrow = ARROWS[step]
    if current not in arrow.sources:
        raise ForbiddenStep(current=current, wanted=arrow.target)
    return arrow.target


@cache
def steps_from(current: Status) -> frozenset[Step]:
    """Return the steps that lead on from a state."""
    return frozenset(step for step, arrow in ARROWS.items() if current in arrow.sources)
