"""Web-Mercator tiles, and a position's place on a Z-order curve, so that a tile is one range.

The square of EPSG:3857 is cut into ``2**LEVEL`` columns (west to east) and as many rows (north to
south). A cell's code interleaves the bits of its column (even bits) and row (odd bits): G. M.
Morton, "A computer oriented geodetic data base", IBM 1966. The first ``2 * z`` bits of a code then
name its tile at zoom ``z``. A cell is 15 cm wide at the equator.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from gis_core.errors import N_, DomainError
from gis_core.positions import LonLat

LEVEL = 28
"""Zoom of the cells: codes have 56 bits and fit a signed 64-bit column."""

CELLS = 1 << LEVEL
HALF_WORLD_M = math.pi * 6_378_137.0
"""Half the side of EPSG:3857's square, in its metres (EPSG guidance note 7-2, method 1024)."""


class NoSuchTile(DomainError):
    """Zoom, column or row lie outside the scheme."""

    code = "tile.no_such_tile"
    status = 404
    message = N_(
        "There is no tile %(z)s/%(x)s/%(y)s. At zoom z from 0 to %(deepest)s, "
        "x and y run from 0 to 2^z - 1."
    )


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of the XYZ scheme: ``x`` eastwards, ``y`` southwards. Raises NoSuchTile."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        side = 1 << self.z if 0 <= self.z <= LEVEL else 0
        if not (0 <= self.x < side and 0 <= self.y < side):
            raise NoSuchTile(z=self.z, x=self.x, y=self.y, deepest=LEVEL)

    def cells(self) -> tuple[int, int]:
        """Return the first and the last code of its cells, both inside."""
        shift = 2 * (LEVEL - self.z)
        first = interleave(self.x, self.y) << shift
        return first, first + (1 << shift) - 1

    def bounds_m(self) -> tuple[float, float, float, float]:
        """Return (west, south, east, north) in metres of EPSG:3857."""
        side = 2 * HALF_WORLD_M / (1 << self.z)
        west, north = self.x * side - HALF_WORLD_M, HALF_WORLD_M - self.y * side
        return west, north - side, west + side, north


def cell_of(lonlat: LonLat) -> tuple[int, int]:
    """Return the (column, row) of the cell that holds ``lonlat``.

    Spherical Mercator. Cells are half open to the east and south; what lies beyond the square's
    edge (85.0511 degrees) goes to its outermost cell.
    """
    sine = math.sin(math.radians(lonlat.lat))
    sine = min(max(sine, -0.9999999999), 0.9999999999)
    x = (lonlat.lon + 180.0) / 360.0
    y = 0.5 - math.atanh(sine) / (2 * math.pi)
    return _clamped(x), _clamped(y)


def cell_code(lonlat: LonLat) -> int:
    """Return the position code of ``lonlat``: not negative, below ``2**56``."""
    return interleave(*cell_of(lonlat))


def tile_range(z: int, x: int, y: int) -> tuple[int, int]:
    """Return the first and the last code inside a tile, both inclusive. Raises NoSuchTile."""
    return Tile(z, x, y).cells()


def tile_of(lonlat: LonLat, z: int) -> Tile:
    """Return the tile at zoom ``z`` that holds ``lonlat``."""
    column, row = cell_of(lonlat)
    return Tile(z, column >> (LEVEL - z), row >> (LEVEL - z))


def ranges_around(lonlat: LonLat, dlon: float, dlat: float) -> list[tuple[int, int]]:
    """Return ranges of codes, at most nine, that hold all within so many degrees of ``lonlat``.

    They hold more than that: whole tiles about as wide as ``dlon``. Ranges that touch are one.
    """
    z = min(max(math.floor(math.log2(360.0 / max(dlon, 1e-6))), 0), LEVEL)
    west_north = tile_of(LonLat(max(lonlat.lon - dlon, -180.0), min(lonlat.lat + dlat, 90.0)), z)
    east_south = tile_of(LonLat(min(lonlat.lon + dlon, 180.0), max(lonlat.lat - dlat, -90.0)), z)
    found = sorted(
        Tile(z, x, y).cells()
        for x in range(west_north.x, east_south.x + 1)
        for y in range(west_north.y, east_south.y + 1)
    )
    joined = found[:1]
    for first, last in found[1:]:
        if first == joined[-1][1] + 1:
            joined[-1] = joined[-1][0], last
        else:
            joined.append((first, last))
    return joined


def lonlat_of(code: int) -> LonLat:
    """Return the centre of the cell with this code."""
    column, row = deinterleave(code)
    northing = math.pi * (1 - 2 * (row + 0.5) / CELLS)
    return LonLat(
        (column + 0.5) / CELLS * 360.0 - 180.0, math.degrees(math.atan(math.sinh(northing)))
    )


def interleave(x: int, y: int) -> int:
    """Return the number whose even bits are those of ``x`` and whose odd bits those of ``y``."""
    return _spread(x) | _spread(y) << 1


def deinterleave(code: int) -> tuple[int, int]:
    """Return the ``x`` and ``y`` that ``interleave`` made into ``code``."""
    return _gather(code), _gather(code >> 1)


def _clamped(share: float) -> int:
    return min(max(math.floor(share * CELLS), 0), CELLS - 1)


# The usual shuffle of halves, quarters, eighths: H. S. Warren, "Hacker's Delight", section 7-2.
_SPREADING = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)
_GATHERING = (
    (1, 0x3333333333333333),
    (2, 0x0F0F0F0F0F0F0F0F),
    (4, 0x00FF00FF00FF00FF),
    (8, 0x0000FFFF0000FFFF),
    (16, 0x00000000FFFFFFFF),
)


def _spread(bits: int) -> int:
    for shift, mask in _SPREADING:
        bits = (bits | bits << shift) & mask
    return bits


def _gather(bits: int) -> int:
    bits &= 0x5555555555555555
    for shift, mask in _GATHERING:
        bits = (bits | bits >> shift) & mask
    return bits
