"""Every read of incidents' rows. ``visible_to`` is the one question of permission.

The one exception is by design: whoever holds a tracking code reads that one report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import override

from districts import rulebook
from gis_core.positions import LonLat, Position
from incidents import codes, deadline_rules, forward_clocks
from incidents.actors import Actor
from incidents.answers import (
    Card,
    Named,
    ToApprove,
    ToTriage,
    Tracked,
    WaitingReport,
    Words,
)
from incidents.citizen_clock import CitizenClock, Lived, lived, pauses_of
from incidents.errors import PermissionDenied, ReportNotFound, TooManyGuesses
from incidents.families import why_missing
from incidents.models import (
    Event,
    Incident,
    Membership,
    MissedRead,
    Photo,
    Report,
    WorkPhoto,
)
from incidents.models.work import When
from incidents.naming import agency_of, area_of, because_of, named
from incidents.permissions import Act, Reach
from incidents.report import ReportState
from incidents.report_events import events_of
from incidents.services import clocks
from incidents.timeline import moments
from incidents.visibility import EVERY, public, reached
from incidents.workflow import ENDED, Status

RELATED = (
    "category__sector", "agency", "decision", "ward__edition", "district__edition",
)  # fmt: skip

SHAPES = ("shape", "label_point")
UNREAD = (
    "decision__inputs",
    *(f"{area}__{column}" for area in ("ward", "district") for column in SHAPES),
)
"""A ward's polygon is thousands of vertices; nobody reads it here."""


def visible_to(actor: Actor) -> QuerySet[Incident]:
    """Return the incidents that ``actor`` may see, each by itself and at its very place.

    Everybody sees what is public and was not rejected; what is of a sensitive category, or of one
    that is never public, is not among it. An office sees besides what its permission reaches.
    """
    return Incident.objects.filter(public() | reached(actor, Act.SEE))


def card(actor: Actor, incident_id: int, language: str) -> Card:
    """Return one incident.

    Raises IncidentNotFound, also for what ``actor`` may not see; IncidentMerged.
    """
    shown = (
        visible_to(actor).select_related(*RELATED).defer(*UNREAD).prefetch_related(_members(actor))
    )
    incident = shown.filter(pk=incident_id).first()
    if incident is None:
        raise why_missing(actor, incident_id, visible_to(actor))
    office = actor.reach(Act.SEE) is not Reach.PUBLIC and actor.may(Act.SEE, incident)
    return replace(_card(incident, language), repaired=_repaired(incident), office=office)


def card_of_record(incident_id: int, language: str) -> Card:
    """Return an incident without words, merged or not; whether it may be read was asked."""
    rows = Incident.objects.select_related(*RELATED).defer(*UNREAD)
    return _card(rows.get(pk=incident_id), language)


def _repaired(incident: Incident) -> tuple[str, ...]:
    """Photos of the finished work; before it counts as finished nobody has looked at them."""
    if incident.status != Status.CLOSED:
        return ()
    rows = WorkPhoto.objects.filter(event__incident=incident, shows=When.AFTER)
    return tuple(rows.order_by("pk").values_list("sha256", flat=True))


def _members(actor: Actor) -> Prefetch[str]:
    """The incident's reports of today whose words ``actor`` may read, with their photos."""
    members = Membership.objects.filter(to_event=None).order_by("report__reported_at", "report_id")
    readable = ~Q(report__approved_at=None) & public("incident__")
    members = members.filter(readable | reached(actor, Act.READ_WORDS, "incident__"))
    members = members.select_related("report").prefetch_related("report__photos")
    return Prefetch("memberships", queryset=members, to_attr="read")


def _card(incident: Incident, language: str) -> Card:
    reports = [member.report for member in getattr(incident, "read", ())]
    return Card(
        id=incident.pk,
        category=named(incident.category, language),
        sector=named(incident.category.sector, language),
        icon=incident.category.icon,
        status=incident.status,
        lon=incident.position.x,
        lat=incident.position.y,
        ward=area_of(incident.ward, incident, language),
        district=area_of(incident.district, incident, language),
        agency=agency_of(incident.agency, language),
        because=because_of(incident, language),
        needs_triage=incident.needs_triage,
        opened=incident.opened_at,
        updated=incident.updated_at,
        report_count=incident.report_count,
        words=tuple(words for report in reports if (words := _words(report))),
        accuracy_m=incident.accuracy_m,
        too_count=incident.too_count,
    )


