"""Made-up reports to look at, and two logins. Every one of them says that it is made up.

They go the way of a real report (``pipeline.receive``) on a channel of their own, ``demo``, and on
by the verbs of those who take part, so that what they show is what the site does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any, Final

from django.contrib.auth.models import User
from django.contrib.gis.geos import Point
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.crypto import salted_hmac

from districts import city, rulebook
from districts.models import Area, Category
from gis_core.errors import N_, DomainError
from gis_core.positions import LonLat, Position, degrees_reach
from incidents import pipeline, services
from incidents.actors import Actor
from incidents.made_up import demo_story
from incidents.made_up.demo_repeats import is_repeat, merge_some, repeats
from incidents.models import Incident, Membership, Report, Staff
from incidents.permissions import Role
from incidents.report import Statement

CHANNEL: Final = "demo"
SMALL, LARGE = 240, 2_000
WARDS: Final = 24
DAYS: Final = 120
LONGEST_STREET_M: Final = 900.0
STAFF: Final = {
    "demo-leader": Role.LEADER,
    "demo-auditor": Role.OVERSIGHT,
    "demo-planner": Role.PLANNER,
    "demo-agency": Role.AGENCY_STAFF,
    "demo-ward": Role.WARD_STAFF,
    "demo-district": Role.DISTRICT_OPERATOR,
}
"""Logins that ``staff`` makes."""
REASON: Final = "Dữ liệu mẫu / made-up data"

MARK: Final = "[Dữ liệu mẫu]"
CALLED_IN: Final = 6
"""One in so many reports came to a desk that wrote its own address for where it is."""
FOUND: Final = (*((metres, "gps") for metres in (5.0, 8.0, 10.0, 15.0, 25.0) * 2), (700.0, "typed"))
"""Radius and method: now and then only a name of a street, for which a person has to decide."""

Progress = Callable[[int, int], None]


class NoWards(DomainError):
    """There is no ward in force for the demo to report from."""

    code = "demo.no_wards"
    status = 409
    message = N_(
        "There are no wards in force, so there is no place to report from. "
        "Load boundaries first: python manage.py prepare_city"
    )


@dataclass(frozen=True, slots=True)
class Login:
    """A login of the demo; ``password`` is None where somebody gave it one of their own."""

    name: str
    password: str | None


@dataclass(frozen=True, slots=True)
class Street:
    """A straight line of at most some hundred metres in a ward, where one trouble is common."""

    ward: Area
    angle: float
    reach_m: float
    category: Category


def make(many: int, progress: Progress = lambda _done, _total: None) -> int:
    """Report until there are ``many`` made-up reports; return how many were made now.

    The same reports, in the same order, by every run, so that a broken one can be gone on with;
    only their days count back from today. Raises NoWards.
    """
    there = set(Report.objects.filter(channel=CHANNEL).values_list("key", flat=True))
    if len(there) >= many:
        return 0
    operator = _operator()
    wanted = list(islice(_statements(timezone.now()), many))
    missing = [statement for statement in wanted if statement.key not in there]
    for done, statement in enumerate(missing, start=1):
        _live(statement, operator)
        progress(done, len(missing))
    return len(missing)


def _live(statement: Statement, operator: Actor) -> None:
    """Let one report happen, and what follows from it, over the days until today."""
    chance = Random(statement.key)  # noqa: S311  the same for the same report, on purpose
    receipt = pipeline.receive(statement)
    with transaction.atomic():
        incident = Membership.objects.get(report=receipt.report_id, to_event=None).incident
        if incident.agency_id is None and not is_repeat(statement):
            demo_story.find_agency(incident, operator, chance, REASON)
        if chance.random() < 0.7:
            services.approve_report(operator, receipt.report_id)
        if incident.agency_id and not is_repeat(statement):
            demo_story.live(incident, receipt.report_id, operator, chance, REASON)
        demo_story.tell_as_past(
            receipt.report_id, incident.pk, statement.reported_at, timezone.now(), chance
        )
        if is_repeat(statement):
            incident.refresh_from_db()
            merge_some(statement, incident, operator, REASON)


def _statements(now: datetime) -> Iterator[Statement]:
    chance = Random(1022)  # noqa: S311  the same every time, on purpose
    streets = _streets(chance)
    desk = _desk(streets[0].ward)
    number = 0
    while True:
        street = chance.choice(streets)
        where = _along(street, chance)
        at = now - timedelta(seconds=chance.randrange(3600, DAYS * 86_400))
        found = Position(where, *chance.choice(FOUND))
        number += 1
        if number % CALLED_IN == 0:
            street, found = chance.choice(streets), desk
        first = Statement(
            channel=CHANNEL,
            key=f"{CHANNEL}-{number}",
            category=street.category.code,
            text=f"{MARK} {street.category.name}, {street.ward}.",
            position=found,
            reported_at=at,
        )
        yield first
        if found is not desk:
            yield from repeats(first, street.category.name, MARK, now)


def _desk(ward: Area) -> Position:
    """Return the point that a desk writes for whatever its callers cannot place."""
    return Position(
        LonLat(round(ward.label_point.x, 6), round(ward.label_point.y, 6)), 50.0, "geocoded"
    )


def _streets(chance: Random) -> list[Street]:
    categories = list(Category.objects.filter(active=True, public=True).order_by("code"))
    wards = _wards()
    if not wards:
        raise NoWards
    return [
        Street(
            ward,
            chance.uniform(0, math.tau),
            chance.uniform(150, LONGEST_STREET_M),
            chance.choice(categories),
        )
        for ward in wards
        for _ in range(3)
    ]


def _wards() -> list[Area]:
    """Return the wards in force around the place where the map opens, the nearest first."""
    here = city.current()
    edition = rulebook.current().in_force(here.territory, here.ward_level, timezone.localdate())
    if edition is None:
        return []
    centre = Point(*here.view.centre, srid=4326)
    areas = Area.objects.filter(edition=edition.id).order_by("code")
    return sorted(areas, key=lambda area: area.label_point.distance(centre))[:WARDS]


def _along(street: Street, chance: Random) -> LonLat:
    """Return a place on the street that lies in its ward; its label's point if need be."""
    middle = street.ward.label_point
    for _ in range(20):
        along, across = chance.uniform(-1, 1) * street.reach_m / 2, chance.gauss(0, 6)
        east = along * math.cos(street.angle) - across * math.sin(street.angle)
        north = along * math.sin(street.angle) + across * math.cos(street.angle)
        dlon, dlat = degrees_reach(middle.y, 1.0)
        place = Point(middle.x + east * dlon, middle.y + north * dlat, srid=4326)
        if street.ward.shape.contains(place):
            return LonLat(round(place.x, 6), round(place.y, 6))
    return LonLat(round(middle.x, 6), round(middle.y, 6))


