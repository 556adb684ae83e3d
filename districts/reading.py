"""Boundary and asset files -> rows with WGS 84 shapes; what a file leaves out is never guessed."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyproj
import shapely
from shapely.geometry.base import BaseGeometry

from gis_core.errors import N_, DomainError
from gis_core.planes import Shapes, transformed
from gis_core.positions import WGS84

LonLatColumns = tuple[str, str]
LON_LAT_COLUMNS: tuple[LonLatColumns, ...] = (
    ("lon", "lat"),
    ("longitude", "latitude"),
    ("lng", "lat"),
)
SHAPEFILE_PARTS = (".shp", ".dbf", ".prj", ".cpg", ".shx")
GEOJSON = frozenset({".geojson", ".json"})


class Unreadable(DomainError):
    """A file cannot be opened as geographic data."""

    code = "boundaries.unreadable"
    status = 422
    message = N_(
        "%(file)s cannot be read: %(reason)s. GeoJSON, Shapefile, GeoPackage, FlatGeobuf "
        "and CSV with lon and lat columns are understood."
    )


class UnknownColumn(DomainError):
    """A named column is not in the file."""

    code = "boundaries.unknown_column"
    status = 422
    message = N_('%(file)s has no column "%(column)s". Its columns are: %(columns)s.')


class NoCrs(DomainError):
    """A file does not say which coordinate system it uses."""

    code = "boundaries.no_crs"
    status = 422
    message = N_(
        "%(file)s does not name its coordinate system. Say which it is with --crs EPSG:xxxx."
    )


class OtherCrs(DomainError):
    """A file uses another coordinate system than WGS 84 degrees."""

    code = "boundaries.other_crs"
    status = 422
    message = N_(
        "%(file)s is in %(crs)s; EPSG:4326 is needed. Add --transform to have it transformed."
    )


class CrsConflict(DomainError):
    """The operator names one coordinate system and the file another."""

    code = "boundaries.crs_conflict"
    status = 422
    message = N_(
        "%(file)s says that it is in %(crs)s, not in %(given)s. Leave --crs out, or mend the file."
    )


class UnknownCrs(DomainError):
    """What was given as a coordinate system is none."""

    code = "boundaries.unknown_crs"
    status = 422
    message = N_('"%(given)s" is not a coordinate system. Write it as EPSG:xxxx.')


@dataclass(frozen=True, slots=True)
class CrsChoice:
    """What the operator says: the system of a file that names none; whether to transform."""

    crs: str | None = None
    transform: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One feature: its columns as text ("" for null) and its WGS 84 shape, or None."""

    values: Mapping[str, str]
    shape: BaseGeometry | None


@dataclass(frozen=True, slots=True)
class _Layer:
    columns: Sequence[str]
    rows: list[Mapping[str, str]]
    shapes: Shapes
    crs: str | None
    """What the file itself says; None where it says nothing."""
    default: str | None = None
    """What the format's standard says for a file that says nothing."""


def read(
    paths: Iterable[Path],
    columns: Iterable[str] = (),
    choice: CrsChoice | None = None,
    lon_lat: LonLatColumns | None = None,
) -> list[Row]:
    """Return the features of all files, in their order.

    Every name in ``columns`` must be a column of each file. ``lon_lat`` names the two columns of a
    CSV that hold its points, where they are not the usual ones. Raises Unreadable, UnknownColumn,
    NoCrs, OtherCrs, CrsConflict, UnknownCrs.
    """
    wanted = [column for column in columns if column]
    chosen = choice or CrsChoice()
    return [row for path in paths for row in _read(path, wanted, chosen, lon_lat)]


def _read(
    path: Path, wanted: Sequence[str], choice: CrsChoice, lon_lat: LonLatColumns | None
) -> list[Row]:
    layer = _layer(path, lon_lat)
    for column in wanted:
        if column not in layer.columns:
            raise UnknownColumn(file=path.name, column=column, columns=", ".join(layer.columns))
    shapes = _in_degrees(path, layer, choice)
    return [Row(values, shape) for values, shape in zip(layer.rows, shapes, strict=True)]


def _in_degrees(path: Path, layer: _Layer, choice: CrsChoice) -> Shapes:
    """Return the layer's shapes in WGS 84, having made sure that nothing about them is guessed."""
    given = _epsg(choice.crs) if choice.crs else None
    if layer.crs and given and not _same(layer.crs, given):
        raise CrsConflict(file=path.name, crs=layer.crs, given=given)
    crs = layer.crs or given or layer.default
    if crs is None:
        raise NoCrs(file=path.name)
    if _same(crs, f"EPSG:{WGS84}"):
        return layer.shapes
    if not (choice.transform or given):
        raise OtherCrs(file=path.name, crs=crs)
    return transformed(layer.shapes, crs, f"EPSG:{WGS84}")


