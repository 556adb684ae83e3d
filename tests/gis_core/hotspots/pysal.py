"""The same grids as PySAL is given them."""

from __future__ import annotations

import numpy as np
from libpysal.graph import Graph
from scipy import sparse


def graph(inside, reach, *, own, disc=False):
    """Return the cells inside as a graph of binary weights; each its own neighbour with ``own``."""
    rows, columns = np.nonzero(inside)
    down = rows[:, None] - rows
    across = columns[:, None] - columns
    if disc:
        near = down**2 + across**2 <= reach * reach
    else:
        near = (abs(down) <= reach) & (abs(across) <= reach)
    if not own:
        np.fill_diagonal(near, val=False)
    return Graph.from_sparse(sparse.coo_array(near.astype(float)))
