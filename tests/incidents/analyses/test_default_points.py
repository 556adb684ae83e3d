"""Default points are those that duplicates know, and nothing else is left out."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_core.cell_codes import cell_codes
from gis_core.positions import LonLat
from incidents.analyses.default_points import default_points, places
from incidents.duplicates import default_points as by_one

CITY_HALL, CROSSING, POTHOLES = (106.701, 10.7766), (106.712, 10.78), (106.6549, 10.8)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([1, 2, 29, 30, 31, 60]), st.integers(1, 8), st.floats(0, 1)),
        max_size=6,
    ),
    st.integers(0, 2**32 - 1),
)
def test_the_points_that_looking_at_one_after_another_finds(sizes, seed):
    rng = np.random.default_rng(seed)
    found = [
        (106.6 + spot / 100, 10.7 + spot / 50, 0 if rng.random() < share else n % kinds)
        for spot, (many, kinds, share) in enumerate(sizes)
        for n in range(many)
    ]
    rng.shuffle(found)
    lon, lat, category = np.array(found, float).reshape(-1, 3).T
    told = default_points(places(lon, lat), category.astype(int))
    at = [by_one.point(LonLat(*row[:2])) for row in found]
    expected = by_one.default_points((LonLat(*row[:2]), str(row[2])) for row in found)
    assert told.there.tolist() == [point in expected for point in at]
    assert {at[one] for one in told.first} == expected
    assert told.count.tolist() == sorted((at.count(point) for point in expected), reverse=True)


def test_the_city_halls_address_is_told_and_a_bad_crossing_is_not():
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(106.5, 106.8, 5_000), rng.uniform(10.6, 10.9, 5_000)
    category = rng.integers(0, 40, 5_000)
    for place, begin, kinds in ((CITY_HALL, 0, 40), (CROSSING, 900, 4), (POTHOLES, 1_200, 1)):
        lon[begin : begin + 300], lat[begin : begin + 300] = place
        category[begin : begin + 300] = np.arange(300) % kinds
    for place in (places(lon, lat), cell_codes(lon, lat)):
        told = default_points(place, category)
        assert (told.count.tolist(), told.categories.tolist()) == ([300], [40])
        assert (lon[told.first[0]], lat[told.first[0]]) == CITY_HALL
        assert np.flatnonzero(told.there).tolist() == list(range(300))


def test_nothing_has_no_default_points():
    told = default_points(np.empty(0, np.int64), np.empty(0, np.uint16))
    assert (len(told.place), len(told.there)) == (0, 0)
