"""One mail a working morning: how much there is, and what is late.

For staff who chose it, and for agencies that want one at their address of record.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils import timezone

from districts import city
from districts.models import Agency
from gis_core import sql
from incidents import deadline_rules
from incidents.actors import Actor, actor_of
from incidents.models import AgencyNotices, Custody, Incident, Staff
from incidents.models.incident import past_due
from incidents.models.staff import Told
from incidents.naming import named
from incidents.notifications import addresses, recipients
from incidents.notifications.facts import last_day, of_agency
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


STALE: Final = timedelta(hours=12)
"""A digest that could not be sent for so long is not sent: the next morning's says what it says."""


class Mornings:
    """Writes each day's digests once it is time; asks the database little at each look.

    Staff's all at once; each agency's at the hour that it chose, within a minute.
    """

    def __init__(self) -> None:
        self._done: date | None = None
        self._minute: datetime | None = None
        self._told: tuple[date | None, set[int]] = (None, set())

    def look(self, now: datetime) -> None:
        """Write today's digests where that was not done yet."""
        here = now.astimezone(ZoneInfo(city.current().time_zone))
        minute = here.replace(second=0, microsecond=0)
        if minute == self._minute:
            return
        self._minute = minute
        if self._told[0] != here.date():
            self._told = (here.date(), set())
        staff_wait = self._done != here.date() and here.time() >= FROM
        agencies = due_agencies(here.time()) - self._told[1]
        if (staff_wait or agencies) and deadline_rules.calendar().works_on(here.date()):
            if staff_wait:
                put_digests(here.date())
            put_agency_digests(here.date(), agencies)
        self._told[1].update(agencies)
        self._done = here.date() if here.time() >= FROM else self._done


def put_digests(today: date) -> None:
    """Write a digest of the day for all who chose it; whoever has it already gets no second one.

    By e-mail, or by push to who has none.
    """
    choosing = Staff.objects.filter(told=Told.DIGEST.value, role__in=[r.value for r in CARED_FOR])
    ways = recipients.staff(choosing.values_list("pk", flat=True), [Told.DIGEST])
    mailed = {way.id for way in ways if way.carrier == "email"}
    once = [way for way in ways if way.carrier == "email" or way.id not in mailed]
    put(once, News("digest", today.isoformat()))


def due_agencies(at: time) -> set[int]:
    """Return the agencies that want their digest by this time of the day."""
    wanting = AgencyNotices.objects.filter(digest=True, digest_from__lte=at)
    return set(wanting.values_list("agency", flat=True))


def put_agency_digests(today: date, agencies: Collection[int]) -> None:
    """Write the day's digest for agencies; one that has it already gets no second one."""
    put(recipients.agencies(agencies), News("digest", today.isoformat()))


def facts(user: User, language: str) -> dict[str, str] | None:
    """Return the figures of a user's digest as of now; None where nothing is open."""
    actor = actor_of(user)
    return _facts(actor, language) if actor.role in CARED_FOR else None


def facts_of_agency(agency: Agency, language: str) -> dict[str, str] | None:
    """Return the figures of an agency's digest as of now, with all below it.

    None where nothing is open, or it wants none any more.
    """
    if not AgencyNotices.objects.filter(agency=agency, digest=True).exists():
        return None
    under = sql.rows("incidents", "agencies_under", {"agency": agency.pk})
    office = Actor(role=Role.AGENCY_STAFF, agencies=frozenset(pk for (pk,) in under))
    known = _facts(office, language)
    return known and known | of_agency(named(agency, language).name, language)


def is_stale(written: datetime) -> bool:
    """Tell whether a digest written then says nothing of today any more."""
    return timezone.now() - written > STALE


def _facts(actor: Actor, language: str) -> dict[str, str] | None:
    now, calendar = timezone.now(), deadline_rules.calendar()
    found = _figures(actor, now, calendar)
    if not found["open"]:
        return None
    return {
        **{name: str(found[name]) for name in ("new", "open", "soon", "late", "back")},
        "oldest": last_day(found["oldest"], language),
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
