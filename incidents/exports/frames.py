"""Frames as tables, and tables as frames: what analyses write, what notebooks read."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from django.utils import timezone

from gis_core.errors import N_, DomainError
from incidents.exports.formats import format_of
from incidents.exports.table import (
    BATCH,
    DIGITS,
    POINT,
    SRID,
    Field,
    Kind,
    Row,
    Table,
    clean,
    point,
)

KINDS: Final = {"b": Kind.TRUTH, "i": Kind.WHOLE, "u": Kind.WHOLE, "f": Kind.REAL, "M": Kind.MOMENT}
"""By numpy's letter for a type; all else is text."""
TYPES: Final[dict[Kind, Any]] = {
    Kind.TEXT: "string",
    Kind.WHOLE: "Int64",
    Kind.REAL: "Float64",
    Kind.TRUTH: "boolean",
    Kind.DAY: object,
}
"""Of a frame's columns: each knows a missing value."""
LAYERS_OF_ONE: Final = ("shp.zip",)
"""Formats whose files hold one type of geometry."""
NO_LAYER: Final = ("Unknown", "GeometryCollection")
"""What is several of them."""


class NoReferenceSystem(DomainError):
    """A frame does not say in which CRS its shapes are: it is never guessed."""

    code = "export.no_crs"
    status = 422
    message = N_("These shapes do not say in which reference system they are. Set the frame's crs.")


class MixedShapes(DomainError):
    """The format holds one type of geometry, and the frame several."""

    code = "export.mixed_shapes"
    status = 422
    message = N_(
        "One %(format)s file holds one kind of shape; these are %(kinds)s. "
        "Take GeoPackage or GeoJSON."
    )


def write_frame(
    frame: gpd.GeoDataFrame, extension: str, path: Path, *, name: str = "result"
) -> None:
    """Write a frame in a format, as WGS 84; columns are texts, numbers, truths, days or moments.

    Raises NoSuchFormat, NoReferenceSystem, MixedShapes.
    """
    table = table_of(frame, name)
    if extension in LAYERS_OF_ONE and table.shape in NO_LAYER:
        kinds = ", ".join(sorted(set(frame.geom_type.dropna())))
        raise MixedShapes(format=extension, kinds=kinds)
    format_of(extension).write(table, path)


def table_of(frame: gpd.GeoDataFrame, name: str = "result") -> Table:
    """Return the rows of a frame in its order. Raises NoReferenceSystem."""
    if frame.crs is None:
        raise NoReferenceSystem
    shapes = frame.geometry.to_crs(SRID)
    shape = _shape_of(shapes)
    if shape.startswith("Multi"):
        shapes = gpd.GeoSeries([_multiplied(one) for one in shapes], index=shapes.index)
    columns = [name for name in frame.columns if name != frame.geometry.name]
    fields = tuple(Field(str(one), _kind(frame[one])) for one in columns)
    values = [_values(frame[one], field.kind) for one, field in zip(columns, fields, strict=True)]
    return Table(name, fields, _batches([*values, _written(shapes, shape)], len(frame)), shape)


def frame_of(table: Table, srid: int = SRID) -> gpd.GeoDataFrame:
    """Return a table as a frame with CRS: moments with time zone, missing values missing."""
    rows = [row for batch in table.batches for row in batch]
    *columns, shapes = zip(*rows, strict=True) if rows else [()] * (len(table.fields) + 1)
    zone = timezone.get_default_timezone()
    data = {
        field.name: pd.to_datetime(pd.Series(values, dtype=object), utc=True).dt.tz_convert(zone)
        if field.kind is Kind.MOMENT
        else pd.Series(list(values), dtype=TYPES[field.kind])
        for field, values in zip(table.fields, columns, strict=True)
    }
    geometry = shapely.from_wkb(np.array(shapes, dtype=object))
    frame = gpd.GeoDataFrame(data, geometry=geometry, crs=f"EPSG:{SRID}")
    return frame if srid == SRID else frame.to_crs(srid)


def _kind(column: pd.Series) -> Kind:
    if column.dtype == object and column.map(_is_day).all():
        return Kind.DAY if len(column) else Kind.TEXT
    return KINDS.get(getattr(column.dtype, "kind", "O"), Kind.TEXT)


def _is_day(value: object) -> bool:
    return hasattr(value, "isoformat") and not hasattr(value, "hour")


def _values(column: pd.Series, kind: Kind) -> list[Any]:
    say = _SAYERS[kind]
    return [None if _missing(one) else say(one) for one in column]


def _missing(value: Any) -> bool:  # noqa: ANN401  anything that stands in a frame
    return bool(pd.api.types.is_scalar(value) and pd.isna(value)) or (
        isinstance(value, float) and not math.isfinite(value)
    )


def _moment(value: pd.Timestamp) -> Any:  # noqa: ANN401  a datetime
    """A moment that says no time zone is the city's."""
    zone = timezone.get_default_timezone()
    known = value.tz_localize(zone) if value.tzinfo is None else value.tz_convert(zone)
    return known.floor("s").to_pydatetime()


_SAYERS: Final[dict[Kind, Callable[[Any], Any]]] = {
    Kind.TEXT: lambda value: clean(str(value)),
    Kind.WHOLE: int,
    Kind.REAL: float,
    Kind.TRUTH: bool,
    Kind.MOMENT: _moment,
    Kind.DAY: lambda value: value,
}


def _shape_of(shapes: gpd.GeoSeries) -> str:
    """Return the one type of all shapes: of polygons and multipolygons the latter."""
    kinds = set(shapes.geom_type.dropna()) or {POINT}
    if len(kinds) == 1:
        return str(kinds.pop())
    single = {kind.removeprefix("Multi") for kind in kinds}
    return f"Multi{single.pop()}" if len(single) == 1 else "Unknown"


def _multiplied(shape: Any) -> Any:  # noqa: ANN401  a geometry of shapely's, or None
    if shape is None or shape.geom_type.startswith("Multi"):
        return shape
    return getattr(shapely, f"Multi{shape.geom_type}")([shape])


def _written(shapes: gpd.GeoSeries, shape: str) -> list[bytes | None]:
    if shape == POINT:
        return [None if one is None or one.is_empty else point(one.x, one.y) for one in shapes]
    rounded = shapely.transform(np.asarray(shapes), lambda at: np.round(at, DIGITS))
    return list(shapely.to_wkb(rounded))


def _batches(columns: Sequence[Sequence[Any]], length: int) -> Iterator[list[Row]]:
    for first in range(0, length, BATCH):
        part = [column[first : first + BATCH] for column in columns]
        yield list(zip(*part, strict=True))
