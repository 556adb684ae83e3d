"""A world in which every kind of case and everybody is there once, to see who is shown what.

All cases lie in one place, so that they are each other's neighbours, and have one reporter. Each
has everything that a figure can count, in one month that is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.contrib.gis.geos import Point
from django.test import Client
from django.utils import timezone

from districts.models import Agency, Area, Asset
from gis_core.positions import LonLat
from gis_core.tiles import cell_code
from incidents import codes, services
from incidents.actors import ANYBODY, Actor, actor_of
from incidents.figures.periods import Period, month_of
from incidents.models import (
    Contact,
    Custody,
    Decision,
    Event,
    Follower,
    Incident,
    Link,
    Membership,
    Notice,
    Photo,
    Rating,
    Report,
    Staff,
)
from incidents.permissions import Role
from incidents.said import Said
from incidents.services.merging import BY_ITSELF
from incidents.workflow import Status
from tests import zoo
from tests.map_ui.conftest import HERE

EMAIL, PHONE = "lan@example.vn", "+84903123456"


@dataclass(frozen=True)
class Person:
    """Somebody with a browser; whoever comes by a contractor's link has no pages but the link's."""

    name: str
    actor: Actor
    client: Client


@dataclass(frozen=True)
class World:
    """``cases`` by what they are; ``month`` holds all that figures count."""

    people: list[Person]
    cases: dict[str, Incident]
    month: Period
    ward: Area

    @property
    def ids(self) -> set[int]:
        """The ids of all cases."""
        return {one.pk for one in self.cases.values()}

    def person(self, name: str) -> Person:
        """Return whoever is called so."""
        return next(one for one in self.people if one.name == name)


def world() -> World:
    """Make it, in a town."""
    mine, other, district = _offices()
    ward, elsewhere = Area.objects.filter(edition__level="ward").order_by("code")[:2]
    month = month_of(timezone.localdate() - timedelta(days=40))
    asset = zoo.asset("park", zoo.ward_boxes()["101"])
    held = Agency.objects.get(code="tt-1022")
    kinds = {
        "public": (Status.ASSIGNED, True, elsewhere, other, None),
        "private": (Status.ASSIGNED, False, elsewhere, other, None),
        "rejected": (Status.REJECTED, True, elsewhere, other, None),
        "in my ward": (Status.IN_PROGRESS, False, ward, other, None),
        "in my district": (Status.CLAIMED_DONE, False, elsewhere, other, district),
        "of mine": (Status.ACCEPTED, False, elsewhere, held, None),
        "rejected of mine": (Status.REJECTED, True, ward, mine, district),
        "nobody's": (Status.RECEIVED, False, None, None, None),
        "closed": (Status.CLOSED, False, ward, other, None),
        "merged": (Status.ASSIGNED, True, ward, mine, district),
        "merged and private": (Status.ACCEPTED, False, ward, held, district),
    }
    cases = {name: _case(name, *kind, asset=asset, month=month) for name, kind in kinds.items()}
    _merge(cases["public"], cases["merged"])
    _merge(cases["private"], cases["merged and private"])
    wholes = [cases["public"].pk, cases["closed"].pk]
    Incident.objects.exclude(pk__in=wholes).update(parent=cases["public"])
    cases = {name: Incident.objects.get(pk=case.pk) for name, case in cases.items()}
    return World(_people(mine, ward, district), cases, month, ward)


def _offices() -> tuple[Agency, Agency, Area]:
    """The city's committee, to which the centre belongs; an agency beside it; a former district."""
    zoo.edition({"760": (106.70, 10.76, 106.73, 10.79)}, name="old", level="district")
    mine = Agency.objects.get(code="tt-1022").parent
    assert mine
    return mine, Agency.objects.get(code="ubnd-109"), Area.objects.get(code="760")


def _people(agency: Agency, ward: Area, district: Area) -> list[Person]:
    areas = {Role.WARD_STAFF: [ward], Role.DISTRICT_OPERATOR: [district]}
    found = [Person("nobody", ANYBODY, Client()), _signed_in("somebody", None)]
    for role in Role:
        if role not in {Role.CITIZEN, Role.CONTRACTOR}:
            user = _signed_in(role.value, role)
            staff = Staff.objects.get(pk=user.actor.user_id)
            if role in {Role.WARD_STAFF, Role.AGENCY_STAFF}:
                staff.agency = agency
                staff.save()
            staff.areas.set(areas.get(role, []))
            found.append(Person(user.name, actor_of(_user(role.value)), user.client))
    return found


