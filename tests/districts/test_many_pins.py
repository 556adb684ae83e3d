"""Many pins on their days get, each, exactly the placement of one pin."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest

from districts.many_pins import Pin, place_many
from districts.placement import NullIsland, OutsideCity, SwappedPosition, place
from districts.territory import How, Placement
from gis_core.positions import LonLat, Position
from tests import zoo

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    zoo.edition()
    zoo.edition(
        {"760": (106.70, 10.76, 106.72, 10.79), "761": (106.72, 10.76, 106.73, 10.79)},
        name="old", level="district", since=date(2021, 1, 1), until=date(2025, 7, 1),
    )  # fmt: skip
    zoo.asset("park", (106.702, 10.762, 106.708, 10.768), code="p1", owner="parks")
    zoo.asset(
        "road", (106.70, 10.764, 106.73, 10.766), code="r1", owner="roads", maintainer="builder",
        contract=(date(2025, 1, 1), date(2026, 1, 1)),
    )  # fmt: skip
    zoo.service_area("water-east", (106.705, 10.755, 106.74, 10.80), ["leak"])
    zoo.service_area("water-west", (106.69, 10.755, 106.706, 10.80), ["leak"])


def alone(pin):
    try:
        return place(pin.position, pin.on)
    except (OutsideCity, SwappedPosition, NullIsland) as refusal:
        return refusal


def told(answer):
    """A placement to the hundredth of a metre, or the error's code."""
    if not isinstance(answer, Placement):
        return answer.code, answer.facts
    return replace(answer, margin_m=answer.margin_m and round(answer.margin_m, 2))


DAYS = [date(2026, 3, 2), date(2025, 8, 1), date(2024, 1, 1), date(2019, 1, 1)]


def test_six_hundred_pins_equal_one_at_a_time(town) -> None:
    draw = random.Random(3)
    grid = [106.70, 106.705, 106.706, 106.71, 106.72, 106.73]
    pins = [
        Pin(
            Position(
                LonLat(
                    draw.choice([draw.uniform(106.695, 106.735), draw.choice(grid)]),
                    draw.choice([draw.uniform(10.755, 10.795), 10.764, 10.77, 10.78005]),
                ),
                draw.choice([0.0, 0.0, 20.0, 150.0]),
                "import",
            ),
            draw.choice(DAYS),
        )
        for _ in range(600)
    ]

    answers = place_many(pins)

    assert [told(one) for one in answers] == [told(alone(pin)) for pin in pins]
    placed = [one for one in answers if isinstance(one, Placement)]
    assert {one.how for one in placed} == set(How)
    assert any(len(one.shares) > 1 for one in placed)
    assert any(one.here.assets and one.here.service_areas for one in placed)
    assert any(not isinstance(one, Placement) for one in answers)


def test_most_pins_cost_no_statement_of_their_own(town, django_assert_max_num_queries) -> None:
    draw = random.Random(4)
    pins = [
        Pin(Position(LonLat(draw.uniform(106.711, 106.719), draw.uniform(10.771, 10.779))), zoo.DAY)
        for _ in range(500)
    ]
    place_many(pins[:1])

    with django_assert_max_num_queries(3):
        assert all(isinstance(one, Placement) for one in place_many(pins))


def test_what_cannot_be_placed_says_why(town) -> None:
    here = [(0.0, 0.0), (106.60, 10.5), (10.765, 80.0), (0.0, 10.765), (-180.0, 90.0)]
    answers = place_many([Pin(Position(LonLat(*one)), zoo.DAY) for one in here])

    assert [one.code for one in answers] == [
        "position.null_island", *["position.outside_city"] * 4,
    ]  # fmt: skip
    assert place_many([]) == []
