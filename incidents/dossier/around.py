"""What lies around an incident: its neighbours, what else happened to its asset, who reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import reduce
from typing import Any, Final

from django.contrib.gis.db.models import PointField
from django.contrib.gis.geos import Polygon
from django.db.models import F, FloatField, Func, Q, QuerySet, Value
from django.utils import timezone

from districts.explanation import asset_name
from districts.territory import AssetRef
from gis_core import sql
from gis_core.positions import LonLat, degrees_reach, distance_m
from incidents.actors import Actor
from incidents.asset_reach import TOLERANCE_M, WIDEST_M
from incidents.dossier.answers import AssetHistory, Nearby, OtherReport
from incidents.models import Contact, Incident, Membership
from incidents.naming import named
from incidents.permissions import Act
from incidents.reaching import EMAIL, SMS, address_of
from incidents.selectors import visible_to
from incidents.visibility import reached
from incidents.workflow import ENDED

AT_LEAST_M: Final = 50.0
"""A category's own radius may be a step wide: the next house still counts as near."""
MOST_NEAR: Final = 12
MOST_AT_ASSET: Final = 30
MOST_OTHERS: Final = 20
YEARS: Final = 3


def nearby(actor: Actor, incident: Incident, language: str) -> tuple[Nearby, ...]:
    """Return what is open or was closed lately within the category's radius, nearest first."""
    category = incident.category
    radius = max(category.duplicate_radius_m, AT_LEAST_M)
    since = timezone.now() - timedelta(days=category.duplicate_window_days)
    lately = ~Q(status__in=[one.value for one in ENDED]) | Q(closed_at__gte=since)
    rows = visible_to(actor).filter(lately, position__bboverlaps=_box(incident, radius))
    rows = rows.exclude(pk=incident.pk).select_related("category")
    found = [_near(one, incident, actor, language) for one in _by_index(rows, incident)]
    inside = [one for one in found if one.metres <= radius]
    return tuple(sorted(inside, key=lambda one: (one.metres, one.id))[:MOST_NEAR])


def _by_index(rows: QuerySet[Incident], incident: Incident) -> QuerySet[Incident]:
    """The nearest of some rows, straight from the index.

    Measured in degrees, in which a circle is a little flat: twice as many as are wanted.
    """
    apart = Func(
        F("position"),
        Value(incident.position, output_field=PointField(srid=4326)),
        template="%(expressions)s",
        arg_joiner=" <-> ",
        output_field=FloatField(),
    )
    return rows.order_by(apart)[: 2 * MOST_NEAR]


def assets(actor: Actor, incident: Incident, language: str) -> tuple[AssetHistory, ...]:
    """Return the assets that the incident's decision names, each with what else happened to it."""
    kept = _assets_of(incident)
    asked = {
        "kinds": [one["kind"] for one in kept],
        "codes": [one["code"] for one in kept],
        "incident": incident.pk,
        "since": timezone.now() - timedelta(days=round(365.25 * YEARS)),
        "tolerance_m": TOLERANCE_M,
        "widest_m": WIDEST_M,
        "most": MOST_AT_ASSET,
    }
    found = sql.rows("incidents", "asset_incidents", asked)
    ids = {pk for *_, pk in found if pk is not None}
    seen = visible_to(actor).filter(pk__in=ids).select_related("category")
    cases = {one.pk: _near(one, incident, actor, language) for one in seen}
    things = dict.fromkeys((kind, code, name) for kind, code, name, _ in found)
    return tuple(
        _history(thing, [cases[pk] for *of, pk in found if tuple(of) == thing and pk in cases])
        for thing in things
    )


def _assets_of(incident: Incident) -> list[Mapping[str, Any]]:
    """The assets under the pin, as the decision kept them; none where it kept no placement."""
    inputs = incident.decision.inputs if incident.decision else {}
    kept: list[Mapping[str, Any]] = inputs.get("here", {}).get("assets", [])
    return kept


def _history(thing: tuple[str, str, str], cases: list[Nearby]) -> AssetHistory:
    kind, code, name = thing
    cases.sort(key=lambda one: one.opened, reverse=True)
    same = sum(one.same_category for one in cases)
    return AssetHistory(kind, code, name, tuple(cases), same)


def asset_title(history: AssetHistory, language: str) -> str:
    """Return what an asset is called: by its name, else by its kind."""
    ref = AssetRef(0, history.kind, history.code, history.name, None, None)
    return asset_name(ref, language)


def others(
    actor: Actor, incident: Incident, contacts: Sequence[Contact], language: str
) -> tuple[OtherReport, ...]:
    """Return what else the reporters of an incident sent in, the newest first.

    Only reports whose contact the actor may see there too; the same address or number makes the
    same person.
    """
    reports = [contact.report_id for contact in contacts]
    members = Membership.objects.filter(
        reached(actor, Act.SEE_CONTACTS, "incident__"),
        to_event=None,
        report__in=_of_same_people(contacts).values("report_id"),
    )
    members = members.exclude(report__in=reports).exclude(incident=incident)
    members = members.select_related("report", "incident__category")
    return tuple(
        OtherReport(
            report_id=one.report_id,
            incident=one.incident_id,
            category=named(one.incident.category, language),
            icon=one.incident.category.icon,
            status=one.incident.status,
            at=one.report.reported_at,
        )
        for one in members.order_by("-report__reported_at", "-report_id")[:MOST_OTHERS]
    )


def _of_same_people(contacts: Iterable[Contact]) -> QuerySet[Contact]:
    same = [
        Q(pk__in=address_of(contact, carrier).among(Contact.objects.all()).values("pk"))
        for contact in contacts
        for carrier, written in ((EMAIL, contact.email), (SMS, contact.phone))
        if written
    ]
    return Contact.objects.filter(reduce(Q.__or__, same)) if same else Contact.objects.none()


def _near(one: Incident, incident: Incident, actor: Actor, language: str) -> Nearby:
    return Nearby(
        id=one.pk,
        category=named(one.category, language),
        icon=one.category.icon,
        status=one.status,
        opened=one.opened_at,
        closed=one.closed_at,
        metres=distance_m(_lonlat(one), _lonlat(incident)),
        same_category=one.category_id == incident.category_id,
        office=actor.may(Act.SEE, one),
    )


def _lonlat(incident: Incident) -> LonLat:
    return LonLat(incident.position.x, incident.position.y)


def _box(incident: Incident, radius_m: float) -> Polygon:
    lon, lat = incident.position.x, incident.position.y
    wide, high = degrees_reach(lat, radius_m)
    return Polygon.from_bbox((lon - wide, lat - high, lon + wide, lat + high))
