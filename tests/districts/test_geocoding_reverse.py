"""A pin in words: what people would say who stand there."""

from __future__ import annotations

import pytest
from django.contrib.gis.geos import LineString, MultiPolygon, Point, Polygon
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from districts.geocoding.gazetteer import Nearby
from districts.geocoding.keys import place_key
from districts.geocoding.reverse import Near, chosen, describe
from districts.models import Area, Crossing, Gazetteer, Place, PlaceKind
from gis_core.positions import LonLat
from tests import zoo

WEST, SOUTH, METRE = 106.705, 10.765, 1 / 110_000
"""The middle of ward 101, and about a metre in degrees."""


def at(east_m, north_m):
    return WEST + east_m * METRE, SOUTH + north_m * METRE


@pytest.fixture
def town(db):
    """Lê Lợi runs east, Pasteur north through it; an alley, a house, a market, a park, a stop."""
    wards = zoo.edition(zoo.ward_boxes())
    Area.objects.filter(edition=wards, code="101").update(kind="Phường", name="Sài Gòn")
    zoo.changed("edition", wards.name)
    source = Gazetteer.objects.create(code="zoo", title="Zoo", attribution="© Zoo")

    def put(kind, name, shape, *, street="", number="", weight=0.5):
        return Place.objects.create(
            gazetteer=source, reference=name, kind=kind, name=name, shape=shape, weight=weight,
            point=shape.centroid, street_key=place_key(street), number=number,
        )  # fmt: skip

    le_loi = put(
        PlaceKind.STREET, "Lê Lợi", LineString(at(-300, 0), at(300, 0), srid=4326), street="Lê Lợi"
    )
    pasteur = put(
        PlaceKind.STREET, "Pasteur", LineString(at(0, -300), at(0, 300), srid=4326),
        street="Pasteur",
    )  # fmt: skip
    put(PlaceKind.STREET, "Đường số 9", LineString(at(-300, -200), at(-100, -200), srid=4326))
    first, second = sorted((le_loi.id, pasteur.id))
    Crossing.objects.create(first_id=first, second_id=second, point=Point(*at(0, 0), srid=4326))
    put(PlaceKind.HOUSE, "45 Lê Lợi", Point(*at(150, 10), srid=4326), street="Lê Lợi", number="45")
    put(
        PlaceKind.ALLEY, "Hẻm 602 Lê Lợi", LineString(at(-200, 5), at(-200, 150), srid=4326),
        street="Lê Lợi", number="602",
    )  # fmt: skip
    put(
        PlaceKind.HOUSE, "Đối diện 90 Lê Lợi", Point(*at(-100, 10), srid=4326), street="Lê Lợi",
        number="90",
    )  # fmt: skip
    put(PlaceKind.STREET, "Đồng Khởi Street", LineString(at(-450, -350), at(-300, -350), srid=4326))
    put(PlaceKind.LANDMARK, "Chợ Bến Thành", Point(*at(150, 200), srid=4326), weight=0.9)
    put(PlaceKind.LANDMARK, "Quán Ốc", Point(*at(150, 140), srid=4326), weight=0.2)
    put(PlaceKind.STOP, "Trạm Chợ", Point(*at(150, 130), srid=4326))
    lawn = MultiPolygon(Polygon.from_bbox((*at(200, -250), *at(300, -150))), srid=4326)
    put(PlaceKind.LANDMARK, "Công viên Vườn", lawn)


def told(east_m, north_m, language="vi"):
    with translation.override(language):
        return describe(LonLat(*at(east_m, north_m))).label


@pytest.mark.parametrize(
    ("east_m", "north_m", "words"),
    [
        (152, 12, "trước 45 Lê Lợi, phường Sài Gòn"),
        (150, -10, "trước 45 Lê Lợi, phường Sài Gòn"),
        (-100, 5, "đối diện 90 Lê Lợi, phường Sài Gòn"),
        (-400, -350, "Đồng Khởi Street, phường Sài Gòn"),
        (5, 5, "góc Lê Lợi và Pasteur, phường Sài Gòn"),
        (-200, 80, "hẻm 602 Lê Lợi, phường Sài Gòn"),
        (80, 5, "đường Lê Lợi, gần số 45, phường Sài Gòn"),
        (3, 200, "đường Pasteur, phường Sài Gòn"),
        (-200, -190, "đường số 9, phường Sài Gòn"),
        (160, 150, "gần Chợ Bến Thành, phường Sài Gòn"),
        (250, -200, "tại Công viên Vườn, phường Sài Gòn"),
        (-450, 450, "phường Sài Gòn"),
    ],
)
def test_a_pin_in_words(town, east_m, north_m, words):
    assert told(east_m, north_m) == words


def test_the_same_in_english(town):
    assert told(152, 12, "en") == "in front of 45 Lê Lợi, Sài Gòn Ward"
    assert told(5, 5, "en") == "corner of Lê Lợi and Pasteur, Sài Gòn Ward"
    assert told(80, 5, "en") == "Lê Lợi street, near number 45, Sài Gòn Ward"
    assert told(160, 150, "en") == "near Chợ Bến Thành, Sài Gòn Ward"


def test_outside_every_ward_and_far_from_everything_there_are_no_words(town):
    described = describe(LonLat(106.5, 10.5))
    assert (described.label, described.ward, described.told.near) == ("", None, Near.NOWHERE)


def test_it_costs_two_questions_and_the_attribution_can_be_told(
    town, django_assert_max_num_queries
):
    here = LonLat(*at(5, 5))
    describe(here)
    with django_assert_max_num_queries(3):  # one more where the catalogue's version is asked
        described = describe(here)
    assert len(described.told.places) == 2


def nearby():
    return st.builds(
        Nearby,
        place=st.integers(1, 9),
        kind=st.sampled_from(PlaceKind),
        name=st.sampled_from(["", "A", "Lê Lợi", "Chợ"]),
        number=st.sampled_from(["", "45"]),
        street_key=st.sampled_from(["", "leloi"]),
        distance_m=st.floats(0, 200),
        lonlat=st.just(LonLat(106.7, 10.77)),
        weight=st.floats(0, 1),
    )


@given(st.lists(nearby(), max_size=6))
def test_what_is_told_is_one_of_the_places_near(places):
    places.sort(key=lambda one: one.distance_m)
    told = chosen(places, None)
    assert set(told.places) <= {one.place for one in places}
    houses = [one for one in places if one.kind == PlaceKind.HOUSE and one.distance_m <= 25]
    assert (told.near is Near.HOUSE) == bool(houses)
