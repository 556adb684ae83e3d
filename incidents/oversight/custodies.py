"""Clocks reckoned again from the events: who had a case, how long, and why it was late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from incidents import deadline_rules
from incidents.actors import Actor
from incidents.deadlines import Clock, Runs
from incidents.models import Custody, Event, Membership
from incidents.naming import named
from incidents.oversight.reading import incident_of_record
from incidents.services import clocks

ROUNDING: Final = 0.001


@dataclass(frozen=True, slots=True)
class Stop:
    """A pause; ``end`` None while it lasts."""

    begin: datetime
    end: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Held:
    """One custody, and what its events come to when they are reckoned now."""

    agency: str
    began: datetime
    ended: datetime | None
    ended_by: str
    limit: timedelta
    working_days: bool
    rule: str
    rule_version: int
    due: datetime | None
    used: float | None
    """Share of the limit, pauses taken off: above 1 it was late; up to now where it lasts."""
    pauses: tuple[Stop, ...]
    steps: tuple[str, ...]
    forward_used: float | None
    """Of the first custody: the share of the service's own limit that was used up by then."""
    agrees: bool
    """Whether the record says the same as its events."""

    @property
    def limit_hours(self) -> float:
        """The limit in hours."""
        return self.limit.total_seconds() / 3600

    @property
    def late(self) -> bool:
        """Whether the limit was passed."""
        return self.used is not None and self.used > 1


def held_again(actor: Actor, incident_id: int, language: str) -> list[Held]:
    """Return the custodies of an incident, the first one first, each reckoned from its events.

    Raises PermissionDenied, IncidentNotFound.
    """
    incident = incident_of_record(actor, incident_id)
    events = list(Event.objects.filter(incident=incident).order_by("id"))
    rows = Custody.objects.filter(incident=incident).select_related("agency").order_by("id")
    told = [_held(row, _within(events, row), language) for row in rows]
    return [
        replace(one, agrees=one.agrees and _was_forwarded_so(row))
        for one, row in zip(told, rows, strict=True)
    ]


def _was_forwarded_so(row: Custody) -> bool:
    """Whether the service's own clock, begun by the first report's receipt, says the same.

    Where no receipt tells of one there is nothing to compare.
    """
    if row.forward_used is None:
        return True
    whole = row.incident.parent_id or row.incident_id
    then = Membership.objects.filter(
        Q(to_event=None) | Q(to_event__gt=row.from_event_id),
        incident__in=[row.incident_id, whole],
        from_event__lt=row.from_event_id,
    )
    received = Event.objects.filter(kind="received", report__in=then.values("report"))
    begun = [one.data["forward"] for one in received if "forward" in one.data]
    if not begun:
        return True
    first = min(begun, key=lambda said: datetime.fromisoformat(said["since"]))
    since = datetime.fromisoformat(first["since"])
    used = (row.began_at - since) / timedelta(seconds=first["limit_s"])
    return abs(used - row.forward_used) < ROUNDING


def _within(events: Sequence[Event], row: Custody) -> list[Event]:
    """The events of a custody's time: from the one that began it up to the one that ended it."""
    last = row.to_event_id or events[-1].pk + 1
    inside = (one for one in events if row.from_event_id <= one.pk < last)
    return [one for one in inside if one.kind in clocks.TELLING]


def _held(row: Custody, events: Sequence[Event], language: str) -> Held:
    # As it was reckoned when it ended: a day that was decreed since changes nothing of it.
    clock, calendar = clocks.clock_from(events), deadline_rules.calendar(row.ended_at)
    used = clock.share(row.ended_at or timezone.now(), calendar) if clock else None
    return Held(
        agency=named(row.agency, language).name,
        began=row.began_at,
        ended=row.ended_at,
        ended_by=row.ended_by,
        limit=timedelta(seconds=row.limit_s),
        working_days=row.runs == Runs.WORKING_DAYS,
        rule=row.rule,
        rule_version=row.rule_version,
        due=clock.due(calendar) if clock else None,
        used=used,
        pauses=tuple(Stop(p.begin, p.end, p.reason) for p in clock.pauses) if clock else (),
        steps=tuple(row.steps),
        forward_used=row.forward_used,
        agrees=_agrees(row, clock, used),
    )


def _agrees(row: Custody, clock: Clock | None, used: float | None) -> bool:
    if clock is None or used is None:
        return row.used is None
    limit = clock.limit
    said = (row.limit_s, row.runs, row.rule, row.rule_version)
    same = said == (limit.amount.total_seconds(), limit.runs, limit.rule, limit.version)
    return same and (row.used is None or abs(row.used - used) < ROUNDING)
