"""A result's files: the layer as GeoParquet in metres, and what a page draws as GeoJSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from django.conf import settings

from gis_core.planes import to_degrees
from incidents.analyses.errors import NoResult
from incidents.analyses.methods import terms

DIGITS: Final = 6
"""Of degrees: about 0.1 m."""


def folder() -> Path:
    """Return where results are kept; whoever reckons and whoever serves them share it."""
    where: Path = settings.WARDWISE_ANALYSES_DIR
    return where


def keep(name: str, layer: Any) -> None:  # noqa: ANN401  a GeoDataFrame
    """Write a result's files, each in one step. The same name holds the same run."""
    folder().mkdir(parents=True, exist_ok=True)
    _write(_path(name, "parquet"), lambda path: layer.to_parquet(path, index=False))
    _write(_path(name, "geojson"), lambda path: path.write_bytes(as_drawn(layer)))


def layer(name: str) -> Any:  # noqa: ANN401  a GeoDataFrame
    """Return a result's layer in metres. Raises NoResult."""
    import geopandas  # noqa: PLC0415  heavy

    if not name or not _path(name, "parquet").is_file():
        raise NoResult
    return geopandas.read_parquet(_path(name, "parquet"))


def drawn(name: str) -> bytes:
    """Return what a page draws of a result, as GeoJSON in degrees. Raises NoResult."""
    try:
        return _path(name, "geojson").read_bytes()
    except OSError:
        raise NoResult from None


def remove(name: str) -> None:
    """Take a result's files away; nothing happens where there are none."""
    for ending in ("parquet", "geojson"):
        _path(name, ending).unlink(missing_ok=True)


def _path(name: str, ending: str) -> Path:
    if not name.isalnum():
        raise NoResult
    return folder() / f"{name}.{ending}"


def _write(path: Path, write: Any) -> None:  # noqa: ANN401  what writes into a path
    part = path.with_suffix(f"{path.suffix}.part")
    write(part)
    part.replace(path)


def as_drawn(layer: Any) -> bytes:  # noqa: ANN401  a GeoDataFrame
    """Return what a page draws of a layer, as GeoJSON in degrees."""
    return json.dumps(_drawn(layer), ensure_ascii=False, separators=(",", ":")).encode()


def _drawn(layer: Any) -> dict[str, Any]:  # noqa: ANN401  a GeoDataFrame
    """Join squares of one class and spot to one shape; of single shapes take the highest."""
    told = layer[layer["kind"] != ""]
    if "row" in told:
        groups = told.groupby(["kind", "spot"], sort=True)
        rows = [
            ({"kind": kind, "spot": int(spot), "count": int(part["count"].sum())},
             shapely.coverage_union_all(part.geometry.to_numpy()))
            for (kind, spot), part in groups
        ]  # fmt: skip
    else:
        top = told.sort_values("value", ascending=False, kind="stable").head(terms().shown)
        rows = [
            ({"kind": one.kind, "spot": int(one.spot), "count": int(one.count_)}, one.geometry)
            for one in top.rename(columns={"count": "count_"}).fillna({"count_": 0}).itertuples()
        ]
    shapes = to_degrees(np.asarray([shape for _, shape in rows], object), layer.crs.to_epsg())
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": told, "geometry": _geojson(shape)}
            for (told, _), shape in zip(rows, shapes, strict=True)
        ],
    }


def _geojson(shape: Any) -> Any:  # noqa: ANN401  a shapely geometry
    rounded = shapely.transform(shape, lambda degrees: degrees.round(DIGITS))
    return json.loads(shapely.to_geojson(rounded))
