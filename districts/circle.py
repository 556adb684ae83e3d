"""Cut a position's circle by everything that crosses it. Pure shapely; metres around the pin."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

Key = TypeVar("Key", bound=Hashable)

QUARTER_SEGMENTS = 16
"""64 sides: the polygon has 99.8% of the circle's area, and shares differ by far less."""

GRID_M = 0.001
"""Overlays are snapped to a millimetre: without it shapes cut by rounding make GEOS give up."""

DUST = 1e-5
"""Shares below this are rounding along cut lines, not places."""


def shares(radius_m: float, around: Mapping[Key, BaseGeometry]) -> dict[frozenset[Key], float]:
    """Return what part of the circle lies in which of the shapes; the parts sum to 1.

    The circle stands at (0, 0) with ``radius_m``; ``around`` holds shapes in metres from there.
    The empty set is the part that lies in none of them.
    """
    circle = Point(0, 0).buffer(radius_m, quad_segs=QUARTER_SEGMENTS)
    faces: dict[frozenset[Key], BaseGeometry] = {frozenset(): circle}
    for key, shape in around.items():
        faces = _cut(faces, key, _areal(shapely.make_valid(shape)))
    parts = {keys: face.area / circle.area for keys, face in faces.items()}
    kept = {keys: part for keys, part in parts.items() if part > DUST}
    total = sum(kept.values())
    return {keys: part / total for keys, part in kept.items()}


def _cut(
    faces: Mapping[frozenset[Key], BaseGeometry], key: Key, shape: BaseGeometry
) -> dict[frozenset[Key], BaseGeometry]:
    """Split every face into the part inside ``shape``, which gains ``key``, and the rest."""
    halves = {}
    for keys, face in faces.items():
        inside = _areal(shapely.intersection(face, shape, grid_size=GRID_M))
        outside = _areal(shapely.difference(face, shape, grid_size=GRID_M))
        if not inside.is_empty:
            halves[keys | {key}] = inside
        if not outside.is_empty:
            halves[keys] = outside
    return halves


def _areal(shape: BaseGeometry) -> BaseGeometry:
    """Return only the polygons of ``shape``: overlays of shapes that touch leave lines too."""
    if shape.geom_type in {"Polygon", "MultiPolygon"}:
        return shape
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
