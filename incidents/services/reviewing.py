"""What people decide afterwards: whose words are public; and who guesses codes."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from gis_core import sql
from incidents import codes
from incidents.actors import Actor
from incidents.errors import PermissionDenied, ReasonMissing, WordsJudged
from incidents.models import Incident, Membership, Report
from incidents.permissions import Act, Reach
from incidents.services.events import Happening, locked_report, record


@transaction.atomic
def approve_report(actor: Actor, report_id: int, *, first: bool = False) -> None:
    """Let everybody read a report's words and see its photos.

    ``first`` where nobody had decided about them when the actor looked. Raises PermissionDenied,
    WordsJudged.
    """
    report, incident = _locked(actor, report_id)
    if report.approved_at:
        return
    if first and report.declined_at:
        raise WordsJudged
    report.approved_at, report.approved_by_id = timezone.now(), actor.user_id
    report.declined_at = None
    report.save(update_fields=["approved_at", "approved_by", "declined_at"])
    record(Happening("words_approved", incident, report), actor)
    _touch(incident)


@transaction.atomic
def decline_words(actor: Actor, report_id: int, reason: str, *, first: bool = False) -> None:
    """Keep a report's words and photos private, also where they were approved before.

    ``first`` where nobody had decided about them when the actor looked. Raises PermissionDenied,
    ReasonMissing, WordsJudged.
    """
    why = _reason(reason)
    report, incident = _locked(actor, report_id)
    if first and report.approved_at:
        raise WordsJudged
    report.approved_at, report.approved_by = None, None
    report.declined_at = timezone.now()
    report.save(update_fields=["approved_at", "approved_by", "declined_at"])
    record(Happening("words_declined", incident, report, reason=why), actor)
    _touch(incident)


def _locked(actor: Actor, report_id: int) -> tuple[Report, Incident | None]:
    """Return a report and the incident that it belongs to. Raises PermissionDenied."""
    if actor.reach(Act.APPROVE_WORDS) is Reach.NONE:
        raise PermissionDenied
    report = locked_report(report_id)
    membership = Membership.objects.filter(report=report, to_event=None).first()
    incident = membership.incident if membership else None
    actor.must(Act.APPROVE_WORDS, incident)
    return report, incident


def _touch(incident: Incident | None) -> None:
    if incident:
        Incident.objects.filter(pk=incident.pk).update(
            version=F("version") + 1, updated_at=timezone.now()
        )


def count_miss(bucket: int) -> None:
    """Count that somebody of this bucket asked for a tracking code that is none."""
    seconds = codes.MISSES_SECONDS
    sql.rows("incidents", "count_try", {"bucket": bucket, "seconds": seconds})


def _reason(text: str) -> str:
    if not text.strip():
        raise ReasonMissing
    return text.strip()[:300]
