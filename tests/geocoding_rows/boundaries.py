"""Where a true position lies: wards of 2019, 2021 and 2025, in metres."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyproj
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

METRES = "EPSG:32648"
_TO_METRES = pyproj.Transformer.from_crs("EPSG:4326", METRES, always_xy=True)
_TO_DEGREES = pyproj.Transformer.from_crs(METRES, "EPSG:4326", always_xy=True)


def in_metres(geometry: BaseGeometry) -> BaseGeometry:
    """Return the WGS 84 geometry in UTM 48 N."""
    return shapely.transform(geometry, lambda xy: np.column_stack(_TO_METRES.transform(*xy.T)))


def in_degrees(geometry: BaseGeometry) -> BaseGeometry:
    """Return the UTM 48 N geometry in WGS 84."""
    return shapely.transform(geometry, lambda xy: np.column_stack(_TO_DEGREES.transform(*xy.T)))


@dataclass(frozen=True)
class Ward:
    """A ward of one edition; ``district`` is "" since 2025."""

    code: str
    name: str
    full_name: str
    district: str
    shape: BaseGeometry


class Wards:
    """The wards of one edition, asked by points in metres."""

    def __init__(self, data: Path, edition: int) -> None:
        """Read them from the folder of reference data."""
        path = data / "boundaries" / f"hcmc_wards_{edition}.geojson"
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        self.all = [_ward(feature) for feature in features]
        self.by_code = {ward.code: ward for ward in self.all}

    @cached_property
    def tree(self) -> shapely.STRtree:
        return shapely.STRtree([ward.shape for ward in self.all])

    def at(self, point: BaseGeometry) -> Ward | None:
        """Return the ward that covers the point."""
        found = sorted(self.tree.query(point, predicate="intersects"))
        return self.all[found[0]] if found else None

    def near(self, point: BaseGeometry, metres: float) -> list[Ward]:
        """Return the wards within reach of the point, by code."""
        found = self.tree.query(point, predicate="dwithin", distance=metres)
        return sorted((self.all[one] for one in found), key=lambda ward: ward.code)

    def shares(self, geometry: BaseGeometry) -> dict[str, float]:
        """Return code -> how much of the line's length or polygon's area lies in the ward."""
        whole = geometry.area or geometry.length
        measure = (lambda part: part.area) if geometry.area else (lambda part: part.length)
        found = self.tree.query(geometry, predicate="intersects")
        parts = {self.all[one].code: geometry.intersection(self.all[one].shape) for one in found}
        return {code: measure(part) / whole for code, part in sorted(parts.items())}


def _ward(feature: dict) -> Ward:
    told = feature["properties"]
    polygon = shapely.make_valid(in_metres(shape(feature["geometry"])))
    full_name = " ".join(told["full_name"].split())
    return Ward(
        told["code"], told["name"].strip(), full_name, told.get("district_name", ""), polygon
    )
