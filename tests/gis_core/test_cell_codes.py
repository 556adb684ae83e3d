"""Many position codes at once are the codes of one at a time."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gis_core.cell_codes import cell_codes
from gis_core.positions import LonLat
from gis_core.tiles import cell_of, deinterleave

DEGREES = st.tuples(st.floats(-180, 180), st.floats(-89, 89))


@given(st.lists(DEGREES, max_size=20))
def test_the_same_cell_but_for_roundings(places):
    lons, lats = np.array(places).reshape(-1, 2).T
    for (lon, lat), code in zip(places, cell_codes(lons, lats).tolist(), strict=True):
        column, row = cell_of(LonLat(lon, lat))
        found = deinterleave(code)
        assert abs(found[0] - column) <= 1
        assert abs(found[1] - row) <= 1


def test_in_the_city_it_is_the_very_code():
    chance = np.random.default_rng(1)
    lons, lats = chance.uniform(106.3, 107.5, 5_000), chance.uniform(10.3, 11.4, 5_000)
    ours = cell_codes(lons, lats).tolist()
    pairs = zip(ours, lons.tolist(), lats.tolist(), strict=True)
    assert all(deinterleave(code) == cell_of(LonLat(lon, lat)) for code, lon, lat in pairs)
