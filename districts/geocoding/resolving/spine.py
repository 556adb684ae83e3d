"""A street drawn in many pieces -> the one line along which its numbers run. Pure.

Streets come as pieces: two carriageways, gaps where a roundabout has another name, side branches.
The spine is the longest of the shortest ways through them, gaps bridged; a house is placed by how
far along the spine it lies.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from districts.geocoding.resolving.plane import XY

_SAME_M = 1.0
_SIMPLER_M = 3.0

Edges = dict[int, list[tuple[int, float, list[XY]]]]


def spine(street: BaseGeometry) -> LineString:
    """Return the spine of a street given in metres; a point or an area gives its longest side.

    Runs either way. Empty for an empty street.
    """
    pieces = _pieces(street)
    if len(pieces) < 2:
        return pieces[0] if pieces else LineString()
    nodes, edges = _graph(pieces)
    _bridge(nodes, edges)
    begin = max(_reached(edges, 0)[0].items(), key=lambda item: item[1])[0]
    lengths, before = _reached(edges, begin)
    end = max(lengths.items(), key=lambda item: item[1])[0]
    return _way(before, begin, end)


def _pieces(street: BaseGeometry) -> list[LineString]:
    lines = street.boundary if street.geom_type.endswith("Polygon") else street
    noded = shapely.line_merge(shapely.unary_union(lines)).simplify(_SIMPLER_M)
    parts = shapely.get_parts(noded).tolist()
    return [part for part in parts if isinstance(part, LineString) and part.length > 0]


def _graph(pieces: Sequence[LineString]) -> tuple[list[XY], Edges]:
    known: dict[tuple[int, int], int] = {}
    nodes: list[XY] = []
    edges: Edges = defaultdict(list)

    def node(at: XY) -> int:
        cell = (round(at[0] / _SAME_M), round(at[1] / _SAME_M))
        if cell not in known:
            known[cell] = len(nodes)
            nodes.append(at)
        return known[cell]

    for piece in pieces:
        way = [(x, y) for x, y, *_ in piece.coords]
        first, last = node(way[0]), node(way[-1])
        edges[first].append((last, piece.length, way))
        edges[last].append((first, piece.length, way[::-1]))
    return nodes, edges


def _bridge(nodes: Sequence[XY], edges: Edges) -> None:
    """Join what hangs together to what is nearest, until all of the street does."""
    at = np.array(nodes)
    while True:
        reached = np.zeros(len(nodes), dtype=bool)
        reached[list(_reached(edges, 0)[0])] = True
        if reached.all():
            return
        inside, outside = np.flatnonzero(reached), np.flatnonzero(~reached)
        gaps = np.hypot(*(at[inside][:, None] - at[outside][None]).transpose(2, 0, 1))
        nearest = np.unravel_index(int(gaps.argmin()), gaps.shape)
        one, other = int(inside[nearest[0]]), int(outside[nearest[1]])
        gap = float(gaps[nearest])
        edges[one].append((other, gap, [nodes[one], nodes[other]]))
        edges[other].append((one, gap, [nodes[other], nodes[one]]))


def _reached(edges: Edges, begin: int) -> tuple[dict[int, float], dict[int, tuple[int, list[XY]]]]:
    """Return how far every node is from ``begin``, and from where and how it is reached."""
    lengths = {begin: 0.0}
    before: dict[int, tuple[int, list[XY]]] = {}
    waiting = [(0.0, begin)]
    while waiting:
        length, node = heapq.heappop(waiting)
        if length > lengths[node]:
            continue
        for other, more, way in edges[node]:
            if length + more < lengths.get(other, np.inf):
                lengths[other] = length + more
                before[other] = (node, way)
                heapq.heappush(waiting, (length + more, other))
    return lengths, before


def _way(before: dict[int, tuple[int, list[XY]]], begin: int, end: int) -> LineString:
    ways: list[list[XY]] = []
    node = end
    while node != begin:
        node, way = before[node]
        ways.append(way)
    points = [point for way in reversed(ways) for point in way]
    return LineString(points) if len(points) > 1 else LineString()
