"""The clock of an incident's agency, and its custody: who has it from which event to which.

The clock is begun at a hand-over, stopped by pauses, and read from events. A custody's row keeps
what it came to; ``held_since`` and ``due_at`` of an incident are copies of the open one's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import models
from django.utils import timezone

from districts.models import Agency
from incidents import deadline_rules, watching
from incidents.deadlines import Clock, Limit, Pause, Runs
from incidents.models import Custody, Event, Incident, Link
from incidents.models.link import Purpose
from incidents.services import forwarding

IMPORTED: Final = "imported"
"""Begins a clock where the other system says which agency has it."""
RECATEGORISED: Final = "recategorised"
"""Begins a clock where the new category's limit ends sooner; see ``sooner``."""
HANDED_OVER: Final = frozenset({"assigned", "reopened", IMPORTED, RECATEGORISED})
MAY_BEGIN: Final = frozenset({IMPORTED, RECATEGORISED})
"""The others always do."""
MOVED: Final = frozenset({"joined", "parted", "unmerged"})
"""Merging may let the clock begin earlier, undoing it later: see ``shared_clocks``."""
PAUSED: Final = "paused"
RESUMED: Final = "resumed"
TELLING: Final = HANDED_OVER | MOVED | {PAUSED, RESUMED}
"""Kinds of events that a clock is read from."""


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


def sooner(incident: Incident, at: datetime) -> dict[str, Any]:
    """Begin the clock anew where the limit of the incident's category then ends before it is due.

    What turns out to be dangerous has hours from then on. Never later: another category is no way
    to more time. Return what its event keeps, {} where nothing is begun; nor is it while a pause
    holds.
    """
    calendar = deadline_rules.calendar()
    on = at.astimezone(calendar.zone).date()
    due = Clock(at, deadline_rules.rules().limit(incident.category, on)).due(calendar)
    if incident.due_at is None or due is None or due >= incident.due_at:
        return {}
    return begin(incident, at)


def end(incident: Incident) -> None:
    """Take the incident off the clock."""
    incident.held_since = incident.due_at = incident.next_step_at = None


def hand_over(incident: Incident, event: Event, at: datetime) -> None:
    """End the open custody with the event that hands over, and begin the next one from it.

    ``begin`` was called before. An agency's contractor stays with it, nobody else's does.
    """
    last, said = release(incident, event, at), event.data
    if incident.agency is None:
        return
    Custody.objects.create(
        incident=incident,
        agency=incident.agency,
        contractor=_contractor(incident, last),
        from_event=event,
        began_at=at,
        due_at=incident.due_at,
        limit_s=said["limit_s"],
        runs=said["runs"],
        rule=said["rule"],
        rule_version=said["rule_version"],
        forward_used=forwarding.handed_over(incident, at),
    )
    incident.next_step_at = watching.next_rung_at(clock_from([event]), ())


def release(
    incident: Incident, event: Event, at: datetime, *, proven: bool | None = None
) -> Custody | None:
    """End the open custody with an event, and return it; None where there is none.

    Imported and made-up incidents may have none.
    """
    custody = open_custody(incident)
    if custody is None:
        return None
    clock = clock_of(incident, before=event)
    custody.to_event, custody.ended_at, custody.ended_by = event, at, event.kind
    custody.used = clock.share(at, deadline_rules.calendar()) if clock else None
    custody.proven = proven
    custody.save(update_fields=["to_event", "ended_at", "ended_by", "used", "proven"])
    return custody


def take_up(incident: Incident, event: Event) -> None:
    """Let the custody go on that an event ended, as if it never had."""
    Custody.objects.filter(incident=incident, to_event=event).update(
        to_event=None, ended_at=None, ended_by="", used=None, proven=None
    )


def open_custody(incident: Incident) -> Custody | None:
    """Return the custody that lasts."""
    return Custody.objects.filter(incident=incident, to_event=None).first()


def put_off(incident: Incident) -> None:
    """Copy what is due now, after a pause began or ended, into the open custody."""
    custody = open_custody(incident)
    if custody is None:
        return
    custody.due_at = incident.due_at
    custody.save(update_fields=["due_at"])
    incident.next_step_at = next_step_at(incident, clock_of(incident), custody)


def next_step_at(incident: Incident, clock: Clock | None, custody: Custody) -> datetime | None:
    """Return when the watch looks next: at a rung, or where a pause has used up its days."""
    rung = watching.next_rung_at(clock, custody.steps)
    ends = clock.pause_ends(pause_allowed(incident)) if clock else None
    return min((moment for moment in (rung, ends) if moment), default=None)


def pause_allowed(incident: Incident) -> timedelta:
    """Return how long all pauses of the clock may last together, by the calendar."""
    on = timezone.localdate(incident.held_since)
    return timedelta(days=deadline_rules.rules().deadline(incident.category, on).pause_days)


def end_lending(incident: Incident, at: datetime) -> None:
    """End the contractors' links to an incident; who held it when is still told by custodies."""
    lent_out(incident).update(ended_at=at)


def lent_out(incident: Incident) -> models.QuerySet[Link]:
    """Return the contractors' links to an incident that nobody has ended; some may be expired."""
    return Link.objects.filter(incident=incident, purpose=Purpose.CONTRACTOR, ended_at=None)


def _contractor(incident: Incident, last: Custody | None) -> Agency | None:
    """Return whose link to the incident still holds; another agency's links end."""
    before = last or Custody.objects.filter(incident=incident).order_by("-id").first()
    if before and before.agency_id != incident.agency_id:
        end_lending(incident, timezone.now())
        return None
    live = lent_out(incident).filter(expires_at__gt=timezone.now()).select_related("agency").last()
    return live.agency if live else None


def clock_of(incident: Incident, before: Event | None = None) -> Clock | None:
    """Return the clock of the agency that has the incident, as its events (before one) tell it."""
    events = Event.objects.filter(incident=incident, kind__in=TELLING)
    if before:
        events = events.filter(pk__lt=before.pk)
    return clock_from(events.order_by("id"))


def clock_from(events: Iterable[Event]) -> Clock | None:
    """Return the last clock that a case's events tell of, None where none was begun. Pure."""
    clock: Clock | None = None
    for event in events:
        if event.kind in HANDED_OVER:
            clock = _begun(event) or (clock if event.kind in MAY_BEGIN else None)
        elif clock and event.kind in MOVED:
            clock = _moved(clock, event)
        elif clock and event.kind == PAUSED:
            clock = paused(clock, moment_of(event), str(event.data.get("reason", "")))
        elif clock:
            clock = resumed(clock, moment_of(event))
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


def moment_of(event: Event) -> datetime:
    """Return the moment that was reckoned with; the row itself is written a little later."""
    return datetime.fromisoformat(event.data["since"]) if "since" in event.data else event.at


def _moved(clock: Clock, event: Event) -> Clock:
    return replace(clock, begin=moment_of(event)) if "since" in event.data else clock


def _begun(event: Event) -> Clock | None:
    said = event.data
    if "limit_s" not in said:
        return None
    amount, runs = timedelta(seconds=said["limit_s"]), Runs(said["runs"])
    return Clock(moment_of(event), Limit(amount, runs, said["rule"], said["rule_version"]))
