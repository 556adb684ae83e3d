"""What belongs to whoever proved an address: reports, what they follow, their alerts.

The proof is the caller's: these read by address and ask nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db.models import Prefetch, QuerySet

from districts.explanation import kind_and_name
from incidents import codes, keys
from incidents.answers import AreaName, Named
from incidents.models import AreaAlert, Contact, Follower, Incident, LoginCode, Membership, Report
from incidents.naming import area_of, named
from incidents.reaching import Address, address_of
from incidents.selectors import RELATED, UNREAD
from incidents.visibility import public

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Signed:
    """Who is signed in, as the session keeps it: no address, only a row and a keyed hash."""

    contact: int
    carrier: str
    digest: str


@dataclass(frozen=True, slots=True)
class MyReport:
    """One of one's own reports; ``status`` as in ``Tracked``."""

    code: str
    category: Named
    icon: str
    status: str
    ward: AreaName | None
    reported: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Followed:
    """An incident that one follows, with the token that ends it."""

    incident: int
    category: Named
    icon: str
    status: str
    ward: AreaName | None
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MyAlert:
    """An area that one hears of, with the token that ends it; no ward where it is a circle."""

    ward: str
    radius_m: float | None
    categories: tuple[str, ...]
    lon: float
    lat: float
    token: str = field(repr=False)


def signed(login: LoginCode) -> Signed:
    """Return what a session keeps of a login that succeeded."""
    address = address_of(login.contact, login.carrier)
    return Signed(login.contact_id, login.carrier, address.digest)


def address_behind(who: Signed) -> Address | None:
    """Return the address that was proven; None where its contact was erased or changed since."""
    contact = Contact.objects.filter(pk=who.contact).first()
    address = address_of(contact, who.carrier) if contact else None
    return address if address and address.value and address.digest == who.digest else None


def my_reports(address: Address, language: str) -> list[MyReport]:
    """Return the newest reports that bear the address, newest first; three queries."""
    contacts = address.among(Contact.objects.all())
    reports = Report.objects.filter(contact__in=contacts).select_related("category")
    reports = reports.prefetch_related(Prefetch("memberships", _today(), to_attr="now_in"))
    return [_my_report(one, language) for one in reports.order_by("-reported_at", "-pk")[:MOST]]


def my_followings(address: Address, language: str) -> list[Followed]:
    """Return the incidents that the address follows and everybody sees, newest first."""
    rows = Follower.objects.filter(public("incident__"), ended_at=None, confirmed_at__isnull=False)
    rows = rows.select_related("incident", *_of_incident(RELATED)).defer(*_of_incident(UNREAD))
    return [_followed(row, language) for row in address.among(rows).order_by("-made_at", "-pk")]


def my_alerts(address: Address, language: str) -> list[MyAlert]:
    """Return the alerts that tell the address, oldest first."""
    rows = AreaAlert.objects.filter(ended_at=None, confirmed_at__isnull=False)
    rows = rows.select_related("area").defer("area__shape")
    return [as_alert(row, language) for row in address.among(rows).order_by("pk")]


def as_alert(row: AreaAlert, language: str) -> MyAlert:
    """Return an alert's row as its owner sees it."""
    ward = kind_and_name(row.area.kind, row.area.name, language) if row.area else ""
    middle = row.area.label_point if row.area else row.centre
    lon, lat = (middle.x, middle.y) if middle else (0.0, 0.0)
    return MyAlert(ward, row.radius_m, tuple(row.categories), lon, lat, keys.token_of(row))


def _today() -> QuerySet[Membership]:
    members = Membership.objects.filter(to_event=None)
    related, unread = _of_incident(RELATED), _of_incident(UNREAD)
    return members.select_related("incident", *related).defer(*unread)


def _of_incident(paths: tuple[str, ...]) -> list[str]:
    return [f"incident__{path}" for path in paths]


def _my_report(report: Report, language: str) -> MyReport:
    [membership] = getattr(report, "now_in", ()) or [None]
    incident: Incident | None = membership.incident if membership else None
    return MyReport(
        code=codes.shown(report.code),
        category=named(report.category, language),
        icon=report.category.icon,
        status=incident.status if incident else report.state,
        ward=area_of(incident.ward, incident, language) if incident else None,
        reported=report.reported_at,
        text=report.text,
    )


def _followed(row: Follower, language: str) -> Followed:
    incident = row.incident
    return Followed(
        incident=incident.pk,
        category=named(incident.category, language),
        icon=incident.category.icon,
        status=incident.status,
        ward=area_of(incident.ward, incident, language),
        token=keys.token_of(row),
    )
