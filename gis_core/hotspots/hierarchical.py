"""Clusters of unequal density: no distance to choose, only how few events make a cluster.

HDBSCAN: R. Campello, D. Moulavi, J. Sander, "Density-Based Clustering Based on Hierarchical Density
Estimates", PAKDD 2013, as scikit-learn has it. It weighs every pair of events, so its time grows
with the square of their number.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from gis_core.errors import N_, DomainError

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]

MOST: Final = 50_000
"""Events; they take about ten seconds of one processor."""


class TooManyForHierarchy(DomainError):
    """There are more events than HDBSCAN can weigh in reasonable time."""

    code = "hotspots.too_many_for_hierarchy"
    status = 422
    message = N_(
        "Clusters of unequal density can be found among at most %(most)s incidents, and there are "
        "%(count)s. Choose a shorter period, fewer categories or a smaller area; or clusters "
        "within a fixed distance, which have no such limit."
    )


def clusters(xy: Floats, fewest: int, *, samples: int | None = None, join_m: float = 0.0) -> Longs:
    """Return the label of each event, from 0; -1 for one that is in no cluster.

    ``xy``: (n, 2), metres. ``fewest`` events make a cluster, at least 2; ``samples`` neighbours
    tell how dense it is around an event (``fewest`` where None); clusters nearer than ``join_m``
    are not told apart. The labels of ``sklearn.cluster.HDBSCAN``. Raises ValueError for numbers
    that make no sense, TooManyForHierarchy above MOST events.
    """
    if not (fewest >= 2 and (samples or 1) >= 1 and join_m >= 0 and np.isfinite(xy).all()):
        msg = "fewest must be at least 2, samples 1, join_m not below 0, every coordinate finite"
        raise ValueError(msg)
    if len(xy) > MOST:
        raise TooManyForHierarchy(most=MOST, count=len(xy))
    if len(xy) < max(fewest, samples or 0):
        return np.full(len(xy), -1, np.int64)
    from sklearn.cluster import HDBSCAN  # noqa: PLC0415  heavy: a second, for one method

    found = HDBSCAN(
        min_cluster_size=fewest,
        min_samples=samples,
        cluster_selection_epsilon=join_m,
        algorithm="kd_tree",
        copy=True,
    ).fit(np.asarray(xy, np.float64))
    labels: Longs = found.labels_.astype(np.int64)
    return labels
