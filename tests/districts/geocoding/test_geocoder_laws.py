"""What holds for every text: the way it is typed moves nothing, and no text is too odd."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from districts.geocoding.geocoder import geocode
from districts.geocoding.parsed import Parsed
from districts.geocoding.resolving import resolve
from gis_core.names import folded
from gis_core.positions import distance_m
from tests.districts.geocoding import small_town

pytestmark = pytest.mark.django_db

ONE_TOWN = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXTS = [
    "51 Lê Văn Sỹ, Phường Zoo 104",
    "trước nhà số 400 đường Lê Văn Sỹ",
    "hẻm 100 Lê Văn Sỹ, Phường Zoo 104",
    "hẻm 600/7 Lê Văn Sỹ",
    "ngã tư Lê Văn Sỹ - Trần Quang Diệu",
    "gần Chợ Tân Định",
    "đối diện Bệnh viện Nhi Đồng",
    "12 Nguyễn Thị Minh Khai, Phường Zoo 103",
    "đường Hoà Bình, Phường Zoo 109",
    "dọc đường Trần Quang Diệu, Phường Zoo 108",
    "khu vực Phường Zoo 105",
]
SHORT = [
    ("Phường ", "P."),
    ("Phường ", "p "),
    ("đường ", "đ. "),
    ("ngã tư", "ngã 4"),
    ("Nguyễn Thị Minh Khai", "NTMK"),
    ("Nguyễn Thị Minh Khai", "N.T.M. Khai"),
    ("Lê Văn Sỹ", "L.V. Sỹ"),
    ("Lê Văn Sỹ", "Lê Văn Sĩ"),
    ("Hoà", "Hòa"),
    ("Bệnh viện", "BV"),
    ("số ", ""),
    (" - ", " giao "),
]
TYPED = [
    folded_keeping_signs := lambda text: "".join(
        folded(letter) if letter.isalpha() else letter for letter in text
    ),
    str.upper,
    str.lower,
    str.title,
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: unicodedata.normalize("NFD", text).upper(),
    lambda text: folded_keeping_signs(text).upper(),
    lambda text: f"  {text} !!!",
    lambda text: text.replace(" ", "  "),
    lambda text: f"Kính gửi tổng đài, {text} bị ngập nặng, nhờ xử lý",
]


@pytest.fixture
def town(tmp_path):
    small_town.build(tmp_path)


def moved_no_farther_than_the_radius(text, other):
    best, again = geocode(text).best, geocode(other).best
    assert best is not None
    assert again is not None, other
    away = distance_m(best.position.lonlat, again.position.lonlat)
    assert away <= best.position.accuracy_m, other


@ONE_TOWN
@given(text=st.sampled_from(TEXTS), typed=st.sampled_from(TYPED))
def test_marks_case_and_unicode_form_move_nothing(town, text, typed):
    moved_no_farther_than_the_radius(text, typed(text))


@ONE_TOWN
@given(text=st.sampled_from(TEXTS), short=st.lists(st.sampled_from(SHORT), min_size=1, max_size=3))
def test_short_forms_move_nothing(town, text, short):
    other = text
    for full, brief in short:
        other = other.replace(full, brief)
    moved_no_farther_than_the_radius(text, other)


@ONE_TOWN
@given(text=st.sampled_from(TEXTS), data=st.data())
def test_marks_lost_here_and_there_move_nothing(town, text, data):
    words = text.split(" ")
    bare = data.draw(st.lists(st.booleans(), min_size=len(words), max_size=len(words)))
    other = " ".join(
        TYPED[0](word) if lost else word for word, lost in zip(words, bare, strict=True)
    )
    moved_no_farther_than_the_radius(text, other)


@settings(ONE_TOWN, max_examples=80)
@given(text=st.one_of(st.text(max_size=400), st.lists(st.sampled_from(TEXTS)).map(" ".join)))
def test_no_text_is_too_odd(town, text):
    answer = geocode(text)
    confidences = [one.confidence for one in answer.candidates]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= one <= 1 for one in confidences)
    assert geocode(text) == answer


@pytest.mark.parametrize(
    "text", ["Lê " * 3333, "12/3 Lê Văn Sỹ, " * 625, "\u0301" * 10_000, "1" * 10_000]
)
def test_no_text_is_too_long(town, text):
    assert len(text) <= 10_000
    assert len(geocode(text).candidates) <= 5


def test_nothing_said_is_nothing_found(town):
    assert resolve(Parsed("", (), ())) == []
