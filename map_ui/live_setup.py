"""What a page is told so that it follows what others do."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from incidents import feed
from incidents.actors import Actor
from map_ui import live_tokens
from map_ui.live_address import events_address


def live_setup(request: HttpRequest, actor: Actor) -> dict[str, str]:
    """Return where and with which permission a page follows what happens from now on.

    To be asked before what the page shows is read: nothing is missed then.
    """
    return {
        "events": events_address(request),
        "token": live_tokens.token_for(actor),
        "since": str(feed.now()),
        "fresh_token": reverse("pages:desk_token"),
    }
