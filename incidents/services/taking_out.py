"""Some reports of an incident were about something else: they become an incident of their own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from districts.explanation import Explanation
from districts.models import Agency, Category
from districts.routing import Decision as Route
from districts.territory import Placement
from gis_core.positions import LonLat, Position
from incidents.actors import ANYBODY, Actor
from incidents.families import TAKEN_OUT
from incidents.merge_errors import ReportsMissing
from incidents.models import Event, Incident, Link, Membership, Report
from incidents.models.link import Purpose
from incidents.permissions import Act
from incidents.said import Said
from incidents.services import clocks
from incidents.services.asking_again import ask_again
from incidents.services.events import Happening, record
from incidents.services.locking import locked_incident
from incidents.services.merge_notices import lay_aside_of, tell_of_move
from incidents.services.receiving import as_decision, as_incident
from incidents.services.telling import tell_agency


@dataclass(frozen=True, slots=True)
class Leaving:
    """Reports that leave a locked incident, the first one first, and what the first one said."""

    incident: Incident
    reports: tuple[Report, ...]
    position: Position

    @property
    def category(self) -> Category:
        """What kind of trouble it was reported as."""
        return self.reports[0].category

    @property
    def reported_at(self) -> datetime:
        """When it was reported first."""
        return self.reports[0].reported_at

    @property
    def ids(self) -> list[int]:
        """The reports' ids."""
        return [one.pk for one in self.reports]


def leaving(actor: Actor, incident_id: int, report_ids: Collection[int], said: Said) -> Leaving:
    """Lock an incident, and return what is to leave it; at least one report stays.

    Raises IncidentNotFound, PermissionDenied, IncidentChanged, ReportsMissing.
    """
    incident = locked_incident(actor, Act.MERGE, incident_id, said.version)
    rows = Report.objects.filter(memberships__incident=incident, memberships__to_event=None)
    there = list(rows.select_related("category").order_by("reported_at", "pk"))
    going = tuple(one for one in there if one.pk in report_ids)
    if not 0 < len(going) < len(there) or len(going) < len(set(report_ids)):
        raise ReportsMissing(id=incident.pk)
    return Leaving(incident, going, _position(incident, going))


def _position(incident: Incident, going: Collection[Report]) -> Position:
    """Return where the first of them says that it is; where none does, the incident's place."""
    for one in going:
        if one.position:
            lonlat = LonLat(one.position.x, one.position.y)
            return Position(lonlat, one.accuracy_m, one.position_method)
    return Position(LonLat(incident.position.x, incident.position.y), incident.accuracy_m)


def open_apart(
    actor: Actor, going: Leaving, said: Said, decided: tuple[Placement, Route, Explanation]
) -> Incident:
    """Open an incident of the reports that leave, with its agency and why, and return it.

    Part of ``pipeline.take_out``. Their reporters are told once; a link that asked them about the
    other incident ends.
    """
    placement, route, why = decided
    agency, now = Agency.objects.get(code=route.agency), timezone.now()
    made = as_incident(going.category, going.reported_at, placement, route, agency.pk)
    made.report_count = len(going.reports)
    clock = {} if route.needs_triage else clocks.begin(made, now)
    made.save()
    decision = as_decision(made, placement, route, why, agency.pk)
    decision.save()
    made.decision = decision
    opened = _move(actor, going, made, said)
    kind = "triage" if route.needs_triage else "assigned"
    data = {"agency": route.agency, **clock, "decision": decision.pk}
    event = record(Happening(kind, made, data=data), ANYBODY)
    if not route.needs_triage:
        clocks.hand_over(made, event, now)
        tell_agency(event, made, "new_case")
    made.save()
    tell_of_move(opened, made, going.ids, kind=TAKEN_OUT)
    ask_again(going.incident.pk, made.pk)
    return made


def _move(actor: Actor, going: Leaving, made: Incident, said: Said) -> Event:
    """Let the reports leave the one incident and come to the other; return the event of opening."""
    incident, now = going.incident, timezone.now()
    data = {"to": made.pk, "reports": going.ids, "notices": lay_aside_of(incident, going.ids)}
    out = record(Happening(TAKEN_OUT, incident, reason=said.sentence, data=data), actor)
    data = {"taken_from": incident.pk, "reports": going.ids}
    opened = record(Happening("opened", made, data=data), actor)
    members = Membership.objects.filter(incident=incident, to_event=None, report__in=going.ids)
    members.update(to_event=out)
    Membership.objects.bulk_create(
        Membership(report=report, incident=made, from_event=opened) for report in going.reports
    )
    links = Link.objects.filter(incident=incident, report__in=going.ids, ended_at=None)
    links.filter(purpose=Purpose.ANSWER).update(ended_at=now)
    incident.report_count -= len(going.reports)
    incident.version += 1
    incident.save()
    return opened
