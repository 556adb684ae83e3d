"""The streets of a box as thin lines: what a map is read by where there is no basemap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from shapely import MultiLineString
from shapely.geometry.base import BaseGeometry

from districts.models import Gazetteer, PlaceKind
from gis_core import sql

CLASSES: Final = (
    "motorway", "trunk", "primary", "motorway_link", "trunk_link", "secondary", "primary_link",
    "tertiary", "secondary_link", "tertiary_link", "unclassified", "residential", "road",
    "living_street", "pedestrian", "service", "track", "footway", "path", "cycleway",
)  # fmt: skip
"""OpenStreetMap's, the most important first: https://wiki.openstreetmap.org/wiki/Key:highway."""
MAIN: Final = CLASSES.index("secondary") + 1
"""So many of them are main streets."""
MIDDLE: Final = CLASSES.index("unclassified") + 1
MOST_CORNERS: Final = 40_000
"""Of all lines together: 0.8 MB of a file that writes them as text."""
STEPS: Final = 8_000
"""Corners nearer than this part of the box's width are one."""
WIDE, VERY_WIDE = 0.2, 0.8
"""Degrees, about 22 and 88 km: of a wider box alleys, and all but main streets, are a blot."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class StreetSketch:
    """Lines in WGS 84, empty where no street is known; and whom to name for them."""

    main: BaseGeometry
    other: BaseGeometry
    attributions: tuple[str, ...]


def street_sketch(box: Box) -> StreetSketch:
    """Return the streets of west, south, east, north in degrees, the main ones where all are many.

    Without alleys where the box is wider than ``WIDE``, only main ones beyond ``VERY_WIDE``.
    """
    west, south, east, north = box
    wide = max(east - west, north - south)
    kinds = [PlaceKind.STREET.value] + [PlaceKind.ALLEY.value] * (wide <= WIDE)
    asked = {
        "west": west, "south": south, "east": east, "north": north, "kinds": kinds,
        "classes": list(CLASSES), "middle": MIDDLE, "tolerance": wide / STEPS,
        "most": MOST_CORNERS // 2,
        "least": MAIN if wide > VERY_WIDE else len(CLASSES),
    }  # fmt: skip
    rows = sql.rows("districts", "street_sketch", asked)
    shapes = shapely.from_wkb(np.array([bytes(row[2]) for row in rows], object))
    kept = int((np.cumsum(shapely.get_num_coordinates(shapes)) <= MOST_CORNERS).sum())
    main = np.array([(row[0] or MIDDLE) <= MAIN for row in rows[:kept]], bool)
    known = Gazetteer.objects.filter(pk__in={row[1] for row in rows[:kept]}).exclude(attribution="")
    return StreetSketch(
        _lines(shapes[:kept][main]),
        _lines(shapes[:kept][~main]),
        tuple(sorted(set(known.values_list("attribution", flat=True)))),
    )


def _lines(shapes: Any) -> BaseGeometry:  # noqa: ANN401  an array of shapely's
    parts = shapely.get_parts(shapely.get_parts(shapes))
    return MultiLineString(list(parts[shapely.get_dimensions(parts) == 1]))
