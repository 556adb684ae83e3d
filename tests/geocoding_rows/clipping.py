"""A part of the reference gazetteer, for when all of it would take too long to load."""

from __future__ import annotations

import csv
import json
from pathlib import Path

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""
TABLES = {
    "osm_tables.toml": (
        "gazetteer/osm2018_roads.geojson", "gazetteer/osm2018_pois.csv",
        "gazetteer/osm2018_addresses.csv",
    ),
    "bus_stops.toml": ("bus/stops.csv",),
}  # fmt: skip
"""Mapping -> the files below the folder of reference data that it describes."""


def clipped(file: Path, folder: Path, box: Box) -> Path:
    """Write a copy of the file to ``folder`` with only what begins in the box; return its path."""
    target = folder / file.name
    if file.suffix == ".geojson":
        told = json.loads(file.read_text(encoding="utf-8"))
        lines = told["features"]
        told["features"] = [one for one in lines if holds(box, *_begin(one))]
        target.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        return target
    with (
        file.open(encoding="utf-8", newline="") as read,
        target.open("w", encoding="utf-8", newline="") as written,
    ):
        rows = csv.DictReader(read)
        writer = csv.DictWriter(written, rows.fieldnames or ())
        writer.writeheader()
        writer.writerows(row for row in rows if holds(box, float(row["lon"]), float(row["lat"])))
    return target


def holds(box: Box, lon: float, lat: float) -> bool:
    """Tell whether the position lies in the box."""
    west, south, east, north = box
    return west <= lon <= east and south <= lat <= north


def _begin(feature: dict) -> tuple[float, float]:
    lon, lat = feature["geometry"]["coordinates"][0][:2]
    return lon, lat
