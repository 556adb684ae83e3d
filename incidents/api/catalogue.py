"""What can be reported."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from districts import rulebook
from districts.models import Category, Sector
from gis_core import languages
from gis_core.languages import in_language
from incidents.api import schemas

router = Router(tags=["catalogue"])


@router.get(
    "/catalogue",
    response=schemas.Catalogue,
    openapi_extra=schemas.described(503),
    summary="Sectors and categories",
)
def read_catalogue(request: HttpRequest) -> schemas.Catalogue:
    """Return the sectors that have something to choose, in the order in which people see them."""
    chosen: dict[str, list[schemas.CategoryOut]] = {}
    for category in Category.objects.filter(active=True):
        chosen.setdefault(category.sector_id, []).append(_category(category))
    sectors = [_sector(one, chosen[one.code]) for one in Sector.objects.all() if one.code in chosen]
    return schemas.Catalogue(version=rulebook.newest_version(), sectors=sectors)


def _category(row: Category) -> schemas.CategoryOut:
    return schemas.CategoryOut(
        code=row.code,
        name=in_language(languages.active(), row.name, row.name_en),
        name_vi=row.name,
        name_en=row.name_en,
        icon=row.icon,
        danger=row.danger,
        words=row.words,
    )


def _sector(row: Sector, categories: list[schemas.CategoryOut]) -> schemas.SectorOut:
    return schemas.SectorOut(
        code=row.code,
        name=in_language(languages.active(), row.name, row.name_en),
        name_vi=row.name,
        name_en=row.name_en,
        icon=row.icon,
        categories=categories,
    )
