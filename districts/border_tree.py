"""How far many points are from borders, in the city's metres: nearest owner, nearest border."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis_core.planes import to_metres

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

STRAIGHT_DEGREES = 0.001
"""An edge of this length in degrees is straight in metres within 0.1 mm; as in ``cover.sql``."""
PIECE = 16
"""Edges a piece of border has at most: small boxes are found quickly."""


@dataclass(frozen=True, slots=True)
class BorderTree:
    """The borders of some polygons in short pieces; never changed once built."""

    tree: shapely.STRtree
    owner: Ints
    """By piece: the position of the polygon that it belongs to."""
    metric_srid: int

    def nearest_owner(self, lons: Floats, lats: Floats, reach_m: float) -> Ints:
        """Return for each point the polygon whose border is nearest within ``reach_m``; -1: none.

        Shape ``(len(lons),)``. Of two at the same distance the first polygon is taken.
        """
        answer = np.full(len(lons), -1, np.int32)
        points = self._metric(lons, lats)
        point, piece = self.tree.query(points, predicate="dwithin", distance=reach_m)
        metres = shapely.distance(points[point], self.tree.geometries[piece])
        order = np.lexsort((self.owner[piece], metres, point))
        found, first = np.unique(point[order], return_index=True)
        answer[found] = self.owner[piece[order][first]]
        return answer

    def metres(self, lons: Floats, lats: Floats) -> Floats:
        """Return for each point the metres to the nearest border of any polygon."""
        points = self._metric(lons, lats)
        (point, _), metres = self.tree.query_nearest(
            points, return_distance=True, all_matches=False
        )
        answer = np.full(len(lons), np.inf)
        answer[point] = metres
        return answer

    def _metric(self, lons: Floats, lats: Floats) -> NDArray[np.object_]:
        return to_metres(np.asarray(shapely.points(lons, lats)), self.metric_srid)


def build(polygons: Sequence[BaseGeometry], metric_srid: int) -> BorderTree:
    """Return the tree of the borders of WGS 84 ``polygons``, holes included."""
    borders = shapely.segmentize(shapely.boundary(np.asarray(polygons, object)), STRAIGHT_DEGREES)
    lines, owner = shapely.get_parts(to_metres(borders, metric_srid), return_index=True)
    pieces, line = _cut(lines)
    return BorderTree(shapely.STRtree(pieces), owner[line].astype(np.int32), metric_srid)


def _cut(lines: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Return pieces of at most PIECE edges, and the line that each is of."""
    points, line = shapely.get_coordinates(lines, return_index=True)
    starts = np.searchsorted(line, np.arange(len(lines)))
    edge = np.flatnonzero(line[1:] == line[:-1])
    number = (edge - starts[line[edge]]) // PIECE
    new = np.ones(len(edge), bool)
    new[1:] = (line[edge[1:]] != line[edge[:-1]]) | (number[1:] != number[:-1])
    piece = np.cumsum(new) - 1
    # Every edge brings its begin; a piece's last edge also its end.
    last = np.append(new[1:], True) if len(edge) else new
    taken = np.concatenate((edge, edge[last] + 1))
    of = np.concatenate((piece, piece[last]))
    order = np.lexsort((taken, of))
    pieces = shapely.linestrings(points[taken[order]], indices=of[order])
    return np.asarray(pieces, object), line[edge[new]]
