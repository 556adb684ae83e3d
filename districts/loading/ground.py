"""The ground that features take up: polygons as they are, lines and points widened in metres."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from districts.reading import Row
from gis_core.planes import to_degrees, to_metres

WIDENED = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString"})
GLOBE = shapely.box(-180, -90, 180, 90)


def selected(rows: Sequence[Row], only: Mapping[str, str]) -> list[Row]:
    """Return the rows whose columns say what ``only`` asks for."""
    return [row for row in rows if all(row.values.get(name) == text for name, text in only.items())]


def widened(rows: Sequence[Row], buffer_m: float, metric_srid: int) -> list[BaseGeometry | None]:
    """Return each row's shape, lines and points with a round border of ``buffer_m`` around them.

    Polygons have ground of their own and stay as they are; with 0 nothing is widened, and nothing
    ever that is not on the globe.
    """
    shapes = np.array([row.shape for row in rows], dtype=object)
    which = [
        number for number, shape in enumerate(shapes) if buffer_m > 0 and _can_be_widened(shape)
    ]
    if which:
        metres = to_metres(shapes[which], metric_srid)
        shapes[which] = to_degrees(shapely.buffer(metres, buffer_m), metric_srid)
    return list(shapes)


def _can_be_widened(shape: BaseGeometry | None) -> bool:
    if shape is None or shape.is_empty or shape.geom_type not in WIDENED:
        return False
    return bool(GLOBE.contains(shapely.box(*shape.bounds)))


def code_of(row: Row, columns: Sequence[str]) -> str:
    """Return a row's code: its columns joined by "/"; without columns, one from its content."""
    if columns:
        parts = [row.values[column] for column in columns]
        return "/".join(parts) if all(parts) else ""
    content = repr(sorted(row.values.items())).encode()
    if row.shape is not None:
        content += shapely.to_wkb(row.shape, byte_order=1)
    return hashlib.sha256(content).hexdigest()[:16]
