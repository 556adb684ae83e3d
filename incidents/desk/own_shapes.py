"""An area of one's own, read from what somebody drew, sent as a file or picked by its wards."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from django.contrib.gis.geos import MultiPolygon, Polygon
from shapely import geometry
from shapely.errors import ShapelyError

from districts import city
from districts.models import Area
from gis_core.errors import N_, DomainError
from gis_core.shapes import to_geos

MOST_CORNERS: Final = 5_000
LARGEST_FILE: Final = 2_000_000
"""Bytes of a file of GeoJSON."""

MARK: Final = "\ufeff"
"""A byte order mark, with which some programs begin a file."""

SRID: Final = 4326


class UnreadableArea(DomainError):
    """What was sent is no GeoJSON with a polygon."""

    code = "own_area.unreadable"
    status = 422
    message = N_(
        "This is no GeoJSON with a polygon in degrees (WGS 84). Export the area once more as "
        "GeoJSON, draw it here, or choose wards."
    )


class UnsoundArea(DomainError):
    """The outline crosses itself or holds nothing."""

    code = "own_area.unsound"
    status = 422
    message = N_(
        "The outline crosses itself or holds nothing. Draw at least three corners, one after the "
        "other around the area."
    )


class AreaElsewhere(DomainError):
    """The area lies outside of the city."""

    code = "own_area.elsewhere"
    status = 422
    message = N_("The area lies outside of this city. GeoJSON has longitude first, then latitude.")


class TooManyCorners(DomainError):
    """The outline has more corners than are taken."""

    code = "own_area.too_many_corners"
    status = 422
    message = N_("The outline has %(corners)s corners; at most %(most)s are taken. Simplify it.")


def read_shape(text: str) -> MultiPolygon:
    """Return the polygons of a GeoJSON geometry, feature or collection, in WGS 84 degrees.

    Raises UnreadableArea, UnsoundArea, AreaElsewhere, TooManyCorners.
    """
    try:
        polygons = list(_polygons(json.loads(text[:LARGEST_FILE].removeprefix(MARK))))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        raise UnreadableArea from fault
    if not polygons:
        raise UnreadableArea
    return _checked(polygons)


def shape_of_wards(areas: Iterable[int]) -> MultiPolygon:
    """Return the wards of these ids as one area. Raises UnsoundArea where there are none."""
    shapes = [area.shape for area in Area.objects.filter(pk__in=list(areas)).only("shape")]
    if not shapes:
        raise UnsoundArea
    whole = MultiPolygon([part for shape in shapes for part in shape], srid=SRID).unary_union
    return whole if isinstance(whole, MultiPolygon) else MultiPolygon(whole, srid=SRID)


def _polygons(told: Mapping[str, Any]) -> Iterator[Polygon]:
    kind = told["type"]
    if kind == "FeatureCollection":
        for feature in told["features"]:
            yield from _polygons(feature)
    elif kind == "Feature":
        yield from _polygons(told["geometry"])
    else:
        yield from _parts(told)


def _parts(told: Mapping[str, Any]) -> Iterator[Polygon]:
    try:
        # Not GDAL, which Django would ask: it warns of rings that are not closed, wherever it may.
        shape = to_geos(geometry.shape(dict(told)))
    except (ShapelyError, IndexError) as fault:
        raise UnreadableArea from fault
    if isinstance(shape, Polygon):
        yield shape
    elif isinstance(shape, MultiPolygon):
        yield from (part for part in shape if isinstance(part, Polygon))


def _checked(polygons: list[Polygon]) -> MultiPolygon:
    corners = sum(one.num_coords for one in polygons)
    if corners > MOST_CORNERS:
        raise TooManyCorners(corners=corners, most=MOST_CORNERS)
    if any(not one.valid or not one.area for one in polygons):
        raise UnsoundArea
    whole = MultiPolygon(polygons, srid=SRID).unary_union
    if not Polygon.from_bbox(city.current().extent).intersects(whole):
        raise AreaElsewhere
    return whole if isinstance(whole, MultiPolygon) else MultiPolygon(whole, srid=SRID)