def logins() -> list[Login]:
    """Make the demo's two logins where they are not there, open them, and return them."""
    operator, new = User.objects.get_or_create(username="operator")
    if new:
        Staff.objects.create(user=operator, role=Role.OPERATOR)
    admin, _ = User.objects.get_or_create(
        username="admin", defaults={"is_staff": True, "is_superuser": True}
    )
    return [_opened(operator), _opened(admin)]


def staff() -> list[Login]:
    """Make a login for each other office where it is not there, open them, and return them.

    Theirs are the agency that has most cases, the ward that has, and that ward's former district.
    """
    busiest = Incident.objects.exclude(agency=None).values("agency", "ward", "district")
    told = dict(busiest.annotate(many=Count("pk")).order_by("-many").first() or {})
    opened = []
    for name, role in STAFF.items():
        user, new = User.objects.get_or_create(username=name)
        if new:
            office = Staff.objects.create(user=user, role=role)
            _settle(office, told)
        opened.append(_opened(user))
    return opened


def _settle(office: Staff, told: Mapping[str, Any]) -> None:
    """Give an office its agency and its areas."""
    if office.role in {Role.AGENCY_STAFF, Role.WARD_STAFF}:
        office.agency_id = told.get("agency")
        office.save(update_fields=["agency"])
    of = {Role.WARD_STAFF: "ward", Role.DISTRICT_OPERATOR: "district"}.get(Role(office.role))
    if of and told.get(of):
        office.areas.add(told[of])


def _opened(user: User) -> Login:
    """Give a new user the demo's password; leave alone whoever has one of their own."""
    if not user.password:
        user.set_password(_password(user))
    if not user.check_password(_password(user)):
        return Login(user.username, None)
    user.is_active = True
    user.save(update_fields=["password", "is_active"])
    return Login(user.username, _password(user))


def _password(user: User) -> str:
    """Return the demo's password, made from the site's own key: nobody else can know it."""
    return salted_hmac("incidents.made_up.demo", user.username, algorithm="sha256").hexdigest()[:12]


def _operator() -> Actor:
    """Return the demo's operator as an actor, whatever became of the login."""
    logins()
    return Actor(User.objects.get(username="operator").pk, Role.OPERATOR)


@transaction.atomic
def remove() -> int:
    """Remove every made-up report and what came of it; return how many there were.

    The demo's logins are closed, not removed: a real event may name them.
    """
    removed = services.remove_made_up(CHANNEL)
    for user in User.objects.filter(username__in=("operator", "admin", *STAFF)):
        if user.check_password(_password(user)):
            user.is_active = False
            user.save(update_fields=["is_active"])
    return removed
