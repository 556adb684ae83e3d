"""What a request says about its sender: role, address."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from incidents.actors import Actor, actor_of


def actor(request: HttpRequest) -> Actor:
    """Return who is asking."""
    return actor_of(request.user)


def address(request: HttpRequest) -> str:
    """Return the address that the request came from, as far as it can be believed.

    Behind ``WARDWISE_PROXIES`` proxies of one's own the address stands that many places from the
    end of X-Forwarded-For; anything before it the client may have written itself.
    """
    own = str(request.META.get("REMOTE_ADDR", ""))
    passed = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    proxies = settings.WARDWISE_PROXIES
    return passed[-proxies].strip() if 0 < proxies <= len(passed) else own
