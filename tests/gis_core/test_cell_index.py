"""Many points, many polygons: every answer equals GEOS's, on borders and off them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, box

from gis_core import orientation
from gis_core.cell_index import CellIndex, TreeIndex, build

WEST, SOUTH = 106.7, 10.7


def by_geos(polygons, lons, lats):
    """The oracle: every polygon asked about every point."""
    covered = shapely.covers(np.asarray(polygons, object)[:, None], shapely.points(lons, lats))
    points, owners = np.nonzero(covered.T)
    return points, owners


def assert_same(polygons, lons, lats, **options) -> None:
    index = build(polygons, **options)
    points, owners = index.pairs(lons, lats)
    expected_points, expected_owners = by_geos(polygons, lons, lats)
    assert points.tolist() == expected_points.tolist()
    assert owners.tolist() == expected_owners.tolist()
    first = np.full(len(lons), -1)
    first[expected_points[::-1]] = expected_owners[::-1]
    assert index.first(lons, lats).tolist() == first.tolist()


def telling(polygons) -> tuple[np.ndarray, np.ndarray]:
    """Every vertex, every middle of an edge, points next to them by one bit, and a scatter."""
    corners = shapely.get_coordinates(np.asarray(polygons, object))
    middles = (corners[:-1] + corners[1:]) / 2
    points = np.concatenate((corners, middles))
    beside = [np.nextafter(points, points + step) for step in (-1.0, 1.0)]
    scatter = np.random.default_rng(7).uniform(
        corners.min(0) - 0.01, corners.max(0) + 0.01, (300, 2)
    )
    lons, lats = np.concatenate((points, *beside, scatter)).T
    return np.ascontiguousarray(lons), np.ascontiguousarray(lats)


@st.composite
def tilings(draw) -> list[Polygon]:
    """Triangles over scattered places: shared edges, slivers, a convex whole."""
    places = draw(
        st.lists(
            st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=3, max_size=14, unique=True
        )
    )
    scale = draw(st.sampled_from([0.001, 1 / 3000, 0.0123]))
    corners = shapely.multipoints([(WEST + x * scale, SOUTH + y * scale) for x, y in places])
    return list(shapely.get_parts(shapely.delaunay_triangles(corners)))


@st.composite
def stars(draw) -> Polygon:
    """A star around a centre: never invalid, often thin, with edges in all directions."""
    angles = sorted(draw(st.lists(st.integers(0, 359), min_size=3, max_size=12, unique=True)))
    radii = draw(st.lists(st.integers(1, 30), min_size=len(angles), max_size=len(angles)))
    x, y = draw(st.integers(0, 30)), draw(st.integers(0, 30))
    turn = np.radians(angles)
    reach = np.asarray(radii) / 1000
    return Polygon(
        np.stack(
            (WEST + x / 1000 + reach * np.cos(turn), SOUTH + y / 1000 + reach * np.sin(turn)), 1
        )
    )


@given(
    st.lists(stars().filter(lambda star: star.is_valid), min_size=1, max_size=6),
    st.sampled_from([1, 20, 4000, 100_000]),
)
def test_overlapping_shapes_give_all_owners_as_geos_does(polygons, cells) -> None:
    assert_same(polygons, *telling(polygons), cells=cells)


@given(tilings().filter(bool), st.sampled_from([1, 50, 3000, 100_000]))
def test_a_tiling_answers_as_geos_does_with_any_cell_size(polygons, cells) -> None:
    assert_same(polygons, *telling(polygons), cells=cells)


@given(tilings().filter(bool), st.randoms(use_true_random=False))
def test_inside_a_tiling_every_point_has_exactly_one_owner(polygons, random) -> None:
    whole = shapely.union_all(polygons)
    lons, lats = telling(polygons)
    inside = shapely.contains_xy(whole, lons, lats)
    points, _ = build(polygons).pairs(lons[inside], lats[inside])
    on_edges = shapely.intersects_xy(
        shapely.union_all([p.boundary for p in polygons]), lons[inside], lats[inside]
    )
    counts = np.bincount(points, minlength=inside.sum())
    assert (counts[~on_edges] == 1).all()
    assert (counts >= 1).all()


@given(tilings().filter(bool), st.randoms(use_true_random=False))
def test_the_order_of_polygons_and_points_changes_no_owner(polygons, random) -> None:
    order = random.sample(range(len(polygons)), len(polygons))
    lons, lats = telling(polygons)
    mixed = np.asarray(random.sample(range(len(lons)), len(lons)))

    points, owners = build(polygons).pairs(lons, lats)
    other_points, other_owners = build([polygons[n] for n in order]).pairs(lons[mixed], lats[mixed])

    straight = set(zip(points.tolist(), owners.tolist(), strict=True))
    back = {(int(mixed[p]), order[o]) for p, o in zip(other_points, other_owners, strict=True)}
    assert straight == back


@given(tilings().filter(bool), st.sampled_from([1.0, -2.0, 8.0]), st.sampled_from([0.5, -4.0]))
def test_moving_everything_changes_no_owner(polygons, east, north) -> None:
    """Moved by powers of two of a grid that doubles hold exactly, so that no edge bends."""
    steps = [
        shapely.transform(p, lambda c: np.round((c - (WEST, SOUTH)) * 2**20) / 2**20)
        for p in polygons
    ]
    steps = [p for p in steps if p.is_valid and p.area > 0]
    if not steps:
        return
    lons, lats = telling(steps)
    lons, lats = np.round(lons * 2**22) / 2**22, np.round(lats * 2**22) / 2**22
    moved = [shapely.transform(p, lambda c: c + np.array((east, north))) for p in steps]

    here, there = build(steps).pairs(lons, lats), build(moved).pairs(lons + east, lats + north)

    assert [part.tolist() for part in here] == [part.tolist() for part in there]


@pytest.mark.parametrize(
    "polygons",
    [
        [box(0, 0, 10, 10).difference(box(3, 3, 6, 6)), box(3, 3, 6, 6)],
        [MultiPolygon([box(0, 0, 1, 1), box(5, 5, 6, 6)]), box(1, 0, 2, 1)],
        [Polygon([(0, 0), (4, 0), (4, 4), (2, 4), (2, 2), (1, 2), (1, 4), (0, 4)])],
        [Polygon([(0, 0), (10, 1e-12), (10, 0)])],
        [box(0, 0, 1, 1), box(0, 0, 1, 1), box(0.25, 0.25, 0.5, 0.5)],
        [Polygon([(0, 0), (2, 0), (2, 0), (2, 2), (2, 2), (0, 2)])],
    ],
    ids=["hole", "parts", "comb", "sliver", "twice", "repeated vertices"],
)
def test_shapes_that_trip_joins(polygons) -> None:
    assert_same(polygons, *telling(polygons))


def test_what_is_not_finite_lies_nowhere() -> None:
    bad = np.array([np.nan, np.inf, -np.inf, 0.5])

    assert build([box(0, 0, 1, 1)]).first(bad, np.full(4, 0.5)).tolist() == [-1, -1, -1, 0]


def test_no_polygons_own_no_points() -> None:
    index = build([])

    assert index.first(np.array([106.7]), np.array([10.7])).tolist() == [-1]
    assert len(index.pairs(np.array([106.7]), np.array([10.7]))[0]) == 0


def test_lines_are_refused() -> None:
    with pytest.raises(TypeError, match="Polygon"):
        build([Point(0, 0).buffer(1).boundary])


def test_threads_give_the_same_answer() -> None:
    lons, lats = np.random.default_rng(3).uniform(-1, 10, (2, 300_000))
    index = build([box(n, 0, n + 1, 10) for n in range(10)])

    assert (index.first(lons, lats, threads=2) == index.first(lons, lats)).all()
    for one, other in zip(index.pairs(lons, lats, threads=2), index.pairs(lons, lats), strict=True):
        assert np.array_equal(one, other)


def test_threads_give_the_same_answer_where_only_some_points_have_many_owners() -> None:
    lons = np.concatenate((np.full(150_000, 5.0), np.full(150_000, 0.5)))
    index = build([box(0, 0, 1, 1), box(0, 0, 1, 1), box(0.4, 0, 1, 1)])

    points, polygons = index.pairs(lons, np.full(300_000, 0.5), threads=2)

    assert np.array_equal(points, np.repeat(np.arange(150_000, 300_000), 3))
    assert np.array_equal(polygons, np.tile(np.arange(3), 150_000))


def test_small_polygons_far_apart_and_large_ones_over_them_answer_as_geos_does() -> None:
    draw = np.random.default_rng(11)
    places = np.stack((draw.uniform(106, 107, 400), draw.uniform(10, 11, 400)), axis=1)
    small = shapely.buffer(shapely.points(places), draw.uniform(1e-5, 1e-3, 400), quad_segs=2)
    polygons = [box(106, 10, 106.5, 11), *small, box(106.2, 10.2, 106.9, 10.8)]
    beside = places.repeat(5, axis=0) + draw.normal(0, 5e-4, (2000, 2))
    lons, lats = np.concatenate((beside, shapely.get_coordinates(small))).T

    assert_same(polygons, np.ascontiguousarray(lons), np.ascontiguousarray(lats))


def test_the_easternmost_and_northernmost_points_are_covered() -> None:
    """Whatever the rounding of the last column and row."""
    for side in np.random.default_rng(5).uniform(1e-6, 3, 200):
        square = box(WEST, SOUTH, WEST + side, SOUTH + side)
        west, south, east, north = square.bounds
        index = build([square])

        assert index.first(np.array([west, east, east]), np.array([north, south, north])).max() == 0
        assert (index.first(np.array([east]), np.array([north])) == 0).all()


def test_without_numba_the_answers_are_the_same(monkeypatch) -> None:
    polygons = [box(0, 0, 2, 2), box(1, 1, 3, 3), box(2, 0, 4, 1)]
    lons, lats = telling(polygons)
    compiled = build(polygons)
    monkeypatch.setattr(orientation, "COMPILED", False)
    plain = build(polygons)

    assert (type(compiled), type(plain)) == (CellIndex, TreeIndex)
    assert (plain.first(lons, lats) == compiled.first(lons, lats)).all()
    for one, other in zip(plain.pairs(lons, lats), compiled.pairs(lons, lats), strict=True):
        assert one.tolist() == other.tolist()


degrees = st.floats(105, 108)
tiny = st.integers(-6, 6)


@given(st.tuples(degrees, degrees, degrees, degrees), st.integers(0, 8), tiny, tiny)
def test_orientation_is_exact_next_to_the_line(line, eighths, up, right) -> None:
    ax, ay, bx, by = line
    px, py = ax + (bx - ax) * eighths / 8, ay + (by - ay) * eighths / 8
    px += up * np.spacing(px)
    py += right * np.spacing(py)
    exact = (Fraction(ax) - Fraction(px)) * (Fraction(by) - Fraction(py))
    exact -= (Fraction(ay) - Fraction(py)) * (Fraction(bx) - Fraction(px))

    sign = (exact > 0) - (exact < 0)
    assert orientation.orientation(ax, ay, bx, by, px, py) == sign


def test_where_many_overlap_every_pair_is_returned():
    shapes = [box(0, 0, 2 + n, 2) for n in range(300)]
    points, polygons = build(shapes).pairs(np.full(300, 1.0), np.full(300, 1.0))

    assert np.array_equal(points, np.repeat(np.arange(300), 300))
    assert np.array_equal(polygons, np.tile(np.arange(300), 300))
