"""The names of places on a printed map: each where it has room, the largest places first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.patheffects import Stroke
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from map_ui.documents.letters import MM_PER_POINT, letters
from map_ui.documents.map_document import Place
from map_ui.documents.sheet_plane import Plane

POINTS: Final = 5.2
"""Height of the letters."""
ROOM: Final = 1.25
"""How much wider than its place a name may be."""


def write_names(axes: Axes, places: Iterable[Place], plane: Plane, mm: float) -> None:
    """Write the names that fit over their places and over no other name.

    ``mm``: metres of the plane in a millimetre of print.
    """
    taken: list[Polygon] = []
    seen = plane.box
    shapes = [(one, plane.shape(one.outline).intersection(seen)) for one in places]
    for place, shape in sorted(shapes, key=lambda one: (-one[1].area, one[0].name)):
        if shape.is_empty:
            continue
        box = _box(place, shape, plane, mm)
        west, _south, east, _north = box.bounds
        fits = east - west <= ROOM * (shape.bounds[2] - shape.bounds[0]) and seen.contains(box)
        if fits and not any(box.intersects(other) for other in taken):
            taken.append(box)
            _write(axes, place.name, box)


def _write(axes: Axes, name: str, box: Polygon) -> None:
    """Write a name over a halo of its own: as one artist it would be no text in a PDF."""
    halo = [Stroke(linewidth=1.4, foreground="#ffffffd0")]
    for effects in (halo, None):
        axes.text(
            box.centroid.x, box.centroid.y, name, fontproperties=letters().face, fontsize=POINTS,
            ha="center", va="center", color="#17201d", zorder=7, path_effects=effects,
        )  # fmt: skip


def _box(place: Place, shape: BaseGeometry, plane: Plane, mm: float) -> Polygon:
    """Return the rectangle of a name, around its place's label point where that is seen."""
    at = shapely.Point(plane.points(np.array([place.label_at], np.float64))[0])
    if not shape.intersects(at):
        at = shape.representative_point()
    wide = (letters().wide(place.name, POINTS) / 2 + 0.4) * mm
    high = (POINTS / 2 + 0.5) * MM_PER_POINT * mm
    return Polygon.from_bounds(at.x - wide, at.y - high, at.x + wide, at.y + high)
