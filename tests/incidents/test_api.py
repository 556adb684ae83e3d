"""The API as a client meets it: answers, and every mistake with its own clear error."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from incidents import codes, listing, pipeline, services
from incidents.models import Contact, Incident, MissedRead, Photo, Report
from tests import zoo
from tests.incidents.conftest import INSIDE, picture
from tests.incidents.test_photos import GPS, with_exif
from tests.incidents.test_receiving import SAID, at

LON, LAT = INSIDE
FORM = {"lon": LON, "lat": LAT, "category": "pothole", "text": "Ổ gà sâu"}


def photo(content=None, name="photo.jpg"):
    return SimpleUploadedFile(name, picture() if content is None else content, "image/jpeg")


@pytest.fixture
def send(client, town):
    """Send a report; fields given replace those of a good one, None leaves one out."""

    def sending(key="key-1", **fields):
        form = {name: value for name, value in {**FORM, **fields}.items() if value is not None}
        return client.post("/api/v1/reports", form, headers={"Idempotency-Key": key} if key else {})

    return sending


def problem(response, status, code):
    """Assert that the response is this problem, whole, and return it."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert set(body) == {"type", "title", "status", "code", "facts"}
    assert (body["code"], body["status"]) == (code, status)
    assert body["type"] == f"/docs/errors#{code}"
    assert "%(" not in body["title"]
    return body


def test_a_report_is_taken_and_followed(send, client):
    sent = send(photos=[photo(), photo(picture(colour="blue"))], phone="0903 123 456", name="Lan")
    assert sent.status_code == 201
    receipt = sent.json()
    assert receipt["ward"]["full_name"] == "Phường Zoo 101"
    assert receipt["agency"] == {"code": "ubnd-101", "name": "UBND Phường 101"}
    assert receipt["because"]
    assert (receipt["state"], receipt["needs_triage"]) == ("incident", False)
    assert receipt["track_url"] == f"/t/{receipt['code']}"

    followed = client.get(f"/api/v1/reports/{receipt['code'].lower().replace('-', ' ')}").json()
    assert followed["status"] == "assigned"
    assert followed["words"] == "Ổ gà sâu"
    assert followed["position"] == {"lon": LON, "lat": LAT}
    assert [moment["kind"] for moment in followed["timeline"]] == ["received", "opened", "assigned"]
    assert followed["timeline"][2]["text"] == "Đã chuyển đến UBND Phường 101."
    assert len(followed["photos"]) == 2
    assert "0903123456" not in json.dumps(followed).replace(" ", "")
    assert "Lan" not in json.dumps(followed)
    image = client.get(followed["photos"][0])
    assert (image.status_code, image.headers["Content-Type"]) == (200, "image/jpeg")
    assert image.headers["Cache-Control"] == "private, no-store"
    assert b"".join(image.streaming_content).startswith(b"\xff\xd8")


def test_a_retry_gets_the_same_receipt_and_makes_nothing(send):
    first, second = send(photos=[photo()]), send(photos=[photo()])
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert (Report.objects.count(), Incident.objects.count(), Photo.objects.count()) == (1, 1, 1)


def test_the_key_of_another_report_is_refused(send):
    send()
    problem(send(text="other"), 409, "idempotency.reused")
    assert Report.objects.count() == 1


