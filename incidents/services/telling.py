"""Tell reporters what happened, in the transaction in which it happens."""

from __future__ import annotations

from incidents.models import Event, Incident, Report
from incidents.notifications.outbox import News, put


def tell(report: Report, event: Event, incident: Incident | None = None) -> None:
    """Write a notice of an event for one reporter, if there is a way to them."""
    data = {key: event.data[key] for key in ("agency",) if key in event.data}
    put(report, News(event.kind, str(event.pk), incident, data))


def tell_all(event: Event, incident: Incident) -> None:
    """Write a notice of an event for everybody whose report belongs to the incident."""
    reached = Report.objects.filter(memberships__incident=incident, memberships__to_event=None)
    for report in reached.exclude(contact=None).order_by("pk"):
        tell(report, event, incident)
