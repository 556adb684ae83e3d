"""Each pattern is what its definition says; the trend is scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from gis_core.hotspots.emerging import KINDS, Emerging, emerging, mann_kendall, patterns
from gis_core.hotspots.getis_ord import gi_star

PATTERNS = [
    # steps: + hot, - cold, . neither; whether z rises; what it is
    ("...........+", 0, "new"),
    ("...........+", 1, "new"),
    ("-..........+", 0, "new"),
    ("++++++++++++", 1, "intensifying"),
    (".+++++++++++", 1, "intensifying"),
    ("++++++++++++", -1, "diminishing"),
    ("++++++++++++", 0, "persistent"),
    ("+++++.++++++", 0, "persistent"),
    ("..-...+...++", 0, "oscillating"),
    (".........+++", 1, "consecutive"),
    (".........+++", 0, "consecutive"),
    ("..++.....+.+", 0, "sporadic"),
    ("..++......++", 1, "sporadic"),
    ("+++++++++++.", 0, "historical"),
    ("++++++.++++.", 0, "none"),
    ("...++++.....", 1, "none"),
    ("............", 1, "none"),
]


@pytest.mark.parametrize(("steps", "turn", "pattern"), PATTERNS)
def test_each_pattern(steps, turn, pattern):
    hot = np.array([[step == "+"] for step in steps])
    cold = np.array([[step == "-"] for step in steps])
    expected = KINDS.index("none" if pattern == "none" else f"{pattern}_hot")
    assert patterns(hot, cold, np.array([turn])).tolist() == [expected]


def test_the_kinds_are_named_once_each_and_none_is_nothing():
    assert KINDS[0] == "none"
    assert len(set(KINDS)) == len(KINDS) == 17


def test_the_trend_is_scipys_with_ties_and_without():
    draw = np.random.default_rng(2)
    series = draw.integers(0, 9, (14, 5, 6)).astype(float)
    series[:, 0] = draw.random((14, 6))
    told = mann_kendall(series, continuity=False)
    for place in np.ndindex(5, 6):
        values = series[(slice(None), *place)]
        peer = stats.kendalltau(np.arange(14), values, method="asymptotic")
        assert told.p[place] == pytest.approx(peer.pvalue, abs=1e-9)
        assert np.sign(told.z[place]) == np.sign(peer.statistic)
    nearer = mann_kendall(series)
    assert (np.abs(nearer.z) <= np.abs(told.z)).all()


def test_ten_rising_steps_are_the_tables_value():
    # Without ties S = 45 of 10 steps, variance 10 * 9 * 25 / 18 = 125, less 1 for continuity.
    told = mann_kendall(np.arange(10.0)[:, None])
    assert told.s[0] == 45
    assert told.z[0] == pytest.approx(44 / np.sqrt(125))
    flat = mann_kendall(np.ones((10, 1)))
    assert (flat.z[0], flat.p[0]) == (0, 1)


def city(steps=12, seed=5):
    """Chance everywhere; three places of their own."""
    cube = np.random.default_rng(seed).poisson(2.0, (steps, 20, 30)).astype(float)
    cube[:, 2:5, 2:5] += 12
    cube[:, 2:5, 14:17] += np.linspace(6, 30, steps)[:, None, None]
    cube[-1, 14:17, 2:5] += 14
    return cube


def test_hotspots_are_told_from_the_counts():
    inside = np.ones((20, 30), bool)
    inside[:, 27:] = False
    told: Emerging = emerging(city(), 1, inside=inside)
    assert KINDS[told.kind[3, 3]] == "persistent_hot"
    assert KINDS[told.kind[3, 15]] == "intensifying_hot"
    assert KINDS[told.kind[15, 3]] == "new_hot"
    assert told.trend_z[3, 15] > 3
    assert (told.kind > 0).mean() < 0.15
    assert (told.kind[:, 27:] == 0).all()
    assert np.isnan(told.z[:, :, 27:]).all()


def test_cold_places_mirror_hot_ones():
    cube = city()
    hot, cold = emerging(cube, 1).kind, emerging(40 - cube, 1).kind
    assert (cold[hot == KINDS.index("persistent_hot")] == KINDS.index("persistent_cold")).all()
    assert (hot > 0).sum() == (cold > 0).sum() > 20


def test_z_looks_at_the_step_and_the_one_before_and_at_the_whole_cube():
    cube = city(10)
    told = emerging(cube, 1).z
    around = cube[5:7, 2:5, 2:5].sum()
    mean, spread, n = cube.mean(), cube.std(), cube.size
    expected = (around - 18 * mean) / (spread * np.sqrt((n * 18 - 18**2) / (n - 1)))
    assert told[6, 3, 3] == pytest.approx(expected, abs=1e-9)
    first = cube[0, 2:5, 2:5].sum()
    expected = (first - 9 * mean) / (spread * np.sqrt((n * 9 - 81) / (n - 1)))
    assert told[0, 3, 3] == pytest.approx(expected, abs=1e-9)


def test_a_uniform_cube_has_no_pattern():
    assert (emerging(np.full((10, 6, 6), 3.0), 1).kind == 0).all()
    assert (gi_star(np.full((6, 6), 3.0), 1).z == 0).all()


def test_few_steps_tell_no_trend():
    with pytest.raises(ValueError, match="10 steps"):
        emerging(np.zeros((9, 5, 5)), 1)
