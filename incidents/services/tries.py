"""How often one address of the net may do what anybody may do without an account.

And how often an address of a person is asked whether it is really theirs.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from django.conf import settings

from gis_core import sql
from gis_core.errors import N_, DomainError
from incidents import codes
from incidents.models import MissedRead
from incidents.reaching import Address


class Trying(IntEnum):
    """What is counted. Its number keeps the buckets of one apart from those of another."""

    FOLLOW = 1
    ALERT = 2
    CODE_ASKED = 3
    CODE_TYPED = 4
    LINK_SENT = 5
    SIMILAR = 6
    EXPORT = 7


ALLOWED: Final = {
    Trying.FOLLOW: 60,
    Trying.ALERT: 10,
    Trying.CODE_ASKED: 10,
    Trying.CODE_TYPED: 30,
    Trying.LINK_SENT: 5,
    Trying.SIMILAR: 1_200,
    Trying.EXPORT: 30,
}
"""Times within ``SECONDS``; a household or an office shares one address."""
SECONDS: Final = dict.fromkeys(Trying, 3600) | {Trying.LINK_SENT: 86_400}


class TooManyTries(DomainError):
    """The same was asked for too often from one address."""

    code = "request.too_many"
    status = 429
    message = N_("This was asked for too often from here. Try again in %(minutes)s minutes.")


def count_try(what: Trying, address: str) -> None:
    """Count one try of a net address, which is kept as a 16-bit keyed hash. Raises TooManyTries."""
    tries, left = _counted(what, codes.bucket_of(address, settings.SECRET_KEY.encode()))
    if tries > ALLOWED[what]:
        raise TooManyTries(minutes=left // 60 + 1, seconds=left)


def may_send_link(address: Address) -> bool:
    """Count one link that asks whether an address is its owner's, and tell whether it may go out.

    Anybody can type anybody's address: so many go to it within a day in which none was confirmed.
    """
    tries, _left = _counted(Trying.LINK_SENT, _bucket_of(address))
    return tries <= ALLOWED[Trying.LINK_SENT]


def forget_links(address: Address) -> None:
    """Begin to count anew for an address whose owner has just confirmed one."""
    MissedRead.objects.filter(pk=_bucket_of(address) + _offset(Trying.LINK_SENT)).delete()


def _counted(what: Trying, bucket: int) -> tuple[int, int]:
    """Count one try; return how many there were, and the seconds until they are forgotten."""
    asked = {"bucket": bucket + _offset(what), "seconds": SECONDS[what]}
    [(tries, left)] = sql.rows("incidents", "count_try", asked)
    return tries, left


def _offset(what: Trying) -> int:
    return what * codes.BUCKETS


def _bucket_of(address: Address) -> int:
    return int(address.digest, 16) % codes.BUCKETS
