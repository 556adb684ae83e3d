"""What people decide afterwards: whose words are public, who answers, who guesses."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from districts.models import Agency
from gis_core import sql
from incidents import codes, workflow
from incidents.actors import Actor
from incidents.errors import AgencyNotFound, ReasonMissing
from incidents.models import Decision, Incident, Membership, Report
from incidents.permissions import Act
from incidents.services import clocks
from incidents.services.events import Happening, locked_report, record
from incidents.services.telling import tell_all
from incidents.services.working import locked_incident
from incidents.workflow import Status, Step


@transaction.atomic
def approve_report(actor: Actor, report_id: int) -> None:
    """Let everybody read a report's words and see its photos. Raises PermissionDenied."""
    actor.must_be_operator()
    report = locked_report(report_id)
    if report.approved_at:
        return
    report.approved_at, report.approved_by_id = timezone.now(), actor.user_id
    report.declined_at = None
    report.save(update_fields=["approved_at", "approved_by", "declined_at"])
    _record_words("words_approved", report, actor)


@transaction.atomic
def decline_words(actor: Actor, report_id: int, reason: str) -> None:
    """Keep a report's words and photos private, also where they were approved before.

    Raises PermissionDenied, ReasonMissing.
    """
    actor.must_be_operator()
    why = _reason(reason)
    report = locked_report(report_id)
    report.approved_at, report.approved_by = None, None
    report.declined_at = timezone.now()
    report.save(update_fields=["approved_at", "approved_by", "declined_at"])
    _record_words("words_declined", report, actor, why)


def _record_words(kind: str, report: Report, actor: Actor, reason: str = "") -> None:
    membership = Membership.objects.filter(report=report, to_event=None).first()
    incident = membership.incident if membership else None
    record(Happening(kind, incident, report, reason=reason), actor)
    if incident:
        Incident.objects.filter(pk=incident.pk).update(
            version=F("version") + 1, updated_at=timezone.now()
        )


@transaction.atomic
def assign(actor: Actor, incident_id: int, agency_code: str, reason: str) -> None:
    """Give an incident to an agency because a person says so; the earlier decision is kept.

    Raises PermissionDenied, ReasonMissing, IncidentNotFound, AgencyNotFound, ForbiddenStep.
    """
    why = _reason(reason)
    incident = locked_incident(actor, Act.ASSIGN, incident_id)
    agency = _agency_today(agency_code)
    workflow.after(Status(incident.status), Step.ASSIGN)
    decision = _choice_on_record(incident, agency)
    clock = _give(incident, agency, decision)
    data = {"agency": agency.code, "decision": decision.pk, **clock}
    tell_all(record(Happening("assigned", incident, reason=why, data=data), actor), incident)


def _give(incident: Incident, agency: Agency, decision: Decision) -> dict[str, Any]:
    """Hand it over and begin the agency's clock; return what the event keeps of it."""
    clock = clocks.begin(incident, timezone.now())
    incident.agency, incident.decision = agency, decision
    incident.status = Status.ASSIGNED.value
    incident.needs_triage = incident.check_after = False
    incident.version += 1
    incident.save()
    return clock


def _choice_on_record(incident: Incident, agency: Agency) -> Decision:
    return Decision.objects.create(
        incident=incident,
        agency=agency,
        basis="person",
        certainty=1,
        threshold=0,
        needs_triage=False,
        because=f"Người trực tổng đài đã xem xét và chuyển đến {agency.name}.",
        because_en=f"An operator looked at it and gave it to {agency.name_en or agency.name}.",
    )


def count_miss(bucket: int) -> None:
    """Count that somebody of this bucket asked for a tracking code that is none."""
    seconds = codes.MISSES_SECONDS
    sql.run("incidents", "count_miss", {"bucket": bucket, "seconds": seconds})


def _agency_today(code: str) -> Agency:
    agency = Agency.objects.filter(code=code, valid__contains=timezone.localdate()).first()
    if agency is None:
        raise AgencyNotFound(agency=code)
    return agency


def _reason(text: str) -> str:
    if not text.strip():
        raise ReasonMissing
    return text.strip()[:300]
