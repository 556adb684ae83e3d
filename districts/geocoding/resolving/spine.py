"""A street drawn in many pieces -> the one line along which its numbers run. Pure.

Streets come as pieces: two carriageways, gaps where a roundabout has another name, side branches.
The spine is the longest of the shortest ways through them, from carriageway to carriageway and
across gaps; a house is placed by how far along the spine it lies.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

SIMPLER_M = 3.0
STEP_M = 80.0
BESIDE_M = 45.0
"""Two carriageways are no farther apart: one may go from one to the other."""

Edges = defaultdict[int, list[tuple[int, float]]]
Points = NDArray[np.float64]


def spine(street: BaseGeometry) -> LineString:
    """Return the spine of a street given in metres; of an area, a way along its border.

    Runs either way. Empty for an empty street.
    """
    pieces = _pieces(street)
    if len(pieces) < 2:
        return pieces[0] if pieces else LineString()
    points, edges = _graph(pieces)
    _bridge(points, edges)
    begin = _farthest(_reached(edges, 0)[0])
    lengths, before = _reached(edges, begin)
    way = [_farthest(lengths)]
    while way[-1] != begin:
        way.append(before[way[-1]])
    return LineString(points[way[::-1]])


def _pieces(street: BaseGeometry) -> list[LineString]:
    lines = street.boundary if street.geom_type.endswith("Polygon") else street
    noded = shapely.line_merge(shapely.unary_union(lines)).simplify(SIMPLER_M)
    parts = shapely.get_parts(noded).tolist()
    return [part for part in parts if isinstance(part, LineString) and part.length > 0]


def _graph(pieces: Sequence[LineString]) -> tuple[Points, Edges]:
    """Return the points of the pieces, and how far each is from those it can be left for."""
    dense = [shapely.segmentize(piece, STEP_M) for piece in pieces]
    xy = np.round(shapely.get_coordinates(dense), 1)
    points, at = np.unique(xy, axis=0, return_inverse=True)
    edges: Edges = defaultdict(list)
    first = 0
    for piece in dense:
        count = int(shapely.get_num_coordinates(piece))
        numbers = at[first : first + count].ravel().tolist()
        for one, other in pairwise(numbers):
            _join(points, edges, one, other)
        first += count
    places = np.asarray(shapely.points(points))
    for one, other in shapely.STRtree(places).query(places, "dwithin", BESIDE_M).T.tolist():
        if one < other:
            _join(points, edges, one, other)
    return points, edges


def _join(points: Points, edges: Edges, one: int, other: int) -> None:
    length = float(np.hypot(*(points[one] - points[other])))
    edges[one].append((other, length))
    edges[other].append((one, length))


def _bridge(points: Points, edges: Edges) -> None:
    """Join what hangs together to what is nearest, until all of the street does."""
    while True:
        reached = np.zeros(len(points), dtype=bool)
        reached[list(_reached(edges, 0)[0])] = True
        if reached.all():
            return
        inside, outside = np.flatnonzero(reached), np.flatnonzero(~reached)
        tree = shapely.STRtree(np.asarray(shapely.points(points[inside])))
        found, gaps = tree.query_nearest(
            shapely.points(points[outside]), return_distance=True, all_matches=False
        )
        nearest = int(gaps.argmin())
        _join(points, edges, int(inside[found[1][nearest]]), int(outside[found[0][nearest]]))


def _reached(edges: Edges, begin: int) -> tuple[dict[int, float], dict[int, int]]:
    """Return how far every point is from ``begin``, and from which one it is reached."""
    lengths = {begin: 0.0}
    before: dict[int, int] = {}
    waiting = [(0.0, begin)]
    while waiting:
        length, node = heapq.heappop(waiting)
        if length > lengths[node]:
            continue
        for other, more in edges[node]:
            if length + more < lengths.get(other, np.inf):
                lengths[other] = length + more
                before[other] = node
                heapq.heappush(waiting, (length + more, other))
    return lengths, before


def _farthest(lengths: dict[int, float]) -> int:
    return max(lengths.items(), key=lambda item: (item[1], -item[0]))[0]
