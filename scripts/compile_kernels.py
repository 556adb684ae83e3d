"""Compile the kernels, so that nobody's first import, placement or search waits for it.

Numba keeps what it compiled beside the sources. Compiling takes some ten seconds and 80 MB, which
an import that may use 400 should not have to share.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import shapely
import shapely.affinity

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gis_core import cell_index, density_clusters, outline

SIDE = 0.01


def main() -> None:
    """Join a few points with a few polygons, ask how far they are, and cluster them."""
    turned = [shapely.affinity.rotate(shapely.box(0, 0, SIDE, SIDE), angle) for angle in (0, 30)]
    blocks = [
        shapely.affinity.translate(shape, east * SIDE, north * SIDE)
        for shape in turned
        for east in range(4)
        for north in range(4)
    ]
    index = cell_index.build(blocks)
    degrees = np.linspace(-SIDE, 5 * SIDE, 1000)
    for threads in (1, 2):
        index.pairs(degrees, degrees[::-1].copy(), threads=threads)
        index.first(degrees, degrees[::-1].copy(), threads=threads)
    outline.outline(blocks[0]).distance(np.array([[SIDE, SIDE], [-SIDE, 0.0]]))
    density_clusters.clusters(np.column_stack([degrees, degrees]), SIDE, 3)


if __name__ == "__main__":
    main()
