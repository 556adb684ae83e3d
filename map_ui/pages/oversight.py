"""The record of events, for auditors: every event, its seal, and a feed of their own."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from incidents import selectors
from incidents.actors import actor_of
from incidents.api import ledger
from incidents.intake.web import refuse_nul
from incidents.oversight import reading
from incidents.oversight.custodies import held_again
from incidents.oversight.decisions import decisions_again
from incidents.oversight.reading import Asked
from incidents.permissions import Act, Role
from map_ui import catalogue
from map_ui.pages.console import number


@login_required
@never_cache
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """List events, newest first; filters stand in the address.

    Raises PermissionDenied, TextHasNul.
    """
    return _record(request, {})


@login_required
@never_cache
@require_POST
def feed_token(request: HttpRequest) -> HttpResponse:
    """Show a token for the feed, this once. Raises PermissionDenied."""
    actor_of(request.user).must(Act.SEE_LEDGER)
    token = ledger.token_for(request.user) if isinstance(request.user, User) else ""
    address = request.build_absolute_uri(reverse("api:read_ledger"))
    return _record(request, {"token": token, "feed_address": address})


@login_required
@never_cache
@require_safe
def one_incident(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Show one incident's chain, and the decision and the clocks reckoned again.

    Raises PermissionDenied, IncidentNotFound.
    """
    actor, spoken = actor_of(request.user), catalogue.language()
    lines = reading.chain(actor, incident_id)
    context = {
        "card": selectors.card_of_record(incident_id, spoken),
        "lines": lines,
        "decisions": decisions_again(actor, incident_id, spoken),
        "holds": held_again(actor, incident_id, spoken),
    }
    return render(request, "map_ui/oversight_incident.html", context)


def _record(request: HttpRequest, more: dict[str, str]) -> HttpResponse:
    actor, asked = actor_of(request.user), _asked(request)
    lines = reading.ledger(actor, asked)
    query = request.GET.copy()
    query["before"] = str(lines[-1].id) if lines else ""
    context: dict[str, Any] = {
        "lines": lines,
        "asked": asked,
        "older": query.urlencode() if len(lines) == reading.PAGE else "",
        "standing": reading.standing(actor),
        "whole": actor.may(Act.SEE_LEDGER),
        "kinds": reading.kinds(),
        "roles": [*(role.value for role in Role), "system"],
        **more,
    }
    return render(request, "map_ui/oversight.html", context)


def _asked(request: HttpRequest) -> Asked:
    said = request.GET
    refuse_nul(said.dict())
    return Asked(
        number(said.get("incident")) or None,
        said.get("kind", "")[:40],
        said.get("role", "")[:20],
        _day(said.get("since", "")),
        _day(said.get("until", "")),
        number(said.get("before")) or None,
    )


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
