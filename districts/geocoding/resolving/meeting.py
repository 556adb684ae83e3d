"""Where lines meet, or nearly, and the part of a line between two points. Pure, in metres."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from districts.geocoding.resolving.plane import XY


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where two streets meet; ``gap_m`` is how far they stay apart there."""

    at: XY
    gap_m: float


def meetings(
    one: BaseGeometry, other: BaseGeometry, apart_m: float, together_m: float
) -> list[Meeting]:
    """Return where two streets cross, crossings within ``together_m`` of one another as one.

    Streets that do not touch meet halfway where they come nearest, if that is within ``apart_m``.
    Ordered from south-west; the same whichever street is named first.
    """
    if one.is_empty or other.is_empty:
        return []
    shared = shapely.intersection(one, other)
    if not shared.is_empty:
        return [Meeting(at, 0.0) for at in _clustered(shared, together_m)]
    nearest = shapely.shortest_line(one, other)
    if nearest.length > apart_m:
        return []
    (west, south), (east, north) = nearest.coords
    return [Meeting(((west + east) / 2, (south + north) / 2), float(nearest.length))]


def _clustered(shared: BaseGeometry, together_m: float) -> list[XY]:
    spots = shapely.unary_union([part.centroid for part in shapely.get_parts(shared)])
    grown = shapely.buffer(spots, together_m / 2, quad_segs=4)
    clusters = [shapely.intersection(spots, grain).centroid for grain in shapely.get_parts(grown)]
    return sorted((cluster.x, cluster.y) for cluster in clusters)


def stretch(line: LineString, begin: XY, end: XY) -> LineString:
    """Return the part of ``line`` between the points on it nearest to ``begin`` and ``end``.

    Runs from begin to end; a point twice where both are the same.
    """
    first, last = (float(line.project(Point(at))) for at in (begin, end))
    part = substring(line, first, last)
    if isinstance(part, LineString):
        return part
    return LineString([part.coords[0], part.coords[0]])
