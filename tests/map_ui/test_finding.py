"""Finding a place and, for operators, the place of a report: pages without a browser's help."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.auth.models import User

from incidents.models import Event, Incident, Report
from tests import streets
from tests.map_ui.conftest import HERE, send
from tests.map_ui.test_pages import shown

WORDS = {"category": "pothole", "text": "Sâu lắm", "lat": "", "lon": "", "key": "k1"}


@pytest.fixture
def town(town):
    streets.lay()
    return town


def waiting(client, words="đường Lê Lợi", key="k1"):
    """Send a report in words that may be several places."""
    client.post("/report", {**WORDS, "address": words, "key": key})
    return Report.objects.get(key=key)


@pytest.fixture
def operator(client, hoa):
    client.force_login(hoa)
    return client


def test_without_javascript_a_search_answers_with_places_to_report_from(town, client):
    page = shown(client.get("/find", {"q": "le loi"}))
    links = re.findall(r'href="(/report\?lat=[\d.]+&amp;lon=[\d.]+)"', page)
    assert len(links) == 2
    assert "Lê Lợi, Phường Zoo 101" in page
    assert "© Zoo" in page
    form = shown(client.get(links[0].replace("&amp;", "&")))
    lat, lon = re.findall(r"=([\d.]+)", links[0])
    assert f'value="{lat}"' in form
    assert f'value="{lon}"' in form


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ("", 200, "Tìm địa điểm"),
        ("xin chào", 200, "chưa tìm ra chỗ này"),
        ("?!", 422, "Hãy viết sự cố ở đâu"),
        ("a" * 10_001, 422, "chỉ đọc tối đa"),
    ],
)
def test_a_search_in_vain_says_what_to_do(town, client, typed, status, sentence):
    response = client.get("/find", {"q": typed})
    assert response.status_code == status
    assert sentence in shown(response)


@pytest.mark.parametrize("junk", ["?lat=x&lon=y", "?lat=%00&lon=1", "?lat=<b>&lon=2"])
def test_a_link_with_junk_for_a_place_leads_to_an_empty_form(town, client, junk):
    page = shown(client.get(f"/report{junk}"))
    assert "<b>" not in page
    assert re.search(r'id="lat"[^>]* value=""', page)


def test_a_plain_form_in_words_alone_leads_to_an_incident(town, client):
    response = client.post(
        "/report", {**WORDS, "address": "45 Lê Lợi, phường Zoo 101"}, follow=True
    )
    assert "Phường Zoo 101" in shown(response)
    assert Incident.objects.get().ward.code == "101"


def test_a_plain_form_without_any_place_is_refused(town, client):
    response = client.post("/report", WORDS)
    assert response.status_code == 422
    assert "mô tả bằng lời" in shown(response)
    assert not Report.objects.exists()


def test_who_waits_is_told_so(town, client):
    code = waiting(client).code
    page = shown(client.get(f"/t/{code}"))
    assert "người trực tổng đài đang tìm" in page
    assert "vị trí" in page


def test_the_operators_page_shows_words_candidates_and_why(town, client, operator):
    waiting(client)
    page = shown(operator.get("/console/locate"))
    assert "<mark>Lê Lợi</mark>" in page
    assert page.count('class="candidate"') == 2
    assert "còn nơi khác cùng tên" in page
    assert "© Zoo" in page
    assert re.search(r'aria-current="page">Ở đâu\? <span class="count-badge">1<', page)


def test_choosing_makes_an_incident_and_shows_the_next(town, client, operator):
    report = waiting(client)
    waiting(client, "đường Lê Lợi, chỗ cây cầu", key="k2")
    page = shown(operator.get("/console/locate"))
    tokens = re.findall(r'name="candidate" value="([\d.,]+)"', page)
    answer = operator.post("/console/locate", {"report": report.pk, "candidate": tokens[1]})
    assert "Đã lên bản đồ" in shown(answer)
    assert "chỗ cây cầu" in shown(answer)
    incident = Incident.objects.get()
    assert f"{incident.position.x:.6f},{incident.position.y:.6f}" == tokens[1]
    event = Event.objects.get(report=report, kind="located")
    assert event.actor.username == "hoa"
    assert event.reason


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"candidate": "1.000000,2.000000"}, "Các vị trí này đã thay đổi"),
        ({"verdict": "pin", "lat": "rẽ trái", "lon": ""}, "không phải là một vị trí"),
        ({"verdict": "pin", "lat": "9.9", "lon": "107.5"}, "nằm ngoài"),
        ({"verdict": "inquiry", "reason": " "}, "Hãy ghi ngắn gọn lý do"),
        ({"candidate": "x", "report": "0"}, "không còn chờ"),
    ],
)
def test_a_slip_is_told_and_the_report_stays(town, client, operator, said, sentence):
    report = waiting(client)
    page = shown(operator.post("/console/locate", {"report": report.pk, **said}))
    assert sentence in page
    assert "<mark>Lê Lợi</mark>" in page
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    ("accuracy", "kept"), [("", 5), ("40", 40), ("-3", 5), ("nan", 5), ("4²", 5)]
)
def test_an_own_pin_keeps_how_exactly_it_was_put(town, client, operator, accuracy, kept):
    report = waiting(client)
    place = {"verdict": "pin", "lat": "10,7653", "lon": "106.7052", "accuracy": accuracy}
    operator.post("/console/locate", {"report": report.pk, **place})
    assert Incident.objects.get().accuracy_m == kept


def test_a_question_leaves_the_queue(town, client, operator):
    report = waiting(client, "xe buýt số 8 mấy giờ chạy")
    page = shown(operator.post("/console/locate", {
        "report": report.pk, "verdict": "inquiry", "reason": "hỏi xe buýt",
    }))  # fmt: skip
    assert "Không còn gì chờ" in page
    report.refresh_from_db()
    assert report.state == "inquiry"
    assert "được ghi nhận là câu hỏi" in shown(client.get(f"/t/{report.code}"))


def test_only_operators_come_in(town, client):
    assert client.get("/console/locate").status_code == 302
    client.force_login(User.objects.create_user("lan"))
    assert client.get("/console/locate").status_code == 403


def test_a_card_says_where_it_is_in_words_unless_that_is_a_guess(town, client):
    exact = send(place=(106.7052, 10.7654), text="").incident
    assert "trước 45 Lê Lợi, phường Zoo 101" in shown(client.get(f"/i/{exact}/card"))
    rough = send(place=HERE, accuracy=200, text="").incident
    assert "45 Lê Lợi" not in shown(client.get(f"/i/{rough}/card"))


def test_whose_names_the_pages_show_stands_on_their_maps(town, client):
    [setup] = re.findall(r'<script id="setup"[^>]*>(.+?)</script>', shown(client.get("/")))
    assert "© Zoo" in json.loads(setup)["attribution"]
