"""Months, quarters and years, as figures are told by them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from gis_core.errors import N_, DomainError

_FORM = re.compile(r"(?P<year>\d{4})(-(?:(?P<month>\d{2})|Q(?P<quarter>[1-4])))?")


class BadPeriod(DomainError):
    """The text names no month, quarter or year."""

    code = "figures.bad_period"
    status = 422
    message = N_("%(value)s is no period. Write a month like 2026-10, or 2026-Q3, or 2026.")


class Kind(StrEnum):
    """How long a period is; the values are those of date_trunc."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MONTHS = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.YEAR: 12}
SHOWN = {Kind.MONTH: 13, Kind.QUARTER: 9, Kind.YEAR: 4}
"""How many periods a trend shows, so that the same one a year before is among them."""


@dataclass(frozen=True, slots=True)
class Period:
    """A month, a quarter or a year, by its first day."""

    kind: Kind
    first: date

    @property
    def after(self) -> date:
        """The first day of the one that follows."""
        return self._moved(1).first

    @property
    def last(self) -> date:
        """The last day."""
        return self.after - timedelta(days=1)

    @property
    def before(self) -> Period:
        """The one before."""
        return self._moved(-1)

    @property
    def year_before(self) -> Period:
        """The same one a year before."""
        return self._moved(-12 // MONTHS[self.kind])

    @property
    def code(self) -> str:
        """As ``read_period`` reads it."""
        year = f"{self.first.year:04}"
        if self.kind is Kind.YEAR:
            return year
        part = f"{self.first.month:02}"
        quarter = f"Q{self.first.month // 3 + 1}"
        return f"{year}-{part if self.kind is Kind.MONTH else quarter}"

    def trend(self) -> tuple[Period, ...]:
        """Return the periods that end with this one, oldest first."""
        return tuple(self._moved(-back) for back in reversed(range(SHOWN[self.kind])))

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return the first moment of the period and the first after it."""
        return datetime.combine(self.first, time(), zone), datetime.combine(
            self.after, time(), zone
        )

    def _moved(self, by: int) -> Period:
        months = self.first.year * 12 + self.first.month - 1 + by * MONTHS[self.kind]
        return Period(self.kind, date(months // 12, months % 12 + 1, 1))


def month_of(day: date) -> Period:
    """Return the month that a day lies in."""
    return Period(Kind.MONTH, day.replace(day=1))


def period_of(day: date, kind: Kind) -> Period:
    """Return the period of a kind that a day lies in."""
    months = MONTHS[kind]
    return Period(kind, date(day.year, (day.month - 1) // months * months + 1, 1))


def read_period(text: str) -> Period:
    """Return the period that a text names. Raises BadPeriod."""
    found = _FORM.fullmatch(text.strip())
    if found is None or not 1990 <= int(found["year"]) <= 2200:
        raise BadPeriod(value=text[:20])
    year, month, quarter = int(found["year"]), found["month"], found["quarter"]
    if month and not 1 <= int(month) <= 12:
        raise BadPeriod(value=text[:20])
    if month:
        return Period(Kind.MONTH, date(year, int(month), 1))
    if quarter:
        return Period(Kind.QUARTER, date(year, int(quarter) * 3 - 2, 1))
    return Period(Kind.YEAR, date(year, 1, 1))
