"""What comes with a step to show that it is true: photos, and where somebody stood."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from gis_core.positions import LonLat
from incidents import closing, deadline_rules, photos
from incidents.actors import Actor
from incidents.closing import By, Claim
from incidents.deadlines import is_late
from incidents.errors import TooManyPhotos
from incidents.models import Custody, Event, Incident, WorkPhoto
from incidents.models.work import When
from incidents.permissions import Role
from incidents.said import CheckIn, Said
from incidents.work_errors import LateNeedsMore, NotOnSite, ProofMissing
from incidents.workflow import Step

HOLDS: Final = frozenset({Step.ACCEPT, Step.START, Step.PAUSE, Step.RESUME})
"""Steps that keep a case; of a late one they have to say how far it is and when it will be done."""


def proof(incident: Incident, said: Said) -> dict[str, Any]:
    """Return what an event keeps of photos and check-in. Raises TooManyPhotos, NotOnSite."""
    data: dict[str, Any] = {}
    if len(said.photos) > photos.MOST_PHOTOS:
        raise TooManyPhotos(count=len(said.photos), most=photos.MOST_PHOTOS)
    if said.photos:
        data["photos"] = [photo.sha256 for photo in said.photos]
    if said.check_in:
        data["on_site_within_m"] = round(said.check_in.accuracy_m, 1)
        _check_on_site(incident, said.check_in)
    return data


def is_proven(said: Said) -> bool:
    """Tell whether a claim comes with proof; a check-in that is not on site was refused before."""
    return bool(said.photos or said.check_in)


def keep(incident: Incident, event: Event, said: Said, shows: When) -> None:
    """Store the photos that came with an event: on disk before the rows that name them."""
    for photo in said.photos:
        photos.keep(photo, Path(settings.MEDIA_ROOT))
    WorkPhoto.objects.bulk_create(
        WorkPhoto(
            incident=incident, event=event, shows=shows.value,
            sha256=photo.sha256, width=photo.width, height=photo.height,
        )
        for photo in said.photos
    )  # fmt: skip


def check_late(incident: Incident, step: Step, said: Said, actor: Actor, now: datetime) -> None:
    """Raise where a late case is kept or said to be done with less than is asked of a late one.

    To keep it: words, a photo and a new day, unless the promised one is still to come and stays as
    it is. To say that it is done: proof. Raises LateNeedsMore, ProofMissing.
    """
    if not is_late(incident.due_at, now):
        return
    if step is Step.CLAIM_DONE and not is_proven(said):
        raise ProofMissing
    if step not in HOLDS or actor.role is Role.CONTRACTOR:
        return
    if said.promised is None and _promised(incident, now):
        return
    if not (said.words.strip() and said.photos and said.promised):
        raise LateNeedsMore


def check_closing(incident: Incident, by: By, now: datetime) -> None:
    """Raise ProofMissing where an agency's claim is not yet taken for true."""
    claim = claim_of(incident)
    terms = deadline_rules.rules().terms(incident.category)
    if claim and not closing.may_close(by, claim, terms, now):
        raise ProofMissing


def claim_of(incident: Incident) -> Claim | None:
    """Return the newest claim that an incident is done; None where there was none."""
    event = Event.objects.filter(incident=incident, kind="claimed_done").order_by("-id").first()
    if event is None:
        return None
    return Claim(incident.claimed_at or event.at, bool(event.data.get("proven")))


def _promised(incident: Incident, now: datetime) -> bool:
    custody = Custody.objects.filter(incident=incident, to_event=None).first()
    return bool(custody and custody.promised_at and now <= custody.promised_at)


def _check_on_site(incident: Incident, check_in: CheckIn) -> None:
    where = LonLat(incident.position.x, incident.position.y)
    terms = deadline_rules.rules().terms(incident.category)
    away = closing.away_m(where, incident.accuracy_m, check_in, terms)
    if away > 0:
        raise NotOnSite(metres=round(away))
