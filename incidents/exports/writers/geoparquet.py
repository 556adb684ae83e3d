"""GeoParquet 1.1: WKB, the CRS as PROJJSON, and the box of all that was written."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from incidents.exports.table import SRID, Table
from incidents.exports.writers import arrow

VERSION: Final = "1.1.0"
ROWS_TOGETHER: Final = 20_000
"""A row group: what a reader takes in one piece."""
NOTHING: Final = (math.inf, math.inf, -math.inf, -math.inf)


def write(table: Table, path: Path) -> None:
    """Write the table in row groups of bounded size."""
    shown = arrow.schema(table.fields).remove_metadata()
    shown = pa.schema([pa.field(one.name, one.type) for one in shown])
    box: tuple[float, ...] = NOTHING
    kinds: set[str] = set()
    kept: list[pa.RecordBatch] = []
    # Beside a schema of its own Arrow would overlook what is told of the geometry at the end.
    with pq.ParquetWriter(path, shown, compression="zstd", store_schema=False) as file:
        for batch in arrow.batches(table, shown):
            shapes = shapely.from_wkb(batch.column(arrow.GEOMETRY).to_numpy(zero_copy_only=False))
            box = _widened(box, shapes)
            kinds |= {shape.geom_type for shape in shapes if shape is not None}
            kept.append(batch)
            if sum(one.num_rows for one in kept) >= ROWS_TOGETHER:
                _write_group(file, kept)
        _write_group(file, kept)
        file.add_key_value_metadata({"geo": json.dumps(_told(box, kinds))})


def _write_group(file: pq.ParquetWriter, kept: list[pa.RecordBatch]) -> None:
    if kept:
        file.write_batch(pa.concat_batches(kept))
        kept.clear()


def _widened(box: tuple[float, ...], shapes: Any) -> tuple[float, ...]:  # noqa: ANN401  an array
    found = np.asarray(shapely.total_bounds(shapes))
    if np.isnan(found).any():
        return box
    return (
        *(float(one) for one in np.minimum(box[:2], found[:2])),
        *(float(one) for one in np.maximum(box[2:], found[2:])),
    )


def _told(box: tuple[float, ...], kinds: set[str]) -> dict[str, Any]:
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted(kinds),
        "crs": CRS.from_epsg(SRID).to_json_dict(),
    }
    if box != NOTHING:
        column["bbox"] = box
    columns = {arrow.GEOMETRY: column}
    return {"version": VERSION, "primary_column": arrow.GEOMETRY, "columns": columns}
