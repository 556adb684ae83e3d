"""Hours in which nobody's telephone shall ring, and in which nothing is written to an agency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from districts import city
from incidents.models import AgencyNotices
from incidents.notifications.recipients import Audience, Way

RINGING: Final = frozenset({"sms", "push"})
"""Carriers that wake people; e-mail waits by itself until it is read."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of the day on the city's clock, over midnight where ``end`` is not after ``begin``.

    From ``begin`` on, ``end`` not with it; two equal times are no stretch at all.
    """

    begin: time
    end: time

    def ended(self, moment: datetime) -> datetime:
        """Return when the stretch that holds at ``moment`` ends; ``moment`` where none holds."""
        here = moment.astimezone(ZoneInfo(city.current().time_zone))
        at = here.time()
        over_midnight = self.end < self.begin
        if self.begin <= at and (over_midnight or at < self.end):
            days = timedelta(days=1 if over_midnight else 0)
        elif over_midnight and at < self.end:
            days = timedelta(0)
        else:
            return moment
        return datetime.combine(here.date() + days, self.end, here.tzinfo)


def night() -> Hours:
    """Return the hours in which nobody's telephone rings who has no other ones."""
    return Hours(*(settings.WARDWISE_QUIET_HOURS or (time(0), time(0))))


def not_before(moment: datetime, way: Way, hours: Mapping[Way, Hours] | None = None) -> datetime:
    """Return when a message may go out at the earliest: at once, or when the quiet hours end.

    ``hours`` are those of agencies that have their own (``hours_of``).
    """
    if way.carrier in RINGING or way.audience is Audience.AGENCY:
        return (hours or {}).get(way, night()).ended(moment)
    return moment


def hours_of(ways: Iterable[Way]) -> dict[Way, Hours]:
    """Return the quiet hours of ways to an agency, or to its staff's telephones; at most one query.

    Only of agencies that have said which.
    """
    kept = [way for way in ways if _has_an_agency(way)]
    if not kept:
        return {}
    users = [way.id for way in kept if way.audience is Audience.USER]
    agencies = [way.id for way in kept if way.audience is Audience.AGENCY]
    rows = AgencyNotices.objects.filter(Q(agency__in=agencies) | Q(agency__staff__in=users))
    found = rows.values_list("agency", "agency__staff", "quiet_from", "quiet_until")
    said: dict[tuple[Audience, int | None], Hours] = {}
    for agency, user, begin, end in found:
        said[Audience.AGENCY, agency] = said[Audience.USER, user] = Hours(begin, end)
    return {way: said[way.audience, way.id] for way in kept if (way.audience, way.id) in said}


def _has_an_agency(way: Way) -> bool:
    return way.audience is Audience.AGENCY or (
        way.audience is Audience.USER and way.carrier in RINGING
    )
