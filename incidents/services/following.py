"""Following an incident without a report of one's own, and saying: me too."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from incidents import keys
from incidents.actors import ANYBODY
from incidents.families import below, root_of
from incidents.models import AreaAlert, Follower, Incident
from incidents.permissions import Act
from incidents.reaching import EMAIL, SMS, Address, address_of
from incidents.services.events import Happening, record
from incidents.services.locking import locked_incident
from incidents.services.telling import ask_follower
from incidents.services.tries import forget_links, may_send_link

ASK_AGAIN: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Following:
    """What somebody wants: notices at one address, or to be counted, or both."""

    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    language: str = "vi"
    too: bool = False
    browser: str = field(default="", repr=False)
    """What tells a browser that gives no address from others; counted once. Kept as a hash."""

    @property
    def address(self) -> Address | None:
        """Where notices go; None for who only wants to be counted."""
        if self.email:
            return Address(EMAIL, self.email)
        return Address(SMS, self.phone) if self.phone else None


@transaction.atomic
def follow(incident_id: int, following: Following) -> str:
    """Follow a public incident; return the token that undoes it.

    An address is told nothing but a link until that link was opened and confirmed. Whoever asks
    again with the same address is one follower, and gets a fresh link after an hour. The token of a
    row with an address is for its owner alone and goes nowhere but there. What was merged is
    followed where it went. Raises IncidentNotFound.
    """
    incident = locked_incident(ANYBODY, Act.FOLLOW, root_of(incident_id))
    row = _earlier(incident, following)
    asks = _asks(row, following.address)
    if row and asks:
        end_following(row)
    if row is None or asks:
        row = Follower.objects.create(
            incident=incident,
            nonce=_nonce(incident.pk, following),
            email=following.email,
            phone=following.phone,
            language=following.language,
        )
        _record("followed", row)
    if asks:
        ask_follower(row)
    if following.too:
        _count(row, incident)
    return keys.token_of(row)


@transaction.atomic
def confirm_following(token: str) -> Follower:
    """Remember that the address is its owner's. Raises LinkNotKnown, ConfirmedTooLate."""
    row = _locked(token)
    keys.check_in_time(row)
    if row.confirmed_at is None and row.ended_at is None:
        row.confirmed_at = timezone.now()
        row.save(update_fields=["confirmed_at"])
        _record("following_confirmed", row)
        forget_links(address_of(row, EMAIL if row.email else SMS))
    return row


@transaction.atomic
def unfollow(token: str) -> Follower:
    """End a following; its address is forgotten, and nobody is counted for it any more.

    Whoever followed two incidents that became one stops both. Twice is no fault. Raises
    LinkNotKnown.
    """
    known = keys.read_follower(token)
    rows = {row.pk: row for row in _held_with(known)}
    for row in rows.values():
        if row.ended_at is None:
            end_following(row)
    return rows[known.pk]


def end_following(row: Follower) -> None:
    """End a locked row, in the caller's transaction."""
    if row.too:
        Incident.objects.filter(pk=row.incident_id, too_count__gt=0).update(
            too_count=F("too_count") - 1
        )
    row.too, row.email, row.phone, row.ended_at = False, "", "", timezone.now()
    row.save(update_fields=["too", "email", "phone", "ended_at"])
    _record("unfollowed", row)


def _earlier(incident: Incident, following: Following) -> Follower | None:
    """Return the same follower's row; the incident is locked, so that nobody adds one meanwhile."""
    rows = Follower.objects.filter(incident=incident, ended_at=None).select_related("incident")
    if following.address:
        return following.address.among(rows).first()
    if not following.browser:
        return None
    nonces = [_nonce(pk, following) for pk in (incident.pk, *below(incident.pk))]
    return rows.filter(nonce__in=nonces, email="", phone="").first()


def _nonce(incident_id: int, following: Following) -> str:
    if following.address or not following.browser:
        return keys.new_nonce()
    value = f"{incident_id}:{following.browser}"
    return salted_hmac("incidents.browser", value, algorithm="sha256").hexdigest()[:32]


def _asks(row: Follower | None, address: Address | None) -> bool:
    """Tell whether a link goes out: to a new address, or anew to who lost one an hour ago."""
    if address is None or not (row is None or _held(row)):
        return False
    return may_send_link(address)


def _held(row: Follower) -> bool:
    """Lock a row that waited long, and tell whether it still waits.

    One that is being confirmed or ended does not; to wait for it could be to wait in a circle.
    """
    if not waits_long(row):
        return False
    waiting = Follower.objects.select_for_update(skip_locked=True)
    return waiting.filter(pk=row.pk, confirmed_at=None, ended_at=None).first() is not None


def waits_long(row: Follower | AreaAlert) -> bool:
    """Tell whether a link went out long enough ago, unconfirmed, to send another."""
    return row.confirmed_at is None and timezone.now() - row.made_at > ASK_AGAIN


def _count(row: Follower, incident: Incident) -> None:
    """Count a person once, however often they say it."""
    if row.too:
        return
    row.too = True
    row.save(update_fields=["too"])
    Incident.objects.filter(pk=incident.pk).update(too_count=F("too_count") + 1)


def _locked(token: str) -> Follower:
    known = keys.read_follower(token)
    # Without its incident: a join would lose a row that another incident gets at this moment.
    return Follower.objects.select_for_update().get(pk=known.pk)


def _held_with(known: Follower) -> list[Follower]:
    """Lock a row, and with it all others of the same address at the same incident."""
    rows = Follower.objects.filter(incident=known.incident_id, ended_at=None)
    address = address_of(known, EMAIL if known.email else SMS)
    same = address.among(rows) if address.value else rows.none()
    ids = {known.pk, *same.values_list("pk", flat=True)}
    return list(Follower.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _record(kind: str, row: Follower) -> None:
    """Events keep that somebody follows, and by which row; never at which address."""
    data = {"follower": row.pk, "too": row.too, "reached": bool(row.email or row.phone)}
    record(Happening(kind, row.incident, data=data), ANYBODY)
