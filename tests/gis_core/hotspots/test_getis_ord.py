"""Gi* is PySAL's, and of many tests those count that chance does not explain."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from gis_core.hotspots.getis_ord import gi_star, gi_star_permuted
from gis_core.hotspots.significance import adjusted, significant, two_sided
from tests.gis_core.hotspots import pysal

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from esda import G_Local


def field(seed, rows=17, columns=23):
    draw = np.random.default_rng(seed)
    return draw.poisson(draw.gamma(0.7, 3, (rows, columns))).astype(float)


def ragged(seed, shape=(17, 23)):
    inside = np.random.default_rng(seed).random(shape) < 0.8
    inside[:4, :4] = False
    return inside


@pytest.mark.parametrize("reach", [1, 3])
@pytest.mark.parametrize("window", ["square", "disc"])
@pytest.mark.parametrize("inside", [None, ragged(5)], ids=["all", "masked"])
def test_the_same_as_pysal(reach, window, inside):
    counts = field(reach)
    told = gi_star(counts, reach, inside, window)
    held = np.ones(counts.shape, bool) if inside is None else inside
    weights = pysal.graph(held, reach, own=True, disc=window == "disc")
    peer = G_Local(counts[held], weights, transform="b", star=True, permutations=0)
    assert told.z[held] == pytest.approx(peer.Zs, abs=1e-9)
    assert told.p[held] == pytest.approx(2 * stats.norm.sf(np.abs(peer.Zs)), abs=1e-9)
    assert np.isnan(told.z[~held]).all()
    assert np.isnan(told.p[~held]).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 50), st.integers(0, 9))
def test_neither_a_scale_nor_what_lies_outside_matters(seed, reach, times, beyond):
    counts, inside = field(seed), ragged(seed)
    told = gi_star(counts, reach, inside)
    other = gi_star(np.where(inside, counts * times + 11, beyond), reach, inside)
    wider = gi_star(np.pad(counts, reach + 2), reach, np.pad(inside, reach + 2))
    flipped = gi_star(counts.T, reach, inside.T)
    assert np.allclose(other.z, told.z, atol=1e-7, equal_nan=True)
    assert np.allclose(wider.z[reach + 2 : -reach - 2, reach + 2 : -reach - 2], told.z,
                       atol=1e-12, equal_nan=True)  # fmt: skip
    assert np.allclose(flipped.z.T, told.z, atol=1e-12, equal_nan=True)


@pytest.mark.parametrize("count", [0, 7, 0.1])
def test_a_uniform_field_has_no_hotspot(count):
    told = gi_star(np.full((9, 9), float(count)), 2)
    assert (told.z == 0).all()
    assert (told.p == 1).all()
    assert not significant(told.p, 0.5, "none").any()


def test_where_everybody_is_a_neighbour_nothing_is_told():
    assert (gi_star(field(1, 3, 3), 5).z == 0).all()
    assert np.isnan(gi_star(field(1, 3, 3), 1, np.zeros((3, 3), bool)).z).all()


def test_permutations_are_draws_of_as_many_cells():
    counts, inside = field(4), ragged(9)
    told = gi_star_permuted(counts, 2, inside, permutations=2999, seed=1)
    own = counts[inside]
    weights = pysal.graph(inside, 2, own=True)
    draw = np.random.default_rng(2)
    for cell in range(0, len(own), 31):
        around = weights[cell].index.to_numpy()
        sums = draw.permuted(np.tile(own, (2999, 1)), axis=1)[:, : len(around)].sum(axis=1)
        larger, smaller = (sums >= own[around].sum()).mean(), (sums <= own[around].sum()).mean()
        assert told.p[inside][cell] == pytest.approx(min(2 * min(larger, smaller), 1), abs=0.06)
    again = gi_star_permuted(counts, 2, inside, permutations=2999, seed=1)
    assert np.array_equal(told.p, again.p, equal_nan=True)


def test_a_full_cell_among_empty_ones_is_hot_itself():
    counts = np.zeros((30, 30))
    counts[10, 10] = 50
    p = gi_star_permuted(counts, 1).p
    assert (p[9:12, 9:12] < 0.05).all()
    assert (p[20:, 20:] > 0.9).all()


def test_a_grid_and_its_mask_must_fit():
    with pytest.raises(ValueError, match="mask"):
        gi_star(np.zeros((3, 4)), 1, np.ones((4, 3), bool))
    with pytest.raises(ValueError, match="reach"):
        gi_star(np.zeros((3, 4)), -1)


EXAMPLE = np.array(
    [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
     0.4262, 0.5719, 0.6528, 0.7590, 1.0]
)  # fmt: skip
"""Benjamini and Hochberg 1995, section 3.2: four hypotheses are rejected, by Bonferroni three."""


@pytest.mark.parametrize(("control", "many"), [("fdr", 4), ("bonferroni", 3), ("none", 9)])
def test_the_published_example(control, many):
    assert significant(EXAMPLE, 0.05, control).sum() == many


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_false_discovery_rates_are_scipys(p):
    p = np.array(p)
    assert adjusted(p, "fdr") == pytest.approx(stats.false_discovery_control(p), abs=1e-12)
    told = adjusted(p, "fdr_any")
    assert told == pytest.approx(stats.false_discovery_control(p, method="by"), abs=1e-12)


def test_what_was_not_tested_is_not_counted():
    told = significant(np.array([[0.02, np.nan], [np.nan, 0.6]]), 0.05, "bonferroni")
    assert told.tolist() == [[True, False], [False, False]]
    with pytest.raises(ValueError, match="share"):
        significant(EXAMPLE, 0)


def test_two_sided_chances_are_the_normal_distributions():
    assert two_sided(np.array([0, -1.959964, 1.959964])) == pytest.approx([1, 0.05, 0.05], abs=1e-6)
