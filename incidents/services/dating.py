"""Made-up cases get a past: what verbs wrote a moment ago is told as of days and weeks before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from gis_core import sql
from incidents import deadline_rules
from incidents.deadlines import Clock, Limit, Runs
from incidents.models import Custody, Event, Incident, Rating, Report, Seal
from incidents.services import clocks, forwarding

Times = Mapping[int, datetime]
"""By the event's id."""
Stop = tuple[int, str]
"""An event's id and its kind: paused, or resumed."""


@transaction.atomic
def date_back(report_id: int, incident_id: int, times: Times) -> None:
    """Move a case of the demo, and all that hangs on its events, to the times given for these.

    For what never happened alone. What was sealed already stays as it is.
    """
    if Seal.objects.filter(event__in=times).exists():
        return
    dues: dict[int, str] = {}
    stops = list(
        Event.objects.filter(incident=incident_id, kind__in=(clocks.PAUSED, clocks.RESUMED))
        .order_by("pk")
        .values_list("pk", "kind")
    )
    for custody in Custody.objects.filter(incident=incident_id).order_by("from_event_id"):
        due = _date_custody(custody, times, stops)
        dues[custody.from_event_id] = due.isoformat() if due else ""
    for before, after in _reopened(incident_id):
        Custody.objects.filter(pk=before.pk).update(reopened_at=times[after.from_event_id])
    sql.run(
        "incidents",
        "date_back_events",
        {
            "ids": list(times),
            "moments": [at.isoformat() for at in times.values()],
            "dues": [dues.get(pk, "") for pk in times],
        },
    )
    for rating in Rating.objects.filter(incident=incident_id):
        Rating.objects.filter(pk=rating.pk).update(at=times[rating.event_id])
    _date_report(report_id, times)
    _date_incident(incident_id, times)


def _date_custody(custody: Custody, times: Times, stops: Sequence[Stop]) -> datetime | None:
    """Return when it was due before anything paused it, as the event of the hand-over says."""
    calendar = deadline_rules.calendar()
    limit = Limit(timedelta(seconds=custody.limit_s), Runs(custody.runs))
    begun = clock = Clock(times[custody.from_event_id], limit)
    for pk, kind in stops:
        if custody.from_event_id < pk < (custody.to_event_id or pk + 1):
            stopped = clocks.paused if kind == clocks.PAUSED else clocks.resumed
            clock = stopped(clock, times[pk])
    ended = times[custody.to_event_id] if custody.to_event_id else None
    Custody.objects.filter(pk=custody.pk).update(
        began_at=clock.begin,
        ended_at=ended,
        due_at=clock.due(calendar),
        used=clock.share(ended, calendar) if ended else None,
    )
    return begun.due(calendar)


def _reopened(incident_id: int) -> list[tuple[Custody, Custody]]:
    """Return each custody that came back, with the one that followed."""
    held = list(Custody.objects.filter(incident=incident_id).order_by("from_event_id"))
    return [(one, held[at]) for at, one in enumerate(held, start=1) if one.reopened_at]


def _date_report(report_id: int, times: Times) -> None:
    """Its words were approved when the event says so, and it came when it was received.

    What still waits for an agency is late, and the watch tells nobody of it.
    """
    events = dict(Event.objects.filter(report=report_id).values_list("kind", "pk"))
    received = times[events["received"]]
    kept = Event.objects.get(pk=events["received"]).data.get(forwarding.KEPT)
    limit = timedelta(seconds=kept["limit_s"]) if kept else None
    report = Report.objects.get(pk=report_id)
    Report.objects.filter(pk=report_id).update(
        received_at=received,
        forward_by=received + limit if limit and report.forward_by else None,
        next_step_at=None,
    )
    first = Custody.objects.filter(
        incident__memberships__report=report_id, forward_used__isnull=False
    ).first()
    if first and limit:
        used = (first.began_at - received) / limit
        Custody.objects.filter(pk=first.pk).update(forward_used=used)
    if "words_approved" in events:
        approved = times[events["words_approved"]]
        Report.objects.filter(pk=report_id).update(approved_at=approved)


def _date_incident(incident_id: int, times: Times) -> None:
    events = Event.objects.filter(incident=incident_id).order_by("pk")
    at = {kind: times[pk] for kind, pk in events.values_list("kind", "pk")}
    held = Custody.objects.filter(incident=incident_id, to_event=None).first()
    incident = Incident.objects.get(pk=incident_id)
    ended = at.get("closed") or at.get("rejected")
    clock = clocks.clock_of(incident) if held else None
    Incident.objects.filter(pk=incident_id).update(
        held_since=held.began_at if held else None,
        due_at=held.due_at if held else None,
        next_step_at=clocks.next_step_at(incident, clock, held) if held else incident.next_step_at,
        claimed_at=at.get("claimed_done") if incident.claimed_at else None,
        closed_at=ended if incident.closed_at else None,
        updated_at=max(at.values()),
    )
