"""How large today's wards are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from django.contrib.gis.db.models.functions import Area as AreaOf
from django.contrib.gis.db.models.functions import Transform

from districts import city, rulebook
from districts.models import Area
from districts.outlines import ward_edition


def ward_sizes() -> Mapping[str, float]:
    """Return the square kilometres of each ward in force, by its code; measured in the plane."""
    edition = ward_edition()
    if edition is None:
        return MappingProxyType({})
    return _sizes(edition.id, city.current().metric_srid, rulebook.kept().version)


@lru_cache(maxsize=2)
def _sizes(edition_id: int, srid: int, _version: int) -> Mapping[str, float]:
    rows = Area.objects.filter(edition_id=edition_id)
    sized = rows.annotate(size=AreaOf(Transform("shape", srid)))
    return MappingProxyType({one.code: float(one.size.sq_km) for one in sized.only("code")})
