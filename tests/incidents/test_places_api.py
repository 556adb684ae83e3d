"""Places over HTTP: suggestions, candidates, words for a pin, and every mistake by its code."""

from __future__ import annotations

import json
import logging

import pytest

from incidents.models import Report
from tests import streets
from tests.incidents.test_api import problem

LON, LAT = streets.HANG_XANH


@pytest.fixture
def town(town):
    streets.lay()
    return town


@pytest.fixture
def geocode(client, town):
    def asking(**asked):
        return client.post("/api/v1/geocode", json.dumps(asked), "application/json")

    return asking


def test_what_is_typed_is_suggested(town, client):
    answer = client.get("/api/v1/suggest", {"q": "nga tu hang", "lon": LON, "lat": LAT})
    assert answer.headers["Cache-Control"] == "private, max-age=300"
    body = answer.json()
    first = body["suggestions"][0]
    assert (first["label"], first["kind"]) == ("Ngã tư Hàng Xanh", "junction")
    assert first["detail"] == "Phường Zoo 105"
    assert (first["lon"], first["lat"]) == pytest.approx((LON, LAT))
    assert first["text"] == ""
    assert body["attribution"] == ["© Zoo"]


@pytest.mark.parametrize(
    ("typed", "detail"),
    [
        ("bonard", "tên cũ của Lê Lợi, Phường Zoo 101"),
        ("12 le loi", "Phường Zoo 101"),
        ("phuong zoo 103", ""),
    ],
)
def test_a_suggestion_says_which_of_several_it_is(town, client, typed, detail):
    [first, *_] = client.get("/api/v1/suggest", {"q": typed}).json()["suggestions"]
    assert first["detail"] == detail


def test_nothing_typed_has_no_suggestion(town, client):
    for empty in ({}, {"q": " "}, {"q": "\0"}):
        assert client.get("/api/v1/suggest", empty).json() == {"suggestions": [], "attribution": []}


def test_a_text_becomes_places_with_how_sure_and_why(geocode):
    answer = geocode(text="ổ gà trước số 45 Lê Lợi, phường Zoo 101")
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    assert body["type"] == "FeatureCollection"
    assert body["attribution"] == ["© Zoo"]
    [first, *_] = body["features"]
    assert first["geometry"]["type"] == "Point"
    told = first["properties"]
    assert told["means"] == "house"
    assert 0.8 <= told["confidence"] <= 1
    assert told["accuracy_m"] > 0
    assert told["ward"]["full_name"] == "Phường Zoo 101"
    assert "trong khu vực được nêu" in told["why"]
    street = next(part for part in told["parts"] if part["taken_for"] == "street")
    assert (street["text"], street["name"]) == ("Lê Lợi", "Lê Lợi")


def test_a_text_of_two_places_gives_both_and_the_nearer_first(geocode):
    near = {"lon": 106.725, "lat": 10.785}
    answers = [geocode(text="Lê Lợi", **more).json() for more in ({"near": near}, {"limit": 1})]
    wards = [
        [one["properties"]["ward"]["code"] for one in answer["features"]] for answer in answers
    ]
    assert set(wards[0]) == {"101", "109"}
    assert wards[0][0] == "109"
    assert len(wards[1]) == 1


def test_no_place_is_no_error(geocode):
    answer = geocode(text="xin chào, cho tôi hỏi")
    assert (answer.status_code, answer.json()["features"]) == (200, [])


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"text": ""}, "geocoding.empty"),
        ({"text": " ?! "}, "geocoding.empty"),
        ({"text": "a" * 10_001}, "geocoding.too_long"),
        ({"text": "a\0b"}, "text.nul"),
        ({}, "request.invalid"),
        ({"text": "a", "limit": 0}, "request.invalid"),
        ({"text": "a", "near": {"lon": 106}}, "request.invalid"),
        ({"text": "a", "near": {"lon": 181, "lat": 10}}, "position.out_of_range"),
    ],
)
def test_each_mistake_is_told_by_its_code(geocode, asked, code):
    problem(geocode(**asked), 422, code)


def test_bad_numbers_are_told_by_their_code(town, client):
    problem(client.get("/api/v1/reverse", {"lon": "NaN", "lat": 10}), 422, "position.out_of_range")
    problem(client.get("/api/v1/reverse", {"lon": "east", "lat": 10}), 422, "request.invalid")
    problem(client.get("/api/v1/reverse", {"lon": LON}), 422, "request.invalid")
    lost = {"q": "a", "lon": 200, "lat": 10}
    problem(client.get("/api/v1/suggest", lost), 422, "position.out_of_range")


def test_a_pin_is_told_in_words(town, client):
    answer = client.get("/api/v1/reverse", {"lon": 106.7052, "lat": 10.7654})
    assert answer.json()["text"] == "trước 45 Lê Lợi, phường Zoo 101"
    assert answer.json()["attribution"] == ["© Zoo"]
    english = client.get("/api/v1/reverse", {"lon": 106.7052, "lat": 10.7654, "lang": "en"})
    assert "45 Lê Lợi" in english.json()["text"]


def test_what_people_type_is_in_no_log(town, client, geocode, caplog):
    caplog.set_level(logging.DEBUG)
    said = "45 Lê Lợi nhà bà Tư"
    geocode(text=said)
    client.get("/api/v1/suggest", {"q": said})
    form = {"category": "pothole", "address": said}
    client.post("/api/v1/reports", form)
    ours = [one.getMessage() for one in caplog.records if not one.name.startswith("django.db")]
    assert not [line for line in ours if "bà Tư" in line]


def test_a_report_in_words_alone_is_taken(town, client):
    form = {"category": "pothole", "address": "45 Lê Lợi, phường Zoo 101", "text": "Sâu lắm"}
    receipt = client.post("/api/v1/reports", form).json()
    assert (receipt["state"], receipt["ward"]["code"]) == ("incident", "101")
    followed = client.get(f"/api/v1/reports/{receipt['code']}").json()
    assert followed["position"]["lat"] == pytest.approx(10.7654, abs=0.0005)
    kinds = [moment["kind"] for moment in followed["timeline"]]
    assert kinds == ["received", "located", "opened", "assigned"]


def test_one_whose_place_is_not_sure_says_who_looks_for_it(town, client):
    receipt = client.post("/api/v1/reports", {"category": "pothole", "text": "đường Lê Lợi"}).json()
    assert (receipt["state"], receipt["incident"], receipt["ward"]) == ("waiting", None, None)
    assert "người trực tổng đài đang tìm" in receipt["message"]
    assert client.get(f"/api/v1/reports/{receipt['code']}").json()["position"] is None
    assert Report.objects.get().text == "đường Lê Lợi"


def test_the_description_names_the_ways_to_a_place(town, client):
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    for path, verb in (("geocode", "post"), ("suggest", "get"), ("reverse", "get")):
        described = paths[f"/api/v1/{path}"][verb]
        assert described["summary"]
        assert "422" in described["responses"]
