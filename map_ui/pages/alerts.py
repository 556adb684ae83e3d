"""Alerts for a ward or a circle: asked for, confirmed and ended by links; a ward's Atom feed."""

from __future__ import annotations

import hashlib
from math import isnan
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from gis_core.errors import DomainError
from gis_core.http import sentence
from gis_core.positions import LonLat
from incidents import keys, mine, ward_feed, wards
from incidents.api.asker import address as net_address
from incidents.reaching import read_address
from incidents.services.alerting import (
    AlertWish,
    AlertWithoutArea,
    ask_for_alert,
    confirm_alert,
    end_alert,
)
from incidents.services.tries import Trying, count_try
from map_ui import catalogue, statuses
from map_ui.even_answers import evenly
from map_ui.page_setup import page_setup
from map_ui.pages.console import number
from map_ui.pages.follow import stops
from map_ui.pages.report import read_pair

RADII: Final = (300, 500, 1000, 2000, 5000)
FEED_TYPE: Final = "application/atom+xml; charset=utf-8"
FEED_AGE_S: Final = 300


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def alerts(request: HttpRequest) -> HttpResponse:
    """Ask which area and where notices shall go; then say that a link was sent there."""
    if request.method != "POST":
        return _form(request, _begun(request.GET))
    said = request.POST
    try:
        wish = _wish(said)
        count_try(Trying.ALERT, net_address(request))
        with evenly():
            ask_for_alert(wish)
    except DomainError as error:
        return _form(request, {**_typed(said), "error": sentence(error)}, status=error.status)
    return _form(request, {"asked": True})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def alert(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of an alert: confirm, or stop. Opening it changes nothing.

    Mail programs stop too, without a cookie: whoever has the token may.
    """
    try:
        row = keys.read_alert(token)
        if request.method == "POST":
            act = end_alert if stops(request) else confirm_alert
            row = act(token)
    except DomainError as error:
        told = {"error": sentence(error)}
        return render(request, "map_ui/alert.html", told, status=error.status)
    context: dict[str, Any] = {
        "alert": mine.as_alert(row, catalogue.language()),
        "categories": [catalogue.category(code)["name"] for code in row.categories],
        "confirmed": row.confirmed_at is not None,
        "ended": row.ended_at is not None,
    }
    return render(request, "map_ui/alert.html", context)


@require_safe
def feed(request: HttpRequest, code: str) -> HttpResponseBase:
    """A ward's news for feed readers; 304 where they have it. Raises WardNotFound."""
    spoken = catalogue.language()
    standings = {one.code: str(one.name) for one in statuses.MARKS.values()}
    made = ward_feed.feed_of(wards.ward(code, spoken), spoken, standings)
    etag = f'"{hashlib.blake2b(made.body, digest_size=12).hexdigest()}"'
    moment = int(made.updated.timestamp()) if made.updated else None
    response = HttpResponse(made.body, content_type=FEED_TYPE)
    response.headers["Cache-Control"] = f"public, max-age={FEED_AGE_S}"
    response.headers["ETag"] = etag
    if made.updated:
        response.headers["Last-Modified"] = http_date(moment)
    known = get_conditional_response(request, etag, moment, response)
    return known or response


def _form(request: HttpRequest, more: dict[str, Any], *, status: int = 200) -> HttpResponse:
    spoken = catalogue.language()
    context = {
        "wards": wards.wards(spoken),
        "sectors": catalogue.sectors(public_only=True),
        "radii": RADII,
        "radius": "500",
        "setup": page_setup("alerts"),
        **more,
    }
    return render(request, "map_ui/alerts.html", context, status=status)


def _begun(said: QueryDict) -> dict[str, Any]:
    """What a link brings along: a ward's code, or a point."""
    found = [one for one in wards.wards(catalogue.language()) if one.code == said.get("ward")]
    lat, lon = read_pair(said.get("lat", "")[:20], said.get("lon", "")[:20])
    point = {} if isnan(lat) or isnan(lon) else {"lat": said["lat"][:20], "lon": said["lon"][:20]}
    return {"ward": found[0].name if found else "", "feed": found[0] if found else None, **point}


def _typed(said: QueryDict) -> dict[str, Any]:
    kept = {name: said.get(name, "") for name in ("ward", "lat", "lon", "radius", "address")}
    return {**kept, "chosen": said.getlist("category")}


def _wish(said: QueryDict) -> AlertWish:
    """Return what was asked for; a circle counts only where no ward was written."""
    categories = tuple(said.getlist("category"))
    where = read_address(said.get("address", ""))
    spoken = catalogue.language()
    if typed := said.get("ward", "").strip():
        found = wards.ward_named(typed, spoken)
        if found is None:
            raise wards.WardNotFound(ward=typed[:60])
        return AlertWish(where, ward=found.id, categories=categories, language=spoken)
    centre, radius = _circle(said)
    return AlertWish(where, None, centre, radius, categories, spoken)


def _circle(said: QueryDict) -> tuple[LonLat, float]:
    lat, lon = read_pair(said.get("lat", ""), said.get("lon", ""))
    if isnan(lat) or isnan(lon):
        raise AlertWithoutArea
    return LonLat(lon, lat), float(number(said.get("radius")))
