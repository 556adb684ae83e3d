"""A street drawn in many pieces -> the one line along which its numbers run. Pure.

Streets come as pieces: two carriageways, gaps where a roundabout has another name, side branches.
The spine is the longest of the shortest ways through them, from carriageway to carriageway and
across gaps; a house is placed by how far along the spine it lies.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence

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
Pairs = NDArray[np.intp]


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
    dense = shapely.segmentize(np.array(pieces), STEP_M)
    xy, piece = shapely.get_coordinates(dense, return_index=True)
    points, at = np.unique(np.round(xy, 1), axis=0, return_inverse=True)
    numbers = at.ravel()
    along = np.stack([numbers[:-1], numbers[1:]])[:, piece[:-1] == piece[1:]]
    places = np.asarray(shapely.points(points))
    beside = shapely.STRtree(places).query(places, "dwithin", BESIDE_M)
    edges: Edges = defaultdict(list)
    _join(points, edges, np.hstack([along, beside[:, beside[0] < beside[1]]]))
    return points, edges


def _join(points: Points, edges: Edges, pairs: Pairs) -> None:
    """Add the ways between points, shape ``(2, n)``, there and back."""
    ones, others = pairs
    lengths = np.hypot(*(points[ones] - points[others]).T)
    for one, other, length in zip(ones.tolist(), others.tolist(), lengths.tolist(), strict=True):
        edges[one].append((other, length))
        edges[other].append((one, length))


def _bridge(points: Points, edges: Edges) -> None:
    """Join what hangs together to what is nearest, until all of the street does."""
    reached = np.zeros(len(points), dtype=bool)
    reached[_together(edges, 0)] = True
    while not reached.all():
        inside, outside = np.flatnonzero(reached), np.flatnonzero(~reached)
        tree = shapely.STRtree(np.asarray(shapely.points(points[inside])))
        found, gaps = tree.query_nearest(
            shapely.points(points[outside]), return_distance=True, all_matches=False
        )
        nearest = int(gaps.argmin())
        one, other = inside[found[1][nearest]], outside[found[0][nearest]]
        reached[_together(edges, int(other))] = True
        _join(points, edges, np.array([[one], [other]]))


def _together(edges: Edges, begin: int) -> list[int]:
    """Return all points that hang together with one."""
    found, waiting = {begin}, [begin]
    while waiting:
        others = {other for other, _ in edges[waiting.pop()]} - found
        found |= others
        waiting += others
    return list(found)


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
