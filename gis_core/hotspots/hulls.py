"""What a cluster is, told by its shape, its days and its size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

CONCAVITY: Final = 0.4
"""Share between the longest and the shortest edge of the triangulation; 1 is the convex hull."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster."""

    label: int
    count: int
    first: int
    """Its first day, as the events' days are numbered."""
    last: int
    hull: Polygon
    """Metres. All its events lie inside, about ``margin_m`` from the edge or more."""
    centre: tuple[float, float]
    """The mean of its events, metres."""
    radius_m: float
    """From the centre to the event furthest from it."""


def summaries(
    xy: Floats, days: Longs, labels: Longs, *, margin_m: float = 10.0, concave: bool = True
) -> list[Cluster]:
    """Return the clusters, the largest first, then the one of the smallest label.

    ``xy``: (n, 2), metres; ``days``, ``labels``: (n,); a label below 0 is in no cluster. The hull
    is that of M. Duckham, L. Kulik, M. Worboys, A. Galton, "Efficient generation of simple polygons
    for characterizing the shape of a set of points in the plane", Pattern Recognition 41 (2008), as
    GEOS has it, with ``concave``; else the convex one. It is widened by ``margin_m``, so that a
    street's line or one address has an area too. Raises ValueError for a margin that is not above
    0, or arrays of several lengths.
    """
    if not (margin_m > 0 and len(xy) == len(days) == len(labels)):
        msg = "margin_m must be above 0, and days and labels one for each event"
        raise ValueError(msg)
    order = np.argsort(labels, kind="stable")
    order = order[np.searchsorted(labels[order], 0) :]
    if not len(order):
        return []
    names, starts = np.unique(labels[order], return_index=True)
    counts = np.diff(np.r_[starts, len(order)])
    xy, days = xy[order], days[order]
    centres = np.add.reduceat(xy, starts) / counts[:, None]
    far = np.hypot(*(xy - np.repeat(centres, counts, axis=0)).T)
    first, last = np.minimum.reduceat(days, starts), np.maximum.reduceat(days, starts)
    hulls = _hulls(xy, np.repeat(np.arange(len(names)), counts), margin_m, concave=concave)
    radius = np.maximum.reduceat(far, starts)
    return [
        Cluster(
            label=int(names[k]), count=int(counts[k]), first=int(first[k]), last=int(last[k]),
            hull=hulls[k], centre=(float(centres[k, 0]), float(centres[k, 1])),
            radius_m=float(radius[k]),
        )
        for k in np.lexsort((names, -counts))
    ]  # fmt: skip


def _hulls(xy: Floats, group: Longs, margin_m: float, *, concave: bool) -> NDArray[np.object_]:
    """Return the hull of each group; ``group`` counts from 0 and never goes down."""
    # Thousands may stand on one address: a hull needs it once.
    order = np.lexsort((xy[:, 1], xy[:, 0], group))
    xy, group = xy[order], group[order]
    new = np.r_[True, (np.diff(group) != 0) | (np.diff(xy, axis=0) != 0).any(axis=1)]
    points = np.asarray(shapely.points(xy[new]), object)
    together = np.asarray(shapely.multipoints(points, indices=group[new]), object)
    bare = shapely.concave_hull(together, CONCAVITY) if concave else shapely.convex_hull(together)
    return np.asarray(shapely.buffer(bare, margin_m), object)
