"""One incident as the contractor sees it who holds its link: the work, and nothing of people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from incidents import deadline_rules
from incidents.actors import Actor
from incidents.answers import AreaName, Named
from incidents.deadlines import Runs
from incidents.dossier import offers
from incidents.dossier.answers import Picture
from incidents.due_clocks import DueClock, due_clock
from incidents.links import actor_of_link, read_link
from incidents.models import Event, Incident, Link, Membership, WorkPhoto
from incidents.models.link import Purpose
from incidents.naming import agency_of, area_of, named
from incidents.permissions import Act
from incidents.selectors import SHAPES
from incidents.services import clocks


@dataclass(frozen=True, slots=True)
class Lent:
    """What is to be done where, by when, and what was said and photographed of it."""

    id: int
    version: int
    category: Named
    sector: str
    icon: str
    status: str
    danger: bool
    lon: float
    lat: float
    accuracy_m: float
    ward: AreaName | None
    district: AreaName | None
    agency: Named | None
    """Who lent it."""
    contractor: Named | None
    task: str
    due: datetime | None
    clock: DueClock
    expires: datetime
    words: tuple[str, ...]
    photos: tuple[str, ...]
    pictures: tuple[Picture, ...]
    offered: tuple[Act, ...]


def holder(token: str) -> tuple[Actor, Link]:
    """Return who comes by a contractor's link. Raises LinkNotFound, LinkUsed, LinkExpired."""
    link = read_link(token, Purpose.CONTRACTOR)
    return actor_of_link(link), link


def lent(actor: Actor, link: Link, language: str) -> Lent:
    """Return the incident of a link."""
    incident = _incident_of(link)
    reports = _reports_of(incident)
    return Lent(
        id=incident.pk,
        version=incident.version,
        category=named(incident.category, language),
        sector=incident.category.sector_id,
        icon=incident.category.icon,
        status=incident.status,
        danger=incident.category.danger,
        lon=incident.position.x,
        lat=incident.position.y,
        accuracy_m=incident.accuracy_m,
        ward=area_of(incident.ward, incident, language),
        district=area_of(incident.district, incident, language),
        agency=agency_of(incident.agency, language),
        contractor=agency_of(link.agency, language),
        task=_task_of(link),
        due=incident.due_at,
        clock=_clock_of(incident),
        expires=link.expires_at,
        words=tuple(one.report.text for one in reports if one.report.text),
        photos=tuple(photo.sha256 for one in reports for photo in one.report.photos.all()),
        pictures=_pictures_of(incident),
        offered=offers.offered(actor, incident, None),
    )


def _incident_of(link: Link) -> Incident:
    related = ("category", "agency", "decision", "ward__edition", "district__edition")
    unread = [f"{area}__{column}" for area in ("ward", "district") for column in SHAPES]
    return Incident.objects.select_related(*related).defer(*unread).get(pk=link.incident_id)


def _reports_of(incident: Incident) -> list[Membership]:
    members = Membership.objects.filter(incident=incident, to_event=None)
    members = members.select_related("report").prefetch_related("report__photos")
    return list(members.order_by("report__reported_at", "report_id"))


def _pictures_of(incident: Incident) -> tuple[Picture, ...]:
    rows = WorkPhoto.objects.filter(incident=incident).select_related("event").order_by("pk")
    return tuple(Picture(one.sha256, one.shows, one.event.at) for one in rows)


def _clock_of(incident: Incident) -> DueClock:
    """The clock of the agency that lent it; none where the agency's does not run."""
    now = timezone.now()
    running = clocks.clock_of(incident) if incident.held_since else None
    runs = running.limit.runs if running else Runs.ALWAYS
    paused = running is not None and running.paused_at(now)
    return due_clock(incident.due_at, runs, now, deadline_rules.calendar(), paused=paused)


def _task_of(link: Link) -> str:
    """What the agency wrote when it made the link."""
    made = Event.objects.filter(incident=link.incident_id, kind="delegated", data__lent=link.pk)
    event = made.first()
    return event.reason if event else ""
