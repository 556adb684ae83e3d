"""Lend one incident to a contractor by a link, without an account; and take it back."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from incidents.actors import Actor
from incidents.errors import ReasonMissing
from incidents.links import token_of
from incidents.models import Custody, Incident, Link
from incidents.models.link import Purpose
from incidents.permissions import Act
from incidents.services import clocks
from incidents.services.events import Happening, record
from incidents.services.giving import agency_today
from incidents.services.locking import locked_incident
from incidents.work_errors import LinkNotFound, NotHeld
from incidents.workflow import HELD

MOST_DAYS: Final = 90


@transaction.atomic
def delegate(
    actor: Actor,
    incident_id: int,
    contractor: str,
    words: str,
    days: int = 14,
    version: int | None = None,
) -> str:
    """Make the one link by which a contractor works on an incident, and return its token.

    It is good for ``days``, at most 90; an earlier contractor's link ends. Raises
    IncidentNotFound, PermissionDenied, IncidentChanged, NotHeld, ReasonMissing, AgencyNotFound.
    """
    incident = locked_incident(actor, Act.DELEGATE, incident_id, version)
    if incident.status not in HELD:
        raise NotHeld(current=incident.status)
    if not words.strip():
        raise ReasonMissing
    agency, now = agency_today(contractor), timezone.now()
    clocks.end_lending(incident, now)
    link = Link.objects.create(
        purpose=Purpose.CONTRACTOR.value,
        nonce=secrets.token_hex(16),
        incident=incident,
        agency=agency,
        made_by_id=actor.user_id,
        expires_at=now + timedelta(days=max(1, min(days, MOST_DAYS))),
    )
    Custody.objects.filter(incident=incident, to_event=None).update(contractor=agency)
    data = {"contractor": agency.code, "lent": link.pk, "until": link.expires_at.isoformat()}
    record(Happening("delegated", incident, reason=words.strip()[:300], data=data), actor)
    _touch(incident)
    return token_of(link)


@transaction.atomic
def end_link(actor: Actor, link_id: int) -> None:
    """Take a contractor's link back; nothing where it has ended.

    Raises LinkNotFound, IncidentNotFound, PermissionDenied.
    """
    link = Link.objects.filter(pk=link_id, purpose=Purpose.CONTRACTOR).first()
    if link is None:
        raise LinkNotFound
    incident = locked_incident(actor, Act.DELEGATE, link.incident_id)
    if not clocks.lent_out(incident).filter(pk=link_id).update(ended_at=timezone.now()):
        return
    if custody := clocks.open_custody(incident):
        custody.contractor = None
        custody.save(update_fields=["contractor"])
    record(Happening("link_ended", incident, data={"lent": link.pk}), actor)
    _touch(incident)


def _touch(incident: Incident) -> None:
    incident.version += 1
    incident.save(update_fields=["version", "updated_at"])
