"""How fast things are reported in each ward or category: two counts by SQL, the rest from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest, Least
from django.utils import timezone

from incidents.duplicates.reporting_delay import Rate, Watched, rates, whole
from incidents.figures.grouping import PATHS
from incidents.figures.naming import By, names_of
from incidents.figures.scope import Scope, scoped
from incidents.figures.tallies import DAY
from incidents.models import Incident, Membership
from incidents.workflow import Status

WATCHED: Final = timedelta(days=60)
"""After a first report; a thing that nobody mends for longer says no more of who reports."""
BYS: Final = (By.WARD, By.DISTRICT, By.CATEGORY)
FEWEST: Final = 5
"""Lines of fewer incidents are left out: they would be the city's figures again."""


@dataclass(frozen=True, slots=True)
class ReportingLine:
    """One ward's or category's reporting; ``key`` narrows an address to it."""

    key: str
    name: str
    rate: Rate


@dataclass(frozen=True, slots=True)
class Reporting:
    """How fast people report what was opened in a period."""

    scope: Scope
    by: By
    city: Rate | None
    """All together; None where nothing was reported."""
    lines: tuple[ReportingLine, ...]
    """The slowest first, by the bound that is against the claim."""
    left_out: int
    """Lines of too few incidents."""


def reporting(scope: Scope, by: By, language: str) -> Reporting:
    """Return how fast people report, for each of ``by``: a ward, a district or a category."""
    seen = list(watched(scope, by))
    told = {group: rate for group, rate in rates(seen).items() if rate.incidents >= FEWEST}
    names = names_of(by, told, language)
    lines = [ReportingLine(*names[group], rate) for group, rate in told.items() if group in names]
    slowest = sorted(lines, key=lambda line: (line.rate.high, line.name))
    groups = {one.group for one in seen}
    return Reporting(scope, by, whole(seen), tuple(slowest), len(groups) - len(told))


def watched(scope: Scope, by: By) -> Iterator[Watched]:
    """Yield what was seen of each group and category."""
    cells = _cells(scope, Incident, by).annotate(many=Count("pk"), lasted=Sum(_watching("")))
    repeats = _repeats(scope, by)
    for cell in cells:
        group, category = cell["group"], cell["kind"]
        days = cell["lasted"] / DAY
        mix = None if by is By.CATEGORY else category
        yield Watched(group, mix, cell["many"], days, repeats.get((group, category), 0))


def _repeats(scope: Scope, by: By) -> dict[tuple[Any, Any], int]:
    """Count the reports that came after the first while it was watched, by group and category."""
    rows = _cells(scope, Membership, by).filter(
        to_event=None,
        incident__report_count__gt=1,
        report__reported_at__gt=F("incident__opened_at"),
        report__reported_at__lte=_ended("incident__"),
    )
    found: Iterable[dict[str, Any]] = rows.annotate(many=Count("pk"))
    return {(cell["group"], cell["kind"]): cell["many"] for cell in found}


def _cells(scope: Scope, rows: type[Incident] | type[Membership], by: By) -> QuerySet[Any]:
    to = "" if rows is Incident else "incident__"
    since, until = scope.moments()
    opened = {f"{to}opened_at__gte": since, f"{to}opened_at__lt": until}
    kept = Q(**opened) & ~Q(**{f"{to}status": Status.REJECTED.value})
    inside = scoped(scope, rows).filter(kept).exclude(**{f"{to}{PATHS[by]}": None})
    return inside.order_by().values(group=F(f"{to}{PATHS[by]}"), kind=F(f"{to}category"))


def _watching(to: str) -> Combinable:
    began = F(f"{to}opened_at")
    return ExpressionWrapper(Greatest(_ended(to), began) - began, output_field=DurationField())


def _ended(to: str) -> Least:
    """When watching ended: done, closed, after WATCHED, or now; what is null is passed over."""
    longest = ExpressionWrapper(F(f"{to}opened_at") + WATCHED, output_field=DateTimeField())
    return Least(F(f"{to}claimed_at"), F(f"{to}closed_at"), longest, Value(timezone.now()))
