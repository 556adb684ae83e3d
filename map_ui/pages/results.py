"""How cases are dealt with, for everybody to read: each agency and ward, few cases left out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from gis_core.errors import N_, DomainError
from gis_core.http import RETRY_AFTER_S
from incidents.figures.intervals import FEWEST_RANKED
from incidents.figures.periods import Kind, Period, month_of, read_period
from incidents.figures.public import FEWEST, PublicResults, public_results
from incidents.figures.tallies import Line
from map_ui import catalogue

YEARS, QUARTERS, MONTHS = 3, 4, 6
"""How many of each may be chosen."""

KEPT_S: Final = 600.0
MOST_KEPT: Final = 64
WAIT_S: Final = 4.0
"""How long one reader waits for the count of another."""

ORDERS: Final[dict[str, tuple[Promise | str, Callable[[Line], Any]]]] = {
    "name": (_("name"), lambda line: line.name),
    "honest": (_("on time, honestly"), lambda line: -line.tally.honest_share.interval.low),
    "days": (_("days to close"), lambda line: line.median_at_most or 0.0),
    "stars": (_("satisfaction"), lambda line: -line.tally.satisfaction.interval.low),
}
"""By the interval's cautious end, and lines of few cases last, so that they top nothing."""

_counting = threading.Lock()
_kept: dict[tuple[str, str], tuple[float, PublicResults]] = {}
"""The latest count stands last."""


class PeriodNotOffered(DomainError):
    """A period that can be read, but is none of those that everybody may choose."""

    code = "figures.not_offered"
    status = 404
    message = N_("The results of %(value)s are not shown here. Choose one of: %(possible)s.")


class CountingForOthers(DomainError):
    """The results of other periods are being counted."""

    code = "figures.busy"
    status = 503
    message = N_("Other results are being counted right now. Try again in %(seconds)s seconds.")


@require_safe
@cache_control(max_age=300)
def results(request: HttpRequest) -> HttpResponse:
    """The results of a period, this year's where none is asked for.

    Raises BadPeriod, PeriodNotOffered, CountingForOthers.
    """
    choices = _choices(timezone.localdate())
    period = _chosen(request.GET.get("period", ""), choices)
    order = request.GET.get("by", "")
    order = order if order in ORDERS else "name"
    found = _found(period, catalogue.language())
    context = {
        "period": period,
        "called": called(period),
        "periods": [(one.code, called(one)) for one in choices],
        "order": order,
        "orders": [(code, name) for code, (name, _key) in ORDERS.items()],
        "tables": [
            (gettext("Agencies"), _ordered(found.agencies, order)),
            (gettext("Wards"), _ordered(found.wards, order)),
        ],
        "hidden": found.hidden,
        "fewest": FEWEST,
        "ranked": FEWEST_RANKED,
    }
    return render(request, "map_ui/results.html", context)


def forget() -> None:
    """Count all anew at the next question."""
    _kept.clear()


def _ordered(lines: tuple[Line, ...], order: str) -> list[Line]:
    key = ORDERS[order][1]
    if order == "name":
        return sorted(lines, key=key)
    return sorted(lines, key=lambda line: (line.tally.few, key(line)))


def _chosen(asked: str, choices: list[Period]) -> Period:
    """Return the period asked for: any other would let anybody have 190 years counted."""
    period = read_period(asked) if asked else choices[0]
    if period not in choices:
        raise PeriodNotOffered(value=period.code, possible=", ".join(one.code for one in choices))
    return period


def _found(period: Period, language: str) -> PublicResults:
    """Return the results as they were counted within the last ten minutes.

    A year of a large city takes seconds to count: one at a time counts, those who wait for the
    same get it from there, and nobody waits long. Raises CountingForOthers.
    """
    asked = (period.code, language)
    known = _fresh(asked)
    if known is not None:
        return known
    if not _counting.acquire(timeout=WAIT_S):
        raise CountingForOthers(seconds=RETRY_AFTER_S)
    try:
        return _fresh(asked) or _counted(period, language)
    finally:
        _counting.release()


def _fresh(asked: tuple[str, str]) -> PublicResults | None:
    counted_at, known = _kept.get(asked, (0.0, None))
    return known if time.monotonic() - counted_at < KEPT_S else None


def _counted(period: Period, language: str) -> PublicResults:
    """Count and keep, in the place of the oldest where too many are kept; under the lock."""
    began, counted = time.monotonic(), public_results(period, language)
    _kept.pop((period.code, language), None)
    while len(_kept) >= MOST_KEPT:
        del _kept[next(iter(_kept))]
    _kept[period.code, language] = (began, counted)
    return counted


def called(period: Period) -> str:
    """Return a period as people say it."""
    if period.kind is Kind.YEAR:
        return gettext("the year %(year)s") % {"year": period.code}
    if period.kind is Kind.QUARTER:
        facts = {"n": period.code[-1], "year": period.code[:4]}
        return gettext("quarter %(n)s of %(year)s") % facts
    return date_format(period.first, "YEAR_MONTH_FORMAT")


def _choices(today: date) -> list[Period]:
    month = month_of(today)
    year = Period(Kind.YEAR, date(today.year, 1, 1))
    quarter = Period(Kind.QUARTER, date(today.year, (today.month - 1) // 3 * 3 + 1, 1))
    return [*_back(year, YEARS), *_back(quarter, QUARTERS), *_back(month, MONTHS)]


def _back(period: Period, many: int) -> list[Period]:
    found = [period]
    while len(found) < many:
        found.append(found[-1].before)
    return found
