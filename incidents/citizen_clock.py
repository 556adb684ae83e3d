"""How long a reporter has waited, over all agencies that had the case. Pure.

It begins with the report and is stopped only by named pauses; while a case is handed on, looked at
by an operator or given back, and between a closing that did not hold and the reopening, it runs.
Working time from the very moment, so that any cut of it adds up: an agency's own clock leaves out
the rest of the day on which it got the case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.deadlines import Pause
from incidents.working_time import DAY, NOTHING, WorkingCalendar


@dataclass(frozen=True, slots=True)
class CitizenClock:
    """A report's way to its end, which is None while it is open."""

    begin: datetime
    pauses: tuple[Pause, ...] = ()
    """In order of time, not overlapping."""
    end: datetime | None = None

    def lasted(self, now: datetime, calendar: WorkingCalendar) -> timedelta:
        """Return the working time since the report, pauses with it."""
        return calendar.between(self.begin, self._until(now))

    def paused(self, now: datetime, calendar: WorkingCalendar) -> timedelta:
        """Return how much of it was paused."""
        until = self._until(now)
        stopped = (
            calendar.between(max(pause.begin, self.begin), min(pause.end or until, until))
            for pause in self.pauses
        )
        return sum(stopped, NOTHING)

    def used(self, now: datetime, calendar: WorkingCalendar) -> timedelta:
        """Return the working time that was not paused."""
        return self.lasted(now, calendar) - self.paused(now, calendar)

    def _until(self, now: datetime) -> datetime:
        return now if self.end is None else min(self.end, now)


@dataclass(frozen=True, slots=True)
class Lived:
    """A clock as it is read out, in whole working days, rounded down."""

    days: int
    paused: int
    ended: bool


def lived(clock: CitizenClock, now: datetime, calendar: WorkingCalendar) -> Lived:
    """Return what a clock says to the reporter."""
    days, paused = clock.lasted(now, calendar) // DAY, clock.paused(now, calendar) // DAY
    return Lived(days, paused, ended=clock.end is not None)


def pauses_of(told: Iterable[tuple[str, datetime, str]]) -> tuple[Pause, ...]:
    """Return the pauses that a case's events tell of: (kind, moment, reason), in their order.

    Whatever else happens to a paused case than what is only written down ends its pause.
    """
    pauses: list[Pause] = []
    for kind, at, reason in told:
        if pauses and pauses[-1].end is None and kind in _ENDS:
            pauses[-1] = Pause(pauses[-1].begin, at, pauses[-1].reason)
        if kind == PAUSED:
            pauses.append(Pause(at, None, reason))
    return tuple(pauses)


PAUSED = "paused"
_ENDS = frozenset({
    PAUSED, "resumed", "assigned", "declined", "claimed_done", "closed", "rejected", "reopened",
    "split", "merged",
})  # fmt: skip
