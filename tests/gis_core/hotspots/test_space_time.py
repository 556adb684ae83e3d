"""Clusters in space and time are scikit-learn's, and their hulls hold what belongs to them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN

from gis_core.hotspots import hulls, space_time


def by_scikit_learn(xy, days, distance_m, period_days, fewest):
    """DBSCAN over a matrix that says of each pair whether both thresholds hold."""
    near = ((xy[:, None] - xy[None]) ** 2).sum(axis=2) <= distance_m**2
    near &= np.abs(days[:, None] - days[None]) <= period_days
    found = DBSCAN(eps=0.5, min_samples=fewest, metric="precomputed").fit(1.0 - near)
    core = np.zeros(len(xy), bool)
    core[found.core_sample_indices_] = True
    return found.labels_, core


steps = st.integers(0, 30).map(lambda step: step * 2.5)
"""Many events then happen at one place, or exactly the distance apart."""
events = st.lists(st.tuples(steps, steps, st.integers(-9, 9)), min_size=1, max_size=70)


@settings(max_examples=120, deadline=None)
@given(events, st.sampled_from([2.5, 5.0, 12.5]), st.integers(0, 6), st.integers(1, 6))
def test_the_same_as_looking_at_every_pair(events, distance_m, period_days, fewest):
    table = np.array(events, float)
    xy, days = table[:, :2], table[:, 2].astype(int)
    found = space_time.clusters(xy, days, distance_m, period_days, fewest)
    labels, core = by_scikit_learn(xy, days, distance_m, period_days, fewest)
    assert found.labels.tolist() == labels.tolist()
    assert found.core.tolist() == core.tolist()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 40), st.integers(2, 8))
def test_years_of_events_all_over_a_town(seed, period_days, fewest):
    rng = np.random.default_rng(seed)
    xy = rng.normal(600_000, 60, (300, 2))
    days = rng.integers(0, 400, 300).astype(np.uint16)
    found = space_time.clusters(xy, days, 30, period_days, fewest)
    labels, _ = by_scikit_learn(xy, days.astype(int), 30, period_days, fewest)
    assert found.labels.tolist() == labels.tolist()


def test_two_floods_of_one_street_a_season_apart_are_two_clusters():
    xy = np.tile([[0.0, 0.0], [20.0, 0.0], [40.0, 0.0]], (2, 1))
    found = space_time.clusters(xy, np.array([1, 2, 3, 120, 121, 122]), 25, 7, 2)
    assert found.labels.tolist() == [0, 0, 0, 1, 1, 1]
    first, second = hulls.summaries(xy, np.array([1, 2, 3, 120, 121, 122]), found.labels)
    assert (first.first, first.last, second.first, second.last) == (1, 3, 120, 122)
    assert first.centre == (20, 0)
    assert first.radius_m == 20
    assert first.hull.area == pytest.approx(40 * 20 + np.pi * 100, rel=0.02)


@settings(max_examples=40, deadline=None)
@given(events, st.booleans())
def test_a_hull_holds_its_events_and_every_cluster_is_told_once(events, concave):
    table = np.array(events, float)
    xy, days = table[:, :2], table[:, 2].astype(int)
    labels = space_time.clusters(xy, days, 12.5, 3, 2).labels
    told = hulls.summaries(xy, days, labels, margin_m=5, concave=concave)
    assert sorted(one.label for one in told) == sorted(set(labels.tolist()) - {-1})
    assert [one.count for one in told] == sorted((one.count for one in told), reverse=True)
    for one in told:
        own = labels == one.label
        assert one.count == own.sum()
        assert (one.first, one.last) == (days[own].min(), days[own].max())
        assert one.centre == pytest.approx(xy[own].mean(axis=0))
        inside = shapely.buffer(one.hull, -4.8)
        assert shapely.covers(inside, shapely.points(xy[own])).all()


@pytest.mark.parametrize(
    ("days", "period_days"), [([0.5, 1.0], 3), ([1], 3), ([1, 2], -1), ([0, 2**62], 0)]
)
def test_days_that_make_no_sense_are_refused(days, period_days):
    with pytest.raises(ValueError, match=r"days|period|apart"):
        space_time.clusters(np.zeros((2, 2)), np.array(days), 25, period_days, 2)
