"""How well duplicates are found is held to its bounds: by position, and in other cities' files."""

from __future__ import annotations

from statistics import median

import pytest

from incidents.duplicates import terms
from incidents.duplicates.history import replay
from tests.duplicates_world.cities import cities, told_by
from tests.duplicates_world.making import world
from tests.duplicates_world.marking import marked
from tests.duplicates_world.streets import _grid

TERMS = terms.current()
LINES = _grid()
CITIES = cities(LINES)
LEAST = {
    "no accuracies": 0.92, "none of these": 0.92, "positions of 3 decimals": 0.9,
    "streets for positions": 0.9,
}  # fmt: skip
"""Recall; of all others 0.93."""


@pytest.fixture(scope="module")
def year():
    """A year that none of the terms was set on."""
    return world(LINES, 900, seed=2001, days=60)


def test_positions_of_all_errors_are_found_the_worst_ones_less_often(year):
    marks = marked(year, TERMS)
    assert marks["all"].recall >= 0.95
    assert marks["all"].precision >= 0.6
    assert marks["app"].recall >= 0.95
    assert marks["pin"].recall >= 0.95
    assert marks["geocoded"].recall >= 0.9
    assert marks["described"].recall >= 0.6


@pytest.mark.parametrize("city", sorted(CITIES.keys() - {"as it is"}))
def test_another_city_s_file_is_read_nearly_as_well(year, city):
    of = marked(told_by(year, CITIES[city]), TERMS)["all"]
    assert of.recall >= LEAST.get(city, 0.93)
    assert of.precision >= 0.4
    assert of.attached - of.attached_right <= max(0.03 * of.attached, 1)


def test_where_things_lie_close_few_are_shown_and_the_right_one_is_among_them():
    told = world(LINES, 1500, seed=2002, days=12)
    of = marked(told, TERMS)["all"]
    assert of.recall >= 0.93
    assert of.attached_right >= 0.97 * of.attached
    shown = [len(one.suggestions) for one in replay([one.case for one in told], TERMS)]
    assert median(shown) <= 2
    assert max(shown) <= TERMS.most
