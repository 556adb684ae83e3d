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

from gis_core import cell_index, density_clusters, outline, point_layers
from gis_core.hotspots.grid import Grid
from gis_core.hotspots.kernel_density import Points, density_of
from gis_core.tiles import Tile
from incidents.columns import counting, placing
from incidents.columns.rows import COLUMNS, Asked, Columns, Rows, Words

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
    count_some()


def count_some() -> None:
    """Count a few rows, and write what was counted as a layer."""
    rows = Rows(**{name: np.zeros(3, kind) for name, kind in COLUMNS.items()})
    words = Words(("any",), ("received",), (), (), "", (0.0, 0.0), 4326)
    columns = Columns(rows, rows, np.ones(3, np.int8), words, "")
    asked = Asked(np.ones(1 << 16, np.uint8))
    shown = counting.shown(words, asked, np.zeros(1 << 16, np.uint8), {})
    [counts, _] = counting.count_tile(columns, Tile(0, 0, 0), shown).astype(np.int64)
    named = point_layers.Named(np.zeros(len(counts), np.int64), ["any"])
    point_layers.layer("some", counts, counts, {"count": counts, "name": named})
    counting.single(columns, Tile(0, 0, 0), shown)
    place_some(columns, asked)


def place_some(columns: Columns, asked: Asked) -> None:
    """Count the same rows on a metric grid, and reckon how dense they are."""
    grid = Grid(-5.0, -5.0, 1.0, 10, 10)
    placing.counts(columns, asked, grid)
    found = placing.points(columns, asked, grid, np.ones(grid.shape, np.bool_))
    for bandwidth in (2.0, 20.0):
        density_of(grid, Points(*found), bandwidth)


if __name__ == "__main__":
    main()