def _epsg(given: str) -> str:
    if not re.fullmatch(r"(?i)epsg:\d+", given):
        raise UnknownCrs(given=given)
    try:
        pyproj.CRS.from_user_input(given)
    except pyproj.exceptions.CRSError:
        raise UnknownCrs(given=given) from None
    return given.upper()


def _same(one: str, other: str) -> bool:
    """Compare without axis order: every reader here gives x before y."""
    return pyproj.CRS.from_user_input(one).equals(
        pyproj.CRS.from_user_input(other), ignore_axis_order=True
    )


def _layer(path: Path, lon_lat: LonLatColumns | None) -> _Layer:
    if not path.exists():
        raise Unreadable(file=path.name, reason="there is no such file")
    import pyogrio  # noqa: PLC0415  brings pandas, 60 MB that only a reader of files needs

    try:
        return _csv(path, lon_lat) if path.suffix.lower() == ".csv" else _vector(path)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        ValueError,
    ) as error:
        raise Unreadable(file=path.name, reason=str(error)) from error


def _vector(path: Path) -> _Layer:
    import pyogrio  # noqa: PLC0415  as above

    meta, _, geometries, columns = pyogrio.raw.read(path, datetime_as_string=True)
    names = [str(name) for name in meta["fields"]]
    texts = [[_text(value) for value in column] for column in columns]
    rows: list[Mapping[str, str]] = [
        dict(zip(names, values, strict=True)) for values in zip(*texts, strict=True)
    ]
    if geometries is None:
        geometries = np.full(len(rows), None)
    shapes = shapely.force_2d(shapely.from_wkb(geometries, on_invalid="ignore"))
    # RFC 7946 fixes the CRS of GeoJSON; the reader reports it as if the file had said so.
    if path.suffix.lower() in GEOJSON and not _geojson_names_crs(path):
        return _Layer(names, rows or [{}] * len(shapes), shapes, None, f"EPSG:{WGS84}")
    return _Layer(names, rows or [{}] * len(shapes), shapes, meta["crs"])


def _geojson_names_crs(path: Path) -> bool:
    """Tell whether an old-style ``"crs"`` member stands beside the features."""
    with path.open(encoding="utf-8") as file:
        if '"crs"' not in file.read():
            return False
    return bool(json.loads(path.read_text(encoding="utf-8")).get("crs"))


def _csv(path: Path, lon_lat: LonLatColumns | None) -> _Layer:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        columns = list(reader.fieldnames or ())
        rows = [{key: (value or "").strip() for key, value in row.items() if key} for row in reader]
    lon, lat = _lon_lat(path, columns, lon_lat)
    shapes = np.array([_point(row[lon], row[lat]) for row in rows], dtype=object)
    return _Layer(columns, list(rows), shapes, f"EPSG:{WGS84}")


def _lon_lat(path: Path, columns: Sequence[str], named: LonLatColumns | None) -> LonLatColumns:
    for pair in (named,) if named else LON_LAT_COLUMNS:
        if set(pair) <= set(columns):
            return pair
    wanted = ", ".join(named or LON_LAT_COLUMNS[0])
    raise UnknownColumn(file=path.name, column=wanted, columns=", ".join(columns))


def _point(lon: str, lat: str) -> BaseGeometry | None:
    return shapely.Point(float(lon), float(lat)) if lon and lat else None


def _text(value: object) -> str:
    """Return a cell as text: whole numbers without a decimal point, nothing for null."""
    if value is None or value != value:  # noqa: PLR0124  NaN is the reader's null
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def fingerprint(paths: Sequence[Path]) -> str:
    """Return one SHA-256 for a file with its side files, or for many, whatever their order."""
    parts = sorted({part for path in paths for part in _with_side_files(path)})
    sums = [(part.name, hashlib.sha256(part.read_bytes()).hexdigest()) for part in parts]
    return sums[0][1] if len(sums) == 1 else combined(sums)


def combined(sums: Iterable[tuple[str, str]]) -> str:
    """Return one SHA-256 for files given as (name, SHA-256): of the lines "sum  name", sorted."""
    lines = sorted(f"{digest}  {name}\n" for name, digest in sums)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _with_side_files(path: Path) -> list[Path]:
    if path.suffix.lower() != ".shp":
        return [path]
    return [part for suffix in SHAPEFILE_PARTS if (part := path.with_suffix(suffix)).exists()]
