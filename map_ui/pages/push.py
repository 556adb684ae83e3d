"""Web push: a browser subscribes and unsubscribes, and gets the script that shows what comes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
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
COOKIE = "push"
"""Which subscription of a member of staff is this browser's: it outlives the session."""
KEPT_S = 400 * 24 * 3600


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
        of_staff = _subscribe(request, _said(request))
    except DomainError as error:
        return problem(error)
    answer = HttpResponse(status=204)
    if of_staff:
        answer.set_signed_cookie(
            COOKIE, str(of_staff), max_age=KEPT_S, httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return answer


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


def end_here(request: HttpRequest, but: int | None = None) -> None:
    """Tell this browser no more of whoever of the staff used it, unless it is ``but``."""
    kept = request.get_signed_cookie(COOKIE, default="")
    if kept:
        subscribing.unsubscribe_user(int(kept), but)


def _subscribe(request: HttpRequest, said: dict[str, Any]) -> int | None:
    """Subscribe; return the subscription's id where it is one of a member of staff."""
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
        return subscribing.subscribe_user(request.user.pk, browser, catalogue.language())
    else:
        raise Forbidden
    return None


def _said(request: HttpRequest) -> dict[str, Any]:
    try:
        said = json.loads(request.body) if len(request.body) <= LONGEST_BODY else None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise BadRequest
    return said
