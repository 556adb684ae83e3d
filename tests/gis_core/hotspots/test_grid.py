"""Points find their cells, cells find their polygons."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_core.hotspots.grid import Grid

GRID = Grid(1000.0, -500.0, 50.0, 30, 20)
along = st.floats(900, 2600)
up = st.floats(-600, 600)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(along, up), min_size=3, max_size=8), st.floats(0, 3), st.booleans())
def test_a_cell_is_within_where_its_middle_is(corners, angle, hole):
    shape = shapely.convex_hull(shapely.MultiPoint(corners))
    if shape.area < 100:
        return
    if hole:
        shape = shape.difference(shapely.affinity.scale(shape, 0.5, 0.5)).buffer(0)
    shape = shapely.affinity.rotate(shape, math.degrees(angle))
    x, y = np.meshgrid(*GRID.centres())
    clear = shapely.distance(shape.boundary, shapely.points(x, y)) > 1e-6
    assert (GRID.within(shape) == shapely.contains_xy(shape, x, y))[clear].all()


def test_of_two_shapes_that_share_an_edge_each_cell_is_in_one():
    west = shapely.box(1000, -500, 1025, 500)
    east = shapely.box(1025, -500, 2500, 500)
    both = GRID.within(west).astype(int) + GRID.within(east)
    assert (both == 1).all()
    assert GRID.within(west, east).all()


def test_corners_are_the_cell_in_which_its_points_are_counted():
    ring = shapely.Polygon(GRID.corners(np.array([3]), np.array([7]))[0])
    middle = ring.centroid
    counted = GRID.count(np.array([middle.x]), np.array([middle.y]))
    assert ring.area == 2500
    assert ring.exterior.is_ccw
    assert np.argwhere(counted).tolist() == [[3, 7]]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.floats(1030, 2470), st.floats(-470, 470), st.integers(-2, 5)), max_size=9)
)
def test_spreading_keeps_the_sum_and_the_middle(points):
    x, y, weight = np.array(points, float).reshape(-1, 3).T
    spread = GRID.spread(x, y, weight)
    column_x, row_y = GRID.centres()
    assert spread.sum() == pytest.approx(weight.sum(), abs=1e-9)
    assert (spread * column_x).sum() == pytest.approx((x * weight).sum(), abs=1e-6)
    assert (spread.T * row_y).sum() == pytest.approx((y * weight).sum(), abs=1e-6)


@pytest.mark.parametrize(
    ("box", "cell"), [((0, 0, 10, 10), 0), ((10, 0, 0, 10), 5), ((0, 0, math.nan, 10), 5)]
)
def test_a_grid_over_nothing_is_refused(box, cell):
    with pytest.raises(ValueError, match="box"):
        Grid.over(box, cell)


@settings(max_examples=25, deadline=None)
@given(
    st.tuples(*[st.floats(-90, 150)] * 2), st.floats(0, 90), st.integers(1, 8), st.integers(1, 8)
)
def test_shapes_may_reach_beyond_the_grid_or_hold_nothing(middle, radius, columns, rows):
    grid = Grid(0.0, 0.0, 10.0, columns, rows)
    shape = shapely.Point(middle).buffer(radius)
    x, y = np.meshgrid(*grid.centres())
    clear = np.abs(np.hypot(x - middle[0], y - middle[1]) - radius) > radius / 50
    assert (grid.within(shape) == shapely.contains_xy(shape, x, y))[clear].all()
