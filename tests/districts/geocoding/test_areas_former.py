"""What the tables say of former wards, held against the overlay of their real polygons."""

import csv

import pytest

from districts.approximate.former import former_names
from districts.approximate.tables import NoTables
from districts.geocoding.areas.spellings import area_key


@pytest.fixture(scope="module")
def names():
    return former_names("thanhphohochiminh")


def test_an_unknown_province_is_said(names):
    with pytest.raises(NoTables):
        former_names("atlantis")


def test_every_area_has_successors_and_shares_that_sum_to_one(names):
    for one in names:
        assert one.became, one
        assert sum(part.share for part in one.became) == pytest.approx(1), one
        assert all(0 < part.back_share <= 1 for part in one.became), one


def test_no_name_stands_twice(names):
    keys = [(one.level, one.within, one.kind, one.name) for one in names]
    assert len(set(keys)) == len(keys)


def test_districts_before_2021_are_known_with_their_wards(names):
    gone = {one.name for one in names if one.level == "district" and one.gone}
    assert gone == {"2", "9", "Thủ Đức"}
    assert ("Quận 2", "Bình Khánh") in {(one.within, one.name) for one in names}


def test_the_wards_of_2019_lead_where_their_ground_went(names, test_data):
    """All 322 are known; where a ward was divided, the tables may put another part first."""
    known = {(area_key(one.within), area_key(f"{one.kind} {one.name}")): one for one in names}
    shares = {}
    with (test_data / "boundaries" / "ward_crosswalk_2019_2021_2025.csv").open() as file:
        for row in csv.DictReader(file):
            ward = area_key(row["district_2019"]), area_key(row["ward_2019"])
            shares.setdefault(ward, {})[row["code_2025"]] = float(row["share_of_2019_area"])
    assert set(shares) <= set(known)
    right = sum(
        known[ward].became[0].code == max(parts, key=parts.get) for ward, parts in shares.items()
    )
    print(f"\nmain successor of a former ward right: {right} of {len(shares)}")
    assert right / len(shares) > 0.95
