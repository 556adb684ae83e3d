"""Density is what looking at every point gives, in events per square kilometre."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import KernelDensity

from gis_core.hotspots import kernel_density as kd
from gis_core.hotspots.grid import Grid

GRID = Grid(0.0, 0.0, 100.0, 60, 50)


def streets(many=4000, seed=3):
    """Points along straight streets, as reports lie, well inside the grid."""
    draw = np.random.default_rng(seed)
    begin, end = draw.uniform(1500, 3500, (2, 40, 2))
    which, share = draw.integers(0, 40, many), draw.random((many, 1))
    x, y = (begin[which] * (1 - share) + end[which] * share + draw.normal(0, 8, (many, 2))).T
    return kd.Points(x, y)


def middles():
    x, y = np.meshgrid(*GRID.centres())
    return np.column_stack([x.ravel(), y.ravel()])


@pytest.mark.parametrize(
    ("kernel", "bandwidth", "median", "worst"),
    [
        ("quartic", 300, 1e-9, 1e-9),  # point by point: exact
        ("quartic", 700, 0.001, 0.005),  # by linear binning from here on
        ("gaussian", 200, 0.002, 0.005),
        ("gaussian", 300, 0.001, 0.002),
        ("quartic", 2900, 0.001, 0.001),  # ever fewer steps a cell
        ("quartic", 3000, 0.001, 0.001),  # the values at the cells' middles
        ("gaussian", 900, 0.001, 0.001),
    ],
)
def test_density_of_points_is_the_exact_one(kernel, bandwidth, median, worst):
    points = streets()
    exact = kd.exact(points, middles(), bandwidth, kernel).reshape(GRID.shape)
    told = kd.density_of(GRID, points, bandwidth, kernel)
    busy = exact > exact.max() / 50
    wrong = np.abs(told - exact)[busy] / exact[busy]
    assert np.median(wrong) <= median
    assert np.abs(told - exact).max() <= worst * exact.max()


def test_density_of_counts_is_within_some_percent_of_the_exact_one():
    points = streets()
    exact = kd.exact(points, middles(), 500, "quartic").reshape(GRID.shape)
    told = kd.density(GRID.count(points.x, points.y), 100, 500)
    assert np.abs(told - exact).sum() < 0.015 * exact.sum()
    told = kd.density(GRID.spread(points.x, points.y), 100, 500, binning="linear")
    assert np.abs(told - exact).sum() < 0.003 * exact.sum()


def test_the_exact_gaussian_is_scikit_learns():
    points, places = streets(300), middles()[::37]
    fitted = KernelDensity(bandwidth=300, rtol=1e-9).fit(np.column_stack(points[:2]))
    told = np.exp(fitted.score_samples(places)) * 300 * 1e6
    # The tail that ours cuts off is what remains between them.
    assert kd.exact(points, places, 300, "gaussian") == pytest.approx(told, rel=1e-4, abs=3e-3)


def test_one_event_under_a_quartic_kernel_is_three_over_pi_at_its_place():
    told = kd.exact(kd.Points(np.zeros(1), np.zeros(1)), np.array([[0, 0], [500, 0]]), 1000)
    assert told == pytest.approx([3 / np.pi, 3 / np.pi * 0.75**2])


@settings(max_examples=10, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(["quartic", "gaussian"]),
    st.sampled_from([150.0, 250.0]),
    st.integers(-3, 3),
)
def test_density_keeps_the_sum_and_moves_and_grows_with_its_counts(seed, kernel, wide, step):
    counts = np.zeros(GRID.shape)
    draw = np.random.default_rng(seed)
    counts[15:35, 15:45] = draw.poisson(0.3, (20, 30))
    told = kd.density(counts, 100, wide, kernel)
    moved = kd.density(np.roll(counts, step, (0, 1)), 100, wide, kernel)
    close = {"rel": 1e-9, "abs": 1e-9}
    assert told.min() >= 0
    assert (told * 0.01).sum() == pytest.approx(counts.sum(), **close)
    assert moved == pytest.approx(np.roll(told, step, (0, 1)), **close)
    assert kd.density(counts * 7, 100, wide, kernel) == pytest.approx(told * 7, **close)
    doubled = kd.density(counts, 200, wide * 2, kernel)
    assert doubled * 4 == pytest.approx(told, **close)


@pytest.mark.parametrize("kernel", ["quartic", "gaussian"])
def test_a_uniform_city_is_uniform_up_to_its_border(kernel):
    x, y = np.meshgrid(*GRID.centres())
    inside = (np.hypot(x - 3000, y - 2500) < 2000) & (x + y > 4000)
    told = kd.density(np.full(GRID.shape, 3.0), 100, 400, kernel, inside)
    assert np.isnan(told[~inside]).all()
    assert told[inside] == pytest.approx(300, rel=1e-9)
    bare = kd.density(np.where(inside, 3.0, 0), 100, 400, kernel)
    assert bare[inside].min() < 200


def test_points_all_over_a_city_are_as_dense_at_its_border():
    x, y = (part.ravel() for part in np.meshgrid(np.arange(5, 6000, 10), np.arange(5, 5000, 10)))
    inside = np.zeros(GRID.shape, bool)
    inside[10:40, 10:25] = inside[20:30, 25:50] = True
    here = inside[y // 100, x // 100]
    for kernel in ("quartic", "gaussian"):
        told = kd.density_of(GRID, kd.Points(x[here], y[here]), 350, kernel, inside)
        assert told[inside] == pytest.approx(10_000, rel=0.01)


@pytest.mark.parametrize("kernel", ["quartic", "gaussian"])
@pytest.mark.parametrize("wide", [700.0, 1_450.0, 5_000.0])
def test_the_widest_bandwidth_over_the_smallest_squares_fits_into_memory(kernel, wide):
    """A planner may ask so: a kernel laid finely would take twenty gigabytes."""
    tracemalloc.start()
    kd.weights.__wrapped__(50.0, wide, kernel, "linear")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100e6


def test_on_an_isle_a_few_events_are_not_the_peak_of_the_city():
    inside = np.zeros(GRID.shape, bool)
    inside[25, 30] = True
    counts = inside.astype(float)
    bare = kd.density(counts, 100, 2000)
    told = kd.density(counts, 100, 2000, inside=inside)
    assert told[25, 30] == pytest.approx(bare[25, 30] * 4)
    assert np.isnan(told[~inside]).all()
    assert kd.density(counts, 100, 90, inside=inside)[25, 30] == pytest.approx(100, rel=0.02)


def test_weights_take_away_what_went():
    x, y = np.array([3000.0, 3000.0, 2200.0]), np.array([2500.0, 2500.0, 2000.0])
    told = kd.density_of(GRID, kd.Points(x, y, np.array([1, -1, 1])), 300)
    alone = kd.density_of(GRID, kd.Points(x[2:], y[2:]), 300)
    assert told == pytest.approx(alone, abs=1e-9)


def test_bandwidths_are_the_rules_for_two_dimensions():
    draw = np.random.default_rng(1)
    x, y = draw.normal(0, 100, (2, 64_000))
    assert kd.bandwidth(x, y) == pytest.approx(100 * 64_000 ** (-1 / 6), rel=0.01)
    assert kd.bandwidth(x, y, "silverman") == pytest.approx(kd.bandwidth(x, y), rel=0.02)
    assert kd.bandwidth(x, y, kernel="quartic") == pytest.approx(
        2.78 * kd.bandwidth(x, y), rel=1e-3
    )
    x[0] = 1e6
    assert kd.bandwidth(x, y, "silverman") < 0.5 * kd.bandwidth(x, y)


@pytest.mark.parametrize(("cell", "wide"), [(0, 300), (100, 0), (100, -1)])
def test_lengths_must_be_above_nothing(cell, wide):
    with pytest.raises(ValueError, match="above 0"):
        kd.density(np.zeros((3, 3)), cell, wide)
