"""Tokens and codes that are reckoned from a row and the server's secret key: none is stored.

A token names its row and proves it with 128 bits of a keyed hash, so that it cannot be guessed and
a copy of the database opens nothing. The links that bear them go to one address only.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final, TypeVar

from django.utils import timezone
from django.utils.crypto import salted_hmac

from gis_core.errors import N_, DomainError
from incidents import tokens
from incidents.models import AreaAlert, Follower, LoginCode

Row = TypeVar("Row", Follower, AreaAlert)

CODE_DIGITS: Final = 6
CONFIRM_WITHIN: Final = timedelta(days=3)
"""An address that nobody confirmed is not written to later."""


class LinkNotKnown(DomainError):
    """The token of a follower or of an alert is none, or its row is gone."""

    code = "following.not_known"
    status = 404
    message = N_("This link is not known here any more. Nothing is sent to you because of it.")


class ConfirmedTooLate(DomainError):
    """The link that proves an address was opened after it had expired."""

    code = "following.too_late"
    status = 410
    message = N_("This link was good for three days. Ask for notices once more.")


def new_nonce() -> str:
    """Return a fresh nonce."""
    return secrets.token_hex(16)


def token_of(row: Follower | AreaAlert) -> str:
    """Return the token with which its owner confirms and ends a row."""
    return tokens.token_for(f"incidents.{type(row).__name__.lower()}", row.pk, row.nonce)


def read_follower(token: str) -> Follower:
    """Return the row of a token. Raises LinkNotKnown."""
    row = Follower.objects.filter(pk=tokens.row_named(token)).first()
    return _proven(row, token)


def read_alert(token: str) -> AreaAlert:
    """Return the row of a token. Raises LinkNotKnown."""
    row = AreaAlert.objects.filter(pk=tokens.row_named(token)).first()
    return _proven(row, token)


def check_in_time(row: Follower | AreaAlert) -> None:
    """Raise ConfirmedTooLate where the row waited too long for its confirmation."""
    if row.confirmed_at is None and timezone.now() - row.made_at > CONFIRM_WITHIN:
        raise ConfirmedTooLate


def code_of(login: LoginCode) -> str:
    """Return the six digits that are sent to its owner."""
    value = f"{login.pk}:{login.nonce}"
    digest = salted_hmac("incidents.login", value, algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def _proven(row: Row | None, token: str) -> Row:
    if row is None or not tokens.is_same(token_of(row), token):
        raise LinkNotKnown
    return row
