"""How many people live in today's wards, counted there or shared out from former wards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from django.db.models import Case, IntegerField, Value, When

from districts import city, rulebook
from districts.models import Lineage, ResidentCount
from districts.outlines import ward_edition
from districts.sharing_out import Part, shared_out

LEAST_TOLD: Final = 500
"""Nothing is told per resident of a ward with fewer people: it would say little, of few."""
Known = Mapping[str, float]


class Shares(StrEnum):
    """By what people of former wards are shared out to today's."""

    AREA = "area"
    ADDRESSES = "addresses"


@dataclass(frozen=True, slots=True)
class Told:
    """Where the numbers of residents come from."""

    source: str
    year: int
    edition: str
    """In whose wards people were counted."""
    shared_by: Shares | None
    """None where these are today's wards."""


def residents() -> Mapping[str, float]:
    """Return the people of today's wards by code; a ward that is not known is absent.

    A count of today's wards themselves goes before one of former wards, the newer before the older;
    one count is told, never a mixture. Kept as long as the catalogue stands as it did.
    """
    return _current()[0]


def told() -> Told | None:
    """Return where ``residents`` come from; None where nothing is known."""
    return _current()[1]


def of_today(people: Mapping[str, float], edition_id: int, shares: Shares) -> Known:
    """Return a count of an edition's areas as the people of today's wards.

    Nothing where there are no wards today, or nobody knows what became of that edition.
    """
    today = ward_edition()
    if today is None:
        return {}
    if today.id == edition_id:
        return people
    parts = Lineage.objects.filter(
        from_area__edition=edition_id, to_area__edition=today.id
    ).values_list("from_area__code", "to_area__code", "area_share", "back_share", "address_share")
    by_addresses = shares is Shares.ADDRESSES
    return shared_out(people, (Part(*part) for part in parts), by_addresses=by_addresses)


def _current() -> tuple[Known, Told | None]:
    today = ward_edition()
    return _read(today.id, rulebook.kept().version) if today else (MappingProxyType({}), None)


@lru_cache(maxsize=2)
def _read(today: int, _version: int) -> tuple[Known, Told | None]:
    for count in _counts(today):
        counted = dict(count.residents.values_list("area__code", "people"))
        if found := of_today(counted, count.edition_id, Shares(count.shares)):
            shared_by = None if count.edition_id == today else Shares(count.shares)
            told = Told(count.source, count.year, count.edition.name, shared_by)
            return MappingProxyType(dict(found)), told
    return MappingProxyType({}), None


def _counts(today: int) -> list[ResidentCount]:
    """Return the counts of wards, the one to be told first."""
    here = city.current()
    own = Case(When(edition=today, then=Value(0)), default=Value(1), output_field=IntegerField())
    of_wards = ResidentCount.objects.filter(
        edition__territory=here.territory, edition__level=here.ward_level
    )
    ordered = of_wards.order_by(own, "-year", "-loaded_at")
    return list(ordered.select_related("edition"))
