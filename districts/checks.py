"""System checks: an external geocoder that cannot be asked, or not so, stops the start."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from districts.geocoding.external import SERVICES

PUBLIC_NOMINATIM = "nominatim.openstreetmap.org"
PUBLIC_INTERVAL_MS = 1000
"""The public server's terms: at most one question a second, by all who use one application."""


@register()
def external_geocoder_can_be_asked(**_: Any) -> list[CheckMessage]:
    """districts.E001 to E005: whoever names a geocoder says where, who asks, and how often."""
    kind = settings.WARDWISE_GEOCODER
    if not kind:
        return []
    problems = [
        (kind not in SERVICES, "E001", f"WARDWISE_GEOCODER={kind!r} is none that is known.",
         f"Write one of {', '.join(SERVICES)}, or leave it unset."),
        (not settings.WARDWISE_GEOCODER_URL, "E002", "The external geocoder has no address.",
         "Set WARDWISE_GEOCODER_URL, such as https://geocoder.example.org"),
        (not settings.WARDWISE_GEOCODER_USER_AGENT.strip(), "E003",
         "The external geocoder is not told who asks.",
         'Set WARDWISE_GEOCODER_USER_AGENT, such as "wardwise-hcmc (gis@example.org)"'),
        (_asks_too_often(), "E004", f"{PUBLIC_NOMINATIM} allows one question a second.",
         f"Set WARDWISE_GEOCODER_INTERVAL_MS to {PUBLIC_INTERVAL_MS} or more."),
        (not settings.WARDWISE_GEOCODER_TIMEOUT_S, "E005", "No answer can come in no time.",
         "Set WARDWISE_GEOCODER_TIMEOUT_S to 1 or more."),
    ]  # fmt: skip
    return [
        Error(said, hint=cure, id=f"districts.{code}")
        for wrong, code, said, cure in problems
        if wrong
    ]


def _asks_too_often() -> bool:
    host = urlsplit(settings.WARDWISE_GEOCODER_URL).hostname
    too_often = settings.WARDWISE_GEOCODER_INTERVAL_MS < PUBLIC_INTERVAL_MS
    return host == PUBLIC_NOMINATIM and too_often
