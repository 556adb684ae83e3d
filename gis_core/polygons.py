"""What a polygon column may hold."""

from __future__ import annotations

import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis_core.errors import N_, DomainError


class NotPolygonal(DomainError):
    """A shape that must be a polygon is something else."""

    code = "shape.not_polygonal"
    status = 422
    message = N_("A polygon is needed here, not a %(type)s.")


def multi_polygon(shape: BaseGeometry) -> MultiPolygon:
    """Return a polygon or multi-polygon as a multi-polygon, parts in their order, without height.

    An empty polygon gives an empty multi-polygon. Raises NotPolygonal for any other type.
    """
    flat = shapely.force_2d(shape)
    if isinstance(flat, MultiPolygon):
        return flat
    if isinstance(flat, Polygon):
        return MultiPolygon([] if flat.is_empty else [flat])
    raise NotPolygonal(type=shape.geom_type)


def polygonal_part(shape: BaseGeometry) -> MultiPolygon:
    """Return what of a shape has an area; lines and points left by a repair are dropped."""
    parts = shapely.get_parts(shapely.get_parts(shapely.force_2d(shape)))
    return MultiPolygon([part for part in parts if isinstance(part, Polygon) and part.area > 0])


def repaired(shape: BaseGeometry) -> MultiPolygon:
    """Return a valid multi-polygon that covers the same ground as the shape's rings enclose."""
    return polygonal_part(shapely.make_valid(shape, method="structure", keep_collapsed=False))
