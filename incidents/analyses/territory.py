"""The ground that is asked about: which of a grid's squares belong to it, and to which ward."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import geometry
from shapely.geometry.base import BaseGeometry

from districts import bulk_placement, city
from gis_core.hotspots.grid import Grid
from gis_core.planes import to_metres
from incidents.analyses.errors import TooManyCells
from incidents.analyses.methods import terms
from incidents.analyses.question import CITY, WARDS, AskedArea, ward_edition

if TYPE_CHECKING:
    from gis_core.cell_index import PointIndex

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Territory:
    """Polygons in metres outside of which nothing counts; ``index`` finds points in them."""

    shapes: Sequence[Any]
    index: PointIndex

    def holds(self, x: Floats, y: Floats) -> Bools:
        """Return which positions in metres lie in it, borders included."""
        inside: Bools = self.index.first(x, y) >= 0
        return inside

    def box_m(self) -> tuple[float, float, float, float]:
        """Return the smallest box around it."""
        sides = shapely.total_bounds(np.asarray(self.shapes, object))
        west, south, east, north = (float(side) for side in sides)
        return west, south, east, north


def territory(area: AskedArea) -> Territory:
    """Return the ground of a question's area, from memory where it is the city's."""
    return _city(ward_edition()) if area.kind == CITY else _of(parts(area))


def parts(area: AskedArea) -> list[BaseGeometry]:
    """Return the polygons of an area that is not the whole city, in WGS 84 degrees.

    A shape is cut to the city's extent: far beyond it its metres mean nothing.
    """
    edition = ward_edition()
    if area.kind == WARDS and edition:
        known = bulk_placement.of_edition(edition)
        pairs = zip(known.areas, known.shapes, strict=True)
        return [shape for ward, shape in pairs if ward.code in area.wards]
    return [geometry.shape(json.loads(area.shape)).intersection(_extent())]


def _extent() -> BaseGeometry:
    return geometry.box(*city.current().extent)


@lru_cache(maxsize=2)
def _city(edition: int | None) -> Territory:
    if edition is None:
        return _of([_extent()])
    return _of(bulk_placement.of_edition(edition).shapes)


def _of(shapes: Sequence[BaseGeometry]) -> Territory:
    from gis_core import cell_index  # noqa: PLC0415  heavy: its compiler takes 65 MB

    metres = list(to_metres(np.asarray(shapes, object), city.current().metric_srid))
    return Territory(metres, cell_index.build(metres))


def grid_over(ground: Territory, cell_m: float) -> Grid:
    """Return a grid over the ground whose lines stand at whole multiples of ``cell_m``.

    So two periods or areas have the same squares. Raises TooManyCells.
    """
    west, south, east, north = ground.box_m()
    west, south = np.floor(west / cell_m) * cell_m, np.floor(south / cell_m) * cell_m
    grid = Grid.over((west, south, max(east, west + 1), max(north, south + 1)), cell_m)
    cells, most = grid.rows * grid.columns, terms().most_cells
    if cells > most:
        raise TooManyCells(cell_m=f"{cell_m:g}", cells=cells, most=most)
    return grid


def inside(ground: Territory, grid: Grid) -> Bools:
    """Return which squares of a grid have their middle in the ground; shape as the grid's."""
    return grid.within(*ground.shapes)


def squares(grid: Grid, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[Any]:
    """Return the squares at these rows and columns, in metres."""
    return np.asarray(shapely.polygons(grid.corners(rows, columns)), object)
