"""One incident for several agencies: its parts are incidents of their own, its reports stay.

The last part that ends ends the whole; a part that is opened again opens it again. A part may be
divided too: what ends a whole may so end what that one is a part of.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from districts.models import Category
from districts.rulebook import UnknownCategory
from incidents import workflow
from incidents.actors import ANYBODY, Actor
from incidents.errors import ReasonMissing
from incidents.models import Event, Incident
from incidents.permissions import Act
from incidents.said import NOTHING_SAID, Part, Said
from incidents.services import clocks
from incidents.services.events import Happening, record
from incidents.services.giving import agency_today, choice_on_record, give
from incidents.services.locking import locked_incident
from incidents.services.telling import tell_all
from incidents.work_errors import PartsMissing
from incidents.workflow import ENDED, ForbiddenStep, Status, Step

MOST_PARTS: Final = 8


@transaction.atomic
def split(
    actor: Actor, incident_id: int, parts: Sequence[Part], said: Said = NOTHING_SAID
) -> tuple[int, ...]:
    """Divide an incident among agencies, and return its parts' ids in the order given.

    Each part has its own agency, category and clock; the agency that had the whole stays in
    charge of it, else the first part's. Raises IncidentNotFound, PermissionDenied,
    IncidentChanged, ForbiddenStep, ReasonMissing, PartsMissing, AgencyNotFound, UnknownCategory.
    """
    incident = locked_incident(actor, Act.SPLIT, incident_id, said.version)
    workflow.after(Status(incident.status), Step.SPLIT)
    _check(incident, parts, said)
    made = [_part(actor, incident, part, said) for part in parts]
    ids = tuple(part.pk for part in made)
    now = timezone.now()
    incident.agency = incident.agency or made[0].agency
    data = {"parts": list(ids), "agency": incident.agency.code if incident.agency else None}
    event = record(Happening("split", incident, reason=said.sentence, data=data), actor)
    clocks.release(incident, event, now)
    clocks.end(incident)
    clocks.end_lending(incident, now)
    incident.status = Status.SPLIT.value
    incident.needs_triage = incident.check_after = False
    incident.version += 1
    incident.save()
    tell_all(event, incident)
    return ids


def _check(incident: Incident, parts: Sequence[Part], said: Said) -> None:
    wanted = {(part.agency, part.category or incident.category_id) for part in parts}
    if not 2 <= len(wanted) == len(parts) <= MOST_PARTS:
        raise PartsMissing(most=MOST_PARTS)
    if not said.words.strip():
        raise ReasonMissing


def _part(actor: Actor, whole: Incident, part: Part, said: Said) -> Incident:
    category = _category(part.category) if part.category else whole.category
    made = Incident(
        category=category,
        status=Status.RECEIVED.value,
        ward_id=whole.ward_id,
        district_id=whole.district_id,
        position=whole.position,
        accuracy_m=whole.accuracy_m,
        cell=whole.cell,
        public=category.public and not category.sensitive,
        report_count=0,
        parent=whole,
        opened_at=timezone.now(),
    )
    agency = agency_today(part.agency)
    made.save()
    record(Happening("opened", made, data={"parent": whole.pk}), actor)
    why = (part.words.strip() or said.sentence)[:300]
    give(made, choice_on_record(made, agency, actor), actor, why)
    made.save()
    return made


def _category(code: str) -> Category:
    category = Category.objects.filter(code=code, active=True).first()
    if category is None:
        raise UnknownCategory(category=code)
    return category


def check_parts(incident: Incident) -> None:
    """Raise ForbiddenStep where a whole is to be closed before its last part."""
    if incident.status == Status.SPLIT and _open_parts(incident):
        raise ForbiddenStep(current=incident.status, wanted=Status.CLOSED)


def end_parent(part: Incident, event: Event, now: datetime) -> None:
    """Close the whole of a part that has just ended, where it was the last one; locks the whole.

    So on upwards, where the whole is a part itself. Parts are locked before their whole, always, so
    that nobody waits in a circle.
    """
    part.save()
    whole = _whole_of(part)
    if whole is None or whole.status != Status.SPLIT or _open_parts(whole):
        return
    whole.status, whole.closed_at = Status.CLOSED.value, now
    whole.version += 1
    whole.save()
    closed = record(Happening("closed", whole, data=_because(part, event)), ANYBODY)
    tell_all(closed, whole)
    end_parent(whole, closed, now)


def parent_goes_on(part: Incident, event: Event) -> None:
    """Open the closed wholes over a part that was opened again; their clocks stay ended."""
    whole = _whole_of(part)
    if whole is None or whole.status != Status.CLOSED:
        return
    whole.status, whole.closed_at = Status.SPLIT.value, None
    whole.version += 1
    whole.save()
    opened = record(Happening("part_reopened", whole, data=_because(part, event)), ANYBODY)
    parent_goes_on(whole, opened)


def _because(part: Incident, event: Event) -> dict[str, int]:
    return {"part": part.pk, "event": event.pk}


def _whole_of(part: Incident) -> Incident | None:
    if part.parent_id is None:
        return None
    return Incident.objects.select_for_update(of=("self",), no_key=True).get(pk=part.parent_id)


def _open_parts(whole: Incident) -> bool:
    return whole.parts.exclude(status__in=[status.value for status in ENDED]).exists()
