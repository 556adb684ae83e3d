"""Signing in as the owner of a telephone or a mailbox, by a code that is sent there.

Guessing: a code is one of a million, good for ten minutes and five tries, and an address gets at
most three an hour. That makes 15 guesses an hour, one hit in 7 years and a half; from one address
of the net besides no more than 30 an hour, whomever they try.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from gis_core.errors import N_, DomainError
from incidents import keys
from incidents.models import Contact, LoginCode
from incidents.reaching import Address
from incidents.services.telling import tell_login

GOOD_FOR: Final = timedelta(minutes=10)
MOST_ATTEMPTS: Final = 5
MOST_AN_HOUR: Final = 3


class CodeDoesNotFit(DomainError):
    """The digits are not those that were sent, or no longer good; which of these is not said."""

    code = "login.code_does_not_fit"
    status = 422
    message = N_(
        "This code does not fit, or it is no longer good: a code is good for ten minutes and "
        "five tries. Compare it, or ask for a new one."
    )


@transaction.atomic
def ask_for_code(address: Address) -> int:
    """Send a code, if a report bears this address; return the number under which it is tried.

    The number is 0 where nothing was sent: the asker must not see the difference.
    """
    contact = address.among(Contact.objects.select_for_update()).order_by("-pk").first()
    now = timezone.now()
    if contact is None or _asked(address, now - timedelta(hours=1)) >= MOST_AN_HOUR:
        return 0
    login = LoginCode.objects.create(
        contact=contact,
        carrier=address.carrier,
        nonce=keys.new_nonce(),
        expires_at=now + GOOD_FOR,
    )
    tell_login(login)
    return login.pk


def sign_in(login_id: int, typed: str) -> LoginCode:
    """Return the login whose code was typed, used up now. Raises CodeDoesNotFit.

    A try is counted, and committed, before the digits are looked at.
    """
    good = LoginCode.objects.filter(pk=login_id, used_at=None, expires_at__gt=timezone.now())
    counted = good.filter(attempts__lt=MOST_ATTEMPTS).update(attempts=F("attempts") + 1)
    login = good.select_related("contact").first() if counted else None
    digits = "".join(sign for sign in typed if sign.isascii() and sign.isdigit())
    if login is None or not constant_time_compare(keys.code_of(login), digits):
        raise CodeDoesNotFit
    if not good.update(used_at=timezone.now()):
        raise CodeDoesNotFit
    return login


def _asked(address: Address, since: datetime) -> int:
    """How many codes were sent to an address; it may be that of many reports."""
    contacts = address.among(Contact.objects.all())
    return LoginCode.objects.filter(
        contact__in=contacts, carrier=address.carrier, made_at__gte=since
    ).count()
