"""How much time is left, or how late it is, in the unit in which people would say it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from incidents.deadlines import Runs, is_late
from incidents.working_time import DAY, WorkingCalendar

HOUR: Final = timedelta(hours=1)
MINUTE: Final = timedelta(minutes=1)
SOON: Final = DAY
"""With less than this left it is said to be due soon."""
COUNTED_IN_WORKING_DAYS: Final = timedelta(days=60)
"""What lies further off is told in days: nobody reckons 300 working days."""


class Standing(StrEnum):
    """Where a clock stands."""

    LEFT = "left"
    SOON = "soon"
    LATE = "late"
    PAUSED = "paused"
    NONE = "none"
    """No clock runs."""


class Unit(StrEnum):
    """What ``DueClock.amount`` counts."""

    MINUTES = "minutes"
    HOURS = "hours"
    WORKING_DAYS = "working_days"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class DueClock:
    """A clock as it is read out: so much left, or so much late; whole units, rounded down."""

    standing: Standing
    amount: int = 0
    unit: Unit = Unit.MINUTES
    due: datetime | None = None


def due_clock(
    due: datetime | None,
    runs: Runs,
    now: datetime,
    calendar: WorkingCalendar,
    *,
    paused: bool,
    soon: timedelta = SOON,
) -> DueClock:
    """Return the clock of what is due at ``due``; None where none runs, or a pause stopped it.

    With less than ``soon`` left it is due soon.
    """
    if due is None:
        return DueClock(Standing.PAUSED if paused else Standing.NONE)
    late = is_late(due, now)
    begin, end = (due, now) if late else (now, due)
    amount, unit = _amount(begin, end, runs, calendar)
    if late:
        return DueClock(Standing.LATE, amount, unit, due)
    return DueClock(Standing.SOON if end - begin < soon else Standing.LEFT, amount, unit, due)


def _amount(
    begin: datetime, end: datetime, runs: Runs, calendar: WorkingCalendar
) -> tuple[int, Unit]:
    apart = end - begin
    if apart < HOUR:
        return apart // MINUTE, Unit.MINUTES
    if apart < DAY:
        return apart // HOUR, Unit.HOURS
    if runs is Runs.ALWAYS or apart > COUNTED_IN_WORKING_DAYS:
        return (apart // DAY, Unit.DAYS) if apart >= 3 * DAY else (apart // HOUR, Unit.HOURS)
    worked = calendar.between(begin, end) // DAY
    return (worked, Unit.WORKING_DAYS) if worked else (apart // HOUR, Unit.HOURS)
