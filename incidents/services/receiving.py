"""Store what was said; then refuse it, or open an incident for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from districts.explanation import Explanation
from districts.models import Agency, Category
from districts.routing import Decision as Route
from districts.territory import Placement
from incidents import codes, photos
from incidents.actors import ANYBODY
from incidents.duplicates.comparing import as_signed
from incidents.duplicates.photos import fingerprint as fingerprint_of_photo
from incidents.errors import IdempotencyReused
from incidents.models import Contact, Decision, Incident, Membership, Photo, Report
from incidents.report import CleanPhoto, ReportState, Statement
from incidents.services import clocks, forwarding
from incidents.services.events import Happening, locked_report, record
from incidents.services.pairing import on_arrival
from incidents.services.rows import decision_row, incident_row, report_row
from incidents.services.telling import tell, tell_agency, tell_alerts

_DRAWS = 3
"""How many tracking codes are tried; that even two are taken has a chance of one in billions."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A report that is in the database, committed."""

    report_id: int
    state: ReportState
    reason: str
    new: bool


def store_report(statement: Statement) -> Stored:
    """Commit what was said before anything is computed on it; one report a (channel, key).

    The same key and content again returns the stored one. Photos are on disk before the row that
    names them. Raises IdempotencyReused.
    """
    fingerprint = fingerprint_of(statement)
    for draw in range(_DRAWS):
        if earlier := _earlier(statement, fingerprint):
            return earlier
        hashes = [_kept(photo) for photo in statement.photos]
        try:
            return _insert(statement, fingerprint, hashes)
        except IntegrityError:
            # The key was taken while we wrote (then it is found above), or the code is.
            if draw + 1 == _DRAWS:
                raise
    raise AssertionError


def is_stored(statement: Statement) -> bool:
    """Tell whether the same was stored before. Raises IdempotencyReused for another content."""
    return _earlier(statement, fingerprint_of(statement)) is not None


def _earlier(statement: Statement, fingerprint: str) -> Stored | None:
    report = Report.objects.filter(channel=statement.channel, key=statement.key).first()
    if report is None:
        return None
    if report.fingerprint != fingerprint:
        raise IdempotencyReused
    return Stored(report.pk, ReportState(report.state), report.state_reason, new=False)


def _kept(photo: CleanPhoto) -> int | None:
    """Store a photo's file; return its perceptual hash, None where it has none."""
    photos.keep(photo, Path(settings.MEDIA_ROOT))
    try:
        return as_signed(fingerprint_of_photo(BytesIO(photo.jpeg)))
    except OSError:
        return None


def _photo_row(report: Report, order: int, photo: CleanPhoto, phash: int | None) -> Photo:
    size = {"width": photo.width, "height": photo.height}
    return Photo(report=report, order=order, sha256=photo.sha256, phash=phash, **size)


@transaction.atomic(durable=True)
def _insert(statement: Statement, fingerprint: str, hashes: Sequence[int | None]) -> Stored:
    report = as_report(statement, fingerprint, codes.new_code())
    forward = forwarding.begin(report, timezone.now())
    report.save()
    if statement.contact:
        said = statement.contact
        Contact.objects.create(report=report, name=said.name, phone=said.phone, email=said.email)
    Photo.objects.bulk_create(
        _photo_row(report, order, one, phash)
        for order, (one, phash) in enumerate(zip(statement.photos, hashes, strict=True))
    )
    data = {"channel": statement.channel, **forward}
    received = record(Happening("received", report=report, data=data), ANYBODY)
    tell(report, received)
    return Stored(report.pk, ReportState.WAITING, report.state_reason, new=True)


def as_report(statement: Statement, fingerprint: str, code: str) -> Report:
    """Return the row of a statement that waits, not saved."""
    return Report(**report_row(statement, fingerprint, code))


def fingerprint_of(statement: Statement) -> str:
    """Return a keyed hash of what was said; keyed, so that nobody can try phone numbers on it."""
    where, contact = statement.position, statement.contact
    said = [
        statement.category,
        statement.text,
        [where.lonlat.lon, where.lonlat.lat, where.accuracy_m, where.method] if where else None,
        [contact.name, contact.phone, contact.email],
        [photo.sha256 for photo in statement.photos],
        # Reports without one keep the fingerprint they had before there were any.
        *([statement.address] if statement.address else []),
    ]
    value = json.dumps(said, ensure_ascii=False)
    return salted_hmac("incidents.fingerprint", value, algorithm="sha256").hexdigest()


@transaction.atomic
def reject_report(report_id: int, reason: str) -> None:
    """Refuse a waiting report for good; ``reason`` is the error's code that its sender sees."""
    report = locked_report(report_id)
    if report.state != ReportState.WAITING:
        return
    report.state, report.state_reason = ReportState.REJECTED.value, reason
    report.save(update_fields=["state", "state_reason", *forwarding.stop(report)])
    record(Happening("refused", report=report, data={"reason": reason}), ANYBODY)


@transaction.atomic
def open_incident(
    report_id: int, placement: Placement, route: Route, explanation: Explanation
) -> None:
    """Make a waiting report an incident, with its agency and why; nothing where it is one already.

    The report's row is locked first, so that of a retry and a resumption only one opens.
    """
    report = locked_report(report_id)
    if report.state != ReportState.WAITING:
        return
    agency = _agency_id(route.agency)
    incident = as_incident(report.category, report.reported_at, placement, route, agency)
    now = timezone.now()
    clock = {} if route.needs_triage else clocks.begin(incident, now)
    incident.save()
    decision = as_decision(incident, placement, route, explanation, agency)
    decision.save()
    incident.decision = decision
    opened = record(Happening("opened", incident, report), ANYBODY)
    Membership.objects.create(report=report, incident=incident, from_event=opened)
    kind = "triage" if route.needs_triage else "assigned"
    data = {"agency": route.agency, **clock, "decision": decision.pk}
    event = record(Happening(kind, incident, report, data=data), ANYBODY)
    if not route.needs_triage:
        clocks.hand_over(incident, event, now)
        tell(report, event, incident)
        tell_agency(event, incident, "new_case")
    tell_alerts(opened, incident)
    incident.save()
    report.state, report.state_reason = ReportState.INCIDENT.value, ""
    report.save(update_fields=["state", "state_reason"])
    on_arrival(report, incident)


def as_incident(
    category: Category, opened_at: datetime, placement: Placement, route: Route, agency_id: int
) -> Incident:
    """Return the row of a new incident, not saved and without its decision."""
    incident = Incident(**incident_row(category, opened_at, placement, route, agency_id))
    incident.category = category
    return incident


def as_decision(
    incident: Incident,
    placement: Placement,
    route: Route,
    explanation: Explanation,
    agency_id: int,
) -> Decision:
    """Return the row that says why, not saved."""
    return Decision(incident=incident, **decision_row(placement, route, explanation, agency_id))


def _agency_id(code: str) -> int:
    return Agency.objects.values_list("pk", flat=True).get(code=code)
