"""Derive the pieces and borders that placement compares a pin with. Called by the loading verbs."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from districts import city
from districts.models import Border, Piece
from gis_core import crs, sql


def cover_edition(edition_id: int) -> None:
    """Derive the coverage of every area of an edition anew; call inside the loading transaction."""
    for derived in (Piece, Border):
        derived.objects.filter(edition_id=edition_id).delete()
    _cover(edition=edition_id)


def cover_assets(ids: Sequence[int]) -> None:
    """Derive the coverage of these assets anew."""
    for derived in (Piece, Border):
        derived.objects.filter(asset_id__in=ids).delete()
    _cover(assets=ids)


def cover_service_areas(ids: Sequence[int]) -> None:
    """Derive the coverage of these service areas anew."""
    for derived in (Piece, Border):
        derived.objects.filter(service_area_id__in=ids).delete()
    _cover(service_areas=ids)


def _cover(
    *, edition: int | None = None, assets: Sequence[int] = (), service_areas: Sequence[int] = ()
) -> None:
    srid = city.current().metric_srid
    crs.register(srid)
    sql.run(
        "districts",
        "cover",
        {
            "edition": edition,
            "assets": list(assets),
            "service_areas": list(service_areas),
            "srid": srid,
        },
    )
    transaction.on_commit(_rebuild)


def _rebuild() -> None:
    """Build the spatial indexes anew; grown row by row they read six times the pages for a pin."""
    for name in ("rebuild_piece_index", "rebuild_border_index", "analyse_coverage"):
        sql.run("districts", name, {})
