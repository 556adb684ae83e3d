"""The clock of an incident's agency: begun at a hand-over, stopped by pauses, read from events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from incidents import deadline_rules
from incidents.deadlines import Clock, Limit, Pause, Runs
from incidents.models import Event, Incident

HANDED_OVER: Final = frozenset({"assigned", "reopened"})
PAUSED: Final = "paused"
RESUMED: Final = "resumed"


def begin(incident: Incident, at: datetime) -> dict[str, Any]:
    """Begin the agency's clock, and return what its event keeps of the rule."""
    calendar = deadline_rules.calendar()
    on = at.astimezone(calendar.zone).date()
    limit = deadline_rules.rules().limit(incident.category, on)
    incident.held_since = at
    incident.due_at = Clock(at, limit).due(calendar)
    return {
        "since": at.isoformat(),
        "limit_s": limit.amount.total_seconds(),
        "runs": limit.runs.value,
        "rule": limit.rule,
        "rule_version": limit.version,
        "due": incident.due_at.isoformat() if incident.due_at else None,
    }


def end(incident: Incident) -> None:
    """Take the incident off the clock."""
    incident.held_since = incident.due_at = None


def clock_of(incident: Incident) -> Clock | None:
    """Return the clock of the agency that has the incident now, as its events tell it."""
    events = Event.objects.filter(incident=incident, kind__in=(*HANDED_OVER, PAUSED, RESUMED))
    return clock_from(events.order_by("id"))


def clock_from(events: Iterable[Event]) -> Clock | None:
    """Return the last clock that a case's events tell of, None where none was begun. Pure."""
    clock: Clock | None = None
    for event in events:
        if event.kind in HANDED_OVER:
            clock = _begun(event)
        elif clock and event.kind == PAUSED:
            clock = paused(clock, _moment(event), str(event.data.get("reason", "")))
        elif clock:
            clock = resumed(clock, _moment(event))
    return clock


def paused(clock: Clock, at: datetime, reason: str = "") -> Clock:
    """Return the clock with a pause begun."""
    return Clock(clock.begin, clock.limit, (*clock.pauses, Pause(at, None, reason)))


def resumed(clock: Clock, at: datetime) -> Clock:
    """Return the clock with its open pause ended; as it is where none is open."""
    if not clock.pauses or clock.pauses[-1].end is not None:
        return clock
    *earlier, last = clock.pauses
    return Clock(clock.begin, clock.limit, (*earlier, Pause(last.begin, at, last.reason)))


def paused_for(clock: Clock, now: datetime) -> timedelta:
    """Return how long all pauses of a clock lasted together, by the calendar."""
    return sum(((p.end or now) - p.begin for p in clock.pauses), timedelta(0))


def _moment(event: Event) -> datetime:
    """The moment that was reckoned with; the row itself is written a little later."""
    return datetime.fromisoformat(event.data["since"]) if "since" in event.data else event.at


def _begun(event: Event) -> Clock | None:
    said = event.data
    if "limit_s" not in said:
        return None
    amount, runs = timedelta(seconds=said["limit_s"]), Runs(said["runs"])
    return Clock(_moment(event), Limit(amount, runs, said["rule"], said["rule_version"]))
