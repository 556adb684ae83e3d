"""Whom something is told, and on which ways. Each answer costs a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from districts.models import Agency
from gis_core import sql
from incidents.models import (
    AreaAlert,
    Contact,
    Follower,
    Incident,
    LoginCode,
    Notice,
    OwnArea,
    PushSubscription,
    Report,
    Staff,
)
from incidents.permissions import Role


class Audience(StrEnum):
    """What somebody is to us when we tell them: the column of ``Notice`` that names them."""

    REPORT = "report"
    FOLLOWER = "follower"
    ALERT = "alert"
    LOGIN = "login"
    USER = "user"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to one person; ``subscription`` is the browser of a push."""

    audience: Audience
    id: int
    carrier: str
    subscription: int | None = None


def way_of(notice: Notice) -> Way:
    """Return the way that a notice goes."""
    audience = next(one for one in Audience if getattr(notice, f"{one}_id") is not None)
    to = getattr(notice, f"{audience}_id")
    return Way(audience, to, notice.carrier, notice.subscription_id)


WORKERS: Final = (Role.WARD_STAFF, Role.AGENCY_STAFF)
"""Whoever works on cases for an agency."""


def reporters(reports: QuerySet[Report]) -> list[Way]:
    """Return the ways that reporters gave: e-mail, or else SMS; besides, each of their browsers."""
    contacts = Contact.objects.filter(report__in=reports).order_by("report_id")
    said = [_written(Audience.REPORT, one.report_id, one.email, one.phone) for one in contacts]
    browsers = PushSubscription.objects.filter(report__in=reports).order_by("pk")
    pushed = browsers.values_list("report_id", "pk")
    return [
        *(way for way in said if way),
        *(Way(Audience.REPORT, report, "push", pk) for report, pk in pushed if report),
    ]


def reporters_of(incident: Incident) -> list[Way]:
    """Return the ways to all whose report belongs to the incident today."""
    return reporters(
        Report.objects.filter(memberships__incident=incident, memberships__to_event=None)
    )


def followers_of(incident: Incident) -> list[Way]:
    """Return the ways to all who follow the incident and have shown that the address is theirs."""
    return followers(Follower.objects.filter(incident=incident))


def followers(rows: QuerySet[Follower]) -> list[Way]:
    """Return the ways to those of the followers who are to be told, one for each address.

    Somebody who followed two incidents that became one is there twice.
    """
    there = rows.filter(ended_at=None, confirmed_at__isnull=False)
    by_address = {(one.email.lower(), one.phone): one for one in there.order_by("-pk")}
    ways = [follower(one) for one in sorted(by_address.values(), key=lambda one: one.pk)]
    return [way for way in ways if way]


def follower(one: Follower) -> Way | None:
    """Return the way to a follower."""
    return _written(Audience.FOLLOWER, one.pk, one.email, one.phone)


def alert(one: AreaAlert) -> Way | None:
    """Return the way to whoever wants to hear of an area."""
    return _written(Audience.ALERT, one.pk, one.email, one.phone)


def alerts_around(incident: Incident) -> list[Way]:
    """Return the ways to those who want to hear of what is reported where the incident lies.

    One for each address, however many of its areas that is: by the oldest of them.
    """
    found = [pk for (pk,) in sql.rows("incidents", "alerts_around", {"incident": incident.pk})]
    rows = AreaAlert.objects.filter(pk__in=found).order_by("-pk")
    by_address = {(one.email.lower(), one.phone): one for one in rows}
    ways = [alert(one) for one in sorted(by_address.values(), key=lambda one: one.pk)]
    return [way for way in ways if way]


def login(code: LoginCode) -> Way:
    """Return the way on which a code was asked for."""
    return Way(Audience.LOGIN, code.pk, code.carrier)


def users_of_agency(agency_id: int | None) -> list[int]:
    """Return who works for an agency; where nobody does, for the nearest above it."""
    roles = [role.value for role in WORKERS]
    rows = sql.rows("incidents", "staff_above", {"agency": agency_id, "roles": roles})
    nearest = rows[0][0] if rows else None
    return [user for steps, user in rows if steps == nearest]


def operators_of(incident: Incident) -> list[int]:
    """Return the operators, and the district operators whose area the incident lies in."""
    inside = Q(areas__in=[pk for pk in (incident.ward_id, incident.district_id) if pk])
    theirs = Q(role=Role.DISTRICT_OPERATOR.value) & inside
    return _active(Q(role=Role.OPERATOR.value) | theirs)


def operators() -> list[int]:
    """Return the operators of the whole city."""
    return _active(Q(role=Role.OPERATOR.value))


def leaders() -> list[int]:
    """Return the leaders."""
    return _active(Q(role=Role.LEADER.value))


def watchers_around(incident: Incident) -> list[User]:
    """Return the staff who drew an area of their own around it and want to hear of new cases."""
    drawn = OwnArea.objects.filter(tells=True, shape__intersects=incident.position)
    owners = User.objects.filter(pk__in=drawn.values("owner"), is_active=True)
    return list(owners.order_by("pk"))


def agencies(ids: Collection[int]) -> list[Way]:
    """Return the ways to agencies at their addresses of record, where they have one."""
    known = Agency.objects.filter(pk__in=ids).exclude(email="").order_by("pk")
    return [Way(Audience.AGENCY, pk, "email") for pk in known.values_list("pk", flat=True)]


def staff(users: Collection[int], told: Iterable[str]) -> list[Way]:
    """Return the ways to those of the users who want to be told so."""
    wanting = Staff.objects.filter(pk__in=users, told__in=list(told), user__is_active=True)
    mailed = wanting.exclude(user__email="").order_by("pk").values_list("pk", flat=True)
    browsers = PushSubscription.objects.filter(user__staff__in=wanting).order_by("pk")
    return [
        *(Way(Audience.USER, user, "email") for user in mailed),
        *(
            Way(Audience.USER, user, "push", pk)
            for user, pk in browsers.values_list("user_id", "pk")
            if user
        ),
    ]


def _active(wanted: Q) -> list[int]:
    found = Staff.objects.filter(wanted, user__is_active=True).values_list("pk", flat=True)
    return sorted(set(found))


def _written(audience: Audience, pk: int, email: str, phone: str) -> Way | None:
    """E-mail goes before SMS where both were given."""
    carrier = "email" if email else "sms"
    return Way(audience, pk, carrier) if email or phone else None
