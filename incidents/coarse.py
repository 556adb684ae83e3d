"""The only public trace of sensitive categories: counts in coarse cells, never small ones.

There is no filter by time, status, agency or ward here: the difference of two answers would be a
small count.
"""

from __future__ import annotations

import json
import math
from typing import Final

from gis_core import sql
from incidents.filters import Box, Filters

CELL: Final = 0.005
"""Degrees: about 550 m."""

FEWEST: Final = 5
"""A cell with fewer incidents of a category is not shown."""


Cell = tuple[str, float, float, int]
"""Category, longitude and latitude of the cell's middle, count."""


def are_left_out(filters: Filters) -> bool:
    """Tell whether a filter is set under which counts would tell of single incidents."""
    whose = filters.statuses or filters.agencies or filters.wards
    return bool(whose or filters.since or filters.until)


def counts(box: Box) -> bytes:
    """Return a FeatureCollection of cell centres with ``category`` and ``count``.

    Every cell that the box touches is counted whole.
    """
    features = [_feature(*cell) for cell in cells(box)]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def cells(box: Box) -> list[Cell]:
    """Return the same as values, from south to north."""
    west, south, east, north = (math.floor(degree / CELL) for degree in box)
    sides = {"west": west, "south": south, "east": east, "north": north}
    found = sql.rows("incidents", "coarse_counts", {"cell": CELL, "fewest": FEWEST, **sides})
    return [(category, _middle(col), _middle(line), count) for category, col, line, count in found]


def _middle(cell: int) -> float:
    return round((cell + 0.5) * CELL, 6)


def _feature(category: str, lon: float, lat: float, count: int) -> dict[str, object]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {"category": category, "count": count},
    }
