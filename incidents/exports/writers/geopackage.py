"""GeoPackage (OGC 12-128): one layer with a spatial index; moments are in UTC, as it asks."""

from __future__ import annotations

from pathlib import Path

import pyogrio

from incidents.exports.table import SRID, Table
from incidents.exports.writers import arrow

# GDAL would keep the spatial index of a million points in memory, and writes it as well without.
pyogrio.set_gdal_config_options({"OGR_GPKG_MAX_RAM_USAGE_RTREE": "5000000"})


def write(table: Table, path: Path) -> None:
    """Write the table as a file of its own."""
    pyogrio.write_arrow(
        arrow.reader(table, arrow.schema(table.fields)),
        path,
        layer=table.name,
        driver="GPKG",
        geometry_name=arrow.GEOMETRY,
        geometry_type=table.shape,
        crs=f"EPSG:{SRID}",
    )
