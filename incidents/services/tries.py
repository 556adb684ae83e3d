"""How often one address of the net may do what anybody may do without an account."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from django.conf import settings

from gis_core import sql
from gis_core.errors import N_, DomainError
from incidents import codes


class Trying(IntEnum):
    """What is counted. Its number keeps the buckets of one apart from those of another."""

    FOLLOW = 1
    ALERT = 2
    CODE_ASKED = 3
    CODE_TYPED = 4


ALLOWED: Final = {
    Trying.FOLLOW: 60,
    Trying.ALERT: 10,
    Trying.CODE_ASKED: 10,
    Trying.CODE_TYPED: 30,
}
"""Times within ``SECONDS``; a household or an office shares one address."""
SECONDS: Final = 3600


class TooManyTries(DomainError):
    """The same was asked for too often from one address."""

    code = "request.too_many"
    status = 429
    message = N_("This was asked for too often from here. Try again in %(minutes)s minutes.")


def count_try(what: Trying, address: str) -> None:
    """Count one try of a net address, which is kept as a 16-bit keyed hash. Raises TooManyTries."""
    bucket = codes.bucket_of(address, settings.SECRET_KEY.encode()) + what * codes.BUCKETS
    [(tries, left)] = sql.rows("incidents", "count_try", {"bucket": bucket, "seconds": SECONDS})
    if tries > ALLOWED[what]:
        raise TooManyTries(minutes=left // 60 + 1, seconds=left)
