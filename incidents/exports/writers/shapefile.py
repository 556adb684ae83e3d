"""Shapefile, as one zip with a text that tells its limits.

They are the format's own: names of ten characters, texts of 254 bytes, days without hours, truths
as 0 and 1, 2 GB a file.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Final

from django.utils import timezone
from pyproj import CRS

from incidents.exports.table import SRID, Table, short_names
from incidents.exports.writers.dbase import Rows
from incidents.exports.writers.shape_records import ShapeRecords

PIECE: Final = 262_144
READ_ME: Final = """\
{name}.shp · WGS 84 (EPSG:4326) · UTF-8

Shapefile không giữ được tất cả: tên cột dài nhất 10 ký tự (bảng dưới đây), chữ dài nhất 254 byte,
ngày không có giờ (theo giờ địa phương {zone}), đúng/sai là 1/0, tệp không quá 2 GB.
Nên dùng GeoPackage nếu phần mềm của bạn đọc được.

A shapefile cannot hold everything: names of columns have 10 characters (see below), texts 254
bytes, days have no hours (local time, {zone}), truths are 1 and 0, no file exceeds 2 GB.
Take the GeoPackage where your software reads it.

{columns}
"""


def write(table: Table, path: Path) -> None:
    """Write the zip: .shp, .shx, .dbf, .prj, .cpg and readme.txt."""
    names = short_names(table.fields)
    with ExitStack() as stack:
        shp, shx, aside = (
            stack.enter_context(tempfile.TemporaryFile(dir=path.parent)) for _ in range(3)
        )
        shapes, rows = ShapeRecords(shp, shx, table), Rows(table.fields, names, aside)
        for batch in table.batches:
            if batch:
                shapes.add(batch)
                rows.add(batch)
        shapes.close()
        packed = stack.enter_context(zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED))
        parts = {"dbf": rows.pieces(), "shp": _read(shp), "shx": _read(shx)}
        for extension, pieces in parts.items():
            with packed.open(f"{table.name}.{extension}", "w", force_zip64=True) as part:
                part.writelines(pieces)
        packed.writestr(f"{table.name}.prj", CRS.from_epsg(SRID).to_wkt("WKT1_ESRI"))
        packed.writestr(f"{table.name}.cpg", "UTF-8")
        packed.writestr("readme.txt", _read_me(table, names))


def _read(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    return iter(lambda: file.read(PIECE), b"")


def _read_me(table: Table, names: dict[str, str]) -> str:
    columns = "\n".join(f"{short:<10}  {name}" for name, short in names.items())
    zone = timezone.get_default_timezone_name()
    return READ_ME.format(name=table.name, zone=zone, columns=columns)
