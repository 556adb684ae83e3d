"""Where the gazetteer is unsure the configured service is asked: with manners, for the place."""

import logging
import socket
import time
from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from districts.geocoding.areas import AreaReading
from districts.geocoding.chain import geocode_with_externals
from districts.geocoding.external import asking, place_words
from districts.geocoding.found import Means
from districts.geocoding.geocoder import geocode
from districts.geocoding.parser import parse
from districts.models import ExternalAnswer, ExternalTurn
from tests import zoo
from tests.districts.geocoding import external_server

pytestmark = pytest.mark.django_db
TEXT = "Chị Hoa 0903123456 báo: ổ gà ở số 12 đường Lưu Hữu Tưởng, gần nhà"
FORMS = ["nominatim", "photon", "pelias"]


@pytest.fixture
def service(settings):
    zoo.edition()
    with external_server.running() as (address, behaviour):
        settings.WARDWISE_GEOCODER = "nominatim"
        settings.WARDWISE_GEOCODER_URL = address
        settings.WARDWISE_GEOCODER_USER_AGENT = "wardwise-tests (tests@example.org)"
        settings.WARDWISE_GEOCODER_INTERVAL_MS = 0
        settings.WARDWISE_GEOCODER_TIMEOUT_S = 1
        yield behaviour


def external(text=TEXT):
    found = geocode_with_externals(text).candidates
    return [one for one in found if one.means == Means.EXTERNAL]


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_service_is_understood(service, settings, form):
    settings.WARDWISE_GEOCODER = form
    [found] = external()
    assert (found.position.lonlat.lon, found.position.lonlat.lat) == (106.715, 10.775)
    assert found.ward.code == "105"
    assert found.label.startswith("Chợ Zoo")
    assert found.position.accuracy_m == 60
    assert 0 < found.confidence < 0.5, "never as sure as the gazetteer can be"


def test_its_attribution_is_shown(service):
    assert "© OpenStreetMap contributors, ODbL 1.0" in geocode_with_externals(TEXT).attributions


def test_nobody_is_asked_unless_configured(service, settings):
    settings.WARDWISE_GEOCODER = ""
    assert geocode_with_externals(TEXT) == geocode(TEXT)
    assert service.asked == []


def test_nobody_is_asked_where_the_gazetteer_is_sure(service):
    assert geocode_with_externals("10.7751, 106.7052") == geocode("10.7751, 106.7052")
    assert service.asked == []


@pytest.mark.parametrize("text", ["", "nhà tôi bị cúp điện rồi", "15 Lê Lợi, TP. Huế"])
def test_nobody_is_asked_for_no_place_or_another_province(service, text):
    assert external(text) == []
    assert service.asked == []


@pytest.mark.parametrize("form", FORMS)
def test_only_the_words_of_the_place_are_sent(service, settings, form):
    settings.WARDWISE_GEOCODER = form
    settings.WARDWISE_GEOCODER_KEY = "k"
    external()
    [(_, parameters, user_agent)] = service.asked
    [said] = [parameters[name] for name in ("q", "text") if name in parameters]
    assert "12 lưu hữu tưởng" in said.casefold()
    assert "hồ chí minh" in said.casefold()
    for private in ("hoa", "0903123456", "ổ gà", "báo"):
        assert private not in said.casefold()
    assert user_agent == "wardwise-tests (tests@example.org)"


@pytest.mark.parametrize(
    "text",
    [
        "12 đường Lưu Hữu Tưởng chị Lan 0903 123 456",
        "12 đường Lưu Hữu Tưởng, anh Minh, minh@example.org",
        "gọi 0903.123.456 gặp anh Minh, 12 đường Lưu Hữu Tưởng",
    ],
)
def test_names_and_telephones_beside_the_place_stay_here(service, text):
    external(text)
    said = " ".join(parameters["q"] for _, parameters, _ in service.asked).casefold()
    assert "lưu hữu tưởng" in said
    assert not any(private in said for private in ("lan", "minh,", "anh", "090", "123", "@"))


def test_the_areas_named_are_sent_and_weigh(service):
    zoo.edition(
        {"760": (106.70, 10.76, 106.73, 10.79), "770": (106.80, 10.76, 106.83, 10.79)},
        name="old", level="district", since=None, until=zoo.SINCE,
    )  # fmt: skip
    [inside] = external(TEXT + ", Quận Zoo 760")
    [outside] = external(TEXT + ", Quận Zoo 770")
    assert "Quận Zoo 760" in service.asked[0][1]["q"]
    assert inside.confidence > outside.confidence


def test_what_lies_outside_the_city_is_left_out(service):
    service.known = [{**external_server.MARKET, "lon": 105.85, "lat": 21.03}]
    assert external() == []


