"""The wards in force today, and how the database is asked for what lies in some of them.

A row keeps the ward that it was reported in. Where that is one of today's it was found as today's
is, and is taken for it; every other row is asked where it lies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar, cast

from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import Polygon
from django.db.models import BigIntegerField, F, Func, Model, Q, QuerySet, Value
from django.utils import timezone

from districts import city, rulebook
from districts.models import Area
from districts.rulebook import EditionFacts
from districts.territory import AreaRef

Row = TypeVar("Row", bound=Model)
BESIDE: Final = 0.001
"""Degrees, about 100 m: what lies in a gap between wards belongs to the nearest within 25 m."""


@dataclass(frozen=True, slots=True)
class AskedWards:
    """Some of today's wards, as the database knows them."""

    edition: int
    ids: tuple[int, ...]
    others: tuple[int, ...]
    """The rest of today's."""
    box: str
    """All of them and a little more, as text (EWKT, WGS 84)."""
    metric_srid: int
    sliver_m: float


def edition_today() -> EditionFacts | None:
    """Return the ward edition in force today."""
    town = city.current()
    return rulebook.current().in_force(town.territory, town.ward_level, timezone.localdate())


def wards_today() -> Mapping[str, AreaRef]:
    """Return the wards in force today by their codes."""
    edition = edition_today()
    areas = rulebook.current().areas.values()
    return {ref.code: ref for of, ref in areas if edition and of == edition.id}


def asked_wards(codes: frozenset[str]) -> AskedWards | None:
    """Return these of today's wards; None where no edition is in force."""
    edition = edition_today()
    return _asked(edition.id, codes) if edition else None


@lru_cache(maxsize=64)
def _asked(edition: int, codes: frozenset[str]) -> AskedWards:
    """An edition's areas never change under its id: another load makes another edition."""
    town = city.current()
    rows = Area.objects.filter(edition=edition)
    ids = dict(rows.order_by("pk").values_list("pk", "code"))
    extent = rows.filter(code__in=codes).aggregate(extent=Extent("shape"))["extent"]
    west, south, east, north = extent or (0.0, 0.0, 0.0, 0.0)
    box = Polygon.from_bbox((west - BESIDE, south - BESIDE, east + BESIDE, north + BESIDE))
    box.srid = 4326
    return AskedWards(
        edition=edition,
        ids=tuple(pk for pk, code in ids.items() if code in codes),
        others=tuple(pk for pk, code in ids.items() if code not in codes),
        box=box.ewkt,
        metric_srid=town.metric_srid,
        sliver_m=town.sliver_m,
    )


def in_wards(rows: QuerySet[Row], codes: frozenset[str]) -> QuerySet[Row]:
    """Return those of ``rows``, which have ``ward`` and ``position``, that lie in these wards."""
    asked = asked_wards(codes)
    if asked is None:
        return rows.none()
    where = (F("position"), Value(asked.edition), Value(asked.metric_srid), Value(asked.sliver_m))
    at = Func(*where, function="districts_ward_at", output_field=BigIntegerField())
    near = Q(position__bboverlaps=asked.box)
    there = Q(ward__in=asked.ids) | (~Q(ward__in=asked.others) & Q(ward_today__in=asked.ids))
    return cast("QuerySet[Row]", rows.alias(ward_today=at).filter(near & there))
