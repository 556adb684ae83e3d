"""Reporting: the form, and the way in for a browser without JavaScript."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from math import isnan, nan
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from districts import city
from gis_core.errors import DomainError
from gis_core.http import sentence
from incidents import pipeline, selectors, services
from incidents.duplicates import asking
from incidents.errors import PlaceMissing
from incidents.intake.web import WebForm, WebPayload
from map_ui import catalogue
from map_ui.page_setup import page_setup

FIELDS = ("lat", "lon", "address", "category", "text", "name", "phone", "email")
SUBJECTS = {
    "position": "place",
    "category": "category",
    "photo": "photos",
    "text": "text",
    "contact": "contact",
}
"""The part of the form that errors of this subject (``<subject>.<fault>``) speak of."""

PAIR = re.compile(
    r"(?P<lat>-?\d+(?:[.,]\d+)?)(?:[,;]?\s+|;|(?<=\d),(?=-?\d+\.))(?P<lon>-?\d+(?:[.,]\d+)?)"
)
"""Two numbers; a comma without a space divides them only before one with a point."""


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Show the form; take it, when it is posted, and go on to the receipt."""
    if request.method == "POST":
        return _receive(request)
    return _form(request, _place_of(request), {}, status=200)


def _place_of(request: HttpRequest) -> dict[str, str]:
    """Return the place that a link leads to: where the map was, or what was found."""
    place = {name: request.GET.get(name, "")[:20] for name in ("lat", "lon")}
    lat, lon = read_pair(place["lat"], place["lon"])
    return {} if isnan(lat) or isnan(lon) else place


def _receive(request: HttpRequest) -> HttpResponse:
    values = {name: request.POST.get(name, "") for name in FIELDS}
    try:
        statement = WebForm().statement(_payload(request))
        seen = asking.read_acknowledged(request.POST.get("seen"))
        if not services.is_stored(statement):
            asking.check_unknown(statement, seen)
        receipt = pipeline.receive(statement)
    except asking.MaybeKnown as error:
        return _form(request, values, {"known": error.facts["candidates"]}, status=error.status)
    except DomainError as error:
        field = SUBJECTS.get(error.code.partition(".")[0], "form")
        return _form(request, values, {field: sentence(error)}, status=error.status)
    kept = selectors.tracked_report(receipt.report_id, catalogue.language())
    return HttpResponseRedirect(reverse("pages:receipt", args=[kept.code]))


def _form(
    request: HttpRequest, values: dict[str, str], errors: dict[str, Any], *, status: int
) -> HttpResponse:
    spoken = catalogue.language()
    context = {
        "setup": {**page_setup("report"), "similar": _similar_address(request)},
        "known": [_known(one) for one in errors.get("known", ())],
        "sectors": catalogue.sectors(),
        "emergency_lines": [
            {"number": line.number, "text": line.names[spoken], "categories": line.categories}
            for line in city.current().emergency_lines
        ],
        "values": values,
        "errors": errors,
        # A refused report keeps its key for good; the corrected one is another.
        "key": secrets.token_hex(16),
    }
    return render(request, "map_ui/report.html", context, status=status)


def _similar_address(request: HttpRequest) -> str:
    """Return where the page asks what may be known: an office is told of more than the public."""
    if "duplicates" in request.session.get("menu", ()):
        return reverse("pages:similar")
    return "/api/v1/incidents/similar"


def _known(one: Mapping[str, Any]) -> dict[str, Any]:
    name = catalogue.category(one["category"])["name"]
    return {**one, "name": name, "since": datetime.fromisoformat(one["since"])}


def _payload(request: HttpRequest) -> WebPayload:
    said = request.POST
    lat, lon = _position(said)
    return WebPayload(
        lon=lon,
        lat=lat,
        address=said.get("address", ""),
        accuracy=city.current().accuracy_m["typed"],
        method="typed",
        category=said.get("category", ""),
        text=said.get("text", ""),
        name=said.get("name", ""),
        phone=said.get("phone", ""),
        email=said.get("email", ""),
        key=said.get("key") or None,
        photos=[photo.read() for photo in request.FILES.getlist("photos") if photo.size],
        reported_at=timezone.now(),
        language=catalogue.language(),
    )


def _position(said: QueryDict) -> tuple[float | None, float | None]:
    """Return latitude and longitude, or neither where the place was described in words.

    Raises PlaceMissing: a form with neither was not filled in to its end.
    """
    lat, lon = said.get("lat", ""), said.get("lon", "")
    if lat.strip() or lon.strip():
        return read_pair(lat, lon)
    if not said.get("address", "").strip():
        raise PlaceMissing
    return None, None


def read_pair(lat: str, lon: str) -> tuple[float, float]:
    """Return latitude and longitude as typed: "10,77" counts, and a pair pasted into the first.

    What is no number becomes NaN, which the position then refuses with its own sentence.
    """
    pasted = PAIR.fullmatch(lat.strip()) if not lon.strip() else None
    first, second = pasted.group("lat", "lon") if pasted else (lat, lon)
    return _number(first), _number(second)


def _number(text: str) -> float:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return nan
