"""Another place or another category, and what follows: ward, decision, and perhaps the agency."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.gis.geos import Point
from django.utils import timezone

from districts import rulebook
from districts.explanation import Explanation
from districts.models import Agency, Category
from districts.routing import Decision as Route
from districts.rulebook import UnknownCategory
from districts.territory import Placement
from gis_core import languages
from gis_core.tiles import cell_code
from incidents import deadline_rules
from incidents.actors import ANYBODY, Actor
from incidents.models import Decision, Event, Incident, IncidentArea
from incidents.said import NOTHING_SAID, Said
from incidents.services import clocks, working
from incidents.services.asking_again import ask_again
from incidents.services.events import Happening, record
from incidents.services.giving import give
from incidents.services.rows import decision_row
from incidents.work_errors import AgencyWouldChange, NotChangeable
from incidents.workflow import Status, Step

CHANGEABLE = frozenset({
    Status.RECEIVED, Status.VERIFIED, Status.ASSIGNED, Status.ACCEPTED, Status.IN_PROGRESS,
    Status.PAUSED,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Routed:
    """Where routing sends a case, from which placement, why, and who was left out."""

    placement: Placement
    route: Route
    why: Explanation
    without: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be changed; ``home`` is the new place on the day of the report."""

    routed: Routed
    home: Placement | None = None
    category: str | None = None
    agency: str | None = None
    """The agency that the actor was shown and agrees to."""


def declined_by(incident: Incident) -> frozenset[str]:
    """Return who gave the incident back since its place and category are what they are."""
    told = Event.objects.filter(
        incident=incident, kind__in=("declined", "moved", "recategorised")
    ).order_by("id")
    codes: set[str] = set()
    for event in told:
        if event.kind == "declined":
            codes.add(event.data.get("agency") or "")
        else:
            codes.clear()
    return frozenset(codes - {""})


def hand_on(incident: Incident, routed: Routed | None) -> None:
    """Give what was declined to whoever the rules name next; to a person where they are not sure.

    Part of ``pipeline.decline``, which has locked the incident and moved its version.
    """
    if routed is None:
        data: dict[str, Any] = {"agency": None, "without": sorted(declined_by(incident))}
        record(Happening("triage", incident, data=data), ANYBODY)
    else:
        _follow(incident, routed, ANYBODY)
    incident.save()


def change(actor: Actor, incident: Incident, said: Said, wanted: Change) -> Incident:
    """Move a locked incident's pin or change its category, as far as the actor agrees.

    Within the same agency nothing begins anew, but for the clock where the new category's limit
    ends sooner; a pause under another rule ends. Raises NotChangeable, AgencyWouldChange,
    UnknownCategory.
    """
    if incident.status not in CHANGEABLE:
        raise NotChangeable(current=incident.status)
    _check_agreed(incident, wanted)
    if wanted.home:
        _move(actor, incident, said, wanted.home)
    agreed = wanted.agency == wanted.routed.route.agency
    then = _then(incident, wanted.routed, agreed=agreed)
    if wanted.category:
        _recategorise(actor, incident, said, wanted.category, then)
    _follow(incident, wanted.routed, actor, agreed=agreed)
    incident.version += 1
    incident.save()
    ask_again(incident.pk)
    return incident


def next_agency(incident: Incident, route: Route) -> str | None:
    """Return who would have the incident; None where a person would have to say."""
    if not route.needs_triage:
        return route.agency
    current = incident.agency.code if incident.agency else None
    if current in {claim.agency for claim in route.candidates}:
        return current
    return route.agency if current else None


def _check_agreed(incident: Incident, wanted: Change) -> None:
    then = next_agency(incident, wanted.routed.route)
    if incident.agency is None or then in {incident.agency.code, wanted.agency}:
        return
    other = Agency.objects.get(code=then)
    before, after = (one.in_sentence(languages.active()) for one in (incident.agency, other))
    raise AgencyWouldChange(before=before, after=after, agency=other.code)


