"""Where two streets meet: points where lines cross, touch, or end within a few metres."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from districts.geocoding.loading.features import PlaceRecord
from gis_core.planes import Shapes, to_degrees, to_metres

TOUCHING_M = 8.0
"""A street may end at the kerb of the other."""
ONE_JUNCTION_M = 60.0
"""The crossings of dual carriageways, and of a road's slip lanes, are one junction."""

Meeting = tuple[int, int, shapely.Point]


def meetings(streets: Sequence[PlaceRecord], metric_srid: int) -> list[Meeting]:
    """Return (first, second, WGS 84 point) for each junction of two streets.

    The numbers are positions in ``streets``, the smaller first; two streets that meet at several
    places have several.
    """
    lines = to_metres(np.array([one.shape for one in streets], dtype=object), metric_srid)
    found = list(_met(lines))
    if not found:
        return []
    points = to_degrees(np.array([point for _, _, point in found], dtype=object), metric_srid)
    return [(one, other, point) for (one, other, _), point in zip(found, points, strict=True)]


def _met(lines: Shapes) -> Iterator[Meeting]:
    tree = shapely.STRtree(lines)
    grounds = shapely.buffer(lines, TOUCHING_M, quad_segs=2)
    ones, others = tree.query(lines, predicate="dwithin", distance=TOUCHING_M)
    for one, other in sorted(zip(ones[ones < others], others[ones < others], strict=True)):
        for point in _points(lines[one], lines[other], grounds[other]):
            yield int(one), int(other), point


def _points(one: BaseGeometry, other: BaseGeometry, ground: BaseGeometry) -> list[shapely.Point]:
    """Return one point on ``one`` for each group of places at which the lines come together.

    ``ground`` is the other line with the width within which they touch.
    """
    together = shapely.intersection(one, ground)
    if together.is_empty:
        return [shapely.Point(shapely.shortest_line(one, other).coords[0])]
    groups = shapely.get_parts(shapely.buffer(together, ONE_JUNCTION_M / 2, quad_segs=4))
    return [_middle(one, together, group) for group in groups]


def _middle(line: BaseGeometry, together: BaseGeometry, group: BaseGeometry) -> shapely.Point:
    centre = shapely.intersection(together, group).centroid
    return shapely.Point(shapely.shortest_line(line, centre).coords[0])
