"""Positions in a plane of metres or feet, as surveyors' systems write them. No database."""

from __future__ import annotations

from functools import cache

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from gis_core.positions import WGS84


def is_known(crs: str) -> bool:
    """Tell whether there is a coordinate reference system of this name, such as EPSG:2248."""
    try:
        CRS.from_user_input(crs)
    except CRSError:
        return False
    return True


def as_degrees(crs: str, x: float, y: float) -> tuple[float, float]:
    """Return longitude and latitude of a point, x east of y; not finite where it has none.

    In degrees also where the system's own axes come in another order.
    """
    lon, lat = _transformer(crs).transform(x, y)
    return float(lon), float(lat)


@cache
def _transformer(crs: str) -> Transformer:
    return Transformer.from_crs(crs, f"EPSG:{WGS84}", always_xy=True)
