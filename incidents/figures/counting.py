"""Figures by SQL: as many queries for one case as for a million."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Aggregate,
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Max,
    Model,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Cast
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


class Percentiles(Percentile):
    """Several of them, by one sorting."""

    def __init__(self, expression: Any, fractions: Sequence[float], **extra: Any) -> None:  # noqa: ANN401
        said = ", ".join(f"{fraction:g}" for fraction in fractions)
        outcome = ArrayField(DurationField())
        Aggregate.__init__(
            self, expression, fraction=f"ARRAY[{said}]", output_field=outcome, **extra
        )


class Begun(Func):
    """How many of some moments, in their order, lie not after a moment."""

    function = "WIDTH_BUCKET"
    output_field = IntegerField()

    def __init__(self, field: str, moments: Sequence[datetime]) -> None:
        ordered = Value(list(moments), output_field=ArrayField(DateTimeField()))
        super().__init__(F(field), Cast(ordered, ArrayField(DateTimeField())))


def counts() -> dict[str, Count]:
    """Return the counts of custodies, by figure."""
    return {code: Count("incident", filter=MEASURES[code].where or None) for code in OF_CUSTODIES}


def told_in(scope: Scope, rows: type[Model], field: str) -> QuerySet[Any]:
    """Return the scope's rows whose moment lies in its period."""
    since, until = scope.moments()
    return scoped(scope, rows).filter(**{f"{field}__gte": since, f"{field}__lt": until})


def trend(scope: Scope) -> tuple[Bucket, ...]:
    """Return the figures of the periods that end with the scope's, oldest first."""
    periods = scope.period.trend()
    begins = [period.moments(scope.zone)[0] for period in periods]
    found: list[Values] = [{} for _ in periods]
    for rows, field, told in (
        (Custody, "ended_at", counts()),
        (Incident, "opened_at", {"reported": Count("*")}),
        (Rating, "at", {"rated": Count("*"), "stars": Sum("stars")}),
    ):
        inside = Q(**{f"{field}__gte": begins[0], f"{field}__lt": scope.moments()[1]})
        lines = scoped(scope, rows).filter(inside).values(begun=Begun(field, begins))
        for line in lines.order_by().annotate(**told):
            found[line.pop("begun") - 1].update(line)
    backlogs = _backlogs(scope, _ends(scope, [period.after for period in periods]))
    return tuple(
        Bucket(period, Tally(**told, backlog=backlog))
        for period, told, backlog in zip(periods, found, backlogs, strict=True)
    )


def _ends(scope: Scope, days: Iterable[date]) -> list[datetime]:
    midnights = (datetime.combine(day, datetime.min.time(), scope.zone) for day in days)
    return [min(midnight, timezone.now()) for midnight in midnights]


def _backlogs(scope: Scope, ends: Sequence[datetime]) -> list[int]:
    """Return how many stood open at each moment: opened before it, and not closed before it.

    What was closed and what was not are asked for apart, so that both are read from one index.
    """
    opened = scoped(scope, Incident).filter(opened_at__lt=ends[-1]).order_by()
    lived = opened.values(born=Begun("opened_at", ends))
    never = lived.filter(closed_at=None).annotate(many=Count("*"))
    later = lived.filter(closed_at__gte=ends[0]).annotate(
        gone=Begun("closed_at", ends), many=Count("*")
    )
    cells = [(born, len(ends), many) for born, many in never.values_list("born", "many")]
    cells += later.values_list("born", "gone", "many")
    return [sum(many for born, gone, many in cells if born <= n < gone) for n in range(len(ends))]


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
