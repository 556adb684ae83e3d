"""Rates say by what they were divided, and what else was done to them."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from gis_core.hotspots.exposure import HEARD, SMOOTHED, empirical_bayes, excess_p, rate

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from esda.smoothing import Empirical_Bayes

wards = st.lists(st.tuples(st.integers(0, 400), st.integers(1, 90_000)), min_size=2, max_size=30)


@settings(max_examples=50, deadline=None)
@given(wards)
def test_smoothed_rates_are_pysals(wards):
    counts, residents = np.array(wards, float).T
    if counts.sum() == 0:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = Empirical_Bayes(counts, residents).r.ravel()
    city = counts.sum() / residents.sum()
    own = (residents * (counts / residents - city) ** 2).sum() / residents.sum()
    if own > city / residents.mean() * (1 + 1e-9):
        assert empirical_bayes(counts, residents) == pytest.approx(peer, rel=1e-6, abs=1e-15)
    else:  # Marshall says so; PySAL goes on with a negative variance.
        assert empirical_bayes(counts, residents) == pytest.approx(city, rel=1e-6)


@settings(max_examples=50, deadline=None)
@given(wards)
def test_a_smoothed_rate_lies_between_its_own_and_the_citys(wards):
    counts, residents = np.array(wards, float).T
    own, drawn = rate(counts, residents, "residents"), empirical_bayes(counts, residents)
    low, high = np.minimum(own.values, own.city), np.maximum(own.values, own.city)
    assert ((low - 1e-12 <= drawn) & (drawn <= high + 1e-12)).all()


def test_what_is_heard_of_less_is_corrected_only_when_asked_and_named():
    counts, km = np.array([10.0, 10.0, 4.0]), np.array([5.0, 5.0, 0.0])
    plain = rate(counts, km, "road_km")
    heard = rate(counts, km, "road_km", heard=np.array([1.0, 0.5, 1.0]))
    both = rate(counts, km, "road_km", heard=np.array([1.0, 0.5, 1.0]), smoothed=True)
    assert plain.values[:2].tolist() == [2, 2]
    assert np.isnan(plain.values[2])
    assert (plain.exposure, plain.corrections, plain.city) == ("road_km", (), 2)
    assert heard.values[:2].tolist() == [2, 4]
    assert heard.corrections == (HEARD,)
    assert both.corrections == (SMOOTHED, HEARD)


def test_more_than_chance_leaves_is_the_poisson_tail():
    counts, residents = np.array([30.0, 5.0, 0.0]), np.array([1000.0, 1000.0, 500.0])
    expected = residents * 35 / 2500
    told = excess_p(counts, residents)
    assert told == pytest.approx(stats.poisson.sf(counts - 1, expected))
    assert told[2] == 1


@pytest.mark.parametrize("heard", [[0, 1], [1, 1.5], [1]])
def test_a_share_beyond_all_is_refused(heard):
    with pytest.raises(ValueError, match="heard"):
        rate(np.ones(2), np.ones(2), "km2", heard=np.array(heard))
