"""A small made-up town in the middle of the city: square wards, a park, a road, two networks.

Everything lies between 106.70 and 106.73 east, 10.76 and 10.79 north. The wards are nine squares of
0.01 degrees, codes 101 to 109 row by row from the south-west; between 106 and 109 there is a gap
of about 11 m (a sliver); west of 106.70 there is nothing.
"""

from __future__ import annotations

from datetime import date

from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Polygon
from django.db.backends.postgresql.psycopg_any import DateRange

from districts import coverage
from districts.models import Agency, Area, Asset, CatalogueChange, Edition, ServiceArea

WEST, SOUTH, SIDE = 106.70, 10.76, 0.01
GAP = 0.0001
SINCE = date(2025, 7, 1)
DAY = date(2026, 3, 2)


def square(column: int, row: int) -> tuple[float, float, float, float]:
    """Return west, south, east, north of one ward."""
    west, south = round(WEST + column * SIDE, 6), round(SOUTH + row * SIDE, 6)
    north = round(south + SIDE, 6)
    if (column, row) == (2, 2):
        south = round(south + GAP, 6)
    return west, south, round(west + SIDE, 6), north


def ward_boxes() -> dict[str, tuple[float, float, float, float]]:
    """Return the box of each ward by code."""
    return {
        str(101 + row * 3 + column): square(column, row) for row in range(3) for column in range(3)
    }


def box(west: float, south: float, east: float, north: float) -> MultiPolygon:
    """Return a rectangle as the multipolygon that the models keep."""
    return MultiPolygon(Polygon.from_bbox((west, south, east, north)), srid=4326)


def agency(code: str, agency_class: str = "utility", name: str = "") -> Agency:
    """Return the agency of this code, made when missing."""
    made, _ = Agency.objects.get_or_create(
        code=code,
        defaults={
            "agency_class": agency_class,
            "name": name or f"Đơn vị {code}",
            "name_en": f"Agency {code}",
            "valid": DateRange(date(2000, 1, 1), None),
        },
    )
    return made


def edition(
    boxes: dict[str, tuple[float, float, float, float]] | None = None,
    *,
    name: str = "zoo-2025",
    level: str = "ward",
    since: date = SINCE,
    until: date | None = None,
) -> Edition:
    """Return a published edition with its areas, committees and coverage."""
    made = Edition.objects.create(
        name=name, level=level, territory="hcmc", valid=DateRange(since, until), published=True
    )
    kind = "Phường" if level == "ward" else "Quận"
    for code, bounds in (boxes or ward_boxes()).items():
        shape = box(*bounds)
        committee = agency(f"ubnd-{code}", "committee", f"UBND {kind} {code}")
        Area.objects.create(
            edition=made, code=code, name=f"Zoo {code}", kind=kind, shape=shape,
            label_point=shape.point_on_surface, committee=committee if level == "ward" else None,
        )  # fmt: skip
    coverage.cover_edition(made.pk)
    changed("edition", name)
    return made


def asset(
    kind: str,
    bounds: tuple[float, float, float, float],
    *,
    code: str = "1",
    owner: str | None = None,
    maintainer: str | None = None,
    contract: tuple[date | None, date | None] | None = None,
) -> Asset:
    """Return a rectangular asset with its coverage."""
    return shaped_asset(
        kind, box(*bounds), code=code, owner=owner, maintainer=maintainer, contract=contract
    )


def shaped_asset(
    kind: str,
    shape: GEOSGeometry,
    *,
    code: str = "1",
    owner: str | None = None,
    maintainer: str | None = None,
    contract: tuple[date | None, date | None] | None = None,
) -> Asset:
    """Return an asset of any shape with its coverage."""
    made = Asset.objects.create(
        kind=kind, code=code, name=f"{kind} {code}", shape=shape,
        owner=agency(owner) if owner else None,
        maintainer=agency(maintainer) if maintainer else None,
        contract=DateRange(*contract) if contract else None,
        valid=DateRange(date(2000, 1, 1), None),
    )  # fmt: skip
    coverage.cover_assets([made.pk])
    changed("asset", code)
    return made


def service_area(
    of: str, bounds: tuple[float, float, float, float], categories: list[str]
) -> ServiceArea:
    """Return a rectangular service area with its coverage."""
    made = ServiceArea.objects.create(
        agency=agency(of), name=f"Network of {of}", categories=categories, shape=box(*bounds),
        valid=DateRange(date(2000, 1, 1), None),
    )  # fmt: skip
    coverage.cover_service_areas([made.pk])
    changed("service_area", of)
    return made


def changed(kind: str, code: str) -> None:
    """Move the catalogue's version, as every loading verb does."""
    CatalogueChange.objects.create(kind=kind, code=code, actor="tests")
