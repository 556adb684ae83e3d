"""Degrees to metres and back on a plane that touches the city: quick, and near enough. Pure.

An equirectangular projection about one latitude. A hundred kilometres north or south of it lengths
are half a per cent off, which nothing here can feel; distances that people are told come from it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis_core.positions import EARTH_RADIUS_M, LonLat

XY = tuple[float, float]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plane:
    """Metres east and north of (0, 0), true to scale at latitude ``lat``."""

    lat: float

    @property
    def scale(self) -> XY:
        """Metres per degree of longitude and of latitude."""
        north = math.radians(1.0) * EARTH_RADIUS_M
        return north * math.cos(math.radians(self.lat)), north

    def forward(self, lonlat: LonLat) -> XY:
        """Return the metres of a position."""
        east, north = self.scale
        return lonlat.lon * east, lonlat.lat * north

    def back(self, xy: XY) -> LonLat:
        """Return the position of metres. Raises OutOfRange off the globe."""
        east, north = self.scale
        return LonLat(float(xy[0]) / east, float(xy[1]) / north)

    def shape(self, degrees: BaseGeometry) -> BaseGeometry:
        """Return a WGS 84 shape in metres, heights dropped."""
        scale = np.array(self.scale)
        moved: BaseGeometry = shapely.transform(degrees, lambda points: points * scale)
        return moved

    def shape_back(self, metres: BaseGeometry) -> BaseGeometry:
        """Return a shape in metres as WGS 84."""
        scale = np.array(self.scale)
        moved: BaseGeometry = shapely.transform(metres, lambda points: points / scale)
        return moved
