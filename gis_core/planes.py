"""Degrees to metres and back: one city's metric CRS."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from gis_core.positions import WGS84

Floats = NDArray[np.float64]
Shapes = NDArray[Any]
"""A one-dimensional array of shapely geometries, None where there is none."""


def transformed(shapes: Shapes, source: str, target: str) -> Shapes:
    """Return the shapes in the CRS ``target``; x before y in both, heights dropped.

    ``source`` and ``target`` are what pyproj understands, such as ``"EPSG:4326"``.
    """
    transformer = _transformer(source, target)

    def move(xy: NDArray[Any]) -> NDArray[Any]:
        xy[:, 0], xy[:, 1] = transformer.transform(xy[:, 0], xy[:, 1])
        return xy

    result: Shapes = shapely.transform(shapes, move)
    return result


def to_metres(shapes: Shapes, metric_srid: int) -> Shapes:
    """Return WGS 84 shapes in the metres of EPSG:``metric_srid``."""
    return transformed(shapes, f"EPSG:{WGS84}", f"EPSG:{metric_srid}")


def to_degrees(shapes: Shapes, metric_srid: int) -> Shapes:
    """Return shapes in the metres of EPSG:``metric_srid`` as WGS 84, longitude first."""
    return transformed(shapes, f"EPSG:{metric_srid}", f"EPSG:{WGS84}")


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def forward_all(metric_srid: int, lons: Floats, lats: Floats) -> tuple[Floats, Floats]:
    """Return the metres (x, y) of many WGS 84 positions in EPSG:``metric_srid``."""
    x, y = _transformer(f"EPSG:{WGS84}", f"EPSG:{metric_srid}").transform(lons, lats)
    return x, y


def forward(metric_srid: int, lon: float, lat: float) -> tuple[float, float]:
    """Return the metres (x, y) of one WGS 84 position in EPSG:``metric_srid``."""
    x, y = _transformer(f"EPSG:{WGS84}", f"EPSG:{metric_srid}").transform(lon, lat)
    return float(x), float(y)
