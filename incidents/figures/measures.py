"""What each figure counts, as one condition: the count and the list behind it are the same rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from gis_core.errors import N_, DomainError
from incidents.figures.scope import NOBODY, Scope, scoped
from incidents.models import Custody, Incident, Rating
from incidents.models.incident import past_due
from incidents.workflow import OPEN, Status

EVERY: Final = Q()
HANDLED: Final = Q(ended_by="claimed_done")
IN_TIME: Final = HANDLED & Q(used__lte=1)
BACK: Final = HANDLED & Q(reopened_at__isnull=False)
UNPROVEN: Final = HANDLED & (Q(proven=False) | Q(proven=None))
HONEST: Final = IN_TIME & Q(proven=True, reopened_at__isnull=True)
LATE: Final = HANDLED & Q(used__gt=1)
DECLINED: Final = Q(ended_by="declined")
AGAIN: Final = DECLINED & Q(
    Exists(
        Custody.objects.filter(
            DECLINED, incident=OuterRef("incident"), to_event_id__lt=OuterRef("to_event_id")
        )
    )
)
BROKEN: Final = Q(promised_at__lt=F("ended_at"))
IN_FIVE: Final = Q(forward_used__lte=1)
"""Within the service's own limit: five minutes, unless the city says otherwise."""
SOLVED: Final = Q(status=Status.CLOSED.value, parent=None)
"""Parts of a divided case have no reporters of their own."""


class UnknownFigure(DomainError):
    """No figure has this name."""

    code = "figures.unknown"
    status = 404
    message = N_("There is no figure %(figure)s. Known are: %(known)s.")


class Told(StrEnum):
    """At which moment a row counts for a period."""

    OPENED = "opened_at"
    ENDED = "ended_at"
    RATED = "at"
    CLOSED = "closed_at"
    REPORTED = "incident__opened_at"
    STANDING = ""
    """It stood open at the period's end, or stands open now."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure: rows of which table, told at which moment, under which condition."""

    rows: type[Custody] | type[Incident] | type[Rating]
    told: Told
    where: Q = EVERY


MEASURES: Final[Mapping[str, Measure]] = MappingProxyType({
    "reported": Measure(Incident, Told.OPENED),
    "ended": Measure(Custody, Told.ENDED),
    "handled": Measure(Custody, Told.ENDED, HANDLED),
    "on_time": Measure(Custody, Told.ENDED, IN_TIME),
    "honest": Measure(Custody, Told.ENDED, HONEST),
    "late": Measure(Custody, Told.ENDED, LATE),
    "unproven": Measure(Custody, Told.ENDED, UNPROVEN),
    "reopened": Measure(Custody, Told.ENDED, BACK),
    "declined": Measure(Custody, Told.ENDED, DECLINED),
    "again": Measure(Custody, Told.ENDED, AGAIN),
    "broken": Measure(Custody, Told.ENDED, BROKEN),
    "rated": Measure(Rating, Told.RATED),
    "displeased": Measure(Rating, Told.RATED, Q(stars__lte=2)),
    "backlog": Measure(Incident, Told.STANDING),
    "overdue": Measure(Custody, Told.STANDING),
    "forwarded": Measure(Custody, Told.REPORTED, Q(forward_used__isnull=False)),
    "forwarded_in_time": Measure(Custody, Told.REPORTED, IN_FIVE),
    "forwarded_late": Measure(Custody, Told.REPORTED, Q(forward_used__gt=1)),
    "solved": Measure(Incident, Told.CLOSED, SOLVED),
})  # fmt: skip


def measure(figure: str) -> Measure:
    """Return a figure's measure. Raises UnknownFigure."""
    if figure not in MEASURES:
        raise UnknownFigure(figure=figure[:40], known=", ".join(MEASURES))
    return MEASURES[figure]


def behind(scope: Scope, figure: str) -> QuerySet[Model]:
    """Return the rows that a figure counts, in no order. Raises UnknownFigure."""
    counted = measure(figure)
    since, until = scope.moments()
    joined = counted.told is Told.REPORTED
    rows = scoped(scope, counted.rows, joined=joined).filter(counted.where)
    if scope.taker and counted.rows is Custody:
        code = None if scope.taker == NOBODY else scope.taker
        rows = rows.annotate(taker=next_holder("agency__code")).filter(taker=code)
    if counted.told is Told.STANDING:
        return rows.filter(standing(counted.rows, scope.standing_at()))
    return rows.filter(**{f"{counted.told}__gte": since, f"{counted.told}__lt": until})


def next_holder(field: str) -> Subquery:
    """Return a field of the custody that followed on a custody; null where none did."""
    after = Custody.objects.filter(
        incident=OuterRef("incident"), from_event_id__gt=OuterRef("from_event_id")
    )
    return Subquery(after.order_by("from_event_id").values(field)[:1])


def standing(rows: type[Model], at: datetime | None) -> Q:
    """Return the condition that a row stood open at a moment; None: that it stands open now.

    Of custodies those whose limit was used up by then.
    """
    if rows is Custody:
        return _overdue(at)
    if at is None:
        return Q(status__in=[status.value for status in OPEN])
    return Q(opened_at__lt=at) & (Q(closed_at=None) | Q(closed_at__gte=at))


def _overdue(at: datetime | None) -> Q:
    if at is None:
        return past_due(timezone.now()) & Q(to_event=None)
    return past_due(at) & Q(began_at__lt=at) & (Q(ended_at=None) | Q(ended_at__gte=at))
