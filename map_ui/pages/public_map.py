"""The public map, and the card of one incident."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from incidents import asset_layer, selectors
from incidents.actors import Actor, actor_of
from incidents.answers import Card
from incidents.workflow import Status
from map_ui import catalogue, statuses, ward_measures
from map_ui.agency_choices import agency_options
from map_ui.page_setup import page_setup
from map_ui.pages.follow import said_too
from map_ui.statuses import StatusMark
from map_ui.ward_choices import ward_options

CLUSTER_STEPS = ("1–9", "10–99", "100–999", "≥ 1000")
"""Where the circles of the map change size; ``map_layers.js`` draws the same steps."""


@require_safe
def show_map(request: HttpRequest) -> HttpResponse:
    """The map with its list, filters and legend."""
    return _page(request, None)


@require_safe
def show_incident(request: HttpRequest, incident_id: int) -> HttpResponse:
    """The map with one incident's card open. Raises IncidentNotFound."""
    return _page(request, _card(request, incident_id))


@require_safe
def incident_card(request: HttpRequest, incident_id: int) -> HttpResponse:
    """The card alone, for the map that is already there. Raises IncidentNotFound."""
    card = _card(request, incident_id)
    context = {"card": card, "said_too": said_too(request, card.id)}
    return render(request, "map_ui/card.html", context)


def _page(request: HttpRequest, card: Card | None) -> HttpResponse:
    actor, measures = actor_of(request.user), ward_measures.offered()
    context = {
        "setup": page_setup("map"),
        "sectors": catalogue.sectors(public_only=True),
        "statuses": _statuses(actor),
        "agencies": agency_options(catalogue.language(), request.GET.get("agency", "")),
        "wards": ward_options(catalogue.language(), request.GET.get("ward", "")),
        "cluster_steps": CLUSTER_STEPS,
        "has_assets": asset_layer.offered(actor),
        "measures": measures,
        "measure_notes": {one: ward_measures.notes(one) for one in measures},
        "card": card,
        "said_too": bool(card and said_too(request, card.id)),
    }
    return render(request, "map_ui/map.html", context)


def _statuses(actor: Actor) -> list[StatusMark]:
    """What was rejected is on no public map, what was merged on none: they are no choice there."""
    nobodys = {Status.MERGED} if actor.sees_everything else {Status.MERGED, Status.REJECTED}
    return [mark for mark in statuses.MARKS.values() if mark.code not in nobodys]


def _card(request: HttpRequest, incident_id: int) -> Card:
    return selectors.card(actor_of(request.user), incident_id, catalogue.language())
