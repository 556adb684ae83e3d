"""How long what no agency has yet may wait: the service's own clocks, as they are read out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone

from districts import city
from incidents import deadline_rules
from incidents.deadlines import Runs
from incidents.due_clocks import DueClock, due_clock
from incidents.models import Report
from incidents.working_time import WorkingCalendar


def of_report(report: Report, now: datetime | None = None) -> DueClock | None:
    """Return the clock of a report that waits; None where none runs."""
    if report.forward_by is None:
        return None
    return _clock(report.received_at, report.forward_by, now or timezone.now())


def of_incidents(ids: Collection[int], now: datetime | None = None) -> dict[int, DueClock]:
    """Return the clocks of incidents that no agency has had yet; of several reports the first's.

    One query.
    """
    rows = waiting(Q(memberships__incident__in=ids)).order_by("-received_at", "-pk")
    told = rows.values_list("memberships__incident", "received_at", "forward_by")
    at = now or timezone.now()
    return {incident: _clock(since, by, at) for incident, since, by in told if by}


def waiting(those: Q) -> QuerySet[Report]:
    """Return the reports, members of an incident today, whose clock runs."""
    return Report.objects.filter(those, memberships__to_event=None, forward_by__isnull=False)


def days() -> WorkingCalendar:
    """Return the city's clock; round it no day is off, and no decree need be asked for."""
    return WorkingCalendar(ZoneInfo(city.current().time_zone))


def _clock(since: datetime, by: datetime, now: datetime) -> DueClock:
    ladder = deadline_rules.rules().forward_ladder
    near = min((rung.share for rung in ladder if rung.share < 1), default=1.0)
    soon = (by - since) * (1 - near)
    return due_clock(by, Runs.ALWAYS, now, days(), paused=False, soon=soon)
