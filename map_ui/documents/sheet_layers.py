"""The layers of a printed map, drawn with matplotlib in the plane's metres."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.path import Path
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from map_ui.documents.grading import graded
from map_ui.documents.letters import letters
from map_ui.documents.map_document import Heat, MapDocument, Marks, Shaded, Shape, Step
from map_ui.documents.scale_bar import round_up
from map_ui.documents.sheet_plane import Plane

LAND, EDGE, WATER, ACCENT = "#fbfcfb", "#8b9893", "#e9eeec", "#00665c"
STREET: Final = "#4f5b56"
STREET_SHOWN: Final = 0.35
"""Seen through, so that colours under streets stay those of the legend."""
SMALL_WIDE, MAIN_WIDE = 0.2, 0.55
HATCH: Final = "//////"
SIGNED: Final = 62
"""Area of a dot with a sign, in square points."""
CELL_MM: Final = 2.2
"""Cells of a printed heat layer are at least so wide."""


def draw_ground(axes: Axes, document: MapDocument, plane: Plane) -> None:
    """Draw the outlines of places, and thin streets: over coloured areas too, under all else."""
    outlines = [plane.shape(one.outline) for one in document.places]
    axes.add_collection(_areas(outlines, facecolor=LAND, edgecolor=EDGE, linewidth=0.5, zorder=1))
    for shape, width in ((document.small_streets, SMALL_WIDE), (document.streets, MAIN_WIDE)):
        lines = _lines(plane.shape(shape))
        axes.add_collection(
            LineCollection(lines, colors=STREET, alpha=STREET_SHOWN, linewidths=width, zorder=4)
        )


def draw_shaded(axes: Axes, layer: Shaded, plane: Plane) -> None:
    """Draw each step's shapes in its colour: areas with a thin edge, lines thick."""
    shapes = tuple(replace(one, geometry=plane.shape(one.geometry)) for one in layer.shapes)
    draw_steps(axes, replace(layer, shapes=shapes))


def draw_steps(axes: Axes, layer: Shaded) -> None:
    """Draw shapes that are in the plane already."""
    for at, step in enumerate(layer.steps):
        shapes = [one.geometry for one in layer.shapes if one.step == at]
        areas = [shape for shape in shapes if shape.geom_type.endswith("Polygon")]
        lines = [line for shape in shapes for line in _lines(shape)]
        axes.add_collection(_areas(areas, linewidth=0.35, zorder=3, **filled(step)))
        axes.add_collection(LineCollection(lines, colors=step.colour, linewidths=2.2, zorder=5))


def filled(step: Step) -> dict[str, str]:
    """Return how matplotlib fills an area of this step."""
    if step.hatched:
        return {"facecolor": LAND, "edgecolor": step.colour, "hatch": HATCH}
    return {"facecolor": step.colour, "edgecolor": EDGE}


def in_cells(layer: Heat, plane: Plane, mm: float) -> tuple[Shaded, float]:
    """Return a heat layer as square cells with their sums, in the plane; and how wide they are.

    A glow says less in print than numbers do. ``mm``: metres in a millimetre of print. Cells have
    a round size and lie where they lie on every other sheet of that size; they are never smaller
    than those that the layer was counted in.
    """
    wide = round_up(max(CELL_MM * mm, layer.cell_m))
    at, sums = _summed(np.floor(plane.points(layer.points[:, :2]) / wide), layer.points[:, 2])
    told = graded(sums.tolist(), places=0 if bool((layer.points[:, 2] % 1 == 0).all()) else 1)
    squares = np.asarray(shapely.box(*(at * wide).T, *((at + 1) * wide).T))
    shapes = tuple(Shape(square, step) for square, step in zip(squares, told.of, strict=True))
    return Shaded(layer.name, told.steps, shapes, layer.unit), wide


def _summed(
    cells: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each cell once, shape (n, 2), and the sum of its weights."""
    each, which = np.unique(cells, axis=0, return_inverse=True)
    sums = np.bincount(which.ravel(), weights, minlength=len(each))
    return each, sums.astype(np.float64)


def draw_marks(axes: Axes, layer: Marks, plane: Plane) -> None:
    """Draw each place as a dot: a small one, or one with room for its sign."""
    if not layer.marks:
        return
    xy = plane.points(np.array([(one.lon, one.lat) for one in layer.marks], np.float64))
    sizes = [SIGNED if one.sign else 9 for one in layer.marks]
    # The first one, which is the most important where they are ranked, lies on top.
    axes.scatter(
        xy[::-1, 0], xy[::-1, 1], s=sizes[::-1], c=ACCENT, edgecolors="white", linewidths=0.4,
        zorder=8,
    )  # fmt: skip
    for mark, (x, y) in zip(layer.marks[::-1], xy[::-1].tolist(), strict=True):
        if mark.sign:
            axes.text(
                x, y, mark.sign, fontproperties=letters(heavy=True).face, fontsize=5, color="white",
                ha="center", va="center_baseline", clip_on=True, zorder=8,
            )  # fmt: skip


def _areas(shapes: Iterable[BaseGeometry], **style: Any) -> PathCollection:
    return PathCollection([_path(shape) for shape in shapes if not shape.is_empty], **style)


def _path(shape: BaseGeometry) -> Path:
    """Return polygons as one path; holes run the other way round, and so stay empty."""
    rings = [
        ring
        for part in shapely.get_parts(shapely.orient_polygons(shape))
        for ring in (part.exterior, *part.interiors)
    ]
    return Path.make_compound_path(*(Path(_xy(ring), closed=True) for ring in rings))


def _lines(shape: BaseGeometry) -> list[NDArray[np.float64]]:
    parts = shapely.get_parts(shape)
    return [_xy(part) for part in parts if part.geom_type == "LineString" and not part.is_empty]


def _xy(shape: BaseGeometry) -> NDArray[np.float64]:
    found: NDArray[np.float64] = shapely.get_coordinates(shape)
    return found
