"""The formats that there are: one entry each. A new format is a file in ``writers`` and its line.

Writers are imported when they are asked for: one brings Arrow with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from gis_core.errors import N_, DomainError
from incidents.exports.table import Table


class NoSuchFormat(DomainError):
    """Exports are not written so."""

    code = "export.no_such_format"
    status = 404
    message = N_("There is no format %(format)s. Choose one of: %(known)s.")


@dataclass(frozen=True, slots=True)
class Format:
    """``module`` has ``pieces``, ``lines`` (bytes as they come) or ``write`` (to a file)."""

    extension: str
    title: str
    media_type: str
    module: str
    verb: str = "write"
    most: int | None = None
    """Rows that the format can hold."""

    @property
    def streams(self) -> bool:
        """Whether it can be sent while it is written."""
        return self.verb != "write"

    @property
    def broken(self) -> bytes:
        """What ends a file that was sent in part and cannot go on. Only where it ``streams``."""
        mark: bytes = import_module(self.module).BROKEN
        return mark

    def pieces(self, table: Table) -> Iterator[bytes]:
        """Yield the file. Only where it ``streams``."""
        written: Iterator[bytes] = self._writer()(table)
        return written

    def write(self, table: Table, path: Path) -> None:
        """Write the file, whatever the format; it has its name only when it is whole."""
        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)
        try:
            self._write(table, part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def _write(self, table: Table, path: Path) -> None:
        if not self.streams:
            self._writer()(table, path)
            return
        with path.open("wb") as file:
            file.writelines(self.pieces(table))

    def _writer(self) -> Callable[..., Any]:
        found: Callable[..., Any] = getattr(import_module(self.module), self.verb)
        return found


def _format(extension: str, title: str, media_type: str, writer: str, **more: Any) -> Format:
    return Format(extension, title, media_type, f"incidents.exports.writers.{writer}", **more)


_ALL: Final = (
    _format("csv", "CSV", "text/csv; charset=utf-8", "comma_separated", verb="pieces"),
    _format(
        "xlsx",
        "Excel (XLSX)",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "workbook",
    ),
    _format("gpkg", "GeoPackage", "application/geopackage+sqlite3", "geopackage"),
    _format("geojson", "GeoJSON", "application/geo+json", "geojson", verb="pieces"),
    _format(
        "geojsonl", "GeoJSON, newline-delimited", "application/x-ndjson", "geojson", verb="lines"
    ),
    _format("parquet", "GeoParquet", "application/vnd.apache.parquet", "geoparquet"),
    _format("shp.zip", "Shapefile", "application/zip", "shapefile", most=1_500_000),
)
FORMATS: Final[Mapping[str, Format]] = MappingProxyType({one.extension: one for one in _ALL})


def format_of(extension: str) -> Format:
    """Return the format whose files end so. Raises NoSuchFormat."""
    if extension not in FORMATS:
        raise NoSuchFormat(format=extension[:20], known=", ".join(FORMATS))
    return FORMATS[extension]
