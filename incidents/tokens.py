"""Tokens that name a row and prove it with 128 bits of a keyed hash: none is stored. Pure.

None can be guessed, and a copy of the database opens nothing.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Final

from django.utils.crypto import constant_time_compare, salted_hmac

_BYTES: Final = 16
_LONGEST: Final = 60


def token_for(salt: str, pk: int, *facts: str) -> str:
    """Return a row's token; ``facts`` are what it is proven by, a nonce at least."""
    value = ":".join((str(pk), *facts))
    proof = salted_hmac(salt, value, algorithm="sha256").digest()[:_BYTES]
    return f"{pk}-{urlsafe_b64encode(proof).decode().rstrip('=')}"


def row_named(token: str) -> int:
    """Return the id that a token names, proven or not; 0 where it names none."""
    number = token.partition("-")[0]
    sound = len(token) <= _LONGEST and number.isascii() and number.isdigit() and len(number) < 19
    return int(number) if sound else 0


def is_same(token: str, wanted: str) -> bool:
    """Compare two tokens in a time that tells nothing of them."""
    return constant_time_compare(token, wanted)
