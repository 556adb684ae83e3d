"""Exports read back by readers that are not ours, as plain values."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd
import pyogrio

from incidents.exports.rows import FIELDS
from incidents.exports.table import Kind, lonlat, short_names

CITY = ZoneInfo("Asia/Ho_Chi_Minh")
SOURCES = {"shp.zip": "zip://{}", "geojsonl": "GeoJSONSeq:{}"}


def frame(path, extension):
    """Return a file with shapes as a frame, its columns under our names."""
    if extension == "parquet":
        return gpd.read_parquet(path)
    read = pyogrio.read_dataframe(SOURCES.get(extension, "{}").format(path))
    return read.rename(columns={short: name for name, short in short_names(FIELDS).items()})


def values(path, extension):
    """Return the rows of a file: a tuple of plain values each, lon and lat last."""
    if extension == "csv":
        text = path.read_text("utf-8-sig")
        rows = [list(row.values()) for row in csv.DictReader(io.StringIO(text))]
    elif extension == "xlsx":
        read = pyogrio.read_dataframe(path, read_geometry=False)
        rows = [] if list(read.columns) == [f"Field{n}" for n in range(1, 25)] else read.values
    else:
        read = frame(path, extension)
        assert read.crs.to_epsg() == 4326, extension
        points = read.geometry
        if extension != "geojson" or len(read):  # where there is no feature there is no property
            read = read[[field.name for field in FIELDS]]
        rows = [[*row, at.x, at.y] for row, at in zip(read.values.tolist(), points, strict=True)]
    kinds = [*(field.kind for field in FIELDS), Kind.REAL, Kind.REAL]
    return [tuple(map(plain, row, kinds)) for row in rows]


def expected(rows, extension):
    """Return what the rows of a table are, once such a file was read."""
    days = extension == "shp.zip"
    return [
        tuple(
            plain(_midnight(value) if days and isinstance(value, datetime) else value, field.kind)
            for value, field in zip(row[:-1], FIELDS, strict=True)
        )
        + lonlat(row[-1])
        for row in rows
    ]


def plain(value, kind):
    """Return a value as any reader may give it: a moment in UTC, a truth, a number, a text."""
    if value is None or value == "" or (not isinstance(value, str) and pd.isna(value)):
        return None
    return PLAIN[kind](value)


def _midnight(moment):
    return datetime.combine(moment.date(), time())


def _moment(value):
    moment = datetime.fromisoformat(str(value))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=CITY)
    return moment.astimezone(UTC)


PLAIN = {
    Kind.TEXT: str,
    Kind.WHOLE: lambda value: int(float(value)),
    Kind.REAL: float,
    Kind.TRUTH: lambda value: str(value).lower() in {"true", "1", "1.0"},
    Kind.MOMENT: _moment,
}
