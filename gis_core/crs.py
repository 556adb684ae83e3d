"""Coordinate reference systems that PostGIS does not bring along."""

from __future__ import annotations

from pyproj import CRS

from gis_core import sql


def register(srid: int) -> None:
    """Make ``srid``, an EPSG code, known to PostGIS; nothing happens when it is.

    PostGIS 3.3 ships no VN-2000 / TM-3 zone (EPSG:9210 and its like). Raises pyproj's CRSError for
    a code that EPSG does not have.
    """
    wkt = CRS.from_epsg(srid).to_wkt("WKT1_GDAL")
    sql.run("gis_core", "register_srid", {"srid": srid, "wkt": wkt})
