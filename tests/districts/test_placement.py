"""What a pin lies in: inside, on edges, in gaps, outside, before and after, and near borders."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Point, box

from districts.catalogue_loading import load_catalogue
from districts.placement import NullIsland, OutsideCity, SwappedPosition, place, read_lonlat
from districts.territory import How
from gis_core.positions import LonLat, OutOfRange, Position
from tests import zoo

pytestmark = pytest.mark.django_db


@pytest.fixture
def wards():
    return zoo.edition()


def at(lon: float, lat: float, accuracy_m: float = 0.0, on: date = zoo.DAY):
    return place(Position(LonLat(lon, lat), accuracy_m), on)


def test_a_pin_knows_its_ward_and_how_far_the_border_is(wards) -> None:
    found = at(106.705, 10.765)

    assert found.here.ward.code == "101"
    assert found.here.ward.committee == "ubnd-101"
    assert found.how is How.INSIDE
    assert found.margin_m == pytest.approx(547, abs=1)


@pytest.mark.parametrize("accuracy_m", [0, 5, 500])
@pytest.mark.parametrize(
    ("lon", "lat", "codes"),
    [
        (106.71, 10.765, {"101", "102"}),
        (106.71, 10.77, {"101", "102", "104", "105"}),
        (106.705, 10.77, {"101", "104"}),
        (106.72, 10.775, {"105", "106"}),
    ],
)
def test_on_a_shared_edge_the_smaller_code_wins(wards, lon, lat, codes, accuracy_m) -> None:
    found = at(lon, lat, accuracy_m)

    assert found.here.ward.code == min(codes)
    assert found.how is How.EDGE
    assert found.margin_m == pytest.approx(0, abs=0.01)


def test_on_the_city_s_own_edge_the_ward_is_certain(wards) -> None:
    found = at(106.70, 10.765)

    assert (found.here.ward.code, found.how) == ("101", How.INSIDE)


@pytest.mark.parametrize(("lat", "code"), [(10.78003, "106"), (10.78008, "109")])
def test_a_gap_between_wards_falls_to_the_nearest_and_says_so(wards, lat, code) -> None:
    found = at(106.725, lat)

    assert (found.here.ward.code, found.how) == (code, How.SLIVER)


def test_a_gap_wider_than_the_tolerance_is_outside(wards) -> None:
    """0.0003 degrees of longitude are 33 m here, the tolerance is 25 m."""
    assert at(106.6998, 10.765).how is How.SLIVER
    with pytest.raises(OutsideCity):
        at(106.6997, 10.765)


def test_a_pin_at_sea_is_outside_and_told_so(wards) -> None:
    with pytest.raises(OutsideCity, match="outside") as told:
        at(107.5, 9.5)
    assert told.value.code == "position.outside_city"


def test_zero_zero_is_a_device_that_knew_nothing(wards) -> None:
    with pytest.raises(NullIsland):
        at(0, 0)


def test_exchanged_numbers_are_recognised_and_named(wards) -> None:
    with pytest.raises(SwappedPosition, match="longitude first"):
        read_lonlat(10.765, 106.705)
    assert read_lonlat(106.705, 10.765) == LonLat(106.705, 10.765)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 200.0])
def test_what_is_no_number_of_degrees_is_refused(bad) -> None:
    with pytest.raises(OutOfRange):
        read_lonlat(bad, 10.7)


def test_before_any_edition_the_ward_is_not_known(wards) -> None:
    found = at(106.705, 10.765, on=zoo.SINCE - timedelta(days=1))

    assert (found.here.ward, found.how, found.margin_m) == (None, How.UNCOVERED, None)


def test_the_edition_in_force_on_the_day_answers(wards) -> None:
    zoo.edition(
        {"9": (106.70, 10.76, 106.73, 10.79)}, name="old", since=date(2020, 1, 1), until=zoo.SINCE
    )

    assert at(106.705, 10.765, on=date(2021, 5, 5)).here.ward.code == "9"
    assert at(106.705, 10.765, on=zoo.SINCE).here.ward.code == "101"


def test_after_the_districts_ended_the_former_one_is_given_as_former(wards) -> None:
    zoo.edition(
        {"760": (106.70, 10.76, 106.73, 10.79)},
        name="districts", level="district", since=date(2021, 1, 1), until=zoo.SINCE,
    )  # fmt: skip

    then = at(106.705, 10.765, on=date(2022, 1, 1)).here.district
    now = at(106.705, 10.765).here.district

    assert (then.code, then.former) == ("760", False)
    assert (now.code, now.former) == ("760", True)


def test_assets_and_networks_cover_the_pin(wards) -> None:
    zoo.asset("park", (106.702, 10.762, 106.704, 10.764), owner="city", maintainer="gardeners")
    zoo.service_area("water-west", (106.70, 10.76, 106.715, 10.79), ["water-leak"])

    inside, beside = at(106.703, 10.763), at(106.706, 10.763)

    [park] = inside.here.assets
    assert (park.kind, park.owner, park.maintainer) == ("park", "city", "gardeners")
    assert beside.here.assets == ()
    assert [one.agency for one in beside.here.service_areas] == ["water-west"]


@pytest.mark.parametrize(
    ("day", "maintainer"),
    [(date(2026, 1, 1), "first"), (date(2026, 6, 30), "first"), (date(2026, 7, 1), None)],
)
def test_the_maintainer_counts_only_under_contract(wards, day, maintainer) -> None:
    zoo.asset(
        "park", (106.702, 10.762, 106.704, 10.764), owner="city", maintainer="first",
        contract=(date(2026, 1, 1), date(2026, 7, 1)),
    )  # fmt: skip

    [park] = at(106.703, 10.763, on=day).here.assets
    assert park.maintainer == maintainer


def test_the_circle_is_shared_by_what_crosses_it(wards) -> None:
    """On the edge of 101 and 102, 50 m north of the park's corner: half and half."""
    found = at(106.71, 10.765, 50)

    shares = {part.surroundings.ward.code: part.share for part in found.shares}
    assert shares == {"101": pytest.approx(0.5, abs=0.01), "102": pytest.approx(0.5, abs=0.01)}


