"""An exact join of many points with many polygons.

A uniform grid is laid over the polygons. Where no border touches, large squares are answered at
once; where borders do, squares are divided, and divided again, down to small cells. In a cell that
a border touches a point is compared only with the stretches of border that touch it: the cell's
south-west corner is known to lie inside or outside each polygon, and every border crossed on the
way from the point to that corner changes it. All comparisons are exact, and ties are broken by
shifting every point by the same infinitesimal amount (Edelsbrunner, Mücke 1990, "Simulation of
simplicity"), so vertices, edges and horizontal borders need no special case; a point exactly on a
border is found apart and counts as covered, as in ``ST_Covers``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

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
Answer = TypeVar("Answer")

CHUNK = 1 << 17
"""Points that a thread takes at a time."""


class PointIndex(Protocol):
    """Answers which of the polygons it was built of cover a point; border included."""

    @property
    def nbytes(self) -> int:
        """About how many bytes of memory the index holds."""

    def first(self, lons: Floats, lats: Floats, *, threads: int = 1) -> Ints:
        """Return for each point the position of the first polygon that covers it; -1 for none.

        Shape ``(len(lons),)``, in the order given. Coordinates that are not finite lie in none.
        """

    def pairs(self, lons: Floats, lats: Floats, *, threads: int = 1) -> tuple[Longs, Ints]:
        """Return every (point, polygon) where the polygon covers the point.

        Two arrays of one length, sorted by point, then by polygon.
        """


def build(polygons: Sequence[BaseGeometry], *, cells: int | None = None) -> PointIndex:
    """Return the index of ``polygons``: Polygon or MultiPolygon, holes and overlaps welcome.

    Positions in the answers are positions in ``polygons``; on a shared edge the first wins, so
    order them by code. ``cells`` is about how many cells the grid has, divided or not; by default
    they are as small as pays, within bounds on their number, which bound the memory. Raises
    TypeError for other geometries. Answers equal those of GEOS's ``covers`` on the same doubles;
    without numba it is GEOS that is asked, and the answers come slower.
    """
    shapes = np.asarray(polygons, object)
    borders = cell_grid.borders(shapes)
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
        return self.cells.nbytes

    def first(self, lons: Floats, lats: Floats, *, threads: int = 1) -> Ints:
        answer = np.empty(len(lons), np.int32)

        def part(some: slice) -> None:
            cell_kernels.first(lons[some], lats[some], self.grid, self.cells, answer[some])

        _each(part, _parts(len(lons), threads), threads)
        return answer

    def pairs(self, lons: Floats, lats: Floats, *, threads: int = 1) -> tuple[Longs, Ints]:
        points, polygons = np.empty(len(lons), np.int64), np.empty(len(lons), np.int32)

        def part(some: slice) -> int:
            return self._pairs(lons, lats, some, points[some], polygons[some])

        parts = _parts(len(lons), threads)
        counts = _each(part, parts, threads)
        # Most points lie in one polygon or none: only where many overlap is it asked again.
        if any(count > some.stop - some.start for some, count in zip(parts, counts, strict=True)):
            points, polygons = np.empty(sum(counts), np.int64), np.empty(sum(counts), np.int32)
            self._pairs(lons, lats, slice(0, len(lons)), points, polygons)
            return points, polygons
        _close_up(points, parts, counts)
        _close_up(polygons, parts, counts)
        return points, polygons

    def _pairs(self, lons: Floats, lats: Floats, some: slice, points: Longs, polygons: Ints) -> int:
        asked = (lons[some], lats[some], some.start, self.grid, self.cells)
        return cell_kernels.pairs(*asked, points, polygons)


def _parts(many: int, threads: int) -> list[slice]:
    size = CHUNK if threads > 1 else max(many, 1)
    return [slice(begin, min(begin + size, many)) for begin in range(0, many, size)]


def _each(work: Callable[[slice], Answer], parts: list[slice], threads: int) -> list[Answer]:
    if threads == 1:
        return [work(some) for some in parts]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, parts))


def _close_up(values: NDArray[Any], parts: list[slice], counts: list[int]) -> None:
    """Move what each part found behind what the one before found, and give the rest back."""
    end = 0
    for some, count in zip(parts, counts, strict=True):
        if end < some.start:
            values[end : end + count] = values[some.start : some.start + count]
        end += count
    # Nobody else holds the array, and shrinking it copies nothing.
    values.resize(end, refcheck=False)


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

    def pairs(self, lons: Floats, lats: Floats, *, threads: int = 1) -> tuple[Longs, Ints]:  # noqa: ARG002
        points, polygons = self.tree.query(shapely.points(lons, lats), predicate="covered_by")
        order = np.lexsort((polygons, points))
        return points[order].astype(np.int64), polygons[order].astype(np.int32)
