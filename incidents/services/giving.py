"""Hand an incident over to an agency, because a person says so or the rules do."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from districts.models import Agency
from incidents import workflow
from incidents.actors import Actor
from incidents.errors import AgencyNotFound, ReasonMissing
from incidents.models import Decision, Event, Incident
from incidents.permissions import Act, Role
from incidents.services import clocks
from incidents.services.events import Happening, record
from incidents.services.locking import locked_incident
from incidents.services.telling import tell_agency, tell_all
from incidents.workflow import Status, Step

OPERATORS: Final = ("Người trực tổng đài", "An operator")


@transaction.atomic
def assign(
    actor: Actor, incident_id: int, agency_code: str, reason: str, version: int | None = None
) -> None:
    """Give an incident to an agency because a person says so; the earlier decision is kept.

    Raises PermissionDenied, ReasonMissing, IncidentNotFound, IncidentChanged, AgencyNotFound,
    ForbiddenStep.
    """
    if not reason.strip():
        raise ReasonMissing
    incident = locked_incident(actor, Act.ASSIGN, incident_id, version)
    agency = agency_today(agency_code)
    workflow.after(Status(incident.status), Step.ASSIGN)
    give(incident, choice_on_record(incident, agency, actor), actor, reason.strip()[:300])
    incident.version += 1
    incident.save()


def give(incident: Incident, decision: Decision, actor: Actor, why: str = "", **more: Any) -> Event:
    """Hand an incident over to the agency of a decision, under a new clock; the caller saves it.

    ``more`` is kept with the event.
    """
    now = timezone.now()
    clock = clocks.begin(incident, now)
    incident.agency, incident.decision = decision.agency, decision
    incident.status = Status.ASSIGNED.value
    incident.needs_triage = incident.check_after = False
    incident.claimed_at = incident.closed_at = None
    code = decision.agency.code if decision.agency else None
    data = {"agency": code, "decision": decision.pk, **clock, **more}
    event = record(Happening("assigned", incident, reason=why, data=data), actor)
    clocks.hand_over(incident, event, now)
    tell_all(event, incident)
    tell_agency(event, incident, "new_case")
    return event


def choice_on_record(incident: Incident, agency: Agency, actor: Actor) -> Decision:
    """Store a person's choice as the newest decision, and return it."""
    holder = actor.role in {Role.AGENCY_STAFF, Role.WARD_STAFF}
    who, who_en = ("Đơn vị đang xử lý", "Its office") if holder else OPERATORS
    return Decision.objects.create(
        incident=incident,
        agency=agency,
        basis="person",
        certainty=1,
        threshold=0,
        needs_triage=False,
        because=f"{who} đã xem xét và chuyển đến {agency.name}.",
        because_en=f"{who_en} looked at it and gave it to {agency.in_sentence('en')}.",
    )


def agency_today(code: str) -> Agency:
    """Return the agency of a code that exists today. Raises AgencyNotFound."""
    agency = Agency.objects.filter(code=code, valid__contains=timezone.localdate()).first()
    if agency is None:
        raise AgencyNotFound(agency=code)
    return agency
