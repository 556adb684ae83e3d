"""What people write about a small town is found where it is, with a radius that says how well."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from districts.geocoding.found import Means
from districts.geocoding.geocoder import geocode
from gis_core.positions import LonLat
from tests.districts.geocoding import small_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(tmp_path):
    small_town.build(tmp_path)


def found(text, **options):
    best = geocode(text, **options).best
    assert best is not None, text
    return best, *small_town.metres(best.position.lonlat)


def test_a_known_house_is_where_it_stands(town):
    best, east, north = found("nhà số 51 Lê Văn Sỹ")
    assert best.means is Means.HOUSE
    assert (east, north) == pytest.approx((127.5, 1608), abs=3)
    assert best.ward.code == "104"


def test_a_house_between_known_ones_is_told_by_its_number(town):
    best, east, north = found("trước 400 đường Lê Văn Sỹ có ổ gà")
    assert best.means is Means.INTERPOLATED
    assert east == pytest.approx(1000, abs=100)
    assert abs(north - 1600) < 10
    assert "between_known_numbers" in best.why


def test_an_alley_on_the_map_is_its_own_line(town):
    best, east, north = found("hẻm 100 Lê Văn Sỹ")
    assert best.means is Means.ALLEY
    assert (east, north) == pytest.approx((250, 1700), abs=20)
    assert best.line.geom_type == "LineString"


def test_an_alley_that_is_not_on_the_map_is_its_mouth(town):
    best, east, _ = found("hẻm 600/7/2 Lê Văn Sỹ")
    assert best.means is Means.ALLEY_MOUTH
    assert east == pytest.approx(1500, abs=100)


def test_streets_cross_where_they_meet(town):
    best, east, north = found("ngã tư Lê Văn Sỹ - Trần Quang Diệu")
    assert best.means is Means.JUNCTION
    assert (east, north) == pytest.approx((1600, 1600), abs=5)


def test_a_stretch_is_a_line(town):
    best, _, _ = found("đoạn đường Trần Quang Diệu từ Lê Văn Sỹ đến Chợ Tân Định")
    assert best.line is not None


def test_a_landmark_is_found_by_its_name(town):
    best, east, north = found("gan cho Tan Dinh")
    assert best.means is Means.LANDMARK
    assert (east, north) == pytest.approx((500, 700), abs=5)


def test_a_street_is_cut_to_the_ward_named(town):
    _, east, _ = found("dọc đường Lê Văn Sỹ, phường Zoo 106")
    assert east > 2 * small_town.WARD_M


def test_a_name_in_two_places_gives_both(town):
    answer = geocode("đường Hoà Bình")
    codes = {one.ward.code for one in answer.candidates}
    assert codes == {"101", "109"}
    assert all(one.confidence < 0.7 for one in answer.candidates)


def test_the_ward_named_decides_between_two_places(town):
    best, _, _ = found("đường Hoà Bình, phường Zoo 109")
    assert best.ward.code == "109"
    assert best.confidence > 0.7


def test_where_the_writer_is_decides_between_two_places(town):
    lon, lat = small_town.at(300, 300)
    best, _, _ = found("đường Hoà Bình", near=LonLat(lon, lat))
    assert best.ward.code == "101"


def test_a_wrong_ward_lowers_the_confidence_and_hides_nothing(town):
    right, east, _ = found("300 Lê Văn Sỹ, phường Zoo 104")
    wrong, same_east, _ = found("300 Lê Văn Sỹ, phường Zoo 107")
    assert same_east == pytest.approx(east, abs=right.position.accuracy_m)
    assert wrong.means is Means.INTERPOLATED
    assert wrong.confidence < right.confidence


def test_only_a_ward_gives_a_point_in_it(town):
    best, _, _ = found("khu vực phường Zoo 105")
    assert (best.means, best.ward.code) == (Means.AREA, "105")
    assert best.position.accuracy_m > 300


@pytest.mark.parametrize(
    "text",
    [
        "ngã tư lê văn sĩ giao trần quang diệu",
        "NGÃ TƯ LÊ VĂN SỸ - TRẦN QUANG DIỆU",
        "góc L.V. Sỹ và Trần Quang Diệu",
        "góc Lê Văn Sỹ Trần Quang Diệu",
        "ngã tư Lê Văn Ssỹ - Trần Qaung Diệu",
    ],
)
def test_a_crossing_is_found_however_it_is_written(town, text):
    _, east, north = found(text)
    assert (east, north) == pytest.approx((1600, 1600), abs=5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nhà tôi bị cúp điện rồi",
        "25 Hùng Vương, TP. Đà Lạt, Lâm Đồng bị xì ống nước",
        "Cho hỏi lịch chạy xe buýt ngày lễ",
        "đường hư quá",
        "12 Trần Nhân Tông",
        "Lai roi, cuu voi",
        "toi muon hoi thu tuc cap lai CCCD",
        "bệnh viện gần nhà",
        "tôi là Trần Quang Diệu",
        "anh Hoà Bình ơi gọi lại nhé",
    ],
)
def test_a_text_without_a_place_has_no_answer(town, text):
    assert geocode(text).candidates == ()


def test_an_answer_credits_its_source(town):
    assert geocode("51 Lê Văn Sỹ").attributions == ("© OpenStreetMap contributors",)


def test_every_part_of_an_answer_is_a_part_of_the_text(town):
    answer = geocode("nhà 51 Le Van Sy, p. Zoo 104")
    for part in answer.best.parts:
        assert answer.text[part.start : part.end] == part.text
    assert "Lê Văn Sỹ" in {part.name for part in answer.best.parts}


def test_the_command_tells_what_was_read_and_why(town):
    told = StringIO()
    call_command("geocode", "51 Lê Văn Sỹ", language="vi", stdout=told)
    assert "51 Lê Văn Sỹ" in told.getvalue()
    assert "số nhà đã biết" in told.getvalue()


def test_the_command_gives_values(town):
    told = StringIO()
    call_command("geocode", "51 Lê Văn Sỹ", "--json", stdout=told)
    values = json.loads(told.getvalue())
    assert values["candidates"][0]["ward_code"] == "104"
    assert values["candidates"][0]["means"] == "house"


@pytest.mark.parametrize(
    "text", ["Trần Quang Diệu", "trần quang diệu, phường Zoo 105", "Tran Quang Dieu"]
)
def test_a_street_comes_before_what_is_called_after_it(town, text):
    best, _, _ = found(text)
    assert best.means is Means.STREET


def test_a_word_for_what_it_is_leads_to_what_is_called_after_a_street(town):
    best, east, _ = found("trước bệnh viện Trần Quang Diệu")
    assert best.means is Means.LANDMARK
    assert east == pytest.approx(1700, abs=5)


@pytest.mark.parametrize("place", ["Lê Văn Sỹ", "lê văn sỹ", "Le Van Sy"])
def test_a_street_without_a_word_for_it_is_cut_to_the_ward(town, place):
    best, east, _ = found(f"{place}, phường Zoo 106")
    assert best.means is Means.STREET
    assert east > 2 * small_town.WARD_M


@pytest.mark.parametrize(
    "place",
    ["đường Trần Nhân Tông", "Trần Nhân Tông", "12 Trần Nhân Tông", "hẻm 7/2", "12/3"],
)
def test_an_area_is_unsure_where_more_was_said_than_is_known(town, place):
    best, _, _ = found(f"{place}, phường Zoo 105")
    assert best.means is Means.AREA
    assert best.confidence <= 0.5
    assert found("nước ngập, phường Zoo 105")[0].confidence > 0.8


@pytest.mark.parametrize("number", ["30", "1150", "30/4"])
def test_a_number_known_elsewhere_does_not_lead_out_of_the_ward_named(town, number):
    """The street passes the ward; its numbers there run past what is known."""
    best, _, _ = found(f"{number} Lê Văn Sỹ, phường Zoo 105")
    assert best.ward.code == "105"
    assert best.confidence < 0.7
