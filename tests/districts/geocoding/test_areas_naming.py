"""People write old names and new ones, with marks and without; the area is found."""

from datetime import date

import pytest

from districts.geocoding.areas import named
from districts.models import Area, Lineage
from tests import zoo

pytestmark = pytest.mark.django_db
MERGED = date(2025, 7, 1)


def renamed(edition, code, kind, name):
    Area.objects.filter(edition=edition, code=code).update(kind=kind, name=name)
    zoo.changed("edition", edition.name)


@pytest.fixture
def town():
    """Today's wards; before them other wards and two districts, of which one ward is in each."""
    boxes = zoo.ward_boxes()
    now = zoo.edition(boxes)
    before = zoo.edition(
        {"11": boxes["101"], "12": boxes["103"], "13": boxes["105"]},
        name="zoo-2021", since=date(2021, 1, 1), until=MERGED,
    )  # fmt: skip
    districts = zoo.edition(
        {"760": (106.70, 10.76, 106.71, 10.79), "770": (106.71, 10.76, 106.73, 10.79)},
        name="zoo-2021", level="district", since=date(2021, 1, 1), until=MERGED,
    )  # fmt: skip
    renamed(now, "101", "Phường", "Sài Gòn")
    renamed(now, "102", "Xã", "Thanh An")
    renamed(now, "103", "Xã", "Thạnh An")
    renamed(now, "104", "Phường", "Tân Hoà")
    renamed(before, "11", "Phường", "1")
    renamed(before, "12", "Phường", "1")
    renamed(before, "13", "Phường", "Đa Kao")
    renamed(districts, "760", "Quận", "1")
    renamed(districts, "770", "Thành phố", "Thủ Đức")
    return now, before, districts


def codes(name, **asked):
    return [(one.level, one.code) for one in named(name, **asked)]


@pytest.mark.parametrize(
    "typed", ["Phường Tân Hòa", "P. Tân Hoà", "phuong tan hoa", "tân hòa", "Tan Hoa Ward"]
)
def test_a_ward_by_any_spelling(town, typed):
    assert codes(typed) == [("ward", "104")]


@pytest.mark.parametrize("typed", ["Quận 1", "Q.1", "q1", "Q 01", "District 1"])
def test_an_old_district_by_any_spelling(town, typed):
    assert codes(typed) == [("district", "760")]


def test_marks_that_were_written_count(town):
    assert codes("Thạnh An") == [("ward", "103")]
    assert codes("Thành An") == []


def test_without_marks_both_are_meant(town):
    assert codes("Thanh An") == [("ward", "102"), ("ward", "103")], "it may be its very spelling"
    assert codes("xa thanh an, tphcm") == [("ward", "102"), ("ward", "103")]
    assert codes("sai gon") == [("ward", "101")]


def test_the_district_narrows_the_ward(town):
    assert codes("Phường 1") == [("ward", "11"), ("ward", "12")]
    assert codes("P1, Q1") == [("ward", "11")]
    assert codes("P.1, TP Thủ Đức") == [("ward", "12")]
    assert codes("P.1, TP.HCM") == [("ward", "11"), ("ward", "12")]


def test_a_kind_that_changed_is_forgiven(town):
    assert codes("Quận Thủ Đức") == [("district", "770")]
    assert codes("xã Đa Kao") == [("ward", "13")]
    assert codes("Quận Đa Kao") == []


def test_level_and_day_narrow(town):
    assert codes("1", level="district") == [("district", "760")]
    assert codes("Đa Kao", on=date(2024, 5, 1)) == [("ward", "13")]
    assert codes("Đa Kao", on=date(2025, 7, 1)) == []


def test_what_an_old_ward_became_comes_with_it(town):
    now, before, _ = town
    old = Area.objects.get(edition=before, code="13")
    for code, share in (("105", 0.3), ("104", 0.7)):
        to = Area.objects.get(edition=now, code=code)
        Lineage.objects.create(from_area=old, to_area=to, area_share=share, back_share=1)
    [found] = named("Đa Kao")
    assert found.valid_to == MERGED
    assert [(one.area.code, one.share) for one in found.successors] == [("104", 0.7), ("105", 0.3)]


@pytest.mark.parametrize("typed", ["", " , ", "p", "Phường", "Bình Dương", "1" * 500, "\x00"])
def test_nothing_is_found_in_nothing(town, typed):
    assert named(typed) == []
