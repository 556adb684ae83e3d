"""GeoParquet 1.1: WKB, the CRS as PROJJSON, and the box of all that was written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from incidents.exports.table import POINT, SRID, Field, Kind, Table
from incidents.exports.writers import arrow, boxes

VERSION: Final = "1.1.0"
ROWS_TOGETHER: Final = 20_000
"""A row group: what a reader takes in one piece."""


def write(table: Table, path: Path) -> None:
    """Write the table in row groups of bounded size."""
    box, kinds = boxes.NOWHERE, set[str]()
    kept: list[pa.RecordBatch] = []
    # Beside a schema of its own Arrow would overlook what is told of the geometry at the end.
    shown = arrow.schema(table.fields)
    with pq.ParquetWriter(path, shown, store_schema=False, **_told_once(table.fields)) as file:
        for batch in arrow.batches(table):
            wkb = batch.column(arrow.GEOMETRY).to_pylist()
            found = boxes.boxes(wkb, table.shape)
            box = boxes.around(box, found[boxes.known(found)])
            kinds |= _kinds(wkb, table.shape)
            kept.append(batch)
            if sum(one.num_rows for one in kept) >= ROWS_TOGETHER:
                _write_group(file, kept)
        _write_group(file, kept)
        file.add_key_value_metadata({"geo": json.dumps(_told(box, kinds))})


def _told_once(fields: Sequence[Field]) -> dict[str, Any]:
    """Numbers, moments and places are hardly ever twice there: a dictionary of them is waste."""
    texts = [one.name for one in fields if one.kind is Kind.TEXT]
    return {"compression": "zstd", "use_dictionary": texts}


def _write_group(file: pq.ParquetWriter, kept: list[pa.RecordBatch]) -> None:
    if kept:
        file.write_table(pa.Table.from_batches(kept))
        kept.clear()


def _kinds(wkb: Sequence[bytes | None], shape: str) -> set[str]:
    if shape == POINT:
        return {POINT} if any(wkb) else set()
    return {one.geom_type for one in shapely.from_wkb(np.array(wkb, object)) if one is not None}


def _told(box: NDArray[np.float64], kinds: set[str]) -> dict[str, Any]:
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted(kinds),
        "crs": CRS.from_epsg(SRID).to_json_dict(),
    }
    if np.isfinite(box).all():
        west, east, south, north = box.tolist()
        column["bbox"] = [west, south, east, north]
    columns = {arrow.GEOMETRY: column}
    return {"version": VERSION, "primary_column": arrow.GEOMETRY, "columns": columns}
