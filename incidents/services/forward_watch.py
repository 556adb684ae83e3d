"""Look at what no agency has yet: each rung of the service's own ladder once for a report."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from incidents.actors import ANYBODY
from incidents.models import Custody, Event, Incident, Membership, Report
from incidents.report import ReportState
from incidents.services import forwarding
from incidents.services.due_rows import look_at_due, not_at_once
from incidents.services.events import Happening, record
from incidents.services.telling import tell_waiting
from incidents.workflow import ENDED, Status

NOT_FORWARDED: Final = "not_forwarded"
"""The event of a rung; its data names the rung."""
GOES_ON: Final = frozenset({ReportState.WAITING, ReportState.INCIDENT})


def look_at_forwarding(now: datetime) -> int:
    """Look at the reports whose moment has come; return how many there were, 0 when all is done."""
    return look_at_due(Report, _look, now)


def _look(report: Report, now: datetime) -> None:
    incident = _incident_of(report)
    if _needs_nobody(report, incident):
        report.save(update_fields=forwarding.stop(report))
        return
    clock, taken = forwarding.clock_of(report), _taken(report)
    following = None
    if clock:
        _take(report, incident, [rung.code for rung in forwarding.rungs_reached(clock, taken, now)])
        following = forwarding.next_rung_at(clock, _taken(report))
    report.next_step_at = not_at_once(following, now)
    report.save(update_fields=["next_step_at"])


def _take(report: Report, incident: Incident | None, rungs: list[str]) -> None:
    """Record every rung; tell of the highest, which says what the lower ones would have said."""
    for rung in rungs:
        data = {"step": rung}
        event = record(Happening(NOT_FORWARDED, incident, report, data=data), ANYBODY)
        if rung == rungs[-1]:
            tell_waiting(event, report, incident)


def _taken(report: Report) -> set[str]:
    told = Event.objects.filter(report=report, kind=NOT_FORWARDED)
    return set(told.values_list("data__step", flat=True))


def _incident_of(report: Report) -> Incident | None:
    member = Membership.objects.filter(report=report, to_event=None)
    found = member.select_related("incident__category").first()
    return found.incident if found else None


def _needs_nobody(report: Report, incident: Incident | None) -> bool:
    """Whether an agency has it, or had it, or it needs none: another way than the usual ones."""
    if ReportState(report.state) not in GOES_ON:
        return True
    if incident is None:
        return False
    over = Status(incident.status) in ENDED
    return over or Custody.objects.filter(incident=incident).exists()
