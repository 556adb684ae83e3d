"""Clusters in space and time: many events near one another within some days.

ST-DBSCAN without its third, non-spatial threshold: D. Birant, A. Kut, "ST-DBSCAN: An algorithm for
clustering spatial-temporal data", Data & Knowledge Engineering 60 (2007) 208-221. Two events are
neighbours where both hold, so what is near to one is a cylinder: as wide as the distance, as high
as the period before and after. Time is never turned into metres.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis_core import density_clusters

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]


def clusters(
    xy: Floats, days: Longs, distance_m: float, period_days: int, fewest: int
) -> density_clusters.Clusters:
    """Return the cluster of each event, and whether it is core.

    ``xy``: (n, 2), metres in one plane; ``days``: (n,), whole numbers. An event is core where at
    least ``fewest`` events, itself among them, are not further than ``distance_m`` from it and not
    more than ``period_days`` days. Labels count from 0 in the order of the clusters' first core
    events, NOISE where an event is in none: those of scikit-learn's DBSCAN with these neighbours.
    Exact. Raises ValueError for numbers that make no sense, or days that are not whole.
    """
    days = np.asarray(days)
    if days.shape != xy.shape[:1] or not np.issubdtype(days.dtype, np.integer):
        msg = "days must be whole numbers, one for each event"
        raise ValueError(msg)
    return density_clusters.clusters(xy, distance_m, fewest, days.astype(np.int64), period_days)
