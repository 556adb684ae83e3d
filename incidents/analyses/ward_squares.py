"""Which squares of a grid each of today's wards has: what is known of wards, told of squares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from districts import bulk_placement, city
from gis_core.hotspots.grid import Grid
from gis_core.planes import to_metres
from incidents.analyses.question import ward_edition

Floats = NDArray[np.float64]


class WardSquares(NamedTuple):
    """``ward``, ``place``: columns of one length, an entry for each square of each ward on a grid.

    ``ward`` is a position in ``codes``, ``place`` one in the flat grid. ``squares``: how many each
    ward has, beyond the grid too.
    """

    codes: Sequence[str]
    squares: NDArray[np.int64]
    ward: NDArray[np.int32]
    place: NDArray[np.int32]

    def shared_out(self, of_wards: Mapping[str, float], grid: Grid) -> Floats:
        """Return what is known of wards shared out evenly over their squares, shape as the grid."""
        each = np.array([of_wards.get(code, 0.0) for code in self.codes]) / self.squares
        cells = grid.rows * grid.columns
        laid: Floats = np.bincount(self.place, each[self.ward], cells).astype(np.float64)
        return laid.reshape(grid.shape)

    def told(self, of_wards: Mapping[str, float], elsewhere: float, grid: Grid) -> Floats:
        """Return for each square what is known of its ward; ``elsewhere`` where nothing is."""
        known = np.array([of_wards.get(code, elsewhere) for code in self.codes])
        laid = np.full(grid.rows * grid.columns, elsewhere)
        laid[self.place] = known[self.ward]
        return laid.reshape(grid.shape)


def ward_squares(grid: Grid) -> WardSquares:
    """Return the squares whose middles lie in each of today's wards; of none, that of its middle.

    The grid's lines stand at whole multiples of its squares' side; kept for the grids asked last.
    """
    return _laid(ward_edition(), city.current().metric_srid, grid)


@lru_cache(maxsize=4)
def _laid(edition: int | None, srid: int, grid: Grid) -> WardSquares:
    known = bulk_placement.of_edition(edition) if edition else None
    shapes = np.asarray(known.shapes if known else [], object)
    places = [_places(shape, grid) for shape in to_metres(shapes, srid)]
    held = [place[place >= 0] for place in places]
    many = np.array([len(place) for place in held], np.int64)
    return WardSquares(
        codes=tuple(area.code for area in known.areas) if known else (),
        squares=np.array([len(place) for place in places], np.int64),
        ward=np.repeat(np.arange(len(held), dtype=np.int32), many),
        place=np.concatenate([np.zeros(0, np.int32), *held]),
    )


def _places(shape: Any, grid: Grid) -> NDArray[np.int32]:  # noqa: ANN401  a shapely polygon
    """Return where a ward's squares lie in the flat grid; -1 for those beyond it."""
    side = grid.cell_m
    west, south, east, north = shape.bounds
    west, south = np.floor(west / side) * side, np.floor(south / side) * side
    own = Grid.over((west, south, max(east, west + 1), max(north, south + 1)), side)
    rows, columns = np.nonzero(own.within(shape))
    if not len(rows):
        inner = shape.representative_point()
        rows = np.array([int((inner.y - south) // side)])
        columns = np.array([int((inner.x - west) // side)])
    rows = rows + round((south - grid.south_m) / side)
    columns = columns + round((west - grid.west_m) / side)
    held = (rows >= 0) & (rows < grid.rows) & (columns >= 0) & (columns < grid.columns)
    return np.where(held, rows * grid.columns + columns, -1).astype(np.int32)
