"""Web push: a browser subscribes and unsubscribes, and gets the script that shows what comes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from gis_core.errors import DomainError
from gis_core.http import BadRequest, Forbidden, problem
from incidents import codes
from incidents.intake.web import refuse_nul
from incidents.notifications.message import Browser
from incidents.services import subscribing
from map_ui import catalogue
from map_ui.pages.track import own_report

SCRIPT = Path(__file__).resolve().parent.parent / "static" / "map_ui" / "js" / "push_worker.js"
LONGEST_BODY = 4_000


@require_safe
@cache_control(max_age=3600)
def worker(_request: HttpRequest) -> HttpResponse:
    """Return the service worker, at the site's root: it may then be registered for any page."""
    return HttpResponse(SCRIPT.read_bytes(), "text/javascript; charset=utf-8")


@require_POST
def subscribe(request: HttpRequest) -> HttpResponse:
    """Tell this browser of one report, by its code, or of a member of staff's cases.

    The body is ``{"endpoint", "keys": {"p256dh", "auth"}, "code"}``; the answer is empty, or the
    error as JSON.
    """
    try:
        _subscribe(request, _said(request))
    except DomainError as error:
        return problem(error)
    return HttpResponse(status=204)


@require_POST
def unsubscribe(request: HttpRequest) -> HttpResponse:
    """Tell this browser no more; the body is ``{"endpoint"}``."""
    try:
        endpoint = str(_said(request).get("endpoint", ""))
        refuse_nul({"endpoint": endpoint})
        subscribing.unsubscribe(endpoint)
    except DomainError as error:
        return problem(error)
    return HttpResponse(status=204)


def _subscribe(request: HttpRequest, said: dict[str, Any]) -> None:
    keys = said.get("keys")
    if not isinstance(keys, dict):
        raise subscribing.BadSubscription
    browser = Browser(
        str(said.get("endpoint", "")), str(keys.get("p256dh", "")), str(keys.get("auth", ""))
    )
    refuse_nul({"endpoint": browser.endpoint, "p256dh": browser.p256dh, "auth": browser.auth})
    if code := str(said.get("code", "")):
        report = own_report(request, code)
        subscribing.subscribe_reporter(codes.read_code(report.code), browser, catalogue.language())
    elif request.user.is_authenticated and request.user.pk:
        subscribing.subscribe_user(request.user.pk, browser, catalogue.language())
    else:
        raise Forbidden


def _said(request: HttpRequest) -> dict[str, Any]:
    try:
        said = json.loads(request.body) if len(request.body) <= LONGEST_BODY else None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise BadRequest
    return said
