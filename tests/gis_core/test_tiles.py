"""A tile is one range of position codes, at every zoom and for every position."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer

from gis_core.positions import LonLat
from gis_core.tiles import (
    CELLS,
    HALF_WORLD_M,
    LEVEL,
    NoSuchTile,
    Tile,
    cell_code,
    cell_of,
    deinterleave,
    interleave,
    lonlat_of,
    tile_of,
    tile_range,
)

TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)

halves = st.integers(min_value=0, max_value=CELLS - 1)
zooms = st.integers(min_value=0, max_value=LEVEL)
anywhere = st.builds(
    LonLat,
    st.floats(min_value=-180, max_value=180),
    st.floats(min_value=-90, max_value=90),
)
in_the_square = st.builds(
    LonLat,
    st.floats(min_value=-179.999, max_value=179.999),
    st.floats(min_value=-85, max_value=85),
)


@st.composite
def tiles(draw: st.DrawFn) -> Tile:
    z = draw(zooms)
    side = st.integers(min_value=0, max_value=(1 << z) - 1)
    return Tile(z, draw(side), draw(side))


@given(halves, halves)
def test_a_code_gives_its_column_and_row_back(x, y):
    assert deinterleave(interleave(x, y)) == (x, y)


def test_interleaving_puts_columns_on_even_bits():
    assert interleave(0b111, 0b000) == 0b010101
    assert interleave(0b000, 0b101) == 0b100010


@given(anywhere)
def test_a_code_fits_a_bigint_column(lonlat):
    assert 0 <= cell_code(lonlat) < 2**56


@given(anywhere, zooms)
def test_a_position_is_in_the_range_of_its_tile_at_every_zoom(lonlat, z):
    tile = tile_of(lonlat, z)
    first, last = tile_range(tile.z, tile.x, tile.y)
    assert first <= cell_code(lonlat) <= last


@given(in_the_square, zooms)
def test_the_tile_holds_the_position_in_metres_of_3857(lonlat, z):
    """Against pyproj, which knows nothing of cells; a micrometre for rounding."""
    x, y = TO_METRES.transform(lonlat.lon, lonlat.lat)
    west, south, east, north = tile_of(lonlat, z).bounds_m()
    assert west - 1e-6 <= x <= east + 1e-6
    assert south - 1e-6 <= y <= north + 1e-6


@given(tiles())
def test_a_tile_is_exactly_its_four_children_in_order(tile):
    if tile.z == LEVEL:
        assert tile.cells()[0] == tile.cells()[1]
        return
    children = [
        Tile(tile.z + 1, 2 * tile.x + right, 2 * tile.y + down)
        for down in (0, 1)
        for right in (0, 1)
    ]
    ranges = [child.cells() for child in children]
    assert ranges[0][0] == tile.cells()[0]
    assert ranges[-1][1] == tile.cells()[1]
    assert all(before[1] + 1 == after[0] for before, after in pairwise(ranges))


@given(tiles(), in_the_square)
def test_a_position_outside_a_tile_is_outside_its_range(tile, lonlat):
    column, row = cell_of(lonlat)
    shift = LEVEL - tile.z
    inside = (column >> shift, row >> shift) == (tile.x, tile.y)
    first, last = tile.cells()
    assert inside == (first <= cell_code(lonlat) <= last)


@given(in_the_square)
def test_the_cell_s_centre_is_within_half_a_cell(lonlat):
    x, y = TO_METRES.transform(lonlat.lon, lonlat.lat)
    centre = lonlat_of(cell_code(lonlat))
    there = TO_METRES.transform(centre.lon, centre.lat)
    half = HALF_WORLD_M / CELLS + 1e-6
    assert there == pytest.approx((x, y), abs=half)


@pytest.mark.parametrize(
    ("lonlat", "z", "expected"),
    [
        (LonLat(106.7009, 10.7769), 9, (407, 240)),
        (LonLat(106.7009, 10.7769), 16, (52192, 30794)),
        (LonLat(0.0, 0.0), 1, (1, 1)),
        (LonLat(-180.0, 85.0), 1, (0, 0)),
    ],
)
def test_known_tiles(lonlat, z, expected):
    tile = tile_of(lonlat, z)
    assert (tile.x, tile.y) == expected


@pytest.mark.parametrize("corner", [LonLat(180, 90), LonLat(180, -90), LonLat(-180, 90)])
def test_the_ends_of_the_globe_go_to_the_outermost_cells(corner):
    assert set(cell_of(corner)) <= {0, CELLS - 1}


@pytest.mark.parametrize("zxy", [(-1, 0, 0), (29, 0, 0), (3, 8, 0), (3, 0, -1), (0, 0, 1)])
def test_a_tile_off_the_scheme_is_refused_with_its_numbers(zxy):
    with pytest.raises(NoSuchTile, match="/".join(map(str, zxy))):
        Tile(*zxy)