def _move(actor: Actor, incident: Incident, said: Said, home: Placement) -> None:
    before = _where(incident)
    lonlat, ward, district = home.position.lonlat, home.here.ward, home.here.district
    incident.position = Point(lonlat.lon, lonlat.lat, srid=4326)
    incident.accuracy_m, incident.cell = home.position.accuracy_m, cell_code(lonlat)
    incident.ward_id = ward.id if ward else None
    incident.district_id = district.id if district else None
    IncidentArea.objects.filter(incident=incident).delete()
    data = {**_where(incident), "before": before}
    record(Happening("moved", incident, reason=said.sentence, data=data), actor)


def _where(incident: Incident) -> dict[str, Any]:
    return {
        "lon": incident.position.x,
        "lat": incident.position.y,
        "accuracy_m": incident.accuracy_m,
        "ward": incident.ward_id,
        "district": incident.district_id,
    }


def _recategorise(
    actor: Actor, incident: Incident, said: Said, code: str, then: str | None
) -> None:
    """Write down another category; ``then`` is the code of the agency that has it afterwards."""
    category = Category.objects.filter(code=code, active=True).first()
    if category is None:
        raise UnknownCategory(category=code)
    stays, now = incident.agency is not None and incident.agency.code == then, timezone.now()
    if stays and incident.status == Status.PAUSED:
        _end_pause(incident, category, now)
    data = {"category": code, "before": incident.category_id}
    incident.category = category
    incident.public = category.public and not category.sensitive
    clock = {"agency": then, **sooner} if stays and (sooner := clocks.sooner(incident, now)) else {}
    happening = Happening(clocks.RECATEGORISED, incident, reason=said.sentence, data=data | clock)
    event = record(happening, actor)
    if clock:
        clocks.hand_over(incident, event, now)


def _end_pause(incident: Incident, category: Category, now: datetime) -> None:
    """Set a paused case going that comes under another rule: it was paused under the old one."""
    on, rules = timezone.localdate(now), deadline_rules.rules()
    if rules.deadline(incident.category, on).code != rules.deadline(category, on).code:
        working.go(ANYBODY, incident, Step.RESUME, NOTHING_SAID, now)


def _then(incident: Incident, routed: Routed, *, agreed: bool) -> str | None:
    """Return who has the incident afterwards; None where a person has to say."""
    return routed.route.agency if agreed else next_agency(incident, routed.route)


def _follow(incident: Incident, routed: Routed, actor: Actor, *, agreed: bool = False) -> None:
    """Store the decision, and hand the incident over where it names another agency."""
    then = _then(incident, routed, agreed=agreed)
    decision = _decision(incident, routed, then)
    if then is None:
        incident.decision, incident.needs_triage = decision, True
        data = {"agency": routed.route.agency, "decision": decision.pk}
        record(Happening("triage", incident, data=data), ANYBODY)
    elif incident.agency and incident.agency.code == then:
        incident.decision = decision
    else:
        give(incident, decision, actor)
        incident.check_after = routed.route.check_after and not agreed


def _decision(incident: Incident, routed: Routed, agency: str | None) -> Decision:
    """Store what was decided; where routing was unsure and a person was not, as a person's word."""
    route = routed.route
    chosen = Agency.objects.get(code=agency or route.agency)
    row = decision_row(routed.placement, route, routed.why, chosen.pk)
    if agency and route.needs_triage:
        row |= _chosen(chosen)
    if routed.without:
        row |= _without(row, routed)
    return Decision.objects.create(incident=incident, **row)


def _chosen(agency: Agency) -> dict[str, Any]:
    name, name_en = agency.name, agency.in_sentence("en")
    return {
        "basis": "person",
        "rule_id": None,
        "needs_triage": False,
        "because": f"Theo quy tắc thì chưa chắc chắn; người sửa hồ sơ đã chọn {name}.",
        "because_en": f"The rules are not sure; whoever corrected the case chose {name_en}.",
        "question": "",
        "question_en": "",
    }


def _without(row: dict[str, Any], routed: Routed) -> dict[str, Any]:
    """Return what a decision says more where somebody was left out: by name, and by code."""
    codes, agencies = sorted(routed.without), rulebook.kept().agencies
    names = {
        spoken: ", ".join(agencies[code].in_sentence(spoken) for code in codes)
        for spoken in ("vi", "en")
    }
    return {
        "because": f"{row['because']} Đã từ chối: {names['vi']}.",
        "because_en": f"{row['because_en']} Declined by: {names['en']}.",
        "inputs": {**row["inputs"], "without": codes},
    }
