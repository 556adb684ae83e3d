"""Where pages follow events: the setting, or the port beside the site's own."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest


def events_address(request: HttpRequest) -> str:
    """Return the address of the events process as this reader reaches it; "" where none is named.

    ``WARDWISE_EVENTS_URL`` whole, else ``WARDWISE_EVENTS_PORT`` at the host of the request.
    """
    if settings.WARDWISE_EVENTS_URL:
        return str(settings.WARDWISE_EVENTS_URL)
    if not settings.WARDWISE_EVENTS_PORT:
        return ""
    try:
        host = urlsplit(f"//{request.get_host()}").hostname or ""
    except DisallowedHost:
        return ""
    shown = f"[{host}]" if ":" in host else host
    return f"{request.scheme}://{shown}:{settings.WARDWISE_EVENTS_PORT}/events"


def events_origin(request: HttpRequest) -> str:
    """Return the origin of that address, for the content policy; "" where none is named."""
    address = urlsplit(events_address(request))
    return f"{address.scheme}://{address.netloc}" if address.netloc else ""
