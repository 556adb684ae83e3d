"""The same figures for each agency, sector, category, ward or district, one line each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from django.db.models import Count, DurationField, ExpressionWrapper, F, Sum

from incidents.figures import counting
from incidents.figures.counting import Percentile, Values, told_in
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


def lines(scope: Scope, by: By, language: str) -> tuple[Line, ...]:
    """Return a line for each that had anything to do in the period, in order of its name.

    An agency's are its own custodies, reports and backlog by who has them now.
    """
    found: defaultdict[Any, Values] = defaultdict(dict)
    took = ExpressionWrapper(F("ended_at") - F("began_at"), output_field=DurationField())
    handled = MEASURES["handled"].where
    median = Percentile(took, 0.5, filter=handled)
    asked = (
        (told_in(scope, Custody, "ended_at"), counting.counts() | {"took": median}),
        (told_in(scope, Incident, "opened_at"), {"reported": Count("pk")}),
        (told_in(scope, Rating, "at"), {"rated": Count("pk"), "stars": Sum("stars")}),
        (counting.backlog(scope), {"backlog": Count("pk")} | counting.of_ages(scope)),
    )
    for rows, told in asked:
        path = _path(by, rows.model)
        grouped = rows.exclude(**{path: None}).order_by().values(line_key=F(path))
        for line in map(dict, grouped.annotate(**told)):
            found[line.pop("line_key")].update(line)
    names = names_of(by, found, language)
    made = [_line(*names[key], told) for key, told in found.items() if key in names]
    return tuple(sorted(made, key=lambda line: (line.name, line.key)))


def _path(by: By, rows: type[Any]) -> str:
    own = rows is Incident or (rows is Custody and by is By.AGENCY)
    return PATHS[by] if own else f"incident__{PATHS[by]}"


def _line(key: str, name: str, told: Values) -> Line:
    aged = {part: told.pop(part, None) for part in ("median", "ninetieth", "oldest")}
    median = counting.days(told.pop("took", None))
    return Line(key, name, Tally(**told), counting.ages_from(aged), median)
