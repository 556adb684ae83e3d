"""Layers of points are read by others as they were written."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_core.point_layers import Named, layer
from gis_core.tiles import Tile
from tests import mvt

PLACE = Tile(3, 6, 3)
numbers = st.one_of(st.integers(0, 300), st.integers(0, 2**31 - 1))
points = st.lists(st.tuples(st.integers(0, 4095), st.integers(0, 4095), numbers, numbers))


@settings(max_examples=60)
@given(points)
def test_every_point_is_read_back_with_its_numbers(some):
    x, y, count, still_open = np.array(some, np.int64).reshape(-1, 4).T
    body = layer("clusters", x, y, {"count": count, "open": still_open})
    west, _, east, north = PLACE.bounds_m()
    step = (east - west) / 4096
    read = [
        (
            round((one.shape.x - west) / step),
            round((north - one.shape.y) / step),
            one.properties["count"],
            one.properties["open"],
        )
        for one in mvt.features(body, "clusters", PLACE)
    ]
    assert sorted(read) == sorted(some)


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300)


@settings(max_examples=60)
@given(st.lists(words, min_size=1, max_size=5), st.lists(st.integers(0, 4), max_size=20), numbers)
def test_every_point_is_read_back_with_its_word(some, which, number):
    place = np.array(which, np.int64) % len(some)
    ids = np.arange(len(which)) + number
    body = layer("incidents", place, place, {"id": ids, "name": Named(place, some)})
    read = {
        one.properties["id"]: one.properties["name"]
        for one in mvt.features(body, "incidents", PLACE)
    }
    assert read == {number + n: some[k] for n, k in enumerate(place.tolist())}


def test_layers_one_after_the_other_are_a_tile():
    one, two = np.array([7]), np.array([1, 2])
    body = layer("heat", one, one, {"count": one}) + layer("clusters", two, two, {"count": two})
    assert mvt.layers(body) == {"heat", "clusters"}
    assert layer("heat", one[:0], one[:0], {"count": one[:0]}) == b""
