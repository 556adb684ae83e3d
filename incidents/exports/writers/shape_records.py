"""Shapes as the records of .shp and .shx: ESRI Shapefile Technical Description, July 1998."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from incidents.exports.table import Row, Table, lonlat
from incidents.exports.writers import boxes

HEADER_BYTES: Final = 100
_HEADER_BIG: Final = struct.Struct(">i20xi")
_HEADER_LITTLE: Final = struct.Struct("<ii4d32x")
_RECORD: Final = struct.Struct(">ii")
_NULL: Final = struct.pack("<i", 0)
_POINT: Final = struct.Struct("<idd")
POINT, LINES, AREAS, POINTS = 1, 3, 5, 8
TYPES: Final[Mapping[str, int]] = {
    "Point": POINT,
    "LineString": LINES,
    "MultiLineString": LINES,
    "Polygon": AREAS,
    "MultiPolygon": AREAS,
    "MultiPoint": POINTS,
}
"""By the name OGC has for it; others no shapefile holds."""


class ShapeRecords:
    """Writes the shapes of a table to .shp, and where each begins to .shx."""

    def __init__(self, shp: IO[bytes], shx: IO[bytes], table: Table) -> None:
        self._shp, self._shx, self._shape = shp, shx, table.shape
        self._type = TYPES[table.shape]
        self._at, self._number, self._box = HEADER_BYTES, 0, boxes.NOWHERE
        for file in (shp, shx):
            file.write(bytes(HEADER_BYTES))

    def add(self, rows: Sequence[Row]) -> None:
        """Write a batch's shapes; for none, or an empty one, a null shape."""
        found = boxes.boxes([row[-1] for row in rows], self._shape)
        known = boxes.known(found)
        content = _CONTENT[self._type]
        for row, there, box in zip(rows, known.tolist(), found, strict=True):
            self._put(content(row[-1], box) if there else _NULL)
        self._box = boxes.around(self._box, found[known])

    def close(self) -> None:
        """Write the headers, now that length and box are known."""
        west, east, south, north = self._box if np.isfinite(self._box).all() else np.zeros(4)
        told = _HEADER_LITTLE.pack(1000, self._type, west, south, east, north)
        lengths = {self._shp: self._at, self._shx: HEADER_BYTES + self._number * _RECORD.size}
        for file, length in lengths.items():
            file.seek(0)
            file.write(_HEADER_BIG.pack(9994, length // 2) + told)

    def _put(self, content: bytes) -> None:
        self._number += 1
        words = len(content) // 2
        self._shp.write(_RECORD.pack(self._number, words) + content)
        self._shx.write(_RECORD.pack(self._at // 2, words))
        self._at += _RECORD.size + len(content)


def _point(wkb: bytes, _box: NDArray[np.float64]) -> bytes:
    return _POINT.pack(POINT, *lonlat(wkb))


def _points(wkb: bytes, box: NDArray[np.float64]) -> bytes:
    corners = shapely.get_coordinates(shapely.from_wkb(wkb))
    return _boxed(POINTS, box) + struct.pack("<i", len(corners)) + corners.astype("<f8").tobytes()


def _lines(wkb: bytes, box: NDArray[np.float64]) -> bytes:
    return _parts(LINES, box, list(shapely.get_parts(shapely.from_wkb(wkb))))


def _areas(wkb: bytes, box: NDArray[np.float64]) -> bytes:
    """Outer rings clockwise, holes the other way: nothing else tells them apart."""
    polygons = shapely.get_parts(shapely.orient_polygons(shapely.from_wkb(wkb), exterior_cw=True))
    return _parts(AREAS, box, list(shapely.get_rings(polygons)))


def _parts(kind: int, box: NDArray[np.float64], parts: list[BaseGeometry]) -> bytes:
    many = shapely.get_num_coordinates(parts)
    firsts = np.concatenate([[0], np.cumsum(many)[:-1]]).astype("<i4")
    corners = shapely.get_coordinates(parts).astype("<f8")
    counted = struct.pack("<ii", len(parts), len(corners))
    return _boxed(kind, box) + counted + firsts.tobytes() + corners.tobytes()


def _boxed(kind: int, box: NDArray[np.float64]) -> bytes:
    west, east, south, north = box
    return struct.pack("<i4d", kind, west, south, east, north)


_CONTENT: Final[Mapping[int, Callable[[bytes, NDArray[np.float64]], bytes]]] = {
    POINT: _point,
    LINES: _lines,
    AREAS: _areas,
    POINTS: _points,
}
