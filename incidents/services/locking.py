"""The one way to an incident that is to be changed: asked for, locked, and still as it was seen."""

from __future__ import annotations

from gis_core.errors import DomainError
from incidents.actors import Actor
from incidents.errors import IncidentChanged, PermissionDenied
from incidents.families import why_missing
from incidents.models import Incident
from incidents.permissions import Act, Reach
from incidents.visibility import public, reached


def locked_incident(
    actor: Actor, act: Act, incident_id: int, version: int | None = None
) -> Incident:
    """Return an incident that ``actor`` may do this to, locked until the transaction ends.

    Raises PermissionDenied; IncidentNotFound, also for what ``actor`` may not see; IncidentMerged;
    IncidentChanged.
    """
    if actor.reach(act) is Reach.NONE:
        raise PermissionDenied
    # No key: events that others write about it meanwhile refer to the row, and need not wait.
    locked = Incident.objects.select_for_update(of=("self",), no_key=True)
    incident = locked.select_related("category", "agency").filter(pk=incident_id).first()
    if incident is None or not (actor.sees(incident) or actor.may(act, incident)):
        raise _missing(actor, incident_id)
    # Before the permission: whoever was quicker may have taken it out of this one's hands.
    if version is not None and version != incident.version:
        raise IncidentChanged
    actor.must(act, incident)
    return incident


def _missing(actor: Actor, incident_id: int) -> DomainError:
    seen = Incident.objects.filter(public() | reached(actor, Act.SEE))
    return why_missing(actor, incident_id, seen)
