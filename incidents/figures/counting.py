"""Figures by SQL: as many queries for one case as for a million."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Model,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Trunc
from django.utils import timezone

from incidents.figures.measures import MEASURES, standing
from incidents.figures.scope import Scope, scoped
from incidents.figures.tallies import DAY, Ages, Bucket, Tally
from incidents.models import Custody, Incident, Rating

Values = dict[str, Any]
OF_CUSTODIES: Final = (
    "ended", "handled", "on_time", "honest", "late", "unproven", "reopened", "declined",
)  # fmt: skip


class Percentile(Aggregate):
    """PostgreSQL's ``percentile_cont``."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    allow_distinct = False

    def __init__(self, expression: Any, fraction: float, **extra: Any) -> None:  # noqa: ANN401
        super().__init__(expression, fraction=f"{fraction:g}", **extra)


def counts() -> dict[str, Count]:
    """Return the counts of custodies, by figure."""
    return {code: Count("pk", filter=MEASURES[code].where or None) for code in OF_CUSTODIES}


def told_in(scope: Scope, rows: type[Model], field: str) -> QuerySet[Any]:
    """Return the scope's rows whose moment lies in its period."""
    since, until = scope.moments()
    return scoped(scope, rows).filter(**{f"{field}__gte": since, f"{field}__lt": until})


def trend(scope: Scope) -> tuple[Bucket, ...]:
    """Return the figures of the periods that end with the scope's, oldest first."""
    periods = scope.period.trend()
    found: dict[date, Values] = {period.first: {} for period in periods}
    since, until = periods[0].moments(scope.zone)[0], scope.moments()[1]
    for rows, field, told in (
        (Custody, "ended_at", counts()),
        (Incident, "opened_at", {"reported": Count("pk")}),
        (Rating, "at", {"rated": Count("pk"), "stars": Sum("stars")}),
    ):
        inside = Q(**{f"{field}__gte": since, f"{field}__lt": until})
        bucket = Trunc(field, scope.period.kind.value, tzinfo=scope.zone)
        lines = scoped(scope, rows).filter(inside).annotate(bucket=bucket)
        for line in lines.values("bucket").order_by().annotate(**told):
            found[line.pop("bucket").date()].update(line)
    ends = _ends(scope, [period.after for period in periods])
    backlogs = _backlogs(scope, ends)
    return tuple(
        Bucket(period, Tally(**found[period.first], backlog=backlog))
        for period, backlog in zip(periods, backlogs, strict=True)
    )


def _ends(scope: Scope, days: Iterable[date]) -> list[datetime]:
    midnights = (datetime.combine(day, datetime.min.time(), scope.zone) for day in days)
    return [min(midnight, timezone.now()) for midnight in midnights]


def _backlogs(scope: Scope, ends: Sequence[datetime]) -> list[int]:
    """Return how many stood open at each moment."""
    rows = scoped(scope, Incident).filter(
        Q(closed_at=None) | Q(closed_at__gte=ends[0]), opened_at__lt=ends[-1]
    )
    told = rows.aggregate(
        **{f"at_{n}": Count("pk", filter=standing(Incident, end)) for n, end in enumerate(ends)}
    )
    return [told[f"at_{n}"] for n in range(len(ends))]


def backlog(scope: Scope) -> QuerySet[Incident]:
    """Return what stood open at the period's end, or stands open now."""
    return scoped(scope, Incident).filter(standing(Incident, scope.standing_at()))


def of_ages(scope: Scope) -> dict[str, Aggregate]:
    """Return what ``ages_from`` reads, as aggregates of incidents."""
    at = Value(scope.standing_at() or timezone.now())
    age = ExpressionWrapper(at - F("opened_at"), output_field=DurationField())
    return {"median": Percentile(age, 0.5), "ninetieth": Percentile(age, 0.9), "oldest": Max(age)}


def ages(scope: Scope) -> Ages:
    """Return how old what stood open was."""
    return ages_from(backlog(scope).aggregate(**of_ages(scope)))


def ages_from(told: Mapping[str, timedelta | None]) -> Ages:
    """Return ages in days."""
    return Ages(*(days(told[name]) for name in ("median", "ninetieth", "oldest")))


def days(lasted: timedelta | None) -> float | None:
    """Return a time in days."""
    return None if lasted is None else lasted / DAY
