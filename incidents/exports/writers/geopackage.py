"""GeoPackage (OGC 12-128r18): one layer with a spatial index; moments are in UTC, as it asks.

Written with SQLite alone: GDAL would bring 100 MB into the process.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from gis_core import sql
from incidents.exports.table import POINT, SRID, Field, Kind, Row, Table
from incidents.exports.writers import boxes
from incidents.exports.writers.text_values import day, sayers

KEY, SHAPE = "fid", "geometry"
TYPES: Final = {
    Kind.TEXT: "TEXT",
    Kind.WHOLE: "INTEGER",
    Kind.REAL: "DOUBLE",
    Kind.TRUTH: "BOOLEAN",
    Kind.MOMENT: "DATETIME",
    Kind.DAY: "DATE",
}
TRIGGERS: Final = ("insert", "update2", "update4", "update5", "update6", "update7", "delete")
EXTENSION: Final = ("gpkg_rtree_index", "http://www.geopackage.org/spec/#extension_rtree")
CHEAP: Final = (
    "journal_mode = OFF",
    "synchronous = OFF",
    "locking_mode = EXCLUSIVE",
    "cache_size = -40000",
)
"""Of a file that nobody reads before it is whole."""
_NAMED = struct.Struct("<2sBBi")
_POINT_HEAD: Final = _NAMED.pack(b"GP", 0, 0b001, SRID)
_BOX, _EMPTY = 0b011, 0b10001
"""Flags: little-endian with a box of four numbers; little-endian, empty, without one."""


def write(table: Table, path: Path) -> None:
    """Write the table as a file of its own."""
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for cheap in CHEAP:
            file.execute(f"PRAGMA {cheap}")
        file.executescript(sql.text("incidents", "geopackage"))
        file.execute("BEGIN")
        index_name = f"rtree_{table.name}_{SHAPE}"
        _begin(file, table, index_name)
        box = _write_rows(file, table, index_name)
        _tell(file, table, box)
        file.execute("COMMIT")
        names = {one: _quoted(f"{index_name}_{one}") for one in TRIGGERS}
        triggers = sql.text("incidents", "geopackage_index").format(
            table=_quoted(table.name), index=_quoted(index_name), key=KEY, shape=SHAPE, **names
        )
        file.executescript(triggers)


def _begin(file: sqlite3.Connection, table: Table, index_name: str) -> None:
    wanted = (f"{_quoted(name)} {kind}" for name, kind in _columns(table.fields))
    columns = [f"{KEY} INTEGER PRIMARY KEY NOT NULL", f"{SHAPE} {_type(table)}", *wanted]
    file.execute(f"CREATE TABLE {_quoted(table.name)} ({', '.join(columns)})")
    boxed = "rtree(id, minx, maxx, miny, maxy)"
    file.execute(f"CREATE VIRTUAL TABLE {_quoted(index_name)} USING {boxed}")


def _columns(fields: Sequence[Field]) -> Iterator[tuple[str, str]]:
    """Yield names and types; SQLite takes "Name" and "name" for one."""
    taken = {KEY, SHAPE}
    for field in fields:
        names = (f"{field.name}{number or ''}" for number in count())
        name = next(one for one in names if one.lower() not in taken)
        taken.add(name.lower())
        yield name, TYPES[field.kind]


def _write_rows(file: sqlite3.Connection, table: Table, index_name: str) -> NDArray[np.float64]:
    """Write all rows; return west, east, south, north of all, not finite where there is none."""
    marks = ", ".join("?" * (len(table.fields) + 2))
    sentence = f"INSERT INTO {_quoted(table.name)} VALUES ({marks})"  # noqa: S608  a name of ours
    indexed = f"INSERT INTO {_quoted(index_name)} VALUES (?, ?, ?, ?, ?)"  # noqa: S608
    change = sayers(table.fields, {Kind.MOMENT: moment, Kind.DAY: day})
    whole, done = boxes.NOWHERE, 0
    for batch in table.batches:
        found = boxes.boxes([row[-1] for row in batch], table.shape)
        blob = _shaper(table.shape, found)
        file.executemany(
            sentence,
            (_told(row, done + at + 1, change, blob(at, row[-1])) for at, row in enumerate(batch)),
        )
        known = np.flatnonzero(boxes.known(found))
        ids = (known + done + 1).tolist()
        file.executemany(
            indexed, ((one, *box) for one, box in zip(ids, found[known].tolist(), strict=True))
        )
        whole = boxes.around(whole, found[known])
        done += len(batch)
    return whole


def _told(
    row: Row, number: int, change: list[tuple[int, Callable[[Any], Any]]], shape: bytes | None
) -> list[Any]:
    values = [number, shape, *row[:-1]]
    for place, say in change:
        if values[place + 2] is not None:
            values[place + 2] = say(values[place + 2])
    return values


def _shaper(shape: str, found: NDArray[np.float64]) -> Callable[[int, bytes | None], bytes | None]:
    """Return what makes the format's own of a WKB: a head before it, with its box."""
    if shape == POINT:
        return lambda _at, wkb: wkb and _POINT_HEAD + wkb
    known, packed = boxes.known(found), found.astype("<f8")

    def blob(at: int, wkb: bytes | None) -> bytes | None:
        if wkb is None:
            return None
        head = _NAMED.pack(b"GP", 0, _BOX if known[at] else _EMPTY, SRID)
        return head + (packed[at].tobytes() if known[at] else b"") + wkb

    return blob


def _tell(file: sqlite3.Connection, table: Table, box: NDArray[np.float64]) -> None:
    """Say what is in the file."""
    crs = CRS.from_epsg(SRID)
    file.execute(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, 'EPSG', ?, ?, NULL)",
        (crs.name, SRID, SRID, crs.to_wkt("WKT1_GDAL")),
    )
    west, east, south, north = box.tolist() if np.isfinite(box).all() else (None,) * 4
    file.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, min_x, min_y, max_x, max_y,"
        " srs_id) VALUES (?, 'features', ?, ?, ?, ?, ?, ?)",
        (table.name, table.name, west, south, east, north, SRID),
    )
    columns = (table.name, SHAPE, _type(table), SRID)
    file.execute("INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)", columns)
    told = (table.name, SHAPE, *EXTENSION)
    file.execute("INSERT INTO gpkg_extensions VALUES (?, ?, ?, ?, 'write-only')", told)


def _type(table: Table) -> str:
    return "GEOMETRY" if table.shape == "Unknown" else table.shape.upper()


def moment(value: datetime) -> str:
    """Return ``2026-11-23T07:05:00.000Z``, the only form that the standard knows."""
    return f"{value.astimezone(UTC).isoformat(timespec='milliseconds')[:-6]}Z"


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))
