"""Where all incidents are, for what is computed over all of them."""

from __future__ import annotations

import numpy as np

from districts.lineage import Points
from gis_core import sql

BATCH = 100_000


def of_all() -> Points:
    """Return the positions of every incident, in the order of their ids."""
    parts, after = [], 0
    while rows := sql.rows("incidents", "positions_after", {"after": after, "limit": BATCH}):
        after = rows[-1][0]
        parts.append(np.array(rows, float)[:, 1:])
    lonlat = np.concatenate(parts) if parts else np.empty((0, 2))
    return Points(lonlat[:, 0], lonlat[:, 1])
