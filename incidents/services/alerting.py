"""Alerts for an area: asked for, proven to be wanted, ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.contrib.gis.geos import Point
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from districts import rulebook
from districts.models import Area
from districts.placement import in_extent
from gis_core import sql
from gis_core.errors import N_, DomainError
from gis_core.positions import LonLat
from incidents import keys
from incidents.models import AreaAlert
from incidents.reaching import EMAIL, SMS, Address, address_of
from incidents.services.following import waits_long
from incidents.services.telling import ask_alert
from incidents.services.tries import forget_links, may_send_link

SMALLEST_M: Final = 100.0
LARGEST_M: Final = 5000.0
MOST_OF_ONE: Final = 20
"""Confirmed alerts that one address may have; further ones are not stored."""


class AlertWithoutArea(DomainError):
    """Neither a ward nor a circle was chosen, or none that there is."""

    code = "alert.no_area"
    status = 422
    message = N_("Which area? Choose a ward, or put a pin and a radius of 100 to 5,000 metres.")


@dataclass(frozen=True, slots=True)
class AlertWish:
    """What to be told of: a ward's row, or ``radius_m`` around ``centre``; no category: all."""

    address: Address
    ward: int | None = None
    centre: LonLat | None = None
    radius_m: float = 500.0
    categories: tuple[str, ...] = ()
    language: str = "vi"


@transaction.atomic
def ask_for_alert(wish: AlertWish) -> str:
    """Store an alert, which tells nothing until it is confirmed; return its token, "" for none.

    The same wish again is no second alert, and gets a fresh link after an hour. Where no link may
    go out nothing is stored. Raises AlertWithoutArea, UnknownCategory.
    """
    row = _as_row(wish)
    sql.rows("incidents", "lock_address", {"digest": wish.address.digest})
    mine = wish.address.among(AreaAlert.objects.filter(ended_at=None))
    known = _same(row, mine)
    full = mine.exclude(confirmed_at=None).count() >= MOST_OF_ONE
    if (known and not waits_long(known)) or full or not may_send_link(wish.address):
        return keys.token_of(known) if known else ""
    if known:
        forget_alert(known)
    row.save()
    ask_alert(row)
    return keys.token_of(row)


def _same(row: AreaAlert, mine: QuerySet[AreaAlert]) -> AreaAlert | None:
    """Return the alert that tells of the same already, locked."""
    return (
        mine.select_for_update()
        .filter(area=row.area, centre=row.centre, radius_m=row.radius_m, categories=row.categories)
        .first()
    )


@transaction.atomic
def confirm_alert(token: str) -> AreaAlert:
    """Begin to tell. Raises LinkNotKnown, ConfirmedTooLate."""
    row = _locked(token)
    keys.check_in_time(row)
    if row.confirmed_at is None and row.ended_at is None:
        row.confirmed_at = timezone.now()
        row.save(update_fields=["confirmed_at"])
        forget_links(address_of(row, EMAIL if row.email else SMS))
    return row


@transaction.atomic
def end_alert(token: str) -> AreaAlert:
    """Tell no more, and forget the address; twice is no fault. Raises LinkNotKnown."""
    row = _locked(token)
    if row.ended_at is None:
        forget_alert(row)
    return row


def forget_alert(row: AreaAlert) -> None:
    """End a locked row, in the caller's transaction."""
    row.email, row.phone, row.ended_at = "", "", timezone.now()
    row.save(update_fields=["email", "phone", "ended_at"])


def _as_row(wish: AlertWish) -> AreaAlert:
    book = rulebook.current()
    categories = sorted({book.category(code).code for code in wish.categories})
    row = AreaAlert(
        categories=categories,
        email=wish.address.email,
        phone=wish.address.phone,
        language=wish.language,
        nonce=keys.new_nonce(),
    )
    if wish.ward is not None:
        row.area = Area.objects.only("pk").filter(pk=wish.ward, edition__published=True).first()
    elif wish.centre and in_extent(wish.centre) and SMALLEST_M <= wish.radius_m <= LARGEST_M:
        row.centre = Point(wish.centre.lon, wish.centre.lat, srid=4326)
        row.radius_m = wish.radius_m
    if row.area is None and row.centre is None:
        raise AlertWithoutArea
    return row


def _locked(token: str) -> AreaAlert:
    known = keys.read_alert(token)
    return AreaAlert.objects.select_for_update().get(pk=known.pk)
