"""The days a city works, and the time that flows on them. Pure.

Working time flows through the whole of a working day, midnight to midnight on the city's clock:
a limit of five working days is five such days, and what is left of one can be added up, paused
and taken on again without rounding. A day on which clocks are changed counts 24 hours like others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

DAY = timedelta(days=1)
NOTHING = timedelta(0)
LONGEST = timedelta(days=3660)
"""No limit reaches further; a calendar that never works would otherwise be searched for ever."""


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked: the week's rhythm, a country's holidays, and decreed exceptions.

    ``decreed`` goes before everything: True for a day that is worked although it would be off (a
    make-up Saturday), False for one that is off although it would be worked.
    """

    zone: ZoneInfo
    country: str = ""
    """ISO 3166 code whose public holidays are off; "" for none."""
    weekend: Collection[int] = frozenset({5, 6})
    """Days of the week that are off, Monday 0."""
    decreed: Mapping[date, bool] = field(default_factory=dict)

    def works_on(self, day: date) -> bool:
        """Tell whether a day is a working day."""
        said = self.decreed.get(day)
        if said is not None:
            return said
        off, worked = _public_holidays(self.country, day.year)
        return day in worked or (day.weekday() not in self.weekend and day not in off)

    def start_after(self, moment: datetime) -> datetime:
        """Return the midnight from which a limit in days runs: the day it begins on is not counted.

        Civil Code 2015 of Vietnam, article 147.2.
        """
        return self._midnight(moment.astimezone(self.zone).date() + DAY)

    def between(self, begin: datetime, end: datetime) -> timedelta:
        """Return the working time from ``begin`` to ``end``; nothing where ``end`` is earlier."""
        spans = self._spans(begin, end)
        return sum((till - since for since, till in spans), NOTHING)

    def after(self, begin: datetime, amount: timedelta) -> datetime:
        """Return the first moment by which ``amount`` of working time has passed since ``begin``.

        With no amount ``begin`` itself. Raises OverflowError where ten years do not suffice.
        """
        left = amount
        if left <= NOTHING:
            return begin
        for since, till in self._spans(begin, begin + LONGEST):
            if till - since >= left:
                return since + left
            left -= till - since
        raise OverflowError(f"{amount} of working time do not pass within {LONGEST}")

    def _spans(self, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the working stretches of [begin, end), a day each, on the city's clock."""
        at, last = begin.astimezone(self.zone), end.astimezone(self.zone)
        while at < last:
            tomorrow = self._midnight(at.date() + DAY)
            if self.works_on(at.date()):
                yield at, min(tomorrow, last)
            at = tomorrow

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone)


@lru_cache(maxsize=64)
def _public_holidays(country: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Return a year's days off, and the weekend days that the library knows to be worked."""
    if not country:
        return frozenset(), frozenset()
    known = holidays.country_holidays(country, years=year)
    worked = frozenset(day for day in known.weekend_workdays if day.year == year)
    return frozenset(known), worked
