"""One mail a working morning for staff who chose it: how much there is, and what is late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils import timezone

from districts import city
from incidents import deadline_rules
from incidents.actors import Actor, actor_of
from incidents.models import Custody, Incident, Staff
from incidents.models.incident import past_due
from incidents.models.staff import Told
from incidents.notifications import addresses, recipients
from incidents.notifications.facts import day
from incidents.notifications.outbox import News, put
from incidents.permissions import Act, Role
from incidents.visibility import reached
from incidents.workflow import OPEN
from incidents.working_time import WorkingCalendar

FROM: Final = time(7, 30)
"""On the city's clock."""
SOON: Final = timedelta(days=2)
"""Working days."""
CARED_FOR: Final[Mapping[Role, Act]] = {
    Role.WARD_STAFF: Act.ACCEPT,
    Role.AGENCY_STAFF: Act.ACCEPT,
    Role.DISTRICT_OPERATOR: Act.ASSIGN,
    Role.OPERATOR: Act.ASSIGN,
    Role.LEADER: Act.SEE_FIGURES,
}
"""Who gets one: about the cases that they may do this to."""


class Mornings:
    """Writes each day's digests once it is time; asks the database once a day, not at each look."""

    def __init__(self) -> None:
        self._done: date | None = None

    def look(self, now: datetime) -> None:
        """Write today's digests where that was not done yet."""
        here = now.astimezone(ZoneInfo(city.current().time_zone))
        if here.date() == self._done or here.time() < FROM:
            return
        if deadline_rules.calendar().works_on(here.date()):
            put_digests(here.date())
        self._done = here.date()


def put_digests(today: date) -> None:
    """Write a digest of the day for all who chose it; whoever has it already gets no second one.

    By e-mail, or by push to who has none.
    """
    choosing = Staff.objects.filter(told=Told.DIGEST.value, role__in=[r.value for r in CARED_FOR])
    ways = recipients.staff(choosing.values_list("pk", flat=True), [Told.DIGEST])
    mailed = {way.id for way in ways if way.carrier == "email"}
    once = [way for way in ways if way.carrier == "email" or way.id not in mailed]
    put(once, News("digest", today.isoformat()))


def facts(user: User, language: str) -> dict[str, str] | None:
    """Return the figures of a user's digest as of now; None where nothing is open."""
    actor, now, calendar = actor_of(user), timezone.now(), deadline_rules.calendar()
    if actor.role not in CARED_FOR:
        return None
    found = _figures(actor, now, calendar)
    if not found["open"]:
        return None
    return {
        **{name: str(found[name]) for name in ("new", "open", "soon", "late", "back")},
        "oldest": day(found["oldest"], language),
        "link": addresses.desk(tab="late"),
        "all": addresses.desk(),
    }


def _figures(actor: Actor, now: datetime, calendar: WorkingCalendar) -> dict[str, Any]:
    """One query."""
    since = _morning_before(now, calendar)
    began = "held_since" if CARED_FOR[actor.role] is Act.ACCEPT else "opened_at"
    came_back = Custody.objects.filter(incident=OuterRef("pk"), reopened_at__isnull=False)
    mine = reached(actor, CARED_FOR[actor.role]) & Q(status__in=[one.value for one in OPEN])
    return Incident.objects.filter(mine).aggregate(
        open=Count("pk"),
        new=Count("pk", filter=Q(**{f"{began}__gte": since})),
        soon=Count("pk", filter=Q(due_at__range=(now, calendar.after(now, SOON)))),
        late=Count("pk", filter=past_due(now)),
        back=Count("pk", filter=Exists(came_back)),
        oldest=Min("due_at", filter=past_due(now)),
    )


def _morning_before(now: datetime, calendar: WorkingCalendar) -> datetime:
    """Return when the digests of the last working day before today went out."""
    at = now.astimezone(calendar.zone).date() - timedelta(days=1)
    while not calendar.works_on(at):
        at -= timedelta(days=1)
    return datetime.combine(at, FROM, calendar.zone)
