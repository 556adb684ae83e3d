"""From cells to shapes: outlines that neighbours share, and still share when they are smoothed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from districts.approximate.growing import NOBODY, Raster
from gis_core.planes import Shapes
from gis_core.polygons import multi_polygon, polygonal_part

CRUMB = 0.05
"""A part smaller than this share of its ward's area is given to the neighbour it touches most."""
SMOOTHING_CELLS = 1.2
"""Tolerance of the smoothing, in cells: enough to turn the stairs of cells into slopes."""


def drawn(rasters: Sequence[Raster], areas_m2: Sequence[float]) -> Shapes:
    """Return one multi-polygon for each ward, in metres; empty where a ward won no cell.

    Together they tile: no overlap, and no gap that they enclose.
    """
    parts: list[list[Polygon]] = [[] for _ in areas_m2]
    for raster in rasters:
        for number, shape in _tiles(raster, areas_m2).items():
            parts[number].extend(shapely.get_parts(shape))
    return np.array([MultiPolygon(one) for one in parts], dtype=object)


def _tiles(raster: Raster, areas_m2: Sequence[float]) -> dict[int, MultiPolygon]:
    """Return the wards of one raster by their index."""
    faces, owners = _faces(raster)
    owners = _without_crumbs(faces, owners, areas_m2)
    numbers = [int(number) for number in np.unique(owners) if number != NOBODY]
    shapes = np.array([shapely.coverage_union_all(faces[owners == number]) for number in numbers])
    smooth = shapely.coverage_simplify(shapes, SMOOTHING_CELLS * raster.cell_m)
    return {
        number: multi_polygon(polygonal_part(shape))
        for number, shape in zip(numbers, smooth, strict=True)
    }


def _faces(raster: Raster) -> tuple[Shapes, NDArray[Any]]:
    """Return the areas of equal cells as polygons with common vertices, and whose each is."""
    framed = np.pad(raster.wards, 1, constant_values=NOBODY)
    lines = np.concatenate([_edges(framed), _edges(framed.T)[:, :, ::-1]])
    metres = lines * raster.cell_m + (raster.west - raster.cell_m, raster.south - raster.cell_m)
    sides: Shapes = np.asarray(shapely.linestrings(metres))
    arcs = shapely.line_merge(shapely.multilinestrings(sides))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(arcs)))
    inside = shapely.get_coordinates(shapely.point_on_surface(faces))
    columns, rows = ((inside - (raster.west, raster.south)) // raster.cell_m).astype(int).T
    return faces, framed[rows + 1, columns + 1].astype(int)


def _edges(cells: NDArray[Any]) -> NDArray[Any]:
    """Return the sides (x, y)-(x, y + 1), in cells, between neighbours in a row that differ."""
    rows, columns = np.nonzero(cells[:, 1:] != cells[:, :-1])
    x = columns + 1.0
    return np.stack([np.stack([x, rows], axis=1), np.stack([x, rows + 1.0], axis=1)], axis=1)


def _without_crumbs(faces: Shapes, owners: NDArray[Any], areas_m2: Sequence[float]) -> NDArray[Any]:
    """Give small parts and enclosed gaps to the neighbour with the longest common border."""
    owners = owners.copy()
    left, right, border = _borders(faces)
    sizes = shapely.area(faces)
    loose = _loose(faces, owners, sizes, areas_m2)
    for face in sorted(np.flatnonzero(loose), key=lambda face: (-sizes[face], face)):
        beside = np.concatenate([right[left == face], left[right == face]])
        length = np.concatenate([border[left == face], border[right == face]])
        firm = ~loose[beside] & (owners[beside] != NOBODY)
        if firm.any():
            owners[face] = owners[beside[firm][np.argmax(length[firm])]]
            loose[face] = False
    owners[loose] = NOBODY
    return owners


def _loose(
    faces: Shapes, owners: NDArray[Any], sizes: NDArray[Any], areas_m2: Sequence[float]
) -> NDArray[Any]:
    """Return which faces are crumbs of a ward, or gaps that wards enclose."""
    whole = shapely.get_parts(shapely.coverage_union_all(faces[owners != NOBODY]))
    filled = shapely.union_all([Polygon(part.exterior) for part in whole])
    gaps = (owners == NOBODY) & shapely.covered_by(shapely.point_on_surface(faces), filled)
    crumbs = (owners != NOBODY) & (sizes < CRUMB * np.array([*areas_m2, np.inf])[owners])
    largest = {int(owners[face]): int(face) for face in np.argsort(sizes)}
    crumbs[list(largest.values())] = False
    loose: NDArray[Any] = gaps | crumbs
    return loose


def _borders(faces: Shapes) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return pairs of faces that touch, and the length of what they share."""
    left, right = shapely.STRtree(faces).query(faces, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    rings = shapely.boundary(faces)
    return left, right, shapely.length(shapely.intersection(rings[left], rings[right]))
