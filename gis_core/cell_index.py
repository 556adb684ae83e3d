"""An exact join of many points with many polygons.

A uniform grid is laid over the polygons. A cell that no border touches is answered at once; in the
others a point is compared only with the borders that touch its cell: the cell's south-west corner
is known to lie inside or outside each polygon, and every border crossed on the way from the point
to that corner changes it. All comparisons are exact, and ties are broken by shifting every point
by the same infinitesimal amount (Edelsbrunner, Mücke 1990, "Simulation of simplicity"), so
vertices, edges and horizontal borders need no special case; a point exactly on a border is found
apart and counts as covered, as in ``ST_Covers``.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis_core import cell_build, cell_grid, cell_kernels, orientation
from gis_core.cell_build import Cells
from gis_core.cell_grid import Grid

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Ints = NDArray[np.int32]

CHUNK = 1 << 16
"""Points taken at a time: their part of the answer stays in a core's cache."""


class PointIndex(Protocol):
    """Answers which of the polygons it was built of cover a point; border included."""

    @property
    def nbytes(self) -> int:
        """About how many bytes of memory the index holds."""

    def first(self, lons: Floats, lats: Floats, *, threads: int = 1) -> Ints:
        """Return for each point the position of the first polygon that covers it; -1 for none.

        Shape ``(len(lons),)``, in the order given. Coordinates that are not finite lie in none.
        """

    def pairs(self, lons: Floats, lats: Floats) -> tuple[Longs, Ints]:
        """Return every (point, polygon) where the polygon covers the point.

        Two arrays of one length, sorted by point, then by polygon.
        """


def build(polygons: Sequence[BaseGeometry], *, cells: int | None = None) -> PointIndex:
    """Return the index of ``polygons``: Polygon or MultiPolygon, holes and overlaps welcome.

    Positions in the answers are positions in ``polygons``; on a shared edge the first wins, so
    order them by code. ``cells`` is about how many cells the grid has; by default eight for every
    border segment, at most four million, which bounds the memory. Raises TypeError for other
    geometries. Answers equal those of GEOS's ``covers`` on the same doubles; without numba it is
    GEOS that is asked, and the answers come slower.
    """
    shapes = np.asarray(polygons, object)
    borders = cell_grid.segments(shapes)
    if not orientation.COMPILED:
        return TreeIndex(shapely.STRtree(shapes))
    grid = cell_grid.lay(borders, cells)
    return CellIndex(grid, cell_build.cells(borders, grid, len(shapes)))


@dataclass(frozen=True, slots=True)
class CellIndex:
    """The cells; never changed once built, shared by threads. See PointIndex."""

    grid: Grid
    cells: Cells

    @property
    def nbytes(self) -> int:
        return sum(part.nbytes for part in self.cells)

    def first(self, lons: Floats, lats: Floats, *, threads: int = 1) -> Ints:
        answer = np.empty(len(lons), np.int32)

        def part(begin: int) -> None:
            some = slice(begin, begin + CHUNK)
            cell_kernels.first(lons[some], lats[some], self.grid, self.cells, answer[some])

        begins = range(0, len(lons), CHUNK)
        if threads == 1:
            for begin in begins:
                part(begin)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(part, begins))
        return answer

    def pairs(self, lons: Floats, lats: Floats) -> tuple[Longs, Ints]:
        asked = (lons, lats, self.grid, self.cells)
        # Most points lie in one polygon or none: only where many overlap is it asked again.
        room = len(lons) + CHUNK
        while True:
            points, polygons = np.empty(room, np.int64), np.empty(room, np.int32)
            count = cell_kernels.pairs(*asked, points, polygons)
            if count <= room:
                return points[:count].copy(), polygons[:count].copy()
            room = count


@dataclass(frozen=True, slots=True)
class TreeIndex:
    """The same answers from GEOS, where numba is not installed. See PointIndex."""

    tree: shapely.STRtree

    @property
    def nbytes(self) -> int:
        return int(shapely.get_num_coordinates(self.tree.geometries).sum()) * 16

    def first(self, lons: Floats, lats: Floats, *, threads: int = 1) -> Ints:  # noqa: ARG002  GEOS asks one at a time
        points, polygons = self.pairs(lons, lats)
        answer = np.full(len(lons), -1, np.int32)
        answer[points[::-1]] = polygons[::-1]
        return answer

    def pairs(self, lons: Floats, lats: Floats) -> tuple[Longs, Ints]:
        points, polygons = self.tree.query(shapely.points(lons, lats), predicate="covered_by")
        order = np.lexsort((polygons, points))
        return points[order].astype(np.int64), polygons[order].astype(np.int32)
