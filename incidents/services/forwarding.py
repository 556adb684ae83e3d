"""The service's own clock: from a report's receipt until an agency has its incident.

It runs round the clock, also while a report waits for a place or for a person's decision, and once:
what an agency gives back is that agency's affair and the next one's.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from incidents import deadline_rules
from incidents.deadlines import Clock, Limit, Runs, Step, steps_reached
from incidents.forward_clocks import days, waiting
from incidents.models import Incident, Report

KEPT: Final = "forward"
"""Where the event *received* keeps the rule."""


def begin(report: Report, at: datetime) -> dict[str, Any]:
    """Begin the clock of a report, not saved yet, and return what its event keeps of the rule."""
    calendar = days()
    limit = deadline_rules.rules().forward_limit(timezone.localdate(at, calendar.zone))
    if limit is None:
        return {}
    clock = Clock(at, limit)
    report.forward_by = clock.due(calendar)
    report.next_step_at = next_rung_at(clock, ())
    told = {
        "since": at.isoformat(),
        "limit_s": limit.amount.total_seconds(),
        "rule": limit.rule,
        "rule_version": limit.version,
        "due": report.forward_by.isoformat() if report.forward_by else None,
    }
    return {KEPT: told}


def handed_over(incident: Incident, at: datetime) -> float | None:
    """End the clocks of an incident's reports; return how much of the limit was used up.

    Of several the one that came first counts. None where none ran any more: it is not the first
    time that an agency has it, or no report is behind it. The parts of an incident that was divided
    have the reports of the whole.
    """
    rows = waiting(Q(memberships__incident__in=[incident.pk, incident.parent_id or incident.pk]))
    told = list(rows.order_by("received_at", "pk"))
    if not told:
        return None
    used = used_up(told[0], at)
    _stop(Report.objects.filter(pk__in=[report.pk for report in told]))
    return used


def used_up(report: Report, at: datetime) -> float | None:
    """Return the share of a report's limit that is used up: above 1 exactly when it is late."""
    clock = clock_of(report)
    return clock.share(at, days()) if clock else None


def stop(report: Report) -> list[str]:
    """End the clock of a report that needs no agency; return the columns to save."""
    report.forward_by = report.next_step_at = None
    return ["forward_by", "next_step_at"]


def stop_all(incident: Incident) -> None:
    """End the clocks of an incident's reports: it needs no agency."""
    _stop(Report.objects.filter(pk__in=waiting(Q(memberships__incident=incident)).values("pk")))


def clock_of(report: Report) -> Clock | None:
    """Return the clock of a report as its row has it; the rule's name stands in its event."""
    if report.forward_by is None:
        return None
    amount = report.forward_by - report.received_at
    return Clock(report.received_at, Limit(amount, Runs.ALWAYS))


def next_rung_at(clock: Clock, taken: Collection[str]) -> datetime | None:
    """Return when the next rung is reached that is not behind it."""
    left = (rung for rung in deadline_rules.rules().forward_ladder if rung.code not in taken)
    moments = (clock.due(days(), rung.share) for rung in left)
    return min((moment for moment in moments if moment), default=None)


def rungs_reached(clock: Clock, taken: Collection[str], now: datetime) -> list[Step]:
    """Return the rungs that are past and not taken yet, lowest first."""
    reached = steps_reached(deadline_rules.rules().forward_ladder, clock, now, days())
    return [rung for rung in reached if rung.code not in taken]


def _stop(reports: QuerySet[Report]) -> None:
    reports.update(forward_by=None, next_step_at=None)
