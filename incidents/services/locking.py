"""The one way to an incident that is to be changed: asked for, locked, and still as it was seen."""

from __future__ import annotations

from incidents.actors import Actor
from incidents.errors import IncidentChanged, IncidentNotFound, PermissionDenied
from incidents.models import Incident
from incidents.permissions import Act, Reach


def locked_incident(
    actor: Actor, act: Act, incident_id: int, version: int | None = None
) -> Incident:
    """Return an incident that ``actor`` may do this to, locked until the transaction ends.

    Raises PermissionDenied; IncidentNotFound, also for what ``actor`` may not see; IncidentChanged.
    """
    if actor.reach(act) is Reach.NONE:
        raise PermissionDenied
    # No key: events that others write about it meanwhile refer to the row, and need not wait.
    locked = Incident.objects.select_for_update(of=("self",), no_key=True)
    incident = locked.select_related("category", "agency").filter(pk=incident_id).first()
    if incident is None or not (actor.sees(incident) or actor.may(act, incident)):
        raise IncidentNotFound(id=incident_id)
    # Before the permission: whoever was quicker may have taken it out of this one's hands.
    if version is not None and version != incident.version:
        raise IncidentChanged
    actor.must(act, incident)
    return incident
