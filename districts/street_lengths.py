"""How many kilometres of street today's wards have, as the gazetteers know them."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import Final

from districts import city, rulebook
from districts.models import Edition, Gazetteer, Place
from districts.outlines import ward_edition
from districts.streets import KINDS
from gis_core import sql

LEAST_KM: Final = 1.0
"""A ward with less is not known: what a neighbour's streets reach over the border says nothing."""


def mark() -> str:
    """Return what changes whenever lengths may: wards and gazetteers. "" where no street is known.

    Kept as long as the catalogue stands as it did.
    """
    edition = ward_edition()
    return _mark(edition.id, rulebook.newest_version()) if edition else ""


@lru_cache(maxsize=2)
def _mark(edition_id: int, _version: int) -> str:
    if not Place.objects.filter(kind__in=KINDS).exists():
        return ""
    wards = Edition.objects.values_list("name", "level", "sha256").get(pk=edition_id)
    gazetteers = Gazetteer.objects.order_by("pk").values_list("pk", "fingerprint")
    told = repr((edition_id, wards, city.current().metric_srid, *gazetteers))
    return sha256(told.encode()).hexdigest()[:32]


def street_km() -> dict[str, float]:
    """Return the kilometres of street and alley in each ward that has some, by its code.

    In the city's metric plane, cut at the wards' borders. Reads every street: takes a second for
    ten thousand, which is not a page's to wait for.
    """
    edition = ward_edition()
    if edition is None:
        return {}
    asked = {"srid": city.current().metric_srid, "edition": edition.id, "kinds": list(KINDS)}
    rows = sql.rows("districts", "street_lengths", asked)
    return {code: metres / 1000 for code, metres in rows if metres / 1000 >= LEAST_KM}
