"""How long something may take, when it is due, and whether it was on time. Pure.

A clock runs from one hand-over to the next. It is stopped only by named pauses; what was paused is
added at its end. Two clocks of one custody that follow one another add up to one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from incidents.working_time import NOTHING, WorkingCalendar


def is_late(due: datetime | None, at: datetime) -> bool:
    """Tell whether what was due at ``due`` is late at a moment; never where no clock runs.

    At the very moment it is still in time. ``models.incident.past_due`` asks the same of rows.
    """
    return due is not None and due < at


class Runs(StrEnum):
    """When a clock runs."""

    ALWAYS = "always"
    """Round the clock, from the very moment: what is dangerous, and what takes minutes."""
    WORKING_DAYS = "working_days"
    """On working days, from the day after."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a rule allows, and which version of which rule says so."""

    amount: timedelta
    """For WORKING_DAYS so many times 24 hours."""
    runs: Runs
    rule: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch that does not count; ``end`` None while it lasts."""

    begin: datetime
    end: datetime | None
    reason: str = ""


BARELY_LATE: Final = math.nextafter(1.0, 2.0)
"""The smallest share of a limit that is more than all of it."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One limit on its way: since when, without which pauses."""

    begin: datetime
    limit: Limit
    pauses: tuple[Pause, ...] = ()
    """In order of time, not overlapping."""

    def due(self, calendar: WorkingCalendar, share: float = 1.0) -> datetime | None:
        """Return when ``share`` of the limit is used up; None while a pause stands before it."""
        at = self._starts(calendar)
        left = self.limit.amount * share
        for pause in self.pauses:
            until = max(pause.begin, at)
            used = self._flow(at, until, calendar)
            if used >= left:
                break
            if pause.end is None:
                return None
            left, at = left - used, max(pause.end, at)
        return self._after(at, left, calendar)

    def used(self, now: datetime, calendar: WorkingCalendar) -> timedelta:
        """Return how much of the limit is used up at ``now``; more than the limit when overdue."""
        total = self._flow(self._starts(calendar), now, calendar)
        return total - sum(self._paused(now, calendar), NOTHING)

    def share(self, now: datetime, calendar: WorkingCalendar) -> float:
        """Return ``used`` as a share of the limit: above 1 exactly when it is late.

        A limit that ended with a Friday is passed on Saturday, although no working time has flowed.
        """
        share = self.used(now, calendar) / self.limit.amount
        late = is_late(self.due(calendar), now)
        return max(share, BARELY_LATE) if late else min(share, 1.0)

    def paused_at(self, now: datetime) -> bool:
        """Tell whether a pause holds at ``now``."""
        return any(p.begin <= now and (p.end is None or now < p.end) for p in self.pauses)

    def pause_ends(self, allowed: timedelta) -> datetime | None:
        """Return when all pauses together have lasted as long as ``allowed``; None if none is open.

        In calendar time, weekends and all.
        """
        if not self.pauses or self.pauses[-1].end is not None:
            return None
        *earlier, last = self.pauses
        paused = sum(((p.end or last.begin) - p.begin for p in earlier), NOTHING)
        return last.begin + max(allowed - paused, NOTHING)

    def _paused(self, now: datetime, calendar: WorkingCalendar) -> Iterator[timedelta]:
        start = self._starts(calendar)
        for pause in self.pauses:
            end = now if pause.end is None else min(pause.end, now)
            yield self._flow(max(pause.begin, start), end, calendar)

    def _starts(self, calendar: WorkingCalendar) -> datetime:
        return self.begin if self.limit.runs is Runs.ALWAYS else calendar.start_after(self.begin)

    def _flow(self, begin: datetime, end: datetime, calendar: WorkingCalendar) -> timedelta:
        if self.limit.runs is Runs.ALWAYS:
            return max(end.astimezone(UTC) - begin.astimezone(UTC), NOTHING)
        return calendar.between(begin, end)

    def _after(self, begin: datetime, amount: timedelta, calendar: WorkingCalendar) -> datetime:
        if self.limit.runs is Runs.ALWAYS:
            return begin.astimezone(UTC) + amount
        return calendar.after(begin, amount)


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of the escalation ladder: at which share of the limit, and whom it tells."""

    code: str
    share: float
    tells: tuple[str, ...] = ()


def steps_reached(
    ladder: Sequence[Step], clock: Clock, now: datetime, calendar: WorkingCalendar
) -> tuple[Step, ...]:
    """Return the rungs whose moment is past, lowest first; each is taken once, by its code."""
    rungs = sorted(ladder, key=lambda step: step.share)
    return tuple(rung for rung in rungs if is_late(clock.due(calendar, rung.share), now))
