"""What the button for web push needs of the server."""

from __future__ import annotations

from django import template

from incidents.notifications.carriers.web_push import public_key

register = template.Library()


@register.simple_tag
def push_key() -> str:
    """Return the public key that a browser's subscription is bound to."""
    return public_key()
