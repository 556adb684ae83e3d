"""The plane of a printed map: the city's metric CRS, cut to the shape of its frame."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from gis_core.planes import forward, to_degrees, to_metres
from map_ui.documents.map_document import Box
from map_ui.documents.paper import Frame

MARGIN: Final = 0.04
"""Share of the map kept free at each side."""
SMALLEST_M: Final = 2_000.0
"""A map is at least so wide and high: one cell alone is seen with what is around it."""
_EARTH: Final = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Plane:
    """A rectangle in the metres of EPSG:``srid``: its corner in the south-west and its size."""

    srid: int
    west: float
    south: float
    width: float
    height: float

    @property
    def box(self) -> BaseGeometry:
        """Return it as a rectangle in its own metres."""
        return Polygon.from_bounds(
            self.west, self.south, self.west + self.width, self.south + self.height
        )

    def shape(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a WGS 84 geometry in the plane's metres."""
        moved: BaseGeometry = to_metres(np.array([geometry], object), self.srid)[0]
        return moved

    def points(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return positions of shape (n, 2) in the plane's metres."""
        moved = to_metres(np.asarray(shapely.points(lonlat[:, :2])), self.srid)
        return np.column_stack([shapely.get_x(moved), shapely.get_y(moved)])

    def ground_m(self, one: tuple[float, float], other: tuple[float, float]) -> float:
        """Return the metres on the ground between two places of the plane: WGS 84's geodesic."""
        ends = shapely.points([one, other])
        (lon, lat), (lon2, lat2) = shapely.get_coordinates(to_degrees(ends, self.srid))
        return float(_EARTH.inv(lon, lat, lon2, lat2)[2])

    def north(self) -> float:
        """Return where north is at the middle: degrees clockwise from the top of the sheet."""
        middle = shapely.points([(self.west + self.width / 2, self.south + self.height / 2)])
        [[lon, lat]] = shapely.get_coordinates(to_degrees(middle, self.srid))
        x, y = forward(self.srid, lon, lat)
        x2, y2 = forward(self.srid, lon, lat + 0.01)
        return math.degrees(math.atan2(x2 - x, y2 - y))


def plane(box: Box, srid: int, frame: Frame) -> Plane:
    """Return the smallest plane of the frame's shape that holds a box of degrees, and a margin."""
    # In metres a box has bent sides.
    sides = np.meshgrid(np.linspace(box[0], box[2], 9), np.linspace(box[1], box[3], 9))
    points = to_metres(np.asarray(shapely.points(*sides)).ravel(), srid)
    west, south, east, north = shapely.total_bounds(points)
    wide = max(east - west, SMALLEST_M) / (1 - 2 * MARGIN)
    high = max(north - south, SMALLEST_M) / (1 - 2 * MARGIN)
    wide = max(wide, high * frame.width / frame.height)
    high = wide * frame.height / frame.width
    left, bottom = (west + east - wide) / 2, (south + north - high) / 2
    return Plane(srid, float(left), float(bottom), float(wide), float(high))
