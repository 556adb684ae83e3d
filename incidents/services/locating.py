"""Where a report is that came without a position: what was found in its words, what a person says.

Events keep ids, figures and means of what was found; the words stay in the report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.gis.geos import Point
from django.db import transaction

from districts.geocoding.found import Candidate
from gis_core.positions import LonLat, Position
from incidents.actors import ANYBODY, Actor
from incidents.errors import AlreadyDealtWith, ReasonMissing
from incidents.models import Report
from incidents.permissions import Act
from incidents.report import ReportState
from incidents.services import forwarding
from incidents.services.events import Happening, locked_report, record

NOT_LOCATED: Final = "not_located"
"""The state's reason of a report whose words were looked at in vain: it waits for a person."""
GEOCODED: Final = "geocoded"
OPERATOR: Final = "operator"
MOST_KEPT: Final = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """Where an operator says that a report is, and which of the candidates shown it was."""

    position: Position
    reason: str
    candidate: Candidate | None = None
    """None for a pin of the operator's own."""


@transaction.atomic
def locate_report(report_id: int, found: Sequence[Candidate], version: int) -> Position | None:
    """Take the first of ``found`` as the place of a report that waits for one.

    Return where the report is: an earlier place stays, whoever found it.
    """
    report = locked_report(report_id)
    if _waits(report):
        _put(report, found[0].position, GEOCODED)
        data = {"gazetteer": version, "candidates": _kept(found)}
        record(Happening("located", report=report, data=data), ANYBODY)
    return _where(report)


@transaction.atomic
def leave_to_operator(report_id: int, found: Sequence[Candidate], version: int) -> Position | None:
    """Note, once, that a waiting report's words do not say surely enough where it is.

    Return where the report is: None, unless somebody has put it somewhere in the meantime.
    """
    report = locked_report(report_id)
    if _waits(report) and report.state_reason != NOT_LOCATED:
        report.state_reason = NOT_LOCATED
        report.save(update_fields=["state_reason"])
        data = {"gazetteer": version, "candidates": _kept(found)}
        record(Happening(NOT_LOCATED, report=report, data=data), ANYBODY)
    return _where(report)


@transaction.atomic
def locate_by_hand(actor: Actor, report_id: int, choice: Choice) -> None:
    """Put a report where an operator says. Raises PermissionDenied, AlreadyDealtWith."""
    actor.must(Act.LOCATE)
    report = _waiting(report_id)
    _put(report, choice.position, GEOCODED if choice.candidate else OPERATOR)
    where = choice.position
    kept = _kept([choice.candidate]) if choice.candidate else []
    data = {"accuracy_m": where.accuracy_m, "candidates": kept}
    record(Happening("located", report=report, reason=choice.reason[:300], data=data), actor)


@transaction.atomic
def take_as_inquiry(actor: Actor, report_id: int, reason: str) -> None:
    """Take a report without a place as a question. Raises PermissionDenied, ReasonMissing."""
    actor.must(Act.LOCATE)
    if not reason.strip():
        raise ReasonMissing
    report = _waiting(report_id)
    report.state, report.state_reason = ReportState.INQUIRY.value, ""
    report.save(update_fields=["state", "state_reason", *forwarding.stop(report)])
    record(Happening("inquiry", report=report, reason=reason.strip()[:300]), actor)


def _waits(report: Report) -> bool:
    return report.state == ReportState.WAITING and report.position is None


def _waiting(report_id: int) -> Report:
    report = locked_report(report_id)
    if not _waits(report):
        raise AlreadyDealtWith
    return report


def _put(report: Report, where: Position, method: str) -> None:
    report.position = Point(where.lonlat.lon, where.lonlat.lat, srid=4326)
    report.accuracy_m, report.position_method = where.accuracy_m, method
    report.state_reason = ""
    report.save(update_fields=["position", "accuracy_m", "position_method", "state_reason"])


def _where(report: Report) -> Position | None:
    point = report.position
    if point is None:
        return None
    return Position(LonLat(point.x, point.y), report.accuracy_m, report.position_method)


def _kept(found: Sequence[Candidate]) -> list[dict[str, Any]]:
    return [
        {
            "means": str(one.means),
            "confidence": round(one.confidence, 3),
            "accuracy_m": round(one.position.accuracy_m),
            "ward": one.ward.code if one.ward else None,
            "places": list(one.places),
        }
        for one in found[:MOST_KEPT]
    ]
