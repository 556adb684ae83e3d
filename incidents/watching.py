"""When a case has to be looked at next, though nobody touched it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from incidents import deadline_rules
from incidents.deadlines import Clock, Step, steps_reached


def next_rung_at(clock: Clock | None, taken: Collection[str]) -> datetime | None:
    """Return when the next rung of the escalation ladder is reached; None while a pause holds.

    ``taken`` are the codes of the rungs that this custody has behind it.
    """
    if clock is None:
        return None
    calendar = deadline_rules.calendar()
    moments = (clock.due(calendar, rung.share) for rung in _left(taken))
    return min((moment for moment in moments if moment), default=None)


def rungs_reached(clock: Clock, taken: Collection[str], now: datetime) -> tuple[Step, ...]:
    """Return the rungs that were reached and not taken yet, lowest first."""
    ladder, calendar = deadline_rules.rules().ladder, deadline_rules.calendar()
    reached = steps_reached(ladder, clock, now, calendar)
    return tuple(rung for rung in reached if rung.code not in taken)


def _left(taken: Collection[str]) -> list[Step]:
    ladder = sorted(deadline_rules.rules().ladder, key=lambda rung: rung.share)
    return [rung for rung in ladder if rung.code not in taken]
