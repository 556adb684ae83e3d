"""How many people live in today's wards: counted there, or shared out from former wards."""

from __future__ import annotations

from datetime import date
from math import fsum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from districts import city, reading
from districts.lineage import compute_lineage, overlay
from districts.models import Area, ResidentCount, Residents
from districts.resident_files import ResidentColumns, people_of, read_lines
from districts.residents import Told, residents, told
from districts.sharing_out import COVERED, Part, shared_out
from tests import zoo

HALVES = {"1": (106.70, 10.76, 106.715, 10.79), "2": (106.715, 10.76, 106.73, 10.79)}
"""The former wards of the made-up town: its western and its eastern half."""


def count(edition, people, year=2019, **more):
    """Store a count as a load does."""
    made = ResidentCount.objects.create(edition=edition, year=year, source="Census", **more)
    areas = {one.code: one for one in Area.objects.filter(edition=edition)}
    Residents.objects.bulk_create(
        Residents(count=made, area=areas[code], people=many) for code, many in people.items()
    )
    zoo.changed("residents", f"{edition.name} {year}")


@pytest.fixture
def wards(db):
    return zoo.edition()


@pytest.fixture
def halves(wards):
    return zoo.edition(HALVES, name="zoo-2019", since=date(2019, 1, 1), until=zoo.SINCE)


def test_nothing_is_known_before_anything_is_loaded(wards):
    assert (dict(residents()), told()) == ({}, None)


def test_a_count_of_today_s_wards_is_told_as_it_is(wards):
    count(wards, {"101": 12_000, "105": 0}, 2024)
    assert residents() == {"101": 12_000, "105": 0}
    assert told() == Told("Census", 2024, "zoo-2025", None)


def test_former_wards_are_shared_out_by_their_ground_once_their_lineage_is_known(wards, halves):
    count(halves, {"1": 9000, "2": 18_000})
    assert residents() == {}
    compute_lineage(halves, wards)
    assert told() == Told("Census", 2019, "zoo-2019", "area")
    found = residents()
    # A ward is two ninths of a half; one in the middle has a ninth of each.
    assert found["101"] == pytest.approx(2000, rel=3e-3)
    assert found["102"] == pytest.approx(1000 + 2000, rel=3e-3)
    assert found["103"] == pytest.approx(4000, rel=3e-3)
    assert sum(found.values()) == pytest.approx(27_000)


def test_a_ward_of_which_a_part_is_not_known_is_not_known(wards, halves):
    count(halves, {"1": 9000})
    compute_lineage(halves, wards)
    assert sorted(residents()) == ["101", "104", "107"]


def test_today_s_own_count_goes_before_a_newer_one_of_former_wards(wards, halves):
    count(halves, {"1": 9000, "2": 9000}, 2024)
    compute_lineage(halves, wards)
    count(wards, {"101": 5}, 2019)
    assert residents() == {"101": 5}
    count(wards, {"101": 7}, 2020)
    assert (residents(), told().year) == ({"101": 7}, 2020)


def test_districts_are_not_shared_out_to_wards(wards):
    count(zoo.edition(HALVES, name="zoo-2019", level="district"), {"1": 9000, "2": 9000})
    assert told() is None


shares = st.floats(0, 1)
people = st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 10**6).map(float))


@st.composite
def grounds(draw):
    """Old areas over new ones as square metres in common; some ground may lie in none."""
    cells = [[draw(st.integers(0, 50)) for _ in range(4)] for _ in range(4)]
    outside = (
        [draw(st.integers(0, 10)) for _ in range(4)],
        [draw(st.integers(0, 3)) for _ in "wxyz"],
    )
    return cells, outside


def parts(cells, outside, addresses=None):
    old = [sum(row) + outside[0][at] for at, row in enumerate(cells)]
    new = [sum(column) + outside[1][at] for at, column in enumerate(zip(*cells, strict=True))]
    pairs = [(one, other) for one in range(4) for other in range(4) if cells[one][other]]
    return [
        Part(
            "ABCD"[one],
            "wxyz"[other],
            ground=cells[one][other] / old[one],
            back=cells[one][other] / new[other],
            addresses=addresses and addresses[one][other],
        )
        for one, other in pairs
    ]


@settings(max_examples=60)
@given(
    grounds(),
    people,
    st.none() | st.lists(st.lists(shares, min_size=4, max_size=4), min_size=4, max_size=4),
)
def test_never_below_nothing_and_never_more_than_were_counted(ground, counted, addresses):
    found = shared_out(counted, parts(*ground, addresses), by_addresses=addresses is not None)
    assert all(many >= 0 for many in found.values())
    assert fsum(found.values()) <= fsum(counted.values()) * (1 + 1e-9)


@settings(max_examples=60)
@given(grounds(), st.lists(st.integers(0, 10**6).map(float), min_size=4, max_size=4))
def test_everybody_is_somewhere_where_all_new_ground_is_covered(ground, many):
    cells, (outside, _) = ground
    cells = [
        [cell + (one == other) * 50 for other, cell in enumerate(row)]
        for one, row in enumerate(cells)
    ]
    counted = dict(zip("ABCD", many, strict=True))
    found = shared_out(counted, parts(cells, (outside, [0] * 4)))
    assert set(found) == set("wxyz")
    assert fsum(found.values()) == pytest.approx(fsum(many))


def test_an_area_is_known_from_the_share_on_that_is_named():
    def known(back):
        return bool(shared_out({"A": 10}, [Part("A", "w", 1, back)]))

    assert (known(COVERED), known(COVERED - 1e-6)) == (True, False)


def test_what_lies_mostly_outside_is_shared_out_to_none():
    assert shared_out({"A": 10}, [Part("A", "w", 0.49, 1)]) == {}
    assert shared_out({"A": 10}, [Part("A", "w", 0.51, 1)]) == {"w": 10}


def test_by_addresses_where_any_is_known_and_by_ground_where_none_is():
    both = [Part("A", "w", 0.9, 1, 0.25), Part("A", "x", 0.1, 1, 0.75)]
    assert shared_out({"A": 100}, both, by_addresses=True) == {"w": 25, "x": 75}
    assert shared_out({"A": 100}, both) == {"w": 90, "x": 10}
    none = [Part("A", "w", 0.9, 1), Part("A", "x", 0.1, 1)]
    assert shared_out({"A": 100}, none, by_addresses=True) == {"w": 90, "x": 10}


def test_the_real_wards_of_2019_and_what_follows_for_those_of_2025(test_data):
    """The city of today is larger by two provinces, of which nothing is known."""
    old, new = (test_data / "boundaries" / f"hcmc_wards_{year}.geojson" for year in (2019, 2025))
    lines = read_lines(old, ResidentColumns(people="pop_2019"))
    counted = people_of(lines, {line.code for line in lines}, file=old.name, edition="hcmc-2019")
    olds, news = reading.read([old], ["code"]), reading.read([new], ["code"])
    ground = overlay(
        [row.shape for row in olds], [row.shape for row in news], city.current().metric_srid
    )
    pairs = [
        Part(
            olds[one].values["code"],
            news[other].values["code"],
            ground=square_m / ground.old[one],
            back=square_m / ground.new[other],
        )
        for (one, other), square_m in ground.common.items()
    ]
    found = shared_out(counted, pairs)
    assert (len(counted), sum(counted.values())) == (322, 8_993_082)
    assert len(found) == 102
    assert 0.999 < fsum(found.values()) / 8_993_082 <= 1
