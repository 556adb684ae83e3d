"""The states of an incident and the arrows between them, as one table. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from gis_core.errors import N_, DomainError


class Status(StrEnum):
    """Where an incident stands."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    CLOSED = "closed"
    REJECTED = "rejected"


OPEN = frozenset({Status.RECEIVED, Status.ASSIGNED, Status.IN_PROGRESS})

ALLOWED: Mapping[Status, frozenset[Status]] = {
    Status.RECEIVED: frozenset({Status.ASSIGNED, Status.REJECTED}),
    Status.ASSIGNED: frozenset({Status.ASSIGNED, Status.IN_PROGRESS, Status.REJECTED}),
    Status.IN_PROGRESS: frozenset({Status.ASSIGNED, Status.CLOSED}),
    Status.CLOSED: frozenset({Status.IN_PROGRESS}),
    Status.REJECTED: frozenset(),
}


class ForbiddenStep(DomainError):
    """The workflow has no arrow between these two states."""

    code = "incident.forbidden_step"
    status = 409
    message = N_("An incident that is %(current)s cannot become %(wanted)s.")


def check(current: Status, wanted: Status) -> None:
    """Raise ForbiddenStep unless ``current`` may become ``wanted``."""
    if wanted not in ALLOWED[current]:
        raise ForbiddenStep(current=current, wanted=wanted)
