"""What a reporter says of the result: it is fixed, it is not, and how well it went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from incidents import closing, deadline_rules
from incidents.actors import Actor
from incidents.closing import Claim
from incidents.errors import ReasonMissing, TextTooLong
from incidents.models import Event, Incident, Link, Membership, Rating, Report
from incidents.permissions import Act
from incidents.said import NOTHING_SAID, Said
from incidents.services import noting, proving, working
from incidents.services.events import Happening, record
from incidents.services.locking import locked_incident
from incidents.work_errors import BadRating, LinkUsed, NotAnswerable, NotYours, RatedAlready
from incidents.workflow import Status, Step

ANSWERABLE: Final = frozenset({Status.CLAIMED_DONE, Status.CLOSED})
LONGEST_WORDS: Final = 1000


@transaction.atomic
def confirm(actor: Actor, incident_id: int, report_id: int, said: Said = NOTHING_SAID) -> Incident:
    """Take a reporter's word that it is fixed: what was claimed is closed.

    Said again, nothing changes. Raises IncidentNotFound, PermissionDenied, IncidentChanged,
    NotYours, NotAnswerable, LinkUsed.
    """
    incident = locked_incident(actor, Act.CLOSE, incident_id, said.version)
    report, now = _answering(incident, report_id), timezone.now()
    if actor.link and not _live(actor).exists():
        raise LinkUsed
    if incident.status == Status.CLOSED and _confirmed(incident, report):
        return incident
    record(Happening("confirmed", incident, report), actor)
    if incident.status == Status.CLAIMED_DONE:
        working.go(actor, incident, Step.CLOSE, NOTHING_SAID, now)
    incident.version += 1
    incident.save()
    return incident


@transaction.atomic
def dispute(actor: Actor, incident_id: int, report_id: int, said: Said) -> Incident:
    """Take a reporter's word that it is not fixed: the case is open again, with the same agency.

    The words are kept as a note, apart from the events. Raises IncidentNotFound,
    PermissionDenied, IncidentChanged, NotYours, NotAnswerable, ReasonMissing, TextTooLong,
    TooManyPhotos, LinkUsed.
    """
    words = said.words.strip()
    if not words:
        raise ReasonMissing
    if len(words) > LONGEST_WORDS:
        raise TextTooLong(field="words", length=len(words), longest=LONGEST_WORDS)
    incident = locked_incident(actor, Act.REOPEN, incident_id, said.version)
    report, now = _answering(incident, report_id), timezone.now()
    _use(actor, now)
    data = proving.proof(incident, said) | {"sha256": noting.digest_of(words)}
    event = record(Happening("disputed", incident, report, data=data), actor)
    noting.write(incident, event, words, actor)
    proving.keep(incident, event, said, working.SHOWS[Step.REOPEN])
    working.go(actor, incident, Step.REOPEN, NOTHING_SAID, now)
    incident.version += 1
    incident.save()
    return incident


@transaction.atomic
def rate(
    actor: Actor, report_id: int, stars: int, reasons: Sequence[str] = (), words: str = ""
) -> Rating:
    """Keep what a reporter thinks of the result, once; a link by which it came is used then.

    Raises NotYours, IncidentNotFound, PermissionDenied, NotAnswerable, RatedAlready, BadRating,
    LinkUsed.
    """
    _check_rating(stars, reasons)
    membership = Membership.objects.filter(report=report_id, to_event=None).first()
    if membership is None:
        raise NotYours
    incident = locked_incident(actor, Act.RATE, membership.incident_id)
    report, now = _answering(incident, report_id), timezone.now()
    _use(actor, now)
    if Rating.objects.filter(report=report).exists():
        raise RatedAlready
    data = {"stars": stars, "reasons": list(reasons)}
    event = record(Happening("rated", incident, report, data=data), actor)
    incident.version += 1
    incident.save(update_fields=["version", "updated_at"])
    return Rating.objects.create(
        report=report,
        incident=incident,
        event=event,
        stars=stars,
        reasons=list(reasons),
        words=words.strip()[:LONGEST_WORDS],
    )


def _answering(incident: Incident, report_id: int) -> Report:
    """Return the report whose sender answers. Raises NotYours, NotAnswerable."""
    held = Membership.objects.filter(report=report_id, incident=incident, to_event=None)
    membership = held.select_related("report").first()
    if membership is None:
        raise NotYours
    terms = deadline_rules.rules().terms(incident.category)
    ended = incident.claimed_at or incident.closed_at
    late = ended and not closing.may_answer(Claim(ended, proven=False), terms, timezone.now())
    if incident.status not in ANSWERABLE or late:
        raise NotAnswerable(current=incident.status)
    return membership.report


def _use(actor: Actor, now: datetime) -> None:
    """End the one-time link that an answer came by. Raises LinkUsed where it has ended."""
    if actor.link and not _live(actor).update(ended_at=now):
        raise LinkUsed


def _live(actor: Actor) -> QuerySet[Link]:
    return Link.objects.filter(pk=actor.link or 0, ended_at=None)


def _confirmed(incident: Incident, report: Report) -> bool:
    """Tell whether the report's sender has said so since the case was last given to anybody."""
    told = Event.objects.filter(incident=incident, kind__in=("confirmed", "assigned", "reopened"))
    for event in told.order_by("-id"):
        if event.kind != "confirmed":
            return False
        if event.report_id == report.pk:
            return True
    return False


def _check_rating(stars: int, reasons: Sequence[str]) -> None:
    known = {reason.code for reason in deadline_rules.rules().rating_reasons}
    if stars not in range(1, 6) or not known.issuperset(reasons):
        raise BadRating
