"""Events along streets: each on its nearest segment, Poisson's tail, Gi* as esda reckons it."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from esda import G_Local
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.weights import WSP
from scipy import stats
from shapely import LineString

from gis_core.hotspots import along_streets

BLOCK = 200.0
GRID = [LineString([(0, BLOCK * k), (BLOCK * 4, BLOCK * k)]) for k in range(5)] + [
    LineString([(BLOCK * k, 0), (BLOCK * k, BLOCK * 4)]) for k in range(5)
]
"""Ten streets that cross at 25 corners."""

places = st.tuples(st.integers(-10, 90), st.integers(-10, 90)).map(
    lambda step: (step[0] * 10.0, step[1] * 10.0)
)


def test_streets_are_cut_where_they_cross_and_know_whose_they_are():
    cut = along_streets.segments(GRID)
    assert len(cut.shapes) == 40
    assert shapely.length(cut.shapes).tolist() == [BLOCK] * 40
    for shape, line in zip(cut.shapes, cut.line, strict=True):
        assert GRID[line].covers(shape)
    assert np.bincount(cut.line).tolist() == [4] * 10


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(places, min_size=2, max_size=5, unique=True), min_size=1, max_size=5),
    st.floats(20, 400),
)
def test_segments_are_the_same_network_in_short_pieces(lines, longest_m):
    lines = [LineString(line) for line in lines]
    whole = shapely.union_all(lines)
    cut = along_streets.segments(lines, longest_m)
    assert shapely.length(cut.shapes).sum() == pytest.approx(whole.length)
    assert shapely.length(cut.shapes).max() <= longest_m * (1 + 1e-9)
    own = np.asarray(lines, object)[cut.line]
    middles = shapely.line_interpolate_point(cut.shapes, 0.5, normalized=True)
    assert shapely.distance(middles, own).max() < 1e-6


@settings(max_examples=40, deadline=None)
@given(st.lists(places, max_size=60), st.sampled_from([5.0, 30.0, 100.0]))
def test_each_event_is_on_the_nearest_of_all_segments(events, snap_m):
    cut = along_streets.segments(GRID)
    xy = np.array(events, float).reshape(-1, 2)
    told = along_streets.rates(cut.shapes, xy, snap_m)
    far = shapely.distance(shapely.points(xy)[:, None], cut.shapes[None])
    nearest = np.where(far.min(axis=1) <= snap_m, far.argmin(axis=1), -1)
    assert told.segment.tolist() == nearest.tolist()
    snapped = (nearest >= 0).sum()
    assert told.count.sum() == snapped
    expected = snapped / 40
    assert told.p == pytest.approx(stats.poisson.sf(told.count - 1, expected))
    if snapped:
        assert told.z == pytest.approx((told.count - expected) / expected**0.5)
        assert (told.per_km * told.length_km).sum() == pytest.approx(snapped)


def test_the_bad_block_is_found_and_one_event_on_a_stub_is_not():
    cut = along_streets.segments([*GRID, LineString([(50, 50), (50, 50.001)])])
    spread = np.array([shape.interpolate(0.3, normalized=True).coords[0] for shape in cut.shapes])
    bad = np.tile([[100.0, 400.0]], (12, 1))
    told = along_streets.rates(cut.shapes, np.concatenate([spread, bad]), 20)
    [worst] = np.flatnonzero(told.p < 0.001)
    assert cut.shapes[worst].distance(shapely.Point(100, 400)) == 0
    assert told.count[worst] == 13
    assert told.per_km[worst] == pytest.approx(13 / 0.2)


def test_gi_star_over_the_graph_is_that_of_esda():
    cut = along_streets.segments(GRID)
    values = np.random.default_rng(4).poisson(3, len(cut.shapes)).astype(float)
    graph = along_streets.touching(cut.shapes)
    ends = [{tuple(end) for end in (shape.coords[0], shape.coords[-1])} for shape in cut.shapes]
    meets = np.array([[bool(one & other) for other in ends] for one in ends], float)
    assert graph.toarray().tolist() == meets.tolist()
    found = along_streets.gi_star(values, graph)
    peer = G_Local(
        values, WSP(graph).to_W(silence_warnings=True), transform="B", star=True, permutations=0
    )
    assert found.z == pytest.approx(peer.Zs)
    assert found.p == pytest.approx(2 * peer.p_norm)


def test_no_streets_and_no_events_are_nothing():
    nothing = along_streets.segments([])
    assert along_streets.rates(nothing.shapes, np.zeros((2, 2)), 30).segment.tolist() == [-1, -1]
    assert along_streets.touching(nothing.shapes).shape == (0, 0)
    quiet = along_streets.rates(GRID, np.empty((0, 2)), 30)
    assert (quiet.p.tolist(), quiet.per_km.tolist()) == ([1.0] * 10, [0.0] * 10)


@pytest.mark.parametrize("metres", [0, -1, float("nan")])
def test_distances_that_make_no_sense_are_refused(metres):
    with pytest.raises(ValueError, match="above 0"):
        along_streets.rates(GRID, np.empty((0, 2)), metres)
    with pytest.raises(ValueError, match="above 0"):
        along_streets.segments(GRID, metres)
