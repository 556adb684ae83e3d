"""Take the rungs of the escalation ladder when their moment comes, each once in a custody.

What nobody has to decide is done in passing: silence closes, and a pause that is used up ends.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import InterfaceError, OperationalError, transaction

from gis_core import logs
from incidents import watching
from incidents.actors import ANYBODY
from incidents.deadlines import Step
from incidents.models import Custody, Incident
from incidents.services import claims, clocks, working
from incidents.services.events import Happening, record
from incidents.services.telling import tell_roles

AT_A_TIME: Final = 100
SOONEST: Final = timedelta(seconds=1)
PUT_OFF: Final = timedelta(minutes=10)
"""Until a case that a fault stopped is looked at again."""
log = logging.getLogger(__name__)


def look_at_deadlines(now: datetime) -> int:
    """Look at the cases whose moment has come; return how many there were, 0 when all is done.

    Each is a transaction of its own; one that somebody works on right now is left for the next
    time, and one that a fault stops is put off, so that it stops no other.
    """
    due = Incident.objects.filter(next_step_at__lte=now).order_by("next_step_at")
    return sum(_look_or_put_off(pk, now) for pk in due.values_list("pk", flat=True)[:AT_A_TIME])


def _look_or_put_off(incident_id: int, now: datetime) -> bool:
    try:
        return _look(incident_id, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:  # noqa: BLE001  the cases behind it are not to wait for its mending
        log.error("Incident %s: %s", incident_id, logs.told(fault))  # noqa: TRY400  no words
        due = Incident.objects.filter(pk=incident_id, next_step_at__lte=now)
        return due.update(next_step_at=now + PUT_OFF) > 0


@transaction.atomic
def _look(incident_id: int, now: datetime) -> bool:
    free = Incident.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    incident = free.filter(pk=incident_id, next_step_at__lte=now).first()
    if incident is None:
        return False
    if working.close_silent(incident, now) or working.end_pause(incident, now):
        return True
    custody = Custody.objects.filter(incident=incident, to_event=None).first()
    clock = clocks.clock_of(incident)
    if custody and clock:
        _take(incident, custody, watching.rungs_reached(clock, custody.steps, now))
        following = clocks.next_step_at(incident, clock, custody)
    else:
        following = claims.silence_ends(incident)
    # What is due by rounding alone must not be looked at without end.
    incident.next_step_at = following and max(following, now + SOONEST)
    incident.save(update_fields=["next_step_at"])
    return True


def _take(incident: Incident, custody: Custody, rungs: tuple[Step, ...]) -> None:
    """Record every rung; tell of the highest, which says what the lower ones would have said."""
    for rung in rungs:
        custody.steps.append(rung.code)
        data = {"step": rung.code, "custody": custody.pk}
        event = record(Happening("escalated", incident, data=data), ANYBODY)
        if rung is rungs[-1]:
            tell_roles(event, incident, rung.tells, f"escalated_{rung.code}")
    custody.save(update_fields=["steps"])