def test_without_a_key_each_sending_is_its_own(send):
    assert send(key=None).json()["code"] != send(key=None).json()["code"]


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"lon": "NaN"}, 422, "position.out_of_range"),
        ({"lat": "Infinity"}, 422, "position.out_of_range"),
        ({"lon": 181}, 422, "position.out_of_range"),
        ({"lon": 0, "lat": 0}, 422, "position.null_island"),
        ({"lon": LAT, "lat": LON}, 422, "position.swapped"),
        ({"lon": 107.5, "lat": 9.9}, 422, "position.outside_city"),
        ({"lon": "east"}, 422, "request.invalid"),
        ({"lon": None}, 422, "position.out_of_range"),
        ({"lon": None, "lat": None, "text": " "}, 422, "position.missing"),
        ({"address": "a" * 301}, 422, "text.too_long"),
        ({"accuracy": -5}, 422, "position.bad_accuracy"),
        ({"method": "guess"}, 422, "request.invalid"),
        ({"category": "dragon"}, 422, "category.unknown"),
        ({"category": "pot\0hole"}, 422, "category.unknown"),
        ({"category": None}, 422, "request.invalid"),
        ({"text": "a" * 4001}, 422, "text.too_long"),
        ({"text": "a\0b"}, 422, "text.nul"),
        ({"phone": "call me"}, 422, "contact.bad_phone"),
        ({"email": "lan@"}, 422, "contact.bad_email"),
        ({"photos": [photo(b"a text called photo.jpg")]}, 422, "photo.not_a_photo"),
        ({"photos": [photo(b"\0\0\0\x18ftypheic" + bytes(40))]}, 422, "photo.heic"),
        ({"photos": [photo(picture()[:400])]}, 422, "photo.broken"),
        ({"photos": [photo(picture() + bytes(10_000_000))]}, 413, "photo.too_large"),
        ({"photos": [photo() for _ in range(6)]}, 422, "photo.too_many"),
        ({"photos": [photo(bytes(30_000_000))]}, 413, "request.too_large"),
        ({"text": "a" * 3_000_000}, 413, "request.too_large"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_each_mistake_has_its_own_clear_error(send, fields, status, code):
    told = problem(send(**fields), status, code)
    assert told["title"]
    assert Incident.objects.count() == 0
    assert Contact.objects.count() == 0


@pytest.mark.parametrize(("size", "read"), [(30_000_000, 30_000_000), (300_000_000, 0)])
def test_thirty_megabytes_pass_by_unkept_and_more_than_any_mistake_unread(client, town, size, read):
    class Body:
        given = 0

        def read(self, wanted):
            assert wanted <= 65_536
            self.given += wanted
            return bytes(wanted)

        readline = read

    body = Body()
    response = client.generic(
        "POST", "/api/v1/reports", **{"wsgi.input": body, "CONTENT_LENGTH": str(size)}
    )
    told = problem(response, 413, "request.too_large")
    assert told["facts"] == {"megabytes": size / 1e6, "largest": 25}
    assert body.given == read


@pytest.mark.parametrize(
    "body", [b"", b"--no-end", b"\0\xff", b'{"lon": 1}'], ids=["empty", "cut", "bytes", "json"]
)
@pytest.mark.parametrize(
    "kind",
    ["multipart/form-data; boundary=x", "multipart/form-data", "application/json", "text/x"],
)
def test_an_unreadable_body_is_a_clear_error(client, town, body, kind):
    response = client.post("/api/v1/reports", body, content_type=kind)
    assert response.status_code in {400, 422}
    problem(response, response.status_code, response.json()["code"])


def test_an_error_speaks_the_readers_language(client, town):
    address = "/api/v1/preview?lon=0&lat=0"
    vietnamese = client.get(address).json()["title"]
    assert vietnamese.startswith("Vị trí (0, 0)")
    for english in (
        client.get(f"{address}&lang=en"),
        client.get(address, headers={"Accept-Language": "en"}),
        client.get(address, headers={"Accept-Language": "fr, en-GB;q=0.5"}),
    ):
        assert english.json()["title"].startswith("The position (0, 0)")
    assert client.get(address, headers={"Accept-Language": "fr"}).json()["title"] == vietnamese


def test_a_preview_says_ward_agency_and_why(client, town):
    zoo.asset("park", (LON - 0.001, LAT - 0.001, LON + 0.001, LAT + 0.001))
    told = client.get("/api/v1/preview", {"lon": LON, "lat": LAT, "category": "litter"}).json()
    assert (told["ward"]["code"], told["how"]) == ("101", "inside")
    assert told["margin_m"] == pytest.approx(520, abs=5)
    assert told["edition"] == {"name": "zoo-2025", "approximate": False}
    assert told["assets"] == [{"kind": "park", "name": "park 1"}]
    assert told["agency"]
    assert told["because"]
    assert sum(one["share"] for one in told["candidates"]) == pytest.approx(1, abs=0.001)
    assert Report.objects.count() == 0


def test_a_preview_without_category_names_the_place_alone(client, town):
    told = client.get("/api/v1/preview", {"lon": LON, "lat": LAT}).json()
    assert told["ward"]["code"] == "101"
    assert (told["agency"], told["because"], told["certainty"]) == (None, "", None)


def test_a_preview_at_a_border_puts_the_question(client, town):
    border = zoo.ward_boxes()["101"][2]
    query = {"lon": border, "lat": LAT, "accuracy": 50, "category": "pothole", "lang": "en"}
    told = client.get("/api/v1/preview", query).json()
    assert told["needs_triage"]
    assert told["question"]
    assert {one["agency"] for one in told["candidates"]} == {"ubnd-101", "ubnd-102"}
    assert told["certainty"] == pytest.approx(0.5, abs=0.01)


def test_a_photo_offers_its_position_and_is_not_kept(client, town, settings):
    hint = client.post("/api/v1/photo-hint", {"photo": photo(with_exif(gps=GPS))})
    assert hint.json() == pytest.approx({"lon": 106.7004, "lat": 10.7769}, abs=1e-6)
    assert client.post("/api/v1/photo-hint", {"photo": photo()}).json() == {}
    text = client.post("/api/v1/photo-hint", {"photo": photo(b"text")})
    problem(text, 422, "photo.not_a_photo")
    problem(client.post("/api/v1/photo-hint"), 422, "request.invalid")
    assert not settings.MEDIA_ROOT.exists()


@pytest.fixture
def five(town):
    """Five incidents in three wards, an hour apart; the last two at the same moment."""
    start = datetime(2026, 3, 1, 16, tzinfo=UTC)  # 23:00 in the city
    for number, (hours, category) in enumerate(
        [(0, "pothole"), (1, "litter"), (2, "pothole"), (3, "flooding"), (3, "flooding")]
    ):
        moment = start + timedelta(hours=hours)
        pipeline.receive(
            replace(at(106.705 + 0.005 * number, 10.765), key=str(number), category=category,
                    reported_at=moment)
        )  # fmt: skip
    return list(Incident.objects.order_by("-opened_at", "-id").values_list("pk", flat=True))


def ids(response):
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"] == "application/geo+json"
    return [feature["id"] for feature in response.json()["features"]]


def test_the_list_is_geojson_newest_first(client, five):
    response = client.get("/api/v1/incidents", {"bbox": "106.70,10.76,106.73,10.77"})
    assert ids(response) == five
    body = response.json()
    assert (body["type"], body["next"]) == ("FeatureCollection", None)
    assert body["features"][-1]["geometry"] == {"type": "Point", "coordinates": [106.705, 10.765]}
    assert body["features"][-1]["properties"]["agency_name"] == "UBND Phường 101"


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_paging_gives_each_once_even_when_new_ones_come(client, five, limit):
    seen, cursor = [], None
    for _page in range(10):
        query = {"limit": limit, **({"cursor": cursor} if cursor else {})}
        response = client.get("/api/v1/incidents", query)
        seen += ids(response)
        pipeline.receive(replace(SAID, key=f"new-{_page}", reported_at=datetime.now(UTC)))
        cursor = response.json()["next"]
        if cursor is None:
            break
    assert seen == five


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"bbox": "106.70,10.76,106.7125,10.77"}, [4, 3]),
        ({"category": "pothole"}, [4, 2]),
        ({"category": ["pothole", "litter"]}, [4, 3, 2]),
        ({"category": "pothole,litter"}, [4, 3, 2]),
        ({"sector": "drainage"}, [1, 0]),
        ({"status": "assigned", "category": "litter"}, [3]),
        ({"status": "closed"}, []),
        ({"until": "2026-03-01"}, [4]),
        ({"since": "2026-03-02"}, [3, 2, 1, 0]),
        ({"since": "2026-03-02", "until": "2026-03-02"}, [3, 2, 1, 0]),
        ({"since": "2026-03-03"}, []),
    ],
    ids=str,
)
def test_filters_by_place_kind_and_day_of_the_city(client, five, query, expected):
    assert sorted(ids(client.get("/api/v1/incidents", query))) == sorted(five[n] for n in expected)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"bbox": "1,2,3"}, "filter.bad_bbox"),
        ({"bbox": "106,10,105,11"}, "filter.bad_bbox"),
        ({"bbox": "0,0,0,0"}, "filter.bad_bbox"),
        ({"bbox": "nan,0,1,1"}, "filter.bad_bbox"),
        ({"bbox": "0,0,1,91"}, "filter.bad_bbox"),
        ({"bbox": "0,0,1,1\0"}, "filter.bad_bbox"),
        ({"sector": "magic"}, "filter.bad_value"),
        ({"category": "dragon"}, "filter.bad_value"),
        ({"category": "a\0"}, "filter.bad_value"),
        ({"status": "asleep"}, "filter.bad_value"),
        ({"since": "yesterday"}, "request.invalid"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "filter.bad_value"),
        ({"until": "9999-12-31"}, "filter.bad_value"),
        ({"limit": 0}, "request.invalid"),
        ({"limit": 1001}, "request.invalid"),
        ({"cursor": "x"}, "filter.bad_cursor"),
        ({"cursor": "khoá"}, "filter.bad_cursor"),
        (
            {
                "cursor": listing.write_cursor(datetime(2026, 3, 1), 1)  # noqa: DTZ001
            },
            "filter.bad_cursor",
        ),
        (
            {"cursor": listing.write_cursor(datetime(2026, 3, 1, tzinfo=UTC), 1 << 63)},
            "filter.bad_cursor",
        ),
    ],
    ids=str,
)
def test_a_filter_that_nothing_can_match_is_said(client, town, query, code):
    problem(client.get("/api/v1/incidents", query), 422, code)


