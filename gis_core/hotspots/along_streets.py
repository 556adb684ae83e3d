"""Where along the streets more happens than their length explains.

An event belongs to the nearest segment. Were events spread evenly over the network, a segment's
count would be Poisson about ``rate * length``: z tells how many standard deviations it is above
that, p how likely chance alone is to bring as many (the upper tail, exactly). Which of many are
significant: ``significance.significant``. Segments that touch are looked at together by Gi* over
the graph of streets: J. K. Ord and A. Getis, Geographical Analysis 27, 1995, equation (14), on
links as in I. Yamada and J.-C. Thill, "Local Indicators of Network-Constrained Clusters in Spatial
Patterns Represented by a Link Attribute", Annals of the AAG 100, 2010.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse

from gis_core.hotspots import getis_ord, poisson, significance
from gis_core.hotspots.telling import Tell, silent

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Shapes = NDArray[Any]

LONGEST_M: Final = 500.0
LEAST_M: Final = 20.0
"""A shorter segment counts as so long: no position is so exact that it could be told apart."""
AT_A_TIME: Final = 20_000
"""Places that are looked for before it is told how far that is."""
SAME_M: Final = 0.01
"""Ends that are no further apart than about this are one."""


class Segments(NamedTuple):
    """A network cut where its lines cross."""

    shapes: Shapes
    """LineStrings, metres."""
    line: Longs
    """The position of the line that each one is a piece of."""


@dataclass(frozen=True, slots=True)
class Streets:
    """By segment; and at last by event."""

    count: Longs
    length_km: Floats
    per_km: Floats
    z: Floats
    p: Floats
    segment: Longs
    """By event: its segment's position; -1 where none is near enough."""


def segments(lines: Sequence[Any] | Shapes, longest_m: float = LONGEST_M) -> Segments:
    """Return lines cut where any two of them cross, and into equal pieces of ``longest_m`` at most.

    ``lines``: LineStrings or MultiLineStrings in metres. What lies under a bridge is cut as well;
    where two lines run on one another it counts once. Raises ValueError for a length not above 0.
    """
    if not longest_m > 0:
        msg = "longest_m must be above 0"
        raise ValueError(msg)
    parts, owner = shapely.get_parts(np.asarray(lines, object), return_index=True)
    if not len(parts):
        return Segments(np.empty(0, object), np.empty(0, np.int64))
    pieces = shapely.get_parts(shapely.node(shapely.multilinestrings(parts)))
    pieces = _cut(pieces, longest_m)
    middles = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    nearest = shapely.STRtree(parts).nearest(middles)
    return Segments(pieces, owner[nearest].astype(np.int64))


def _cut(pieces: Shapes, longest_m: float) -> Shapes:
    """Cut what is longer into equal pieces."""
    many = np.maximum(np.ceil(shapely.length(pieces) / longest_m), 1)
    long = np.flatnonzero(many > 1)
    cut = [part for one in long for part in _equal(pieces[one], int(many[one]))]
    return np.concatenate([pieces[many == 1], np.asarray(cut, object)])


def _equal(line: Any, many: int) -> Shapes:  # noqa: ANN401  shapely's
    """Return a line in pieces of one length."""
    corners = shapely.get_coordinates(line)
    along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(corners, axis=0).T))]
    at = along[-1] * np.arange(1, many) / many
    new = np.column_stack([np.interp(at, along, side) for side in corners.T])
    places = np.searchsorted(along, at)
    whole = np.insert(corners, places, new, axis=0)
    cuts = [0, *(places + np.arange(many - 1)), len(whole) - 1]
    pieces = [shapely.LineString(whole[begin : end + 1]) for begin, end in pairwise(cuts)]
    return np.asarray(pieces, object)


def rates(
    shapes: Sequence[Any] | Shapes, xy: Floats, snap_m: float, tell: Tell = silent
) -> Streets:
    """Return how many events lie along each segment, and how that is to the network's mean.

    ``shapes``: LineStrings in metres; ``xy``: (n, 2), metres. Events further than ``snap_m`` from
    every segment belong to none, and to no mean. As near to several: to the first of them. ``tell``
    hears after every AT_A_TIME places. Raises ValueError for a distance that is not above 0.
    """
    if not snap_m > 0:
        msg = "snap_m must be above 0"
        raise ValueError(msg)
    lines = np.asarray(shapes, object)
    segment = _nearest(lines, xy, snap_m, tell)
    count = np.bincount(segment[segment >= 0], minlength=len(lines)).astype(np.int64)
    length_km = shapely.length(lines) / 1000
    exposed = np.maximum(length_km, LEAST_M / 1000)
    expected = count.sum() * exposed / max(exposed.sum(), LEAST_M / 1000)
    z = (count - expected) / np.sqrt(np.where(expected > 0, expected, 1))
    p = poisson.at_least(count, expected)
    return Streets(count, length_km, count / exposed, z, p, segment)


def _nearest(lines: Shapes, xy: Floats, snap_m: float, tell: Tell) -> Longs:
    """Return by event the nearest line's position, the smallest of several; -1 for none."""
    found = np.full(len(xy), -1, np.int64)
    # Many events share a place: each place is asked for once.
    places, which = np.unique(xy, axis=0, return_inverse=True)
    of_places = np.full(len(places), len(lines), np.int64)
    tree, points = shapely.STRtree(lines), np.asarray(shapely.points(places), object)
    for begin in range(0, len(places), AT_A_TIME):
        some = points[begin : begin + AT_A_TIME]
        asked, near = tree.query_nearest(some, max_distance=snap_m, all_matches=True)
        np.minimum.at(of_places, asked + begin, near)
        tell((begin + len(some)) / len(places))
    of_places[of_places == len(lines)] = -1
    found[:] = of_places[which.ravel()]
    return found


def touching(shapes: Sequence[Any] | Shapes) -> sparse.csr_matrix:
    """Return the (n, n) matrix that is 1 where two segments share an end, and on its diagonal."""
    lines = np.asarray(shapes, object)
    ends = shapely.get_coordinates([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    _, node = np.unique(np.round(ends / SAME_M), axis=0, return_inverse=True)
    node, own = node.ravel(), np.tile(np.arange(len(lines)), 2)
    shape = len(lines), int(node.max(initial=-1)) + 1
    meets = sparse.csr_matrix((np.ones(len(own)), (own, node)), shape)
    return ((meets @ meets.T) > 0).astype(np.float64)


def gi_star(values: Floats, graph: sparse.csr_matrix) -> getis_ord.GiStar:
    """Return Gi* of ``values``, one a segment, each with those that ``graph`` says it touches.

    ``values`` may be counts, or events per km. See ``getis_ord``; p is two-sided.
    """
    weights = np.asarray(graph.sum(axis=1)).ravel()
    z = getis_ord.scores(values, graph @ values, weights)
    return getis_ord.GiStar(z, significance.two_sided(z))
