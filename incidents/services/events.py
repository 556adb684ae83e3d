"""One event of what happened, and the lock on the row it happened to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from incidents.actors import Actor
from incidents.errors import ReportNotFound
from incidents.models import Event, Incident, Report


@dataclass(frozen=True, slots=True)
class Happening:
    """One event to record. ``data`` holds ids, codes and hashes, never names or numbers."""

    kind: str
    incident: Incident | None = None
    report: Report | None = None
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def record(what: Happening, actor: Actor) -> Event:
    """Add the event; it belongs to the caller's transaction."""
    return Event.objects.create(
        kind=what.kind,
        incident=what.incident,
        report=what.report,
        actor_id=actor.user_id,
        actor_kind="system" if actor.is_nobody else actor.kind,
        reason=what.reason,
        data=dict(what.data) | ({"link": actor.link} if actor.link else {}),
    )


def locked_report(report_id: int) -> Report:
    """Return a report, locked until the transaction ends. Raises ReportNotFound."""
    report = Report.objects.select_for_update(no_key=True).filter(pk=report_id).first()
    if report is None:
        raise ReportNotFound(shown=report_id)
    return report
