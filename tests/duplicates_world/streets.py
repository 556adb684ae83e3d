"""Lines that things happen on: the city's streets where they are at hand, else a grid."""

from __future__ import annotations

import json
import math
import os
import random
from pathlib import Path

from gis_core.positions import LonLat

WEST, SOUTH, EAST, NORTH = 106.66, 10.755, 106.72, 10.81
"""Districts 1, 3, 10 and Phú Nhuận, about 40 square kilometres."""
METRE = 1 / 111_195

Line = list[tuple[float, float]]


def streets() -> tuple[list[Line], str]:
    """Return lines of longitudes and latitudes, and where they come from."""
    data = os.environ.get("WARDWISE_TEST_DATA", "")
    path = Path(data) / "gazetteer" / "osm2018_roads.geojson"
    if not (data and path.is_file()):
        return _grid(), "a grid"
    rows = json.loads(path.read_text("utf-8"))["features"]
    lines = [row["geometry"]["coordinates"] for row in rows if _simple(row)]
    return [line for line in lines if _inside(*line[0]) and _inside(*line[-1])], "streets"


def somewhere(lines: list[Line], rng: random.Random) -> LonLat:
    """Return a point on a line, longer lines oftener."""
    if not hasattr(rng, "lengths"):
        rng.lengths = [_length(line) for line in lines]
    line = rng.choices(lines, rng.lengths)[0]
    number = rng.randrange(len(line) - 1)
    share = rng.random()
    (x0, y0), (x1, y1) = line[number][:2], line[number + 1][:2]
    return LonLat(x0 + share * (x1 - x0), y0 + share * (y1 - y0))


def moved(here: LonLat, metres: float, rng: random.Random) -> LonLat:
    """Return the point off by a normal error that stays within ``metres`` 86 times of 100."""
    east, north = rng.gauss(0, metres / 2), rng.gauss(0, metres / 2)
    width = math.cos(math.radians(here.lat))
    return LonLat(here.lon + east * METRE / width, here.lat + north * METRE)


def _simple(row: dict) -> bool:
    return row["geometry"]["type"] == "LineString"


def _inside(lon: float, lat: float) -> bool:
    return WEST < lon < EAST and SOUTH < lat < NORTH


def _length(line: Line) -> float:
    return math.hypot(line[0][0] - line[-1][0], line[0][1] - line[-1][1]) + 1e-5


def _grid() -> list[Line]:
    across = [[(WEST, SOUTH + n * 0.001), (EAST, SOUTH + n * 0.001)] for n in range(55)]
    along = [[(WEST + n * 0.001, SOUTH), (WEST + n * 0.001, NORTH)] for n in range(60)]
    return across + along
