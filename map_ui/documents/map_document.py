"""A map before it is written anywhere: the file to open and the sheets to print show the same.

Whoever makes one has asked already what its reader may see; here nothing is looked up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis_core.errors import N_, DomainError

MOST_POINTS: Final = 50_000
"""Of heat, on one map."""
MOST_MARKS: Final = 10_000
MOST_SHAPES: Final = 20_000
MOST_CORNERS: Final = 400_000
"""Of all shapes, wards and streets together: a file of about 10 MB."""

APART: Final = 0.4
"""Degrees between what belongs on one picture and what does not: about 44 km."""


class MapTooLarge(DomainError):
    """A map file would be too large to open or too slow to draw."""

    code = "map.too_large"
    status = 422
    message = N_(
        "This map has %(many)s parts of one sort; a file holds at most %(most)s. "
        "Ask for a shorter period, fewer categories or a smaller area."
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a legend: a colour as ``#rrggbb`` and what it stands for."""

    said: str
    colour: str
    hatched: bool = False
    """Lines of the colour instead of the colour: for what is not known."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A polygon, a line or several, in WGS 84, longitude first; ``step`` is its legend's line."""

    geometry: BaseGeometry
    step: int
    label: str = ""
    """Plain text, shown when it is pointed at."""


@dataclass(frozen=True, slots=True)
class Shaded:
    """Areas, cells, hulls or streets, coloured by the steps of one legend."""

    name: str
    steps: tuple[Step, ...]
    shapes: tuple[Shape, ...]
    unit: str = ""
    """What the numbers of the legend are: "incidents per km²"."""
    shown: bool = True
    """Otherwise it waits among the layers of the file, and is not printed."""


@dataclass(frozen=True, slots=True)
class Heat:
    """Points with weights: shape (n, 3) of longitude, latitude, weight above 0."""

    name: str
    points: NDArray[np.float64]
    unit: str = ""
    """What weights count: "incidents"."""
    shown: bool = True
    cell_m: float = 0.0
    """Points are the middles of cells so wide; 0: they are places themselves."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One place with its words, plain text.

    ``sign``: one to three letters for its dot on paper, where its words then stand in the legend.
    """

    lon: float
    lat: float
    label: str
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """Places one by one; the file groups them while they are too near each other."""

    name: str
    marks: tuple[Mark, ...]
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """An area to find one's way by: its outline and where its name is written, in WGS 84."""

    name: str
    outline: BaseGeometry
    label_at: tuple[float, float]


Layer = Shaded | Heat | Marks
Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True, slots=True)
class MapDocument:
    """A map and all that is written around it, every text plain and in ``language``.

    Layers are drawn in their order, over ``streets`` and the outlines of ``places``.
    """

    title: str
    about: str
    """What it means, and what it does not: a sentence or two."""
    layers: tuple[Layer, ...]
    source: str
    made: str
    """See ``making.made_today``."""
    language: str
    parameters: tuple[tuple[str, str], ...] = ()
    """Name and value of all that was asked for."""
    notes: tuple[str, ...] = ()
    """What a reader must know: what was left out, what is uncertain."""
    places: tuple[Place, ...] = ()
    streets: BaseGeometry = field(default_factory=shapely.MultiLineString)
    """The main ones."""
    small_streets: BaseGeometry = field(default_factory=shapely.MultiLineString)
    box: Box | None = None
    """What is in view at first and on paper; None: what is shown."""

    def shapes(self) -> list[Shape]:
        """Return the shapes of all layers."""
        return [
            shape for layer in self.layers if isinstance(layer, Shaded) for shape in layer.shapes
        ]

    def view(self) -> Box | None:
        """Return west, south, east, north of what is shown; of the places, where nothing is.

        What lies apart from the rest, such as an island far out, is left aside: see ``main_part``.
        """
        if self.box:
            return self.box
        shown = [found for layer in self.layers if layer.shown for found in _boxes(layer)]
        boxes = shown or [place.outline.bounds for place in self.places]
        return main_part(np.asarray(boxes, np.float64)) if boxes else None


def main_part(boxes: NDArray[np.float64]) -> Box:
    """Return the box around the most boxes of which each is near another, ``APART`` at most.

    ``boxes`` has the shape (n, 4), n above 0: west, south, east, north in degrees.
    """
    wider = shapely.box(*(boxes + np.array([-APART, -APART, APART, APART]) / 2).T)
    parts = shapely.get_parts(shapely.union_all(wider))
    middles = shapely.centroid(shapely.box(*boxes.T))
    inside = shapely.contains_xy(parts[:, None], shapely.get_x(middles), shapely.get_y(middles))
    kept = boxes[inside[inside.sum(axis=1).argmax()]]
    west, south = kept[:, :2].min(axis=0)
    east, north = kept[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def check_size(document: MapDocument) -> None:
    """Raise MapTooLarge where a file of this map would not be usable."""
    shapes = document.shapes()
    corners = [shape.geometry for shape in shapes]
    corners += [place.outline for place in document.places]
    corners += [document.streets, document.small_streets]
    counted = (
        (sum(len(one.points) for one in document.layers if isinstance(one, Heat)), MOST_POINTS),
        (sum(len(one.marks) for one in document.layers if isinstance(one, Marks)), MOST_MARKS),
        (len(shapes), MOST_SHAPES),
        (int(shapely.get_num_coordinates(np.asarray(corners)).sum()), MOST_CORNERS),
    )
    for many, most in counted:
        if many > most:
            raise MapTooLarge(many=many, most=most)


def _boxes(layer: Layer) -> list[Box]:
    if isinstance(layer, Shaded):
        return [shape.geometry.bounds for shape in layer.shapes if not shape.geometry.is_empty]
    if isinstance(layer, Marks):
        return [(mark.lon, mark.lat, mark.lon, mark.lat) for mark in layer.marks]
    return [(lon, lat, lon, lat) for lon, lat, _weight in layer.points.tolist()]
