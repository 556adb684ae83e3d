"""The database finds the ward of today as many points at once are placed in memory."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from django.db import connection

from districts import bulk_placement, city
from districts.wards_today import asked_wards, edition_today, wards_today
from tests import zoo

EAST_OF_GAP = (106.725, 10.78 + zoo.GAP / 2)


@pytest.fixture
def both(db):
    """The nine wards of today, and one that was all of the town before."""
    before = {"101": (106.6, 10.6, 106.8, 10.8)}
    zoo.edition(before, name="before", since=date(2020, 1, 1), until=zoo.SINCE)
    return zoo.edition()


def placed(lon, lat):
    town = city.current()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT districts_ward_at(ST_SetSRID(ST_MakePoint(%s, %s), 4326), %s, %s, %s)",
            [lon, lat, edition_today().id, town.metric_srid, town.sliver_m],
        )
        return cursor.fetchone()[0]


def test_a_place_is_in_the_ward_that_columns_have_for_it(both):
    """Inside, on edges and corners, in the gap, and outside of all."""
    chance = np.random.default_rng(5)
    places = chance.uniform((106.69, 10.75), (106.74, 10.8), (150, 2)).tolist()
    places += [(106.71, 10.765), (106.71, 10.77), (106.72, 10.7899), EAST_OF_GAP]
    places += [(106.725, 10.78 + zoo.GAP * share) for share in (0, 0.1, 0.9, 1)]
    places += [(106.7 - metres / 110_000, 10.765) for metres in (10, 20, 30, 200)]
    index = bulk_placement.of_edition(both.id)
    found = index.place(*np.array(places).T.copy()).area
    expected = [index.areas[at].id if at >= 0 else None for at in found.tolist()]
    assert [placed(*place) for place in places] == expected
    assert None in expected
    assert len(set(expected)) == 10


def test_the_wards_of_today_are_those_in_force(both):
    assert sorted(wards_today()) == [str(code) for code in range(101, 110)]
    asked = asked_wards(frozenset({"101", "103"}))
    assert asked.edition == both.id
    assert len(asked.ids) == 2
    assert len(asked.others) == 7