def _signed_in(name: str, role: Role | None) -> Person:
    user, _ = User.objects.get_or_create(username=name)
    if role:
        Staff.objects.create(user=user, role=role)
    client = Client()
    client.force_login(user)
    return Person(name, actor_of(user), client)


def _user(name: str) -> User:
    return User.objects.get(username=name)


def _case(
    name: str,
    status: Status,
    public: bool,  # noqa: FBT001  a row of the table above
    ward: Area | None,
    agency: Agency | None,
    district: Area | None,
    *,
    asset: Asset,
    month: Period,
) -> Incident:
    opened = month.moments(timezone.get_current_timezone())[0] + timedelta(days=1)
    ended = status in {Status.CLOSED, Status.REJECTED}
    made = Incident.objects.create(
        category_id="pothole", status=status, public=public, ward=ward, agency=agency,
        district=district, position=Point(*HERE, srid=4326), cell=cell_code(LonLat(*HERE)),
        opened_at=opened, closed_at=timezone.now() if ended else None,
        due_at=None if ended else opened + timedelta(days=5), needs_triage=True,
    )  # fmt: skip
    _said(name, made, opened)
    _held(made, agency or Agency.objects.get(code="ubnd-109"), opened)
    inputs = {"here": {"assets": [{"kind": asset.kind, "code": asset.code}]}}
    made.decision = Decision.objects.create(
        incident=made, basis="person", certainty=1, threshold=1, needs_triage=False, inputs=inputs
    )
    made.save()
    return made


def _said(name: str, case: Incident, at: datetime) -> None:
    """A report with words, a photo and an address; a rating, a follower, a lost notice, a link."""
    report = Report.objects.create(
        code=codes.new_code(), channel="web", key=str(case.pk), category=case.category,
        state="incident", text=f"Ổ gà {name}", position=case.position, reported_at=at,
    )  # fmt: skip
    Contact.objects.create(report=report, email=EMAIL, phone=PHONE)
    Photo.objects.create(report=report, sha256=f"{case.pk:064d}", width=1, height=1)
    opened = _event(case, "opened")
    Membership.objects.create(report=report, incident=case, from_event=opened)
    rating = Rating.objects.create(
        report=report, incident=case, event=_event(case, "rated"), stars=1
    )
    Rating.objects.filter(pk=rating.pk).update(at=at + timedelta(days=8))
    Follower.objects.create(incident=case, email=EMAIL, nonce="1" * 32, confirmed_at=at)
    for carrier, state, to in (("sms", "dead", {"report": report}), ("email", "sent", _operator())):
        Notice.objects.create(
            kind="closed" if "report" in to else "new_case", carrier=carrier, state=state, **to,
            incident=case, dedupe=f"{state}-{case.pk}", last_error="no signal", ended_at=at,
        )  # fmt: skip
    Link.objects.create(
        purpose="contractor", nonce="2" * 32, incident=case,
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip


def _merge(survivor: Incident, merged: Incident) -> None:
    """The real verb: reports go over, and the event says what was before."""
    holder = survivor.agency.code if survivor.agency else ""
    services.merge(BY_ITSELF, survivor.pk, merged.pk, Said(words="Một việc"), agency=holder)


def _operator() -> dict[str, User]:
    """To whom a notice goes: somebody who sees everything."""
    return {"user": User.objects.get_or_create(username="operator", email="o@example.vn")[0]}


def _held(case: Incident, agency: Agency, began: datetime) -> None:
    """One custody honestly on time, one with every fault, two declined, one that stands late."""
    faults = {"used": 2.0, "forward_used": 2.0, "proven": False, "promised_at": began,
              "reopened_at": began + timedelta(days=3)}  # fmt: skip
    for ended_by, more in (
        ("claimed_done", {"used": 0.5, "forward_used": 0.5, "proven": True}),
        ("claimed_done", faults),
        ("declined", {}),
        ("declined", {}),
        ("", {}),
    ):
        ended = began + timedelta(days=2) if ended_by else None
        Custody.objects.create(
            incident=case, agency=agency, contractor=Agency.objects.get(code="ubnd-102"),
            from_event=_event(case, "assigned"),
            to_event=_event(case, ended_by) if ended_by else None,
            began_at=began, ended_at=ended, ended_by=ended_by, due_at=began + timedelta(days=1),
            limit_s=86400, runs="always", rule="answer", rule_version=1, **more,
        )  # fmt: skip


def _event(case: Incident, kind: str) -> Event:
    return Event.objects.create(incident=case, kind=kind, actor_kind="system")
