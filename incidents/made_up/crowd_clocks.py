"""Working time and deadlines of very many made-up hand-overs, as ``deadlines`` reckons one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from incidents.deadlines import BARELY_LATE, Limit, Runs
from incidents.working_time import WorkingCalendar

Bits = NDArray[np.bool_]
Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

DAY_S: Final = 86_400
LONGEST_DAYS: Final = 120
"""How far after the last moment a limit may end."""


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of days, each with its midnight and the working seconds before it."""

    midnights: Longs
    """Unix times."""
    works: Longs
    """1 for a working day, else 0."""
    before: Longs

    def day_of(self, when: Longs) -> Longs:
        """Return the position of each moment's day."""
        found: Longs = np.searchsorted(self.midnights, when, "right") - 1
        return found

    def flowed(self, when: Longs) -> Longs:
        """Return the working seconds from the first day to each moment."""
        day = self.day_of(when)
        return self.before[day] + (when - self.midnights[day]) * self.works[day]

    def reached(self, seconds: Longs) -> Longs:
        """Return the first moment by which so many working seconds have flowed."""
        day = np.searchsorted(self.before, seconds, "left") - 1
        return self.midnights[day] + seconds - self.before[day]


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of many categories, as arrays by the category's number."""

    seconds: Longs
    always: Bits


def days(calendar: WorkingCalendar, first: date, last: date) -> Days:
    """Return the days from one before ``first`` to LONGEST_DAYS after ``last``."""
    count = (last - first).days + 2 + LONGEST_DAYS
    listed = [first + timedelta(days=ahead - 1) for ahead in range(count)]
    midnights = [datetime.combine(day, time.min, calendar.zone).timestamp() for day in listed]
    works = np.array([calendar.works_on(day) for day in listed], np.int64)
    before = np.concatenate(([0], np.cumsum(works * DAY_S)[:-1]))
    return Days(np.array(midnights, np.int64), works, before)


def limits(of: Sequence[Limit]) -> Limits:
    """Return the limits as arrays."""
    return Limits(
        np.array([limit.amount.total_seconds() for limit in of], np.int64),
        np.array([limit.runs is Runs.ALWAYS for limit in of]),
    )


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Hand-overs' limits by number, what the numbers mean, and the days they run on."""

    kind: Longs
    known: Limits
    days: Days

    def used(self, begin: Longs, end: Longs) -> Floats:
        """Return the share of each limit that was used up from ``begin`` to ``end``."""
        flowed = self.days.flowed(end) - self._start(begin)
        passed = np.where(self.known.always[self.kind], end - begin, np.maximum(flowed, 0))
        share = passed / self.known.seconds[self.kind]
        late = end > self.due(begin)
        told: Floats = np.where(late, np.maximum(share, BARELY_LATE), np.minimum(share, 1.0))
        return told

    def due(self, begin: Longs) -> Longs:
        """Return when each limit is used up."""
        amount = self.known.seconds[self.kind]
        worked = self.days.reached(self._start(begin) + amount)
        return np.where(self.known.always[self.kind], begin + amount, worked)

    def _start(self, begin: Longs) -> Longs:
        """Return the working seconds before the day after each moment, from which days count."""
        return self.days.before[self.days.day_of(begin) + 1]
