"""Shapefile, as one zip with a text that tells its limits.

They are the format's own: names of ten characters, texts of 254 bytes, days without hours, truths
as 0 and 1, 2 GB a file.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyogrio
from django.utils import timezone

from incidents.exports.table import SRID, Kind, Table, short_names
from incidents.exports.writers import arrow

LONGEST: Final = 254
"""Bytes of a text."""
TYPES: Final = {**arrow.TYPES, Kind.MOMENT: pa.date32(), Kind.TRUTH: pa.int16()}

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
    change: dict[Kind, Callable[[Any], Any]] = {
        Kind.MOMENT: arrow.local_day(timezone.get_default_timezone()),
        Kind.TRUTH: int,
        Kind.TEXT: cut,
    }
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        pyogrio.write_arrow(
            arrow.reader(table, arrow.schema(table.fields, names, TYPES), change),
            Path(folder) / f"{table.name}.shp",
            driver="ESRI Shapefile",
            geometry_name=arrow.GEOMETRY,
            geometry_type=table.shape,
            crs=f"EPSG:{SRID}",
            layer_options={"ENCODING": "UTF-8", "RESIZE": "YES"},
        )
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for part in sorted(Path(folder).iterdir()):
                packed.write(part, part.name)
            packed.writestr("readme.txt", _read_me(table, names))


def cut(text: str) -> str:
    """Return a text as far as it fits, never half a letter."""
    return text.encode()[:LONGEST].decode(errors="ignore")


def _read_me(table: Table, names: dict[str, str]) -> str:
    columns = "\n".join(f"{short:<10}  {name}" for name, short in names.items())
    zone = timezone.get_default_timezone_name()
    return READ_ME.format(name=table.name, zone=zone, columns=columns)
