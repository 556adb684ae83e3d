"""When a case has to be looked at next, though nobody touched it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from incidents import deadline_rules
from incidents.deadlines import Clock, Step, steps_reached
from incidents.working_time import WorkingCalendar


def next_rung_at(
    clock: Clock | None, taken: Collection[str], calendar: WorkingCalendar | None = None
) -> datetime | None:
    """Return when the next rung of the escalation ladder is reached; None while a pause holds.

    ``taken`` are the codes of the rungs that this custody has behind it. ``calendar`` saves asking
    for the city's where there are many.
    """
    if clock is None:
        return None
    days = calendar or deadline_rules.calendar()
    moments = (clock.due(days, rung.share) for rung in _left(taken))
    return min((moment for moment in moments if moment), default=None)


def rungs_reached(clock: Clock, taken: Collection[str], now: datetime) -> tuple[Step, ...]:
    """Return the rungs that were reached and not taken yet, lowest first."""
    ladder, calendar = deadline_rules.rules().ladder, deadline_rules.calendar()
    reached = steps_reached(ladder, clock, now, calendar)
    return tuple(rung for rung in reached if rung.code not in taken)


def _left(taken: Collection[str]) -> list[Step]:
    ladder = sorted(deadline_rules.rules().ladder, key=lambda rung: rung.share)
    return [rung for rung in ladder if rung.code not in taken]
