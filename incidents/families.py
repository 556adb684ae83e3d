"""Which incident a merged one leads to, and which ones were merged into it.

Merged incidents form trees: ``merged_into`` names the next one, the root is the one that still
stands. A root is always opened before what was merged into it, so that no circle can come about.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from gis_core.errors import DomainError
from incidents.actors import Actor, Held
from incidents.errors import IncidentNotFound
from incidents.merge_errors import IncidentMerged
from incidents.models import Event, Incident
from incidents.workflow import Status

MERGED: Final = "merged"
"""Kind of the event on what is merged; it holds all that undoing needs."""
JOINED: Final = "joined"
"""Kind of the event on what survives."""
UNMERGED: Final = "unmerged"
"""Kind of the event on what stands by itself again."""
PARTED: Final = "parted"
"""Kind of the event on what it was with until then."""
TAKEN_OUT: Final = "taken_out"
"""Kind of the event on what some reports were taken out of."""


def root_of(incident_id: int) -> int:
    """Return the id of the incident that stands for this one: its own where it is not merged."""
    at = incident_id
    while (into := _next(at)) is not None:
        at = into
    return at


def way_up(incident_id: int) -> list[int]:
    """Return the ids from the next one up to the root; [] of an incident that is not merged."""
    way: list[int] = []
    into = _next(incident_id)
    while into is not None:
        way.append(into)
        into = _next(into)
    return way


def below(incident_id: int) -> list[int]:
    """Return the ids of all that were merged into it, directly or through others, and are still."""
    found: list[int] = []
    level: Collection[int] = [incident_id]
    while level:
        rows = Incident.objects.filter(merged_into__in=level).order_by("pk")
        level = list(rows.values_list("pk", flat=True))
        found.extend(level)
    return found


def mergings(incident_ids: Collection[int]) -> dict[int, Event]:
    """Return by incident the event of its latest merging: the one that holds, where it is merged.

    What was merged, undone and merged again has several. Their data, which is long, is read when it
    is asked for.
    """
    events = Event.objects.filter(incident__in=incident_ids, kind=MERGED)
    events = events.defer("data").order_by("pk")
    return {event.incident_id: event for event in events if event.incident_id}


@dataclass(frozen=True, slots=True)
class AsBefore:
    """A merged incident as permission asks of it: as it was before it was merged."""

    pk: int
    agency_id: int | None
    ward_id: int | None
    district_id: int | None
    public: bool
    status: str


def as_before(incident: Incident) -> Held:
    """Return what permission asks of an incident; of a merged one, as it was before."""
    merged = mergings([incident.pk]).get(incident.pk)
    if incident.status != Status.MERGED or merged is None:
        return incident
    status = str(merged.data["before"]["status"])
    where = incident.ward_id, incident.district_id
    return AsBefore(incident.pk, incident.agency_id, *where, incident.public, status)


def why_missing(actor: Actor, incident_id: int, seen: QuerySet[Incident]) -> DomainError:
    """Return what to say of an incident that is not among those ``actor`` sees.

    IncidentMerged where it was, before it was merged, and what stands for it now is; else
    IncidentNotFound.
    """
    incident = Incident.objects.filter(pk=incident_id, status=Status.MERGED.value).first()
    if incident is None or not actor.sees(as_before(incident)):
        return IncidentNotFound(id=incident_id)
    into = root_of(incident_id)
    known = seen.filter(pk=into).exists()
    return IncidentMerged(id=incident_id, into=into) if known else IncidentNotFound(id=incident_id)


def _next(incident_id: int) -> int | None:
    rows = Incident.objects.filter(pk=incident_id).values_list("merged_into", flat=True)
    return rows.first()
