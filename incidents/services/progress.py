"""An incident on its way: work begins, it is fixed, or it was none of the service's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils import timezone

from incidents import workflow
from incidents.actors import Actor
from incidents.errors import IncidentNotFound, ReasonMissing
from incidents.models import Incident
from incidents.services.events import Happening, record
from incidents.services.telling import tell_all
from incidents.workflow import ENDED, Status, Step

WAYS: Final[Mapping[Status, tuple[Step, ...]]] = {
    Status.IN_PROGRESS: (Step.START,),
    Status.CLOSED: (Step.CLAIM_DONE, Step.CLOSE),
    Status.REJECTED: (Step.REJECT,),
}


@transaction.atomic
def advance(actor: Actor, incident_id: int, wanted: Status, reason: str) -> None:
    """Take an incident to ``in_progress``, ``closed`` or ``rejected``; assigning is ``assign``.

    Raises PermissionDenied, ReasonMissing, IncidentNotFound, ForbiddenStep.
    """
    actor.must_be_operator()
    if not reason.strip():
        raise ReasonMissing
    incident = Incident.objects.select_for_update().filter(pk=incident_id).first()
    if incident is None:
        raise IncidentNotFound(id=incident_id)
    current = Status(incident.status)
    if wanted not in WAYS:
        raise workflow.ForbiddenStep(current=current, wanted=wanted)
    for step in WAYS[wanted]:
        current = workflow.after(current, step)
    incident.status = current.value
    incident.closed_at = timezone.now() if current in ENDED else None
    incident.needs_triage = incident.needs_triage and current not in ENDED
    incident.version += 1
    incident.save()
    event = record(Happening(wanted.value, incident, reason=reason.strip()[:300]), actor)
    if current in ENDED:
        tell_all(event, incident)
