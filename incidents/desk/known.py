"""Rows of the catalogue that lists name again and again, kept in memory by its version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import QuerySet

from districts import rulebook
from districts.models import Agency, Area, Category


@dataclass(frozen=True, slots=True)
class Known:
    """All categories by code, and all agencies and areas by id; areas with their edition.

    What is newer than the version is read when it is asked for.
    """

    categories: Mapping[str, Category]
    agencies: Mapping[int, Agency]
    areas: Mapping[int, Area]

    def category(self, code: str) -> Category:
        """Return a category."""
        return self.categories.get(code) or Category.objects.get(code=code)

    def agency(self, pk: int) -> Agency:
        """Return an agency."""
        return self.agencies.get(pk) or Agency.objects.get(pk=pk)

    def area(self, pk: int) -> Area:
        """Return an area."""
        return self.areas.get(pk) or _areas().get(pk=pk)


def known() -> Known:
    """Return the rows as they stand. They are shared: nobody may change them."""
    return _known(rulebook.newest_version())


@lru_cache(maxsize=2)
def _known(_version: int) -> Known:
    return Known(
        {row.code: row for row in Category.objects.all()},
        {row.pk: row for row in Agency.objects.all()},
        {row.pk: row for row in _areas()},
    )


def _areas() -> QuerySet[Area]:
    return Area.objects.select_related("edition").defer("shape", "label_point")
