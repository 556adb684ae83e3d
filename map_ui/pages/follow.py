"""Following from the public map: "me too", notices about one incident, and the links in them."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from gis_core.errors import DomainError
from gis_core.http import sentence
from incidents import keys, selectors
from incidents.actors import ANYBODY
from incidents.answers import Card
from incidents.api.asker import address as net_address
from incidents.reaching import read_address
from incidents.services.following import Following, confirm_following, follow, unfollow
from incidents.services.tries import Trying, count_try
from map_ui import catalogue
from map_ui.even_answers import evenly

SAID: Final = "too"
"""Where the session keeps the tokens of "me too", by incident."""
MOST_SAID: Final = 100


def said_too(request: HttpRequest, incident_id: int) -> bool:
    """Tell whether this browser said "me too" to an incident."""
    return str(incident_id) in request.session.get(SAID, {})


@require_POST
@never_cache
def me_too(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Count this browser among those whom it concerns, or no longer.

    Raises IncidentNotFound, TooManyTries.
    """
    said: dict[str, str] = dict(request.session.get(SAID, {}))
    if token := said.pop(str(incident_id), None):
        unfollow(token)
    else:
        count_try(Trying.FOLLOW, net_address(request))
        # Two requests at once see the session as it was before either; the cookie they share.
        browser = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
        wish = Following(language=catalogue.language(), too=True, browser=browser)
        said[str(incident_id)] = follow(incident_id, wish)
    request.session[SAID] = dict(list(said.items())[-MOST_SAID:])
    if request.headers.get("X-Part") == "card":
        return HttpResponseRedirect(reverse("pages:incident_card", args=[incident_id]))
    return HttpResponseRedirect(reverse("pages:incident", args=[incident_id]))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def follow_incident(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Ask where notices shall go; then say that a link was sent there. Raises IncidentNotFound."""
    card = selectors.card(ANYBODY, incident_id, catalogue.language())
    context: dict[str, Any] = {"card": card, "typed": request.POST.get("address", "")}
    if request.method != "POST":
        return render(request, "map_ui/follow.html", context)
    try:
        _follow(request, card)
    except DomainError as error:
        told = {**context, "error": sentence(error)}
        return render(request, "map_ui/follow.html", told, status=error.status)
    return render(request, "map_ui/follow.html", {**context, "asked": True})


def _follow(request: HttpRequest, card: Card) -> None:
    where = read_address(request.POST.get("address", ""))
    count_try(Trying.FOLLOW, net_address(request))
    with evenly():
        follow(card.id, Following(where.email, where.phone, catalogue.language()))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def following(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of a notice: confirm, or stop. Opening it changes nothing.

    Mail programs stop too, without a cookie: whoever has the token may.
    """
    try:
        row = keys.read_follower(token)
        if request.method == "POST":
            act = unfollow if stops(request) else confirm_following
            row = act(token)
    except DomainError as error:
        told = {"error": sentence(error)}
        return render(request, "map_ui/following.html", told, status=error.status)
    context = {
        "confirmed": row.confirmed_at is not None,
        "ended": row.ended_at is not None,
        "incident": row.incident_id,
        "card": _card(row.incident_id),
    }
    return render(request, "map_ui/following.html", context)


def stops(request: HttpRequest) -> bool:
    """Tell whether a button says "stop", or a mail program does (RFC 8058)."""
    said = request.POST
    return said.get("act") == "stop" or said.get("List-Unsubscribe") == "One-Click"


def _card(incident_id: int) -> Card | None:
    """Return the incident's card; None where everybody may not see it any more."""
    try:
        return selectors.card(ANYBODY, incident_id, catalogue.language())
    except DomainError:
        return None
