"""How far points are from an area: to the last bit what GEOS answers."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from gis_core.outline import outline

coordinates = st.floats(-2_000.0, 2_000.0, allow_nan=False).map(lambda value: round(value, 3))
spots = st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=30)
discs = st.builds(
    lambda x, y, size, corners: Point(x, y).buffer(size, quad_segs=corners),
    coordinates,
    coordinates,
    st.floats(1.0, 900.0),
    st.integers(1, 30),
)
areas = st.one_of(
    discs,
    st.tuples(discs, discs).map(shapely.union_all),
    st.tuples(discs, discs)
    .map(lambda pair: pair[0].difference(pair[1]))
    .filter(lambda shape: not shape.is_empty),
)


def asked(shape, points):
    return np.asarray(shapely.distance(shape, shapely.points(points)))


@given(areas, spots)
def test_points_are_as_far_as_geos_says(shape, points):
    spread = np.array([*points, *shapely.get_coordinates(shape)[:5]])
    assert (outline(shape).distance(spread) == asked(shape, spread)).all()


def test_a_point_in_a_hole_is_as_far_as_the_edge_of_the_hole():
    ring = box(0, 0, 100, 100).difference(box(20, 20, 80, 80))
    points = np.array([[50.0, 30.0], [50.0, 10.0], [50.0, -7.0], [20.0, 50.0]])
    assert outline(ring).distance(points).tolist() == pytest.approx([10.0, 0.0, 7.0, 0.0])


def test_a_point_between_two_parts_is_as_far_as_the_nearer():
    parts = MultiPolygon([box(0, 0, 10, 10), box(50, 0, 60, 10)])
    assert outline(parts).distance(np.array([[15.0, 5.0], [42.0, 5.0]])).tolist() == [5.0, 8.0]


def test_what_is_no_area_alone_is_asked_all_the_same():
    mixed = GeometryCollection([box(0, 0, 10, 10), LineString([(30, 0), (30, 10)])])
    points = np.array([[28.0, 5.0], [12.0, 5.0]])
    assert outline(mixed).distance(points).tolist() == [2.0, 2.0]
    assert (
        np.isnan(outline(Polygon()).distance(points)).all()
        == np.isnan(asked(Polygon(), points)).all()
    )
