"""How far many points are from an area: to the last bit what GEOS answers, in a third of its time.

Of the points that lie outside each is compared with the edges of the border, a few edges in a box
at a time, and only where the box is nearer than what was found. The next point of a street begins
where the one before it ended, for there its nearest edge mostly is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis_core.orientation import COMPILED, compiled

Floats = NDArray[np.float64]

BOXED = 8
"""Edges in a box."""
ROUNDING = 1.0 + 1e-9
"""A box must be farther than this to be passed over: its distance is rounded."""


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """An area, prepared, and its border as edges; in metres."""

    shape: BaseGeometry
    edges: Floats
    """Shape ``(n, 4)``: x and y of both ends. Empty where GEOS must be asked."""
    boxes: Floats
    """West, south, east, north of each BOXED edges."""

    def distance(self, spots: Floats) -> Floats:
        """Return the metres from each point, shape ``(n, 2)``; 0 inside and on the border."""
        if not len(self.edges):
            return np.asarray(shapely.distance(self.shape, shapely.points(spots)))
        away = np.zeros(len(spots))
        outside = np.flatnonzero(~shapely.intersects_xy(self.shape, spots[:, 0], spots[:, 1]))
        _from_edges(spots, outside, self.edges, self.boxes, away)
        return away


def outline(shape: BaseGeometry) -> Outline:
    """Return the outline of an area."""
    shapely.prepare(shape)
    parts = shapely.get_parts(shape)
    polygons = bool((shapely.get_type_id(parts) == shapely.GeometryType.POLYGON).all())
    if not (COMPILED and polygons):
        return Outline(shape, np.empty((0, 4)), np.empty((0, 4)))
    points, ring = shapely.get_coordinates(shapely.get_rings(parts), return_index=True)
    edges = np.hstack([points[:-1], points[1:]])[ring[:-1] == ring[1:]]
    firsts = np.arange(0, len(edges), BOXED)
    low = np.minimum.reduceat(np.minimum(edges[:, :2], edges[:, 2:]), firsts)
    high = np.maximum.reduceat(np.maximum(edges[:, :2], edges[:, 2:]), firsts)
    return Outline(shape, np.ascontiguousarray(edges), np.hstack([low, high]))


@compiled
def _from_edges(
    spots: Floats, asked: NDArray[np.int64], edges: Floats, boxes: Floats, away: Floats
) -> None:
    """Write for each point asked how far the nearest edge is."""
    nearest = 0
    for at in asked:
        x, y = spots[at, 0], spots[at, 1]
        best = _from_edge(x, y, edges[nearest])
        for box in range(len(boxes)):
            west, south, east, north = boxes[box]
            beside = max(west - x, 0.0, x - east)
            above = max(south - y, 0.0, y - north)
            if beside * beside + above * above > best * best * ROUNDING:
                continue
            for edge in range(box * BOXED, min((box + 1) * BOXED, len(edges))):
                metres = _from_edge(x, y, edges[edge])
                if metres < best:
                    best, nearest = metres, edge
        away[at] = best


@compiled
def _from_edge(x: float, y: float, edge: Floats) -> float:
    """Return how far a point is from the line between two others."""
    ax, ay, bx, by = edge
    squared = (bx - ax) * (bx - ax) + (by - ay) * (by - ay)
    along = (x - ax) * (bx - ax) + (y - ay) * (by - ay)
    if squared == 0.0 or along / squared <= 0.0:
        return math.sqrt((x - ax) * (x - ax) + (y - ay) * (y - ay))
    if along / squared >= 1.0:
        return math.sqrt((x - bx) * (x - bx) + (y - by) * (y - by))
    beside = ((ay - y) * (bx - ax) - (ax - x) * (by - ay)) / squared
    return float(abs(beside)) * math.sqrt(squared)