def test_a_circle_far_from_every_border_is_one_share(wards) -> None:
    [whole] = at(106.705, 10.765, 200).shares

    assert whole.share == 1.0


def test_an_asset_within_the_accuracy_takes_its_part_of_the_circle(wards) -> None:
    zoo.asset("park", (106.702, 10.762, 106.704, 10.764), maintainer="gardeners")
    just_outside = at(106.7041, 10.763, 50)

    part = sum(one.share for one in just_outside.shares if one.surroundings.assets)
    assert just_outside.here.assets == ()
    assert 0.2 < part < 0.5


def test_off_the_city_s_edge_there_is_nobody_to_share_with(wards) -> None:
    assert [one.share for one in at(106.7001, 10.765, 50).shares] == [pytest.approx(1.0)]


def test_a_changed_catalogue_is_seen_by_the_next_pin(wards) -> None:
    before = at(106.703, 10.763)
    zoo.asset("park", (106.702, 10.762, 106.704, 10.764), maintainer="gardeners")

    after = at(106.703, 10.763)

    assert (len(before.here.assets), len(after.here.assets)) == (0, 1)
    assert after.version > before.version


def test_one_statement_a_pin(wards, django_assert_num_queries) -> None:
    at(106.705, 10.765)
    with django_assert_num_queries(1):
        at(106.715, 10.775, 50)


lons = st.floats(zoo.WEST + 1e-6, zoo.WEST + 3 * zoo.SIDE - 1e-6)
lats = st.floats(zoo.SOUTH + 1e-6, zoo.SOUTH + 3 * zoo.SIDE - 1e-6)
on_grid = st.integers(0, 30).map(lambda n: n / 1000)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(lons, on_grid.map(lambda d: zoo.WEST + d)),
    st.one_of(lats, on_grid.map(lambda d: zoo.SOUTH + d)),
)
def test_every_pin_agrees_with_shapely(wards, lon, lat) -> None:
    covering = [
        code for code, bounds in zoo.ward_boxes().items() if box(*bounds).covers(Point(lon, lat))
    ]

    found = at(lon, lat)

    if covering:
        assert found.here.ward.code == min(covering)
        assert (found.how is How.EDGE) == (len(covering) > 1)
    else:
        assert found.how is How.SLIVER


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lons, lats, st.floats(0, 800))
def test_the_shares_are_a_whole_and_the_pin_s_own_place_is_among_them(
    wards, lon, lat, accuracy_m
) -> None:
    found = at(lon, lat, accuracy_m)

    assert sum(part.share for part in found.shares) == pytest.approx(1.0)
    if found.how is How.INSIDE and accuracy_m > 1:
        assert found.here.ward in [part.surroundings.ward for part in found.shares]


@pytest.mark.django_db(transaction=True)
def test_after_loading_the_spatial_indexes_are_built_anew() -> None:
    """Committed for real, so that what waits for the commit runs; a pin still finds its ward."""
    zoo.edition()

    assert at(106.705, 10.765).here.ward.code == "101"


@pytest.mark.parametrize("position", [(0.0, 10.765), (10.765, 0.0), (-180.0, 90.0), (179.0, -60.0)])
def test_anywhere_on_the_globe_is_outside_and_no_error_of_the_projection(wards, position) -> None:
    with pytest.raises(OutsideCity):
        at(*position)


def test_with_the_catalogue_alone_a_pin_is_placed_without_a_ward() -> None:
    """PostGIS ships no EPSG:9210: loading the catalogue makes the city's metres known."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM spatial_ref_sys WHERE srid = 9210")
    load_catalogue()

    assert at(106.705, 10.765).how is How.UNCOVERED
