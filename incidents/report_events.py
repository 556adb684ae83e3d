"""Which events a report's sender is told of."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from incidents.families import JOINED, TAKEN_OUT
from incidents.models import Event, Incident, Membership, Report


def events_of(report: Report, incident: Incident | None) -> QuerySet[Event]:
    """Return the report's own events, and its incident's that name no report, in order of time.

    Those of other reports stay theirs. Of an incident that it was with before, those up to when it
    left. What joined it to another incident, or took it out, is told on the one side alone.
    """
    concerned = Q(report=report)
    if incident:
        concerned |= Q(incident=incident, report=None)
    for left in Membership.objects.filter(report=report, to_event__isnull=False):
        concerned |= Q(incident=left.incident_id, report=None, pk__lte=left.to_event_id)
    moved = Q(data__reports__contains=[report.pk])
    told = Event.objects.filter(concerned).exclude(moved, kind=JOINED)
    return told.exclude(~moved, kind=TAKEN_OUT).order_by("at", "id")
