"""What share of things is reported in each ward: learnt from a year's repeated reports.

How a share is learnt from them is told in ``incidents.duplicates.reporting_delay``. The year is
that of the question's last day, whatever its period, so that a short one does not stand on few
reports; of a ward that nobody reported twice in, little is known, and it is drawn to the city's.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from districts import rulebook
from districts.models import Category
from incidents.actors import Actor
from incidents.analyses.errors import NothingRepeated
from incidents.analyses.methods import terms
from incidents.analyses.question import Question, ward_edition
from incidents.duplicates.reporting_delay import Rate, rates, whole
from incidents.figures.naming import By
from incidents.figures.periods import Kind, Period
from incidents.figures.reporting import watched
from incidents.figures.scope import Scope
from incidents.models import Incident
from incidents.permissions import Role

EVERYBODY: Final = Actor(role=Role.PLANNER)
"""Whoever asks for an analysis sees the figures of all."""
KEPT_S: Final = 3_600
LOOKED_AT: Final = 20_000
"""Incidents, the newest ones: enough to see whether anything is reported twice here."""


class Heard(NamedTuple):
    """Shares above 0, at most 1: of the whole city, and of today's wards by their codes."""

    city: float
    wards: Mapping[str, float]


class _Key(NamedTuple):
    first: date
    kinds: frozenset[str]
    edition: int | None
    version: int
    now: int
    """Kept for an hour, which changes a year's reports little: sliders must not wait for it."""


def known() -> bool:
    """Tell whether anything is reported twice here, so that shares can be learnt."""
    newest = Incident.objects.order_by("-pk").values("pk")[:LOOKED_AT]
    return Incident.objects.filter(pk__in=newest, report_count__gt=1).exists()


def heard(question: Question) -> Heard:
    """Return the shares for a question whose days are filled in. Raises NothingRepeated."""
    until = question.days[1]
    months = until.year * 12 + until.month - 12
    first = date(months // 12, months % 12 + 1, 1)
    now = int(time.monotonic() // KEPT_S)
    return _heard(_Key(first, question.kinds(), ward_edition(), rulebook.newest_version(), now))


@lru_cache(maxsize=16)
def _heard(key: _Key) -> Heard:
    hidden = set(Category.objects.filter(sensitive=True).values_list("code", flat=True))
    scope = Scope(EVERYBODY, Period(Kind.YEAR, key.first))
    seen = [
        one
        for one in watched(scope, By.WARD)
        if (one.category in key.kinds if key.kinds else one.category not in hidden)
    ]
    city = whole(seen)
    if city is None or not city.repeats:
        raise NothingRepeated
    usual = _share(city)
    areas = rulebook.current().areas
    codes = {pk: ref.code for pk, (of, ref) in areas.items() if of == key.edition}
    wards = {
        codes[ward]: _share(rate) if rate.per_day > 0 else usual
        for ward, rate in rates(seen).items()
        if isinstance(ward, int) and ward in codes
    }
    return Heard(usual, wards)


def _share(rate: Rate) -> float:
    return max(rate.heard(terms().heard_days), terms().least_heard)
