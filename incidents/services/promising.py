"""A new day, promised where the limit has passed or will not be kept."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from districts import city
from incidents.actors import Actor
from incidents.deadlines import is_late
from incidents.errors import ReasonMissing
from incidents.models import Event, Incident
from incidents.models.work import When
from incidents.permissions import Act
from incidents.said import Said
from incidents.services import clocks, proving
from incidents.services.events import Happening, record
from incidents.services.locking import locked_incident
from incidents.services.telling import tell_all
from incidents.work_errors import BadPromise, LateNeedsMore, NotHeld
from incidents.workflow import HELD

MOST_DAYS: Final = 365


@transaction.atomic
def promise(actor: Actor, incident_id: int, said: Said) -> Incident:
    """Say how far the work is and promise a new day; of a late case with a photo.

    Raises IncidentNotFound, PermissionDenied, IncidentChanged, NotHeld, ReasonMissing, BadPromise,
    LateNeedsMore, NotOnSite, TooManyPhotos.
    """
    incident = locked_incident(actor, Act.PROMISE, incident_id, said.version)
    now = timezone.now()
    _check(incident, said, now)
    data = proving.proof(incident, said) | promise_of(said, now)
    event = record(Happening("promised", incident, reason=said.sentence, data=data), actor)
    proving.keep(incident, event, said, When.BEFORE)
    keep_promise(incident, event)
    incident.version += 1
    incident.save()
    tell_all(event, incident)
    return incident


def promise_of(said: Said, now: datetime) -> dict[str, Any]:
    """Return what an event keeps of a promised day; nothing without one. Raises BadPromise."""
    if said.promised is None:
        return {}
    today = timezone.localdate(now)
    if not today < said.promised <= today + timedelta(days=MOST_DAYS):
        raise BadPromise(most=MOST_DAYS)
    return {"promised": said.promised.isoformat()}


def keep_promise(incident: Incident, event: Event) -> None:
    """Write the promised day of an event, its end on the city's clock, into the open custody."""
    custody = clocks.open_custody(incident) if "promised" in event.data else None
    if custody is None:
        return
    day = datetime.fromisoformat(event.data["promised"]).date() + timedelta(days=1)
    custody.promised_at = datetime.combine(day, time.min, ZoneInfo(city.current().time_zone))
    custody.save(update_fields=["promised_at"])


def _check(incident: Incident, said: Said, now: datetime) -> None:
    if incident.status not in HELD:
        raise NotHeld(current=incident.status)
    if not said.words.strip():
        raise ReasonMissing
    if said.promised is None:
        raise BadPromise(most=MOST_DAYS)
    if is_late(incident.due_at, now) and not said.photos:
        raise LateNeedsMore
