"""The content security policy: own files, a nonce for the import map, the basemap, the events."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from map_ui.live_address import events_origin

Answer = Callable[[HttpRequest], HttpResponse]


class ContentPolicy:
    """Middleware: gives each request ``csp_nonce`` and each answer the policy that names it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault(
            "Content-Security-Policy", policy(nonce, events_origin(request))
        )
        return response


def policy(nonce: str, events: str = "") -> str:
    """Return the policy's text; nothing inline but what carries ``nonce``.

    ``events`` is the origin that live pages follow.
    """
    elsewhere = " ".join(basemap_origins())
    parts = {
        "default-src": "'none'",
        "script-src": f"'self' 'nonce-{nonce}'",
        "style-src": "'self'",
        "img-src": f"'self' data: blob: {elsewhere}",
        "connect-src": f"'self' {elsewhere} {events}".rstrip(),
        "font-src": "'self'",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}".strip() for name, value in parts.items())


def basemaps() -> tuple[str, str]:
    """Return the addresses of the basemap's light and dark style; both empty without one."""
    light: str = settings.WARDWISE_BASEMAP_STYLE
    return light, (settings.WARDWISE_BASEMAP_STYLE_DARK or light) if light else ""


def basemap_origins() -> list[str]:
    """Return the origins the chosen basemap is read from; none without one."""
    light, dark = basemaps()
    more = settings.WARDWISE_BASEMAP_ORIGINS if light else ()
    split = [urlsplit(address) for address in (light, dark, *more) if address]
    return sorted({f"{part.scheme}://{part.netloc}" for part in split if part.netloc})
