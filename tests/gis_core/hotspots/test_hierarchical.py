"""Clusters of unequal density are scikit-learn's own, and too many events are refused."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import HDBSCAN

from gis_core.hotspots.hierarchical import MOST, TooManyForHierarchy, clusters


@pytest.fixture(scope="module")
def town():
    """A dense market, a long loose street and scattered events; metres of a UTM zone."""
    rng = np.random.default_rng(3)
    market = rng.normal((603_000, 1_190_000), 15, (80, 2))
    street = np.column_stack([np.linspace(600_000, 602_000, 90), np.full(90, 1_191_000)])
    anywhere = rng.uniform((598_000, 1_185_000), (606_000, 1_195_000), (40, 2))
    return np.concatenate([market, street + rng.normal(0, 8, street.shape), anywhere])


@pytest.mark.parametrize(("fewest", "samples"), [(5, None), (20, None), (20, 5)])
def test_the_labels_of_scikit_learn_by_its_other_way(town, fewest, samples):
    """Its brute way reckons every pair, ours goes through its tree."""
    brute = HDBSCAN(min_cluster_size=fewest, min_samples=samples, algorithm="brute", copy=True)
    assert clusters(town, fewest, samples=samples).tolist() == brute.fit_predict(town).tolist()


def test_the_market_and_the_loose_street_are_both_found(town):
    labels = clusters(town, 20)
    [market], [street] = set(labels[:80].tolist()) - {-1}, set(labels[80:170].tolist()) - {-1}
    assert market != street
    assert (labels[:170] >= 0).mean() > 0.9


def test_fewer_than_make_a_cluster_are_in_none():
    assert clusters(np.zeros((3, 2)), 5).tolist() == [-1, -1, -1]
    assert clusters(np.empty((0, 2)), 5).tolist() == []


def test_too_many_are_refused_with_advice():
    with pytest.raises(TooManyForHierarchy, match=r"shorter period.*fixed distance"):
        clusters(np.zeros((MOST + 1, 2)), 5)


@pytest.mark.parametrize(("xy", "fewest"), [([[0, 0]], 1), ([[np.nan, 0]], 5)])
def test_what_cannot_be_reckoned_is_refused(xy, fewest):
    with pytest.raises(ValueError, match="fewest"):
        clusters(np.array(xy, float), fewest)
