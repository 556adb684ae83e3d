"""The streets of an area as a network in metres: what incidents lie along, and per km of."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from districts import rulebook, street_lengths
from districts.streets import streets_within
from gis_core.hotspots.grid import Grid
from incidents.analyses.errors import NoStreets
from incidents.analyses.question import AskedArea
from incidents.analyses.territory import territory

Shapes = NDArray[Any]
STEP_M: Final = 25.0
"""A street is shared out among squares in pieces of at most this."""


def network(area: AskedArea) -> Shapes:
    """Return an area's streets, cut where they cross. Raises NoStreets."""
    found = _network(rulebook.newest_version(), area)
    if not len(found):
        raise NoStreets
    return found


def streets_known() -> bool:
    """Tell whether any street is loaded."""
    return bool(street_lengths.mark())


def road_km(grid: Grid, area: AskedArea) -> NDArray[np.float64]:
    """Return the kilometres of street in each square of a grid. Raises NoStreets.

    Kept for the grids asked last.
    """
    return _road_km(rulebook.newest_version(), grid, area)


@lru_cache(maxsize=4)
def _road_km(_version: int, grid: Grid, area: AskedArea) -> NDArray[np.float64]:
    segments = network(area)
    length = shapely.length(segments)
    many = np.maximum(np.ceil(length / STEP_M), 1).astype(np.int64)
    which = np.repeat(np.arange(len(segments)), many)
    order = np.arange(len(which)) - np.repeat(np.cumsum(many) - many, many)
    along = (order + 0.5) / many[which]
    middles = shapely.line_interpolate_point(segments[which], along, normalized=True)
    x, y = shapely.get_coordinates(middles).T
    return grid.count(x, y, (length / many)[which] / 1_000)


@lru_cache(maxsize=4)
def _network(_version: int, area: AskedArea) -> Shapes:
    """Of the area alone: streets on which nothing could be counted would lower everybody's mean."""
    from gis_core.hotspots import along_streets  # noqa: PLC0415  heavy: scipy's graphs

    return along_streets.segments(streets_within(territory(area).shapes).shapes).shapes
