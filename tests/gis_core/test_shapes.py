"""A shape that is stored is the shape that was computed, to the last bit."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis_core.planes import to_degrees, to_metres
from gis_core.polygons import NotPolygonal, multi_polygon, polygonal_part, repaired
from gis_core.shapes import from_geos, to_geos, to_geos_multi, to_geos_point

SQUARE = shapely.box(106.7, 10.7, 106.8, 10.8)
HOLED = SQUARE.difference(shapely.box(106.72, 10.72, 106.73, 10.73))
DEGREES = st.floats(-90, 90, allow_nan=False)


@given(west=DEGREES, south=DEGREES, side=st.floats(1e-6, 1))
def test_coordinates_survive_both_ways_bit_for_bit(west, south, side):
    box = shapely.box(west, south, west + side, south + side)
    assert from_geos(to_geos(box)).wkb == box.wkb


@pytest.mark.parametrize("shape", [SQUARE, HOLED, shapely.MultiPolygon([SQUARE])])
def test_a_column_gets_a_multi_polygon_in_wgs84(shape):
    stored = to_geos_multi(shape)
    assert (stored.geom_type, stored.srid) == ("MultiPolygon", 4326)
    assert from_geos(stored).equals(shape)


def test_height_is_left_behind():
    high = shapely.force_3d(SQUARE, 7)
    assert not to_geos_multi(high).hasz
    assert not shapely.has_z(multi_polygon(high))


def test_an_empty_polygon_stays_empty():
    assert multi_polygon(shapely.Polygon()).is_empty


@pytest.mark.parametrize("shape", [shapely.Point(1, 2), shapely.LineString([(0, 0), (1, 1)])])
def test_what_has_no_area_is_refused_by_name(shape):
    with pytest.raises(NotPolygonal, match=shape.geom_type):
        to_geos_multi(shape)


def test_a_repair_keeps_the_area_and_drops_what_has_none():
    collapsed = shapely.from_wkt(
        "MULTIPOLYGON (((0 0, 4 0, 4 4, 0 4, 0 0)), ((9 9, 9 9, 9 9, 9 9)))"
    )
    assert repaired(collapsed).equals(shapely.box(0, 0, 4, 4))
    bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    assert repaired(bow_tie).is_valid
    assert repaired(bow_tie).area == pytest.approx(2)


def test_lines_beside_polygons_are_left_out():
    mixed = shapely.GeometryCollection([SQUARE, shapely.LineString([(0, 0), (1, 1)])])
    assert polygonal_part(mixed).equals(SQUARE)


def test_a_point_keeps_its_order():
    point = to_geos_point(shapely.Point(106.7, 10.8))
    assert (point.x, point.y, point.srid) == (106.7, 10.8, 4326)


def test_a_hundred_metres_are_a_hundred_metres():
    [middle] = to_metres([shapely.Point(106.7, 10.77)], 9210)
    [circle] = to_degrees([middle.buffer(100)], 9210)
    west, south, east, north = circle.bounds
    assert (east - west) * 109_350 == pytest.approx(200, rel=0.005)
    assert (north - south) * 110_610 == pytest.approx(200, rel=0.005)
