"""A city's file of places that many people name: some are known without any download."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import shapely

from districts.geocoding.keys import place_key
from districts.geocoding.loading.features import Feature, GazetteerFacts, Name


def read_well_known(path: Path) -> tuple[GazetteerFacts, list[Feature]]:
    """Return what the file says of itself, and its places as points."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    rows = [row for group in content["places"].values() for row in group]
    return GazetteerFacts(**content["gazetteer"]), [_feature(row) for row in rows]


def _feature(row: Mapping[str, Any]) -> Feature:
    return Feature(
        reference=place_key(row["name"]),
        sort=row["sort"],
        shape=shapely.Point(row["at"]),
        names=(Name(row["name"]),),
    )
