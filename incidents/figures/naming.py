"""What lines of figures are for, and their names."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from districts import rulebook
from districts.explanation import area_name
from districts.models import Agency, Category, Sector
from gis_core.languages import in_language
from incidents.answers import Named


class By(StrEnum):
    """What lines are for."""

    AGENCY = "agency"
    SECTOR = "sector"
    CATEGORY = "category"
    WARD = "ward"
    DISTRICT = "district"


def names_of(by: By, keys: Iterable[Any], language: str) -> dict[Any, tuple[str, str]]:
    """Return for each key in the database the word that narrows an address to it, and its name."""
    wanted = set(keys)
    if by in {By.WARD, By.DISTRICT}:
        areas = rulebook.current().areas
        known = {key: areas[key][1] for key in wanted if key in areas}
        return {key: (str(key), area_name(area, language)) for key, area in known.items()}
    if by is By.AGENCY:
        return {key: (one.code, one.name) for key, one in agencies(wanted, language).items()}
    model: type[Sector] | type[Category] = Sector if by is By.SECTOR else Category
    rows: QuerySet[Sector] | QuerySet[Category] = QuerySet(model).filter(pk__in=wanted)
    return {row.code: (row.code, in_language(language, row.name, row.name_en)) for row in rows}


def agencies(ids: Iterable[int], language: str) -> dict[int, Named]:
    """Return agencies by id."""
    rows = Agency.objects.filter(pk__in=set(ids))
    return {row.pk: Named(row.code, in_language(language, row.name, row.name_en)) for row in rows}
