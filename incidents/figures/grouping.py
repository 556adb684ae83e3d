"""The same figures for each agency, sector, category, ward or district, one line each."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    QuerySet,
    Sum,
)

from incidents.figures import counting
from incidents.figures.counting import Percentiles, Values, told_in
from incidents.figures.intervals import median_rank
from incidents.figures.measures import MEASURES
from incidents.figures.naming import By, names_of
from incidents.figures.scope import Scope
from incidents.figures.tallies import Line, Tally
from incidents.models import Custody, Incident, Rating

PATHS: Final[Mapping[By, str]] = MappingProxyType({
    By.AGENCY: "agency",
    By.SECTOR: "category__sector",
    By.CATEGORY: "category",
    By.WARD: "ward",
    By.DISTRICT: "district",
})  # fmt: skip

MEDIAN_TO_LONGEST: Final = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)
"""The shares of which it is asked how long they took."""

Found = defaultdict[Any, Values]
"""Figures by key in the database."""

Asked = tuple[QuerySet[Any], Mapping[str, Aggregate]]
"""Rows, and what is counted of them."""


def lines(scope: Scope, by: By, language: str) -> tuple[Line, ...]:
    """Return a line for each that had anything to do in the period, in order of its name.

    An agency's are its own custodies, reports and backlog by who has them now.
    """
    return lines_by(scope, (by,), language)[by]


def lines_by(scope: Scope, bys: Sequence[By], language: str) -> dict[By, tuple[Line, ...]]:
    """Return the lines for each of ``bys``; what adds up is counted once for all of them."""
    found: dict[By, Found] = {by: defaultdict(dict) for by in bys}
    for by in bys:
        for rows, told in _apart(scope):
            for line in _grouped(rows, (by,)).annotate(**told):
                found[by][line.pop(f"of_{by}")].update(line)
    for rows, told in _adding_up(scope):
        for line in _grouped(rows, bys).annotate(**told):
            keys = [(by, line.pop(f"of_{by}")) for by in bys]
            for by, key in keys:
                _add(found[by][key], line)
    return {by: _lines(by, found[by], language) for by in bys}


def _apart(scope: Scope) -> tuple[Asked, ...]:
    """Return what is asked for each kind of lines apart: medians do not add up."""
    took = ExpressionWrapper(F("ended_at") - F("began_at"), output_field=DurationField())
    took_days = Percentiles(took, MEDIAN_TO_LONGEST, filter=MEASURES["handled"].where)
    return (
        (told_in(scope, Custody, "ended_at"), counting.counts() | {"took": took_days}),
        (counting.backlog(scope), {"backlog": Count("*")} | counting.of_ages(scope)),
    )


def _adding_up(scope: Scope) -> tuple[Asked, ...]:
    return (
        (told_in(scope, Incident, "opened_at"), {"reported": Count("*")}),
        (told_in(scope, Rating, "at"), {"rated": Count("*"), "stars": Sum("stars")}),
    )


def _grouped(rows: QuerySet[Any], bys: Sequence[By]) -> QuerySet[Any, Values]:
    keys = {f"of_{by}": F(_path(by, rows.model)) for by in bys}
    return rows.order_by().values(**keys)


def _add(told: Values, more: Values) -> None:
    for figure, many in more.items():
        told[figure] = told.get(figure, 0) + many


def _lines(by: By, found: Found, language: str) -> tuple[Line, ...]:
    names = names_of(by, found.keys() - {None}, language)
    made = [_line(*names[key], told) for key, told in found.items() if key in names]
    return tuple(sorted(made, key=lambda line: (line.name, line.key)))


def _path(by: By, rows: type[Any]) -> str:
    own = rows is Incident or (rows is Custody and by is By.AGENCY)
    return PATHS[by] if own else f"incident__{PATHS[by]}"


def _line(key: str, name: str, told: Values) -> Line:
    aged = {part: told.pop(part, None) for part in ("median", "ninetieth", "oldest")}
    took = [counting.days(one) for one in told.pop("took", None) or ()]
    tally = Tally(**told)
    if not took:
        return Line(key, name, tally, counting.ages_from(aged))
    surely = bisect_left(MEDIAN_TO_LONGEST, median_rank(tally.handled))
    return Line(key, name, tally, counting.ages_from(aged), took[0], took[surely])
