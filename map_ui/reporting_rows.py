"""How fast people report, as a page shows it: numbers in words, drawings, the shaded wards."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from districts.administration.drawing import shaded
from districts.models import Area
from incidents.duplicates.reporting_delay import Rate
from incidents.figures import By, Reporting, ReportingLine
from map_ui import charts
from map_ui.charts import Whisker
from map_ui.figure_words import decimal, percent

WEEK: Final = 7.0
REACH: Final = 2.0
"""The drawing goes from a quarter to four times the city's rate, in powers of two."""
SLOWER, FASTER, ALIKE = "shade-slower", "shade-faster", "shade-alike"


@dataclass(frozen=True, slots=True)
class City:
    """All together, in words."""

    incidents: int
    per_incident: str
    delay: str
    bounds: str
    heard: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table."""

    line: ReportingLine
    per_incident: str
    delay: str
    bounds: str
    factor: str
    factor_bounds: str
    heard: str
    verdict: str
    whisker: Whisker


def city(told: Reporting) -> City | None:
    """Return what is said of all together; None where nothing was repeated."""
    rate = told.city
    if rate is None or not rate.repeats:
        return None
    return City(rate.incidents, decimal(rate.per_incident, 2), *_delay(rate), _heard(rate))


def rows(told: Reporting) -> tuple[Row, ...]:
    """Return the table's lines."""
    return tuple(_row(line) for line in told.lines)


def _row(line: ReportingLine) -> Row:
    rate = line.rate
    bounds = f"{decimal(rate.low, 2)}–{decimal(rate.high, 2)}"
    drawn = charts.whisker(*map(_place, (rate.low, rate.high, rate.factor, 1.0)))
    factor, verdict = decimal(rate.factor, 2), verdicts()[shade(rate)]
    return Row(
        line, decimal(rate.per_incident, 2), *_delay(rate), factor, bounds, _heard(rate), verdict,
        drawn,
    )  # fmt: skip


def _place(factor: float) -> float:
    """Return where a factor stands, 0 to 1, on a scale of powers of two."""
    power = math.log2(factor) if factor > 0 else -math.inf
    return min(max((power + REACH) / (2 * REACH), 0.0), 1.0)


def _delay(rate: Rate) -> tuple[str, str]:
    low, high = rate.delay_bounds
    if not math.isfinite(rate.delay_days):
        return "–", "–"
    return _days(rate.delay_days), f"{_days(low)}–{_days(high)}"


def _days(days: float) -> str:
    return "∞" if math.isinf(days) else decimal(days, 0 if days >= 100 else 1)


def _heard(rate: Rate) -> str:
    return percent(rate.heard(WEEK)) if rate.per_day > 0 else "–"


def shade(rate: Rate) -> str:
    """Return the class of a rate: only what is sure is told apart from the city's."""
    if rate.high < 1:
        return SLOWER
    return FASTER if rate.low > 1 else ALIKE


def verdicts() -> dict[str, str]:
    """Return what each class is called."""
    return {
        SLOWER: gettext("surely slower"),
        ALIKE: gettext("no sure difference"),
        FASTER: gettext("surely faster"),
    }


def drawing(told: Reporting) -> SafeString:
    """Return a map of wards or districts, each by how its people report; "" for categories."""
    if told.by not in {By.WARD, By.DISTRICT}:
        return SafeString("")
    words = verdicts()
    shades = {
        int(line.key): (shade(line.rate), f"{line.name}: {words[shade(line.rate)]}")
        for line in told.lines
    }
    label = gettext("Map: where people report slower or faster than in the whole city")
    return shaded(Area.objects.all(), shades, label)
