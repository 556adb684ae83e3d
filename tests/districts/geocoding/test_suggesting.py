"""Places while they are typed: by the beginning of any word, without marks, with a slip."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from districts.geocoding import suggesting, word_index
from districts.geocoding.suggesting import suggest
from districts.models import Edition, PlaceKind
from gis_core.positions import LonLat
from tests import streets, zoo

NEAR_109 = LonLat(106.725, 10.785)
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạ 0123456789/.,'\u0301\0\u200b日"


@pytest.fixture
def town(db):
    zoo.edition()
    streets.lay()


def names(typed, **more):
    return [one.name for one in suggest(typed, **more)]


@pytest.mark.parametrize(
    "typed",
    ["nga tu hang xanh", "Ngã 4 Hàng Xanh", "NGÃ TƯ HÀNG XANH", "hang x", "hangxanh", "hag xanh",
     "hàng xanh zoo 105", "nga tu hang xnah"],
)  # fmt: skip
def test_a_junction_is_suggested_however_it_is_begun(town, typed):
    first = suggest(typed)[0]
    assert (first.name, first.kind) == ("Ngã tư Hàng Xanh", PlaceKind.JUNCTION)
    assert (first.lonlat.lon, first.lonlat.lat) == pytest.approx(streets.HANG_XANH)
    assert first.ward.code == "105"
    assert 0 < first.accuracy_m <= 50


@pytest.mark.parametrize("typed", ["", " ", "?!", "\0", "zzzzzz"])
def test_nothing_is_suggested_for_nothing(town, typed):
    assert suggest(typed) == []


def test_of_two_streets_of_one_name_both_come_with_their_wards_the_nearer_first(town):
    here, there = suggest("le loi")[:2], suggest("le loi", near=NEAR_109)[:2]
    assert [one.ward.code for one in here] == ["101", "109"]
    assert [one.ward.code for one in there] == ["109", "101"]
    assert {one.name for one in here + there} == {"Lê Lợi"}


def test_the_ward_that_is_named_decides_before_nearness(town):
    assert suggest("le loi zoo 109")[0].ward.code == "109"


def test_a_former_name_is_said_to_be_one(town):
    [found] = suggest("bona")
    assert (found.name, found.former, found.present_name) == ("Bonard", True, "Lê Lợi")


def test_a_house_number_is_kept_for_the_geocoder(town):
    found = suggest("45 le l")[0]
    assert found.name == "45 Lê Lợi"
    assert found.text == "45 Lê Lợi, Phường Zoo 101"
    assert not any(one.text for one in suggest("le loi"))


def test_areas_of_today_and_of_before_are_places_too(town):
    zoo.edition({"01": zoo.square(0, 0)}, name="zoo-2021", level="district", until=zoo.SINCE,
                since=zoo.SINCE.replace(year=2021))  # fmt: skip
    ward = suggest("phuong zoo 101")[0]
    assert (ward.kind, ward.former, ward.name) == ("area", False, "Phường Zoo 101")
    district = suggest("quan zoo")[0]
    assert (district.kind, district.former, district.ward.code) == ("area", True, "101")
    assert district.box == pytest.approx(zoo.square(0, 0))


def test_what_lies_beyond_the_city_is_not_suggested(town):
    Edition.objects.update(published=False)
    zoo.changed("edition", "none")
    assert suggest("le loi") == []


def test_a_gazetteer_loaded_anew_is_seen_at_once(town):
    assert "Chợ Mới" not in names("cho moi")
    streets.lay(streets.point("m", "amenity/marketplace", (106.7, 10.77), "Chợ Mới"))
    assert names("cho moi")[0] == "Chợ Mới"


def test_whose_places_they_are_is_told(town):
    assert suggesting.attributions(suggest("le loi")) == ("© Zoo",)
    assert suggesting.attributions(suggest("phuong zoo")) == ()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(LETTERS, max_size=120))
def test_whatever_is_typed_is_answered_with_few_different_places(town, typed):
    found = suggest(typed)
    assert len(found) <= suggesting.MOST
    lines = [(one.name, one.kind, one.ward, one.text) for one in found]
    assert len(set(lines)) == len(lines)


WORDS = st.text("abc", min_size=1, max_size=3)


@settings(max_examples=60)
@given(st.lists(st.lists(WORDS, max_size=3), max_size=6), WORDS)
def test_a_beginning_finds_exactly_the_names_that_have_it(documents, word):
    index = word_index.build(documents)
    found = index.closeness(word, begun=True)
    for words, closeness in zip(documents, found, strict=True):
        exact = word in words
        assert (closeness == word_index.EXACT) == exact
        assert (closeness > 0) == any(one.startswith(word) for one in words)


@pytest.mark.parametrize(
    ("typed", "found"),
    [("hnag", True), ("hag", False), ("hangg", True), ("hanh", True), ("tong", False),
     ("bachdanh", True), ("2024", False)],
)  # fmt: skip
def test_a_slip_is_forgiven_in_words_of_four_letters_or_more(typed, found):
    index = word_index.build([["hang"], ["bachdang"], ["2023"]])
    assert bool(len(index.mistyped(typed))) == found