@pytest.mark.parametrize("day", [date.min, date(9999, 12, 30)])
def test_the_first_and_last_days_of_the_calendar_are_days(client, town, day):
    assert ids(client.get("/api/v1/incidents", {"since": day, "until": day})) == []


def test_one_incident(client, five, operator):
    card = client.get(f"/api/v1/incidents/{five[-1]}?lang=en").json()
    assert card["category"] == {"code": "pothole", "name": "Pothole, broken road surface"}
    assert card["position"] == {"lon": 106.705, "lat": 10.765}
    assert card["words"] == []
    services.approve_report(operator, Report.objects.get(key="0").pk)
    [words] = client.get(f"/api/v1/incidents/{five[-1]}").json()["words"]
    assert words["text"] == SAID.text
    image = client.get(words["photos"][0])
    assert image.status_code == 200
    assert "public" in image.headers["Cache-Control"]
    image.close()


@pytest.mark.parametrize("pk", [999_999_999, (1 << 63) - 1])
def test_no_such_incident(client, town, pk):
    problem(client.get(f"/api/v1/incidents/{pk}"), 404, "incident.not_found")


@pytest.mark.parametrize("pk", [0, -1, 1 << 63, "x"])
def test_what_is_no_number_of_an_incident(client, town, pk):
    problem(client.get(f"/api/v1/incidents/{pk}"), 422, "request.invalid")


