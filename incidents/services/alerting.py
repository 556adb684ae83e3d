"""Alerts for an area: asked for, proven to be wanted, ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone

from districts import rulebook
from districts.models import Area
from districts.placement import in_extent
from gis_core.errors import N_, DomainError
from gis_core.positions import LonLat
from incidents import keys
from incidents.models import AreaAlert
from incidents.reaching import Address
from incidents.services.following import ASK_AGAIN, is_pestered
from incidents.services.telling import ask_alert

SMALLEST_M: Final = 100.0
LARGEST_M: Final = 5000.0
MOST_OF_ONE: Final = 20
"""Alerts that one address may have; further ones are not stored."""


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
    """Store an alert, which tells nothing until it is confirmed; return its token.

    The same wish again is no second alert. Raises AlertWithoutArea, UnknownCategory.
    """
    row = _as_row(wish)
    mine = wish.address.among(AreaAlert.objects.select_for_update().filter(ended_at=None))
    known = mine.filter(
        area=row.area, centre=row.centre, radius_m=row.radius_m, categories=row.categories
    ).first()
    if known and known.confirmed_at is None and timezone.now() - known.made_at > ASK_AGAIN:
        forget_alert(known)
        known = None
    if known is None and mine.count() < MOST_OF_ONE:
        row.save()
        known = row
        if not is_pestered(wish.address):
            ask_alert(row)
    return keys.token_of(known) if known else ""


@transaction.atomic
def confirm_alert(token: str) -> AreaAlert:
    """Begin to tell. Raises LinkNotKnown, ConfirmedTooLate."""
    row = _locked(token)
    keys.check_in_time(row)
    if row.confirmed_at is None and row.ended_at is None:
        row.confirmed_at = timezone.now()
        row.save(update_fields=["confirmed_at"])
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
