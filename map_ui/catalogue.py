"""Sectors and categories as the pages show them, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TypedDict

from districts import rulebook
from districts.models import Category, Sector
from gis_core import languages
from gis_core.languages import in_language


class CategoryTile(TypedDict):
    """A category to choose."""

    code: str
    name: str
    icon: str
    words: str
    danger: bool
    working_days: int
    """The agency's limit."""


class SectorGroup(TypedDict):
    """A sector with its categories."""

    code: str
    name: str
    icon: str
    categories: list[CategoryTile]


def language() -> str:
    """Return the reader's language: Vietnamese where none is active."""
    return languages.active()


def sectors(*, public_only: bool = False) -> list[SectorGroup]:
    """Return the sectors that have an active category; with ``public_only``, a public one."""
    return _sectors(rulebook.newest_version(), language(), public_only)


def category(code: str) -> CategoryTile:
    """Return a category; one that is no longer active under its own code."""
    found = (one for group in sectors() for one in group["categories"] if one["code"] == code)
    tile = next(found, None)
    return tile or CategoryTile(
        code=code, name=code, icon="map-pin", words="", danger=False, working_days=0
    )


@lru_cache(maxsize=8)
def _sectors(_version: int, spoken: str, public_only: bool) -> list[SectorGroup]:  # noqa: FBT001
    rows = Category.objects.filter(active=True)
    chosen = list(rows.filter(public=True) if public_only else rows)
    groups = [
        SectorGroup(
            code=sector.code,
            name=_name(sector, spoken),
            icon=sector.icon,
            categories=_tiles((one for one in chosen if one.sector_id == sector.code), spoken),
        )
        for sector in Sector.objects.all()
    ]
    return [group for group in groups if group["categories"]]


def _tiles(categories: Iterable[Category], spoken: str) -> list[CategoryTile]:
    return [
        CategoryTile(
            code=one.code,
            name=_name(one, spoken),
            icon=one.icon,
            # People search in either language, whatever the page's.
            words=f"{one.name} {one.name_en} {one.words}",
            danger=one.danger,
            working_days=one.working_days,
        )
        for one in categories
    ]


def _name(row: Sector | Category, spoken: str) -> str:
    return in_language(spoken, row.name, row.name_en)