def test_a_signed_in_operator_sees_more(client, town, hoa):
    pipeline.receive(replace(SAID, category="noise"))
    [pk] = Incident.objects.values_list("pk", flat=True)
    problem(client.get(f"/api/v1/incidents/{pk}"), 404, "incident.not_found")
    client.force_login(hoa)
    assert client.get(f"/api/v1/incidents/{pk}").status_code == 200
    assert ids(client.get("/api/v1/incidents")) == [pk]


@pytest.mark.parametrize("name", ["0" * 64, "A" * 64, "..%2f..%2fsecret", "x"])
def test_no_such_photo(client, town, name):
    response = client.get(f"/api/v1/photos/{name}.jpg")
    assert response.status_code in {404, 422}
    problem(response, response.status_code, response.json()["code"])


def test_a_photo_whose_file_is_lost_is_a_clear_error(client, town, operator, settings):
    pipeline.receive(SAID)
    services.approve_report(operator, Report.objects.get().pk)
    for file in settings.MEDIA_ROOT.rglob("*.jpg"):
        file.unlink()
    address = f"/api/v1/photos/{SAID.photos[0].sha256}.jpg"
    problem(client.get(address), 404, "photo.not_found")


def test_guessing_codes_ends_in_waiting(client, town):
    pipeline.receive(SAID)
    code = Report.objects.get().code
    for number in range(codes.MISSES_ALLOWED):
        wrong = "K7M2-P9XT" if number % 2 else "nonsense"
        response = client.get(f"/api/v1/reports/{wrong}")
        problem(response, 404, response.json()["code"])
    refused = client.get(f"/api/v1/reports/{code}")
    told = problem(refused, 429, "report.too_many_guesses")
    assert 0 < int(refused.headers["Retry-After"]) <= codes.MISSES_SECONDS
    assert told["facts"]["minutes"] == 60
    assert client.get(f"/api/v1/reports/{code}", REMOTE_ADDR="203.0.113.9").status_code == 200
    # The database's clock stands still within a test, at its beginning: well before, not just.
    long_ago = datetime.now(UTC) - timedelta(seconds=2 * codes.MISSES_SECONDS)
    MissedRead.objects.update(since=long_ago)
    assert client.get(f"/api/v1/reports/{code}").status_code == 200
    client.get("/api/v1/reports/nonsense")
    assert MissedRead.objects.get().misses == 1


