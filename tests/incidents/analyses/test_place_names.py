"""Places of a ranked table have the street beside them and the ward around them."""

from __future__ import annotations

import pytest

from incidents.analyses.place_names import MOST, PlaceName, place_names
from tests import streets
from tests.kept_rows import town_again

BESIDE_LE_LOI = (106.7051, 10.7654)
IN_WARD_107 = (106.7021, 10.788)
AT_SEA = (107.9, 10.1)


@pytest.fixture
def town(db):
    town_again()
    streets.lay()


def test_many_places_at_once_in_their_order(town, django_assert_max_num_queries):
    place_names([BESIDE_LE_LOI], "vi")
    asked = [AT_SEA, BESIDE_LE_LOI, IN_WARD_107, BESIDE_LE_LOI] * 100
    with django_assert_max_num_queries(3):
        named = place_names(asked, "vi")
    le_loi = PlaceName("Lê Lợi", "Phường Zoo 101", "101")
    north, none = PlaceName("", "Phường Zoo 107", "107"), PlaceName("", "", "")
    assert named == [none, le_loi, north, le_loi] * 100


def test_in_english_and_within_bounds(town):
    [named] = place_names([BESIDE_LE_LOI], "en")
    assert (named.street, named.ward) == ("Lê Lợi", "Zoo 101 Ward")
    assert place_names([], "vi") == []
    with pytest.raises(ValueError, match="at most"):
        place_names([BESIDE_LE_LOI] * (MOST + 1), "vi")


@pytest.mark.django_db
def test_a_city_without_wards_has_places_without_names():
    assert place_names([BESIDE_LE_LOI], "vi") == [PlaceName("", "", "")]