def track(code: str, language: str) -> Tracked:
    """Return the report of this stored code, as its holder sees it. Raises ReportNotFound."""
    reports = Report.objects.select_related("category").prefetch_related("photos")
    report = reports.filter(code=code).first()
    if report is None:
        raise ReportNotFound(shown=codes.shown(code))
    return _tracked(report, language)


def tracked_report(report_id: int, language: str) -> Tracked:
    """Return a report that was just received, as its holder sees it."""
    reports = Report.objects.select_related("category").prefetch_related("photos")
    return _tracked(reports.get(pk=report_id), language)


def _tracked(report: Report, language: str) -> Tracked:
    incident = _incident_of(report)
    place = incident.position if incident else report.position
    with override(language):
        agencies = rulebook.current().agencies
        events = list(events_of(report, incident))
        timeline = moments(events, agencies, language, _work_photos(report, events))
    return Tracked(
        code=codes.shown(report.code),
        status=incident.status if incident else report.state,
        state=report.state,
        incident=incident.pk if incident else None,
        category=named(report.category, language),
        icon=report.category.icon,
        lon=place.x if place else None,
        lat=place.y if place else None,
        ward=area_of(incident.ward, incident, language) if incident else None,
        district=area_of(incident.district, incident, language) if incident else None,
        agency=agency_of(incident.agency, language) if incident else None,
        because=because_of(incident, language) if incident else "",
        needs_triage=bool(incident and incident.needs_triage),
        reported=report.reported_at,
        timeline=timeline,
        words=_own_words(report),
        words_public=report.approved_at is not None and bool(incident and incident.public),
        accuracy_m=(incident or report).accuracy_m,
        lived=_lived(report, incident, events),
    )


def _lived(report: Report, incident: Incident | None, events: Sequence[Event]) -> Lived | None:
    """The reporter's own clock, over all agencies that had the case."""
    if report.state not in {ReportState.WAITING, ReportState.INCIDENT}:
        return None
    told = [(one.kind, clocks.moment_of(one), str(one.data.get("reason", ""))) for one in events]
    if incident is not None and incident.status == Status.REJECTED:
        return None
    over = incident is not None and Status(incident.status) in ENDED
    end = incident.closed_at if incident and over else None
    clock = CitizenClock(report.reported_at, pauses_of(told), end)
    return lived(clock, timezone.now(), deadline_rules.calendar())


def _incident_of(report: Report) -> Incident | None:
    related = [f"incident__{name}" for name in RELATED]
    unread = [f"incident__{name}" for name in UNREAD]
    mine = Membership.objects.filter(report=report, to_event=None)
    membership = next(iter(mine.select_related(*related).defer(*unread)), None)
    return membership.incident if membership else None


def _work_photos(report: Report, events: Sequence[Event]) -> dict[int, list[str]]:
    """Return by event what shows the finished work, and what the reporter sent of what is wrong."""
    shown = Q(shows=When.AFTER) | Q(shows=When.DISPUTED, event__report=report)
    photos = WorkPhoto.objects.filter(shown, event__in=[event.pk for event in events])
    found: dict[int, list[str]] = {}
    for event, sha256 in photos.order_by("id").values_list("event_id", "sha256"):
        found.setdefault(event, []).append(sha256)
    return found


def waiting_for_approval(actor: Actor, language: str, *, limit: int = 100) -> list[ToApprove]:
    """Return reports with words or photos that nobody has looked at, the oldest first.

    Raises PermissionDenied.
    """
    mine = _my_reports(actor)
    photographed = Exists(Photo.objects.filter(report=OuterRef("pk")))
    wards = [f"incident__ward__{column}" for column in SHAPES]
    incidents = Membership.objects.filter(to_event=None).defer(*wards)
    incidents = incidents.select_related("incident__ward__edition")
    waiting = (
        Report.objects.filter(mine, approved_at=None, declined_at=None)
        .exclude(state=ReportState.REJECTED.value)
        .filter(~Q(text="") | photographed)
        .select_related("category")
        .prefetch_related("photos", Prefetch("memberships", incidents, to_attr="now_in"))
        .order_by("received_at", "id")[:limit]
    )
    return [_to_approve(report, language) for report in waiting]


