"""Vector tiles read back by GDAL, which knows nothing of how they were made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyogrio.raw
import shapely
from shapely.geometry.base import BaseGeometry

from gis_core.tiles import Tile


@dataclass(frozen=True)
class Feature:
    """``shape`` is in metres of EPSG:3857."""

    properties: dict[str, Any]
    shape: BaseGeometry


def layers(body: bytes) -> set[str]:
    """Return the names of the layers in a tile."""
    return {name for name, _ in pyogrio.list_layers(body)} if body else set()


def features(body: bytes, layer: str, tile: Tile) -> list[Feature]:
    """Return a layer's features; none where the tile lacks the layer."""
    if layer not in layers(body):
        return []
    meta, _, shapes, columns = pyogrio.raw.read(body, layer=layer, X=tile.x, Y=tile.y, Z=tile.z)
    names = [str(name) for name in meta["fields"]]
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [
        Feature(dict(zip(names, row, strict=True)), shapely.from_wkb(shape))
        for row, shape in zip(rows, shapes, strict=True)
    ]
