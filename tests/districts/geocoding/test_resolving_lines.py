"""Lines, numbers, spreads: a house is told by its neighbours, and never off its street."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString, Point

from districts.geocoding.resolving import numbering
from districts.geocoding.resolving import settings as resolving_settings
from districts.geocoding.resolving.house_numbers import along_street, enclosing, inner, path_of
from districts.geocoding.resolving.meeting import meetings, stretch
from districts.geocoding.resolving.plane import Plane
from districts.geocoding.resolving.spine import spine
from districts.geocoding.resolving.spread import spread
from gis_core.positions import LonLat

OWN = resolving_settings.current().numbering
SAMPLES = np.linspace(0, 1000, 101)
ANYWHERE = np.ones_like(SAMPLES)

metres = st.floats(-5000, 5000).map(lambda value: round(value, 1))
points = st.tuples(metres, metres)
lines = st.lists(points, min_size=2, max_size=6, unique=True).map(LineString)
streets = st.lists(lines, min_size=1, max_size=4).map(MultiLineString)


def expected_at(number, pairs):
    known = numbering.known(pairs, OWN.same_m)
    likely = numbering.likelihood(number, known, SAMPLES, ANYWHERE, first_end=0.5, settings=OWN)
    return spread(SAMPLES, likely)[0].best()[0]


def test_a_house_stands_between_its_neighbours():
    assert 380 < expected_at(21, [(11, 350), (31, 450)]) < 420


def test_numbers_may_count_down_along_the_line():
    assert expected_at(50, [(10, 900), (30, 860), (70, 780), (90, 740)]) == pytest.approx(
        820, abs=40
    )


def test_one_wrong_sign_moves_nothing_much():
    right = [(n, 2.4 * n) for n in range(11, 200, 20)]
    assert expected_at(101, [*right, (103, 950)]) == pytest.approx(expected_at(101, right), abs=50)


def test_without_any_known_number_the_ends_decide():
    assert min(expected_at(4, []), 1000 - expected_at(4, [])) <= 150


@settings(max_examples=60)
@given(
    number=st.integers(1, 2000),
    pairs=st.lists(st.tuples(st.integers(1, 2000), st.floats(0, 1000)), max_size=12),
)
def test_a_spread_is_a_chance_and_its_reach_holds_it(number, pairs):
    known = numbering.known(pairs, OWN.same_m)
    likely = numbering.likelihood(number, known, SAMPLES, ANYWHERE, first_end=0.6, settings=OWN)
    chances, _ = spread(SAMPLES, likely)
    along, near = chances.best()
    assert chances.chances.sum() == pytest.approx(1)
    assert 0 <= along <= 1000
    assert 0 < near <= 1 + 1e-9
    assert chances.reach(along, 0.5) <= chances.reach(along, 0.8) <= 1000


@settings(max_examples=60)
@given(street=streets)
def test_a_spine_is_one_line_that_reaches_from_piece_to_piece(street):
    line = spine(street)
    assert line.geom_type == "LineString"
    assert line.is_empty or shapely.box(*street.bounds).buffer(5).covers(line)
    longest = max(piece.length for piece in street.geoms)
    assert math.dist(line.coords[0], line.coords[-1]) <= line.length + 1e-6
    assert line.length >= min(longest, math.dist(*_far_apart(street))) * 0.4


def _far_apart(street):
    ends = [piece.coords[end] for piece in street.geoms for end in (0, -1)]
    return max(((one, other) for one in ends for other in ends), key=lambda two: math.dist(*two))


def test_two_carriageways_and_a_gap_are_one_street():
    street = MultiLineString([[(0, 0), (400, 0)], [(0, 15), (400, 15)], [(450, 0), (900, 0)]])
    assert spine(street).length == pytest.approx(900, abs=40)


@settings(max_examples=60)
@given(one=lines, other=lines)
def test_streets_meet_in_the_same_places_whoever_is_named_first(one, other):
    there = sorted((round(m.at[0], 3), round(m.at[1], 3)) for m in meetings(one, other, 150, 80))
    back = sorted((round(m.at[0], 3), round(m.at[1], 3)) for m in meetings(other, one, 150, 80))
    assert there == back


@settings(max_examples=60)
@given(one=lines, other=lines)
def test_a_meeting_is_near_both_streets(one, other):
    for meeting in meetings(one, other, 150, 80):
        assert one.distance(Point(meeting.at)) <= 150
        assert other.distance(Point(meeting.at)) <= 150


@settings(max_examples=60)
@given(line=lines, begin=points, end=points)
def test_a_stretch_lies_on_its_street_and_is_the_same_from_either_end(line, begin, end):
    part = stretch(line, begin, end)
    back = stretch(line, end, begin)
    assert line.buffer(0.01).covers(part)
    assert part.length == pytest.approx(back.length, abs=1e-6)


@given(lon=st.floats(106, 108), lat=st.floats(8.4, 11.6))
def test_a_plane_gives_back_what_it_was_given(lon, lat):
    plane = Plane(10.78)
    back = plane.back(plane.forward(LonLat(lon, lat)))
    assert (back.lon, back.lat) == pytest.approx((lon, lat))


@pytest.mark.parametrize(
    ("alleys", "house", "path", "along", "around"),
    [
        ((), "34A", "34A", 34, []),
        (("602",), "15", "602/15", 602, ["602"]),
        (("123", "45"), "6", "123/45/6", 123, ["123/45", "123"]),
        ((), "18-20", "18-20", 18, []),
        (("63", "3"), "", "63/3", 63, ["63"]),
    ],
)
def test_numbers_are_paths(alleys, house, path, along, around):
    assert path_of(alleys, house) == path
    assert along_street(path) == along
    assert list(enclosing(path)) == around
    assert inner(path, path.split("/")[0]) == (int(path.split("/")[1]) if "/" in path else None)