def _my_reports(actor: Actor) -> Q:
    """The condition that ``actor`` may approve a report's words. Raises PermissionDenied."""
    reach = actor.reach(Act.APPROVE_WORDS)
    if reach is Reach.NONE:
        raise PermissionDenied
    if reach is Reach.ALL:
        return EVERY
    inside = reached(actor, Act.APPROVE_WORDS, "incident__")
    return Q(Exists(Membership.objects.filter(inside, report=OuterRef("pk"), to_event=None)))


def _to_approve(report: Report, language: str) -> ToApprove:
    [membership] = getattr(report, "now_in", ()) or [None]
    incident = membership.incident if membership else None
    return ToApprove(
        report_id=report.pk,
        incident_id=incident.pk if incident else None,
        category=named(report.category, language),
        icon=report.category.icon,
        ward=area_of(incident.ward, incident, language) if incident else None,
        received=report.received_at,
        lon=report.position.x if report.position else None,
        lat=report.position.y if report.position else None,
        text=report.text,
        photos=_own_words(report).photos,
    )


def waiting_for_triage(actor: Actor, language: str, *, limit: int = 100) -> list[ToTriage]:
    """Return incidents whose agency a person has to choose or check, the oldest first.

    Raises PermissionDenied.
    """
    if actor.reach(Act.ASSIGN) is Reach.NONE:
        raise PermissionDenied
    mine = reached(actor, Act.ASSIGN)
    unsure = Incident.objects.filter(mine, Q(needs_triage=True) | Q(check_after=True))
    unsure = unsure.select_related(*RELATED).defer(*UNREAD).prefetch_related(_members(actor))
    rows = list(unsure.order_by("opened_at", "id")[:limit])
    waits = forward_clocks.of_incidents([one.pk for one in rows if one.agency_id is None])
    return [replace(_to_triage(one, language), clock=waits.get(one.pk)) for one in rows]


def _to_triage(incident: Incident, language: str) -> ToTriage:
    decision, agencies = incident.decision, rulebook.current().agencies
    offered = decision.candidates if decision else []
    question = (decision.question if language == "vi" else decision.question_en) if decision else ""
    return ToTriage(
        card=_card(incident, language),
        check_after=incident.check_after,
        question=question,
        candidates=tuple(
            (Named(one["agency"], agencies[one["agency"]].in_language(language)), one["share"])
            for one in offered
        ),
        version=incident.version,
    )


def waiting_with_position() -> list[WaitingReport]:
    """Return what a crash may have left between two steps of the pipeline, the oldest first."""
    waiting = Report.objects.filter(state=ReportState.WAITING.value).exclude(position=None)
    return [
        WaitingReport(report.pk, report.category_id, position, report.reported_at)
        for report in waiting.order_by("received_at", "id")
        if (position := _position(report))
    ]


def check_guesses(bucket: int) -> None:
    """Raise TooManyGuesses when this bucket has asked for too many codes that are none."""
    kept = MissedRead.objects.filter(pk=bucket, misses__gte=codes.MISSES_ALLOWED).first()
    left = codes.MISSES_SECONDS - (timezone.now() - kept.since).total_seconds() if kept else 0
    if left > 0:
        raise TooManyGuesses(minutes=int(left // 60) + 1, seconds=int(left) + 1)


def _position(report: Report) -> Position | None:
    place = report.position
    if place is None:
        return None
    return Position(LonLat(place.x, place.y), report.accuracy_m, report.position_method)


def _words(report: Report) -> Words | None:
    words = _own_words(report)
    return words if words.text or words.photos else None


def _own_words(report: Report) -> Words:
    photos = tuple(photo.sha256 for photo in report.photos.all())
    return Words(report.reported_at, report.text, photos)
