"""The clocks of what another system had open: as if it had been given here when it was reported.

Under the rule in force then, so that what is late there is late here. Rungs that were past before
it came are taken for taken: nobody is told today of what others were told of long ago.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from districts.models import Category
from incidents import deadline_rules
from incidents.deadlines import Clock, Limit, Runs, is_late
from incidents.working_time import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Begun:
    """A clock as rows keep it; ``steps`` are the rungs that were past when it came here."""

    since: datetime
    limit: Limit
    due: datetime
    steps: tuple[str, ...]
    next_step_at: datetime | None

    @property
    def said(self) -> dict[str, Any]:
        """What the event that begins it keeps of the rule, as ``clocks.begin`` returns it."""
        return {
            "since": self.since.isoformat(),
            "limit_s": self.limit.amount.total_seconds(),
            "runs": self.limit.runs.value,
            "rule": self.limit.rule,
            "rule_version": self.limit.version,
            "due": self.due.isoformat(),
        }


class ImportedClocks:
    """Reckons the clocks of one batch; what runs on working days once for each day and limit."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._rules = deadline_rules.rules()
        self._calendar: WorkingCalendar = deadline_rules.calendar()
        self._days: dict[tuple[date, Limit], tuple[datetime, ...]] = {}

    def begin(self, category: Category, since: datetime) -> Begun:
        """Return the clock of a case that was reported at ``since``."""
        on = since.astimezone(self._calendar.zone).date()
        limit = self._rules.limit(category, on)
        due, *moments = self._moments(Clock(since, limit), on)
        codes = (rung.code for rung in self._rules.ladder)
        rungs = dict(zip(codes, moments, strict=True))
        past = tuple(code for code, moment in rungs.items() if is_late(moment, self._now))
        left = [moment for code, moment in rungs.items() if code not in past]
        return Begun(since, limit, due, past, min(left, default=None))

    def _moments(self, clock: Clock, on: date) -> tuple[datetime, ...]:
        """Return when a clock is due, and when each rung of the ladder is reached."""
        if clock.limit.runs is Runs.ALWAYS:
            return self._reckoned(clock)
        key = (on, clock.limit)
        if key not in self._days:
            self._days[key] = self._reckoned(clock)
        return self._days[key]

    def _reckoned(self, clock: Clock) -> tuple[datetime, ...]:
        shares = (1.0, *(rung.share for rung in self._rules.ladder))
        moments = (clock.due(self._calendar, share) for share in shares)
        return tuple(moment for moment in moments if moment)