@pytest.mark.parametrize(("proxies", "buckets"), [(0, 1), (1, 2)])
def test_behind_a_proxy_each_address_is_counted_for_itself(
    client, town, settings, proxies, buckets
):
    settings.WARDWISE_PROXIES = proxies
    for address in ("198.51.100.1", "1.2.3.4, 198.51.100.2"):
        client.get("/api/v1/reports/nonsense", headers={"X-Forwarded-For": address})
    assert MissedRead.objects.count() == buckets


def test_the_catalogue_names_everything_in_both_languages(client, town):
    told = client.get("/api/v1/catalogue?lang=en").json()
    assert len(told["sectors"]) == 10
    chosen = {one["code"]: one for sector in told["sectors"] for one in sector["categories"]}
    assert chosen["pothole"]["name"] == "Pothole, broken road surface"
    assert chosen["pothole"]["name_vi"] == "Ổ gà, mặt đường hư"
    assert "bus-service" in chosen


def test_the_description_has_examples_and_names_every_answer(client, town):
    told = client.get("/api/v1/openapi.json").json()
    assert told["openapi"].startswith("3.")
    listing_of = told["paths"]["/api/v1/incidents"]["get"]
    assert set(listing_of["responses"]["200"]["content"]) == {"application/geo+json"}
    for path, methods in told["paths"].items():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert set(answer["content"]) == {"application/problem+json"}, path
    form = told["paths"]["/api/v1/reports"]["post"]["requestBody"]["content"]
    assert form["multipart/form-data"]["schema"]["properties"]["lon"]["examples"]


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_verbs_are_named_as_such(client, town, method):
    response = getattr(client, method)("/api/v1/reports")
    problem(response, 405, "request.method")
    assert response.headers["Allow"] == "POST"


def test_no_address_of_the_api_answers_in_html(client, town):
    problem(client.get("/api/v1/dragons"), 404, "request.not_found")
    problem(client.get("/api/v2/"), 404, "request.not_found")
