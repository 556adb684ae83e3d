"""Take the rungs of the escalation ladder when their moment comes, each once in a custody.

What nobody has to decide is done in passing: silence closes, and a pause that is used up ends.
"""

from __future__ import annotations

from datetime import datetime

from incidents import watching
from incidents.actors import ANYBODY
from incidents.deadlines import Step
from incidents.models import Custody, Incident
from incidents.services import claims, clocks, working
from incidents.services.due_rows import look_at_due, not_at_once
from incidents.services.events import Happening, record
from incidents.services.telling import tell_roles


def look_at_deadlines(now: datetime) -> int:
    """Look at the cases whose moment has come; return how many there were, 0 when all is done."""
    return look_at_due(Incident, _look, now)


def _look(incident: Incident, now: datetime) -> None:
    if working.close_silent(incident, now) or working.end_pause(incident, now):
        return
    custody = Custody.objects.filter(incident=incident, to_event=None).first()
    clock = clocks.clock_of(incident)
    if custody and clock:
        _take(incident, custody, watching.rungs_reached(clock, custody.steps, now))
        following = clocks.next_step_at(incident, clock, custody)
    else:
        following = claims.silence_ends(incident)
    incident.next_step_at = not_at_once(following, now)
    incident.save(update_fields=["next_step_at"])


def _take(incident: Incident, custody: Custody, rungs: tuple[Step, ...]) -> None:
    """Record every rung; tell of the highest, which says what the lower ones would have said."""
    for rung in rungs:
        custody.steps.append(rung.code)
        data = {"step": rung.code, "custody": custody.pk}
        event = record(Happening("escalated", incident, data=data), ANYBODY)
        if rung is rungs[-1]:
            tell_roles(event, incident, rung.tells, f"escalated_{rung.code}")
    custody.save(update_fields=["steps"])
