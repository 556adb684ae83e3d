"""Between shapely, which computes, and GEOS, which Django stores."""

from __future__ import annotations

from typing import cast

import shapely
from django.contrib.gis import geos
from shapely.geometry.base import BaseGeometry

from gis_core.polygons import multi_polygon
from gis_core.positions import WGS84


def to_geos(shape: BaseGeometry, srid: int = WGS84) -> geos.GEOSGeometry:
    """Return the same shape as GEOS keeps it, two-dimensional, bit for bit the same numbers."""
    wkb = shapely.to_wkb(shape, output_dimension=2)
    return geos.GEOSGeometry(memoryview(wkb), srid=srid)


def to_geos_multi(shape: BaseGeometry, srid: int = WGS84) -> geos.MultiPolygon:
    """Return a polygon or multi-polygon as the multi-polygon that a column takes.

    Raises NotPolygonal.
    """
    return cast("geos.MultiPolygon", to_geos(multi_polygon(shape), srid))


def to_geos_point(shape: shapely.Point, srid: int = WGS84) -> geos.Point:
    """Return a point; an empty one is refused by the column it is meant for."""
    return geos.Point(shape.x, shape.y, srid=srid)


def from_geos(shape: geos.GEOSGeometry) -> BaseGeometry:
    """Return the same shape for shapely, bit for bit the same numbers; the SRID is left behind."""
    return shapely.from_wkb(bytes(shape.wkb))
