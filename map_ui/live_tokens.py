"""The permission to follow events: signed, short-lived, for one user."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.contrib.auth.models import User
from django.core import signing

from incidents.actors import ANYBODY, Actor, actor_of

SALT: Final = "map_ui.live"
LIVES: Final = timedelta(minutes=10)
"""A stream lasts no longer; the page comes back with a new one, and with its last id."""


def token_for(actor: Actor) -> str:
    """Return a token for whoever asks."""
    return signing.dumps(actor.user_id, salt=SALT)


def actor_of_token(token: str) -> Actor:
    """Return who holds the token, with the permissions of this moment. Raises BadSignature."""
    user_id = signing.loads(token, salt=SALT, max_age=LIVES)
    user = User.objects.filter(pk=user_id).first() if user_id else None
    return actor_of(user) if user else ANYBODY
