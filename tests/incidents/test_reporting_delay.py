"""How fast people report is found again where it is known, and little said of little seen."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.duplicates.reporting_delay import (
    SHAPES,
    Watched,
    gamma_bounds,
    prior_shape,
    rates,
    whole,
)

CATEGORIES = {"pothole": 0.1, "fallen-tree": 0.6}
"""Reports a day of one incident."""
WARDS = {f"ward {n}": 0.4 + 0.1 * n for n in range(13)}
"""Times these rates."""

watched = st.builds(
    Watched,
    st.sampled_from(["east", "west", "north"]),
    st.sampled_from(["pothole", "litter"]),
    st.integers(1, 500),
    st.floats(0.01, 5000),
    st.integers(0, 800),
)
worlds = st.lists(watched, min_size=1, max_size=12)


def lived(rate, rng, lasting=8.0, watch=60.0):
    """Let a thing be there, and people report it; return days until told, watched, repeats."""
    end, at, times = rng.expovariate(1 / lasting), rng.expovariate(rate), []
    while at < end:
        times.append(at)
        at += rng.expovariate(rate)
    if not times:
        return None
    until = min(end, times[0] + watch)
    return times[0], until - times[0], sum(t <= until for t in times[1:])


def city(rng, things=900):
    """Return what is seen of a city in which every ward has as many things of each category."""
    seen = []
    for ward, factor in WARDS.items():
        for category, rate in CATEGORIES.items():
            told = [one for _ in range(things) if (one := lived(rate * factor, rng))]
            days, repeats = sum(one[1] for one in told), sum(one[2] for one in told)
            seen.append(Watched(ward, category, len(told), days, repeats))
    return seen


def test_known_rates_are_found_again_though_what_nobody_reported_is_nowhere():
    seen = city(random.Random(1))
    found = rates(seen)
    inside = 0
    for ward, rate in found.items():
        shared = [(w.days, CATEGORIES[w.category]) for w in seen if w.group == ward]
        true = WARDS[ward] * sum(d * r for d, r in shared) / sum(d for d, _ in shared)
        low, high = rate.delay_bounds
        inside += low <= 1 / true <= high
        assert rate.delay_days == pytest.approx(1 / true, rel=0.15)
    assert inside >= 11


def test_slow_wards_come_out_slower_though_they_show_fewer_reports_of_fewer_things():
    found = rates(city(random.Random(2)))
    factors = [found[ward].factor for ward in WARDS]
    assert factors[0] < factors[6] < factors[12]
    assert factors[0] / factors[12] == pytest.approx(0.4 / 1.6, rel=0.25)


def test_the_wait_before_the_first_report_is_that_between_the_reports_that_follow():
    rng = random.Random(3)
    told = [lived(0.5, rng, lasting=400.0) for _ in range(3000)]
    told = [one for one in told if one]
    waited = sum(one[0] for one in told) / len(told)
    seen = Watched("w", "c", len(told), sum(one[1] for one in told), sum(one[2] for one in told))
    assert whole([seen]).delay_days == pytest.approx(waited, rel=0.05)


def test_a_ward_with_few_reports_is_drawn_to_the_city_more_than_one_with_many():
    many = [Watched(n, "c", 400, 1000.0, r) for n, r in enumerate((50, 100, 150, 200))]
    few = Watched("few", "c", 4, 10.0, 0)
    much = Watched("much", "c", 400, 1000.0, 0)
    found = rates([*many, few, much])
    assert 0.5 < found["few"].factor < 1
    assert found["much"].factor < 0.2
    assert found["few"].high - found["few"].low > found["much"].high - found["much"].low


def test_what_a_ward_is_told_of_more_often_is_not_taken_for_its_haste():
    """East has fallen trees, west potholes; both tell of each as fast as the other."""
    seen = [
        Watched("east", "fallen-tree", 100, 100.0, 60),
        Watched("east", "pothole", 10, 100.0, 10),
        Watched("west", "fallen-tree", 10, 10.0, 6),
        Watched("west", "pothole", 100, 1000.0, 100),
    ]
    found = rates(seen)
    assert found["east"].factor == pytest.approx(found["west"].factor, abs=0.01)
    assert found["east"].delay_days < found["west"].delay_days


@settings(max_examples=60)
@given(worlds)
def test_the_estimate_lies_between_its_bounds_and_between_what_was_seen_and_the_city(world):
    for rate in rates(world).values():
        assert rate.low <= rate.factor <= rate.high
        own = rate.repeats / rate.expected if rate.expected else 1.0
        assert min(own, 1) - 1e-9 <= rate.factor <= max(own, 1) + 1e-9
        fast, slow = rate.delay_bounds
        assert fast <= rate.delay_days <= slow


@settings(max_examples=60)
@given(worlds, st.randoms())
def test_neither_order_nor_how_the_counts_are_cut_changes_anything(world, shuffled):
    halves = [
        part
        for w in world
        for part in (
            replace(w, incidents=w.incidents, days=w.days / 2, repeats=w.repeats),
            replace(w, incidents=0, days=w.days / 2, repeats=0),
        )
    ]
    shuffled.shuffle(halves)
    one, other = rates(world), rates(halves)
    assert one.keys() == other.keys()
    for group, rate in one.items():
        assert other[group].factor == pytest.approx(rate.factor, rel=1e-6)
        assert other[group].incidents == rate.incidents


@settings(max_examples=40)
@given(worlds)
def test_all_groups_together_bring_what_the_city_brings(world):
    found = rates(world)
    assert sum(r.expected for r in found.values()) == pytest.approx(sum(w.repeats for w in world))
    assert whole(world).repeats == sum(w.repeats for w in world)


@given(st.lists(st.tuples(st.integers(0, 1000), st.floats(0, 1000)), max_size=20))
def test_the_prior_stays_within_its_bounds(counts):
    assert SHAPES[0] <= prior_shape(counts) <= SHAPES[1]


@pytest.mark.parametrize(
    ("shape", "low", "high"), [(0.5, 0.0005, 2.512), (1, 0.0253, 3.689), (5, 1.623, 10.242),
                               (100, 81.36, 120.53)],
)  # fmt: skip
def test_bounds_are_those_of_the_gamma_distribution(shape, low, high):
    """Quantiles of chi-square tables with twice the degrees of freedom, halved."""
    found = gamma_bounds(shape, 1.0)
    assert found[0] == pytest.approx(low, abs=0.02 * shape + 0.01)
    assert found[1] == pytest.approx(high, rel=0.03)


def test_where_nothing_is_reported_twice_no_delay_is_known():
    found = rates([Watched("w", "c", 3, 10.0, 0)])["w"]
    assert math.isinf(found.delay_days)
    assert found.heard(7) == 0
    assert whole([]) is None
