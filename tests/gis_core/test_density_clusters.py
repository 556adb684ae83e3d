"""Clusters by density are those that looking at every pair finds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_core.density_clusters import NOISE, clusters


def by_every_pair(points, distance, fewest):
    """DBSCAN as its definition says, looking at every pair."""
    far = points[:, None] - points[None]
    near = (far**2).sum(axis=2) <= distance * distance
    core = near.sum(axis=1) >= fewest
    labels = np.full(len(points), NOISE)
    number = 0
    for start in np.flatnonzero(core):
        if labels[start] != NOISE:
            continue
        reached = [start]
        labels[start] = number
        while reached:
            following = np.flatnonzero(near[reached.pop()] & core & (labels == NOISE))
            labels[following] = number
            reached.extend(following)
        number += 1
    for point in np.flatnonzero(~core):
        own = labels[near[point] & core]
        labels[point] = own.min() if len(own) else NOISE
    return labels, core


steps = st.integers(0, 40).map(lambda step: step * 2.5)
"""Many points then lie at one place, on cells' edges, or exactly the distance apart."""


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(steps, steps), min_size=1, max_size=60),
    st.sampled_from([2.5, 5.0, 7.5, 12.5]),
    st.integers(1, 6),
)
def test_the_same_as_looking_at_every_pair(points, distance, fewest):
    points = np.array(points, float)
    found = clusters(points, distance, fewest)
    labels, core = by_every_pair(points, distance, fewest)
    assert found.core.tolist() == core.tolist()
    assert found.labels.tolist() == labels.tolist()


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.5, 30), st.integers(1, 8))
def test_scattered_points_anywhere_on_the_plane(seed, distance, fewest):
    rng = np.random.default_rng(seed)
    points = rng.normal(rng.uniform(-1e6, 1e6, 2), 40, (80, 2))
    found = clusters(points, distance, fewest)
    labels, core = by_every_pair(points, distance, fewest)
    assert found.core.tolist() == core.tolist()
    assert found.labels.tolist() == labels.tolist()


def test_thousands_at_one_address_are_one_cluster():
    found = clusters(np.full((20_000, 2), 7.0), 25, 5)
    assert set(found.labels) == {0}
    assert found.core.all()


def test_no_points_are_no_clusters():
    assert clusters(np.empty((0, 2)), 25, 5).labels.tolist() == []


@pytest.mark.parametrize(
    ("points", "distance", "fewest"),
    [([[0, 0]], 0, 5), ([[0, 0]], 25, 0), ([[np.nan, 0]], 25, 5), ([[0, 0], [1e300, 0]], 25, 5)],
)
def test_what_cannot_be_reckoned_is_refused(points, distance, fewest):
    with pytest.raises(ValueError, match=r"distance|apart"):
        clusters(np.array(points, float), distance, fewest)
