"""How long reporters waited: until an agency had the case, and until it was solved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F

from incidents.figures import counting, measures
from incidents.figures.counting import Percentile
from incidents.figures.intervals import Share
from incidents.figures.scope import Scope


@dataclass(frozen=True, slots=True)
class Solved:
    """From the report to the closing that held, in days of the calendar, pauses and all."""

    cases: int = 0
    median: float | None = None
    ninetieth: float | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What reporters lived through in one period."""

    forwarded: Share
    """Of the period's reports that an agency has had, those that were forwarded in time."""
    solved: Solved


def waiting(scope: Scope) -> tuple[Waiting, Waiting, Waiting]:
    """Return what reporters lived through in the period, the one before, and a year before."""
    now, before = scope.period, scope.period.before
    return (
        _of(replace(scope, period=now)),
        _of(replace(scope, period=before)),
        _of(replace(scope, period=scope.period.year_before)),
    )


def _of(scope: Scope) -> Waiting:
    in_time = Count("incident", filter=measures.IN_FIVE)
    counted = measures.behind(scope, "forwarded").aggregate(of=Count("incident"), hits=in_time)
    return Waiting(Share(counted["hits"], counted["of"]), _solved(scope))


def _solved(scope: Scope) -> Solved:
    lasted: Any = ExpressionWrapper(F("closed_at") - F("opened_at"), output_field=DurationField())
    told = measures.behind(scope, "solved").aggregate(
        cases=Count("pk"), median=Percentile(lasted, 0.5), ninetieth=Percentile(lasted, 0.9)
    )
    return Solved(told["cases"], counting.days(told["median"]), counting.days(told["ninetieth"]))
