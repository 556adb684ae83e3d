"""Assets that fail again: counted as by hand, compared with their kind by Poisson's tail."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from gis_core.hotspots.repeats import repeats

MANHOLES, LAMPS = 0, 1


def test_the_manhole_that_failed_five_times_is_told_and_the_lamps_are_not():
    kind = np.array([MANHOLES] * 50 + [LAMPS] * 10)
    asset = np.array([7, 7, 7, 7, 7, 3, 9, 21, *range(50, 60), *range(50, 60)])
    days = np.array([100, 10, 40, 45, 160, 5, 5, 5, *range(10), *range(30, 40)])
    found = repeats(asset, days, kind)
    assert found.count[[7, 3, 0, 50]].tolist() == [5, 1, 0, 2]
    assert found.expected[[7, 50]].tolist() == [8 / 50, 2]
    assert found.median_days[7] == (30 + 55) / 2
    assert np.isnan(found.median_days[[3, 0]]).all()
    assert found.median_days[50:].tolist() == [30] * 10
    assert found.p[7] == pytest.approx(stats.poisson.sf(4, 0.16))
    assert found.p[50] > 0.5
    assert found.p[0] == 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 30)), max_size=40),
    st.lists(st.integers(0, 2), min_size=6, max_size=6),
    st.integers(0, 5),
)
def test_the_same_as_counting_by_hand(failures, kind, apart_days):
    asset = np.array([one for one, _ in failures], int)
    days = np.array([day for _, day in failures], int)
    found = repeats(asset, days, np.array(kind), apart_days=apart_days)
    for one in range(6):
        own = sorted(day for at, day in failures if at == one)
        kept = [day for k, day in enumerate(own) if not k or day - own[k - 1] >= apart_days]
        assert found.count[one] == len(kept)
        if len(kept) > 1:
            assert found.median_days[one] == np.median(np.diff(kept))
    for one in set(kind):
        assert found.expected[np.array(kind) == one].sum() == pytest.approx(
            found.count[np.array(kind) == one].sum()
        )


def test_a_long_pipe_is_expected_to_fail_more():
    kind, metres = np.zeros(3, int), np.array([900.0, 50.0, 50.0])
    found = repeats(np.zeros(9, int), np.arange(9) * 10, kind, exposure=metres)
    assert found.expected == pytest.approx([8.1, 0.45, 0.45])
    assert found.p[0] > 0.4


def test_exposures_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="exposure"):
        repeats(np.array([0]), np.array([1]), np.array([0]), exposure=np.array([-1.0]))