def test_an_answer_is_kept_and_expires(service):
    first = external()
    assert external() == first
    assert len(service.asked) == 1
    ExternalAnswer.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert external() == first
    assert len(service.asked) == 2
    [kept] = ExternalAnswer.objects.all()
    assert "Lưu Hữu Tưởng" not in str(kept.__dict__), "what was asked is not kept"


def test_nothing_found_is_kept_for_a_day(service):
    service.known = []
    assert external() == []
    assert external() == []
    assert len(service.asked) == 1
    kept = ExternalAnswer.objects.get().expires_at - timezone.now()
    assert timedelta(hours=23) < kept <= timedelta(days=1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": b"<html>no"},
        {"body": b'{"features": 3}'},
        {"body": b'[{"lat": "north", "lon": "east", "display_name": 1}]'},
        {"body": b'[{"lat": null}]'},
        {"body": b'[{"lat": "NaN", "lon": "Infinity"}]'},
        {"body": b"[" * 100_000},
        {"body": b"\xff\xfe"},
        {"status": 500},
        {"status": 403},
        {"status": 429},
        {"hold_s": 1.4},
    ],
    ids=str,
)
def test_a_service_that_fails_adds_nothing_and_is_left_alone(service, caplog, wrong):
    for name, value in wrong.items():
        setattr(service, name, value)
    with caplog.at_level(logging.DEBUG):
        assert geocode_with_externals(TEXT).candidates == geocode(TEXT).candidates
        external(TEXT + " thứ hai")
    assert len(service.asked) == 1, "it is not asked again at once"
    assert "not asked for 30 s" in caplog.text
    assert "Tưởng" not in caplog.text


def test_it_is_left_alone_as_long_as_it_asks_for(service):
    service.status, service.headers = 429, {"Retry-After": "120"}
    external()
    pause = ExternalTurn.objects.get().not_before - timezone.now()
    assert timedelta(seconds=110) < pause <= timedelta(seconds=120)


def test_nobody_listening_is_no_failure_of_ours(service, settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.WARDWISE_GEOCODER_URL = f"http://127.0.0.1:{free.getsockname()[1]}"
    assert external() == []


def test_questions_are_parted_by_the_interval(service, settings):
    settings.WARDWISE_GEOCODER_INTERVAL_MS = 300
    began = time.monotonic()
    for number in range(1, 4):
        assert external(f"{number} đường Lưu Hữu Tưởng")
    assert time.monotonic() - began >= 0.6


def test_a_turn_that_is_far_off_is_not_waited_for(service, settings):
    settings.WARDWISE_GEOCODER_INTERVAL_MS = int(asking.LONGEST_WAIT_S * 1000) + 60_000
    assert external()
    began = time.monotonic()
    assert external("13 đường Lưu Hữu Tưởng") == []
    assert time.monotonic() - began < asking.LONGEST_WAIT_S
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"WARDWISE_GEOCODER": "google"}, "districts.E001"),
        ({"WARDWISE_GEOCODER_URL": ""}, "districts.E002"),
        ({"WARDWISE_GEOCODER_USER_AGENT": " "}, "districts.E003"),
        (
            {
                "WARDWISE_GEOCODER_URL": "https://nominatim.openstreetmap.org",
                "WARDWISE_GEOCODER_INTERVAL_MS": 200,
            },
            "districts.E004",
        ),
        ({"WARDWISE_GEOCODER_TIMEOUT_S": 0}, "districts.E005"),
    ],
)
def test_a_service_that_cannot_be_asked_stops_the_start(service, settings, wrong, code):
    for name, value in wrong.items():
        setattr(settings, name, value)
    [problem] = [one for one in run_checks() if one.id.startswith("districts.")]
    assert problem.id == code
    assert "WARDWISE_GEOCODER" in problem.msg + problem.hint


def test_a_service_that_can_be_asked_starts(service):
    assert [one for one in run_checks() if one.id.startswith("districts.")] == []


@given(
    st.lists(
        st.sampled_from([
            "12 Lưu Hữu Tưởng", "gần chợ Zoo", "0903 123 456", "0903123456", "+84 903-123-456",
            "chị Lan", "anh Minh", "lan@example.org", "ngã tư", "hẻm 5", "và", ",", "-", "bị ngập",
            "gặp", "số điện thoại",
        ]),
        max_size=8,
    )
)  # fmt: skip
def test_no_telephone_and_no_address_of_a_person_is_ever_sent(parts):
    said = place_words(parse(" ".join(parts)), AreaReading(), "")
    assert "@" not in said
    digits = "".join(letter for letter in said if letter.isdigit() or letter.isalpha())
    assert "903123456" not in digits
