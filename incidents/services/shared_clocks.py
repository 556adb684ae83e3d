"""The earliest clock of merged incidents is kept.

Where one agency had both, it has known of the thing since the first hand-over: the survivor's clock
begins then, under the limit that it has, without its own pauses. It never begins in the time of
whoever had the survivor before, and not by a clock that was ever paused.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from incidents import deadline_rules
from incidents.families import MERGED, below
from incidents.models import Custody, Event, Incident
from incidents.services import clocks


def keep(incident: Incident) -> dict[str, Any]:
    """Set a locked incident's clock to the earliest of all that are merged into it now.

    Return what the event keeps of it; {} where the clock stays. The caller saves the incident.
    """
    custody, clock = clocks.open_custody(incident), clocks.clock_of(incident)
    if custody is None or clock is None:
        return {}
    begin = _earliest(incident, custody)
    if begin == clock.begin:
        return {}
    clock = replace(clock, begin=begin)
    incident.held_since = custody.began_at = begin
    incident.due_at = custody.due_at = clock.due(deadline_rules.calendar())
    custody.save(update_fields=["began_at", "due_at"])
    incident.next_step_at = clocks.next_step_at(incident, clock, custody)
    due = incident.due_at.isoformat() if incident.due_at else None
    return {"since": begin.isoformat(), "due": due}


def _earliest(incident: Incident, custody: Custody) -> datetime:
    begins = [_own_begin(custody), *(_own_begin(one) for one in _shared(incident, custody))]
    return max([min(begins), *_ended_before(custody)])


def _own_begin(custody: Custody) -> datetime:
    """When it was handed over, whatever was merged into it since."""
    said = custody.from_event.data.get("since")
    return datetime.fromisoformat(said) if said else custody.began_at


def _shared(incident: Incident, custody: Custody) -> list[Custody]:
    """The same agency's custodies that ended because their incident was merged into this one."""
    # What ended so and was undone goes on: none of these is of an earlier merging.
    ended = Custody.objects.filter(
        incident__in=below(incident.pk), ended_by=MERGED, agency=custody.agency_id
    )
    return [one for one in ended.select_related("from_event") if not _ever_paused(one)]


def _ever_paused(custody: Custody) -> bool:
    events = Event.objects.filter(incident=custody.incident_id, kind=clocks.PAUSED)
    return events.filter(pk__gt=custody.from_event_id, pk__lt=custody.to_event_id).exists()


def _ended_before(custody: Custody) -> list[datetime]:
    earlier = Custody.objects.filter(incident=custody.incident_id, pk__lt=custody.pk)
    ends = earlier.exclude(ended_at=None).order_by("-pk").values_list("ended_at", flat=True)
    return [at for at in ends[:1] if at]
