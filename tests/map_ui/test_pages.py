"""What the pages say without a browser's help: forms, refusals, languages, what stays private."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import formats, timezone, translation

from districts.models import CatalogueChange, Edition
from incidents.models import Incident, Report
from tests.map_ui.conftest import photo, send

FORM = {"lat": "10,7653", "lon": "106,7052", "category": "pothole", "text": "Ổ gà sâu", "key": "k1"}


def shown(response):
    return response.content.decode()


def test_a_plain_form_makes_a_report_and_leads_to_its_receipt(town, client):
    files = {"photos": SimpleUploadedFile("a.jpg", photo(size=(80, 60)))}
    response = client.post("/report", {**FORM, **files}, follow=True)
    report = Report.objects.get()
    assert response.redirect_chain == [(reverse("pages:receipt", args=[_dashed(report.code)]), 302)]
    assert "Phường Zoo 101" in shown(response)
    assert report.photos.count() == 1


def _dashed(code):
    return f"{code[:4]}-{code[4:]}"


def test_a_plain_form_sent_twice_makes_one_report(town, client):
    first = client.post("/report", FORM)
    assert client.post("/report", FORM).url == first.url
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("lat", "", "không phải là một vị trí"),
        ("lat", "rẽ trái", "không phải là một vị trí"),
        ("lat", "10.5", "nằm ngoài"),
        ("category", "", "Không có loại sự cố"),
        ("phone", "12", "chưa phải số điện thoại"),
        ("email", "lan", "chưa phải địa chỉ e-mail"),
        ("photos", SimpleUploadedFile("a.jpg", b"not a photo"), "không phải là ảnh"),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_written(town, client, field, value, sentence):
    response = client.post("/report", {**FORM, field: value})
    assert response.status_code == 422
    assert sentence in shown(response)
    assert "Ổ gà sâu" in shown(response)


@pytest.mark.parametrize("typed", ["10.7653, 106.7052", "10,7653 106,7052", "10.7653;106.7052"])
def test_a_pair_pasted_into_the_first_field_is_understood(town, client, typed):
    client.post("/report", {**FORM, "lat": typed, "lon": ""})
    place = Report.objects.get().position
    assert (place.x, place.y) == (106.7052, 10.7653)


def test_exchanged_coordinates_are_named_as_such(town, client):
    response = client.post("/report", {**FORM, "lat": FORM["lon"], "lon": FORM["lat"]})
    assert "trái đất" in shown(response) or "đổi chỗ" in shown(response)
    assert not Incident.objects.exists()


@pytest.mark.parametrize("retype", [str.lower, lambda code: f" {code[:4]} {code[5:]} "])
def test_a_code_is_read_as_people_type_it(town, client, retype):
    code = send().code
    assert client.get("/t/", {"code": retype(code)}).url == f"/t/{code}"


@pytest.mark.parametrize(
    ("typed", "sentence"), [("2222-2222", "Không có phản ánh nào"), ("xin chào", "không phải mã")]
)
def test_a_code_that_is_none_is_answered_with_a_sentence(town, client, typed, sentence):
    response = client.get("/t/", {"code": typed})
    assert response.status_code in {404, 422}
    assert sentence in shown(response)


def test_guessing_codes_is_stopped(town, client):
    code = send().code
    for _ in range(20):
        client.get("/t/2222-2222")
    response = client.get(f"/t/{code}")
    assert response.status_code == 429
    assert "quá nhiều mã" in shown(response)


def test_words_are_private_until_an_operator_approves_them(town, client, hoa):
    send(text="Chuyện riêng")
    incident, report = Incident.objects.get(), Report.objects.get()
    card = f"/i/{incident.pk}/card"
    assert "Chuyện riêng" not in shown(client.get(card))
    client.force_login(hoa)
    answer = {"report": report.pk, "verdict": "approve", "at": "0"}
    assert "Đã duyệt" in shown(client.post("/console/approve", answer))
    client.logout()
    assert "Chuyện riêng" in shown(client.get(card))
    client.force_login(hoa)
    client.post("/console/approve", {**answer, "verdict": "decline", "reason": "Lộ tên"})
    client.logout()
    assert "Chuyện riêng" not in shown(client.get(card))


def test_keeping_private_needs_a_reason(town, client, hoa):
    send()
    client.force_login(hoa)
    answer = {"report": Report.objects.get().pk, "verdict": "decline", "reason": " "}
    assert "lý do" in shown(client.post("/console/approve", answer))
    assert Report.objects.get().declined_at is None


def test_triage_gives_an_incident_to_a_candidate_with_one_button(town, client, hoa):
    send(place=(106.7099, 10.7653), accuracy=80.0)
    incident = Incident.objects.get()
    assert incident.needs_triage
    client.force_login(hoa)
    page = shown(client.get("/console/triage"))
    assert "ubnd-101" in page
    assert "ubnd-102" in page
    client.post("/console/triage", chosen(page, "ubnd-102"))
    incident.refresh_from_db()
    assert (incident.agency.code, incident.needs_triage) == ("ubnd-102", False)


def chosen(page, agency):
    """Return what a button of the triage page sends."""
    fields = re.findall(r'name="(incident|version)" value="(\d+)"', page)
    return {**dict(fields), "agency": agency}


def test_of_two_operators_who_choose_an_agency_the_second_is_told(town, client, hoa):
    send(place=(106.7099, 10.7653), accuracy=80.0)
    client.force_login(hoa)
    page = shown(client.get("/console/triage"))
    client.post("/console/triage", chosen(page, "ubnd-101"))
    assert "có người khác đã thay đổi sự cố này" in shown(
        client.post("/console/triage", chosen(page, "ubnd-102"))
    )
    assert Incident.objects.get().agency.code == "ubnd-101"


@pytest.mark.parametrize(("quicker", "slower"), [("approve", "decline"), ("decline", "approve")])
def test_of_two_who_decide_about_words_the_second_is_told(town, client, hoa, quicker, slower):
    send()
    client.force_login(hoa)
    report, page = Report.objects.get(), shown(client.get("/console/approve"))
    answer = {"report": report.pk, "reason": "Lộ tên"}
    answer |= dict(re.findall(r'type="hidden" name="(first)" value="(1)"', page))
    client.post("/console/approve", {**answer, "verdict": quicker})
    told = shown(client.post("/console/approve", {**answer, "verdict": slower}))
    assert "đã quyết định khác" in told
    report.refresh_from_db()
    assert bool(report.approved_at) == (quicker == "approve")


def test_the_console_is_for_operators(town, client):
    assert client.get("/console/approve").url.startswith("/login/")
    client.force_login(User.objects.create_user("lan"))
    response = client.get("/console/approve")
    assert response.status_code == 403
    assert "điện thoại viên" in shown(response)


def test_a_number_that_is_none_acts_on_nothing(town, client, hoa):
    client.force_login(hoa)
    for report in ("", "x", "-1", "9" * 30):
        page = client.post("/console/approve", {"report": report, "verdict": "approve"})
        assert page.status_code == 200
        assert "Không có phản ánh" in shown(page)


def test_an_incident_that_is_not_public_has_no_page(town, client):
    send()
    Incident.objects.update(public=False)
    response = client.get(f"/i/{Incident.objects.get().pk}")
    assert response.status_code == 404
    assert "Về bản đồ" in shown(response)


def test_the_language_is_switched_and_stays(town, client):
    assert "Báo sự cố" in shown(client.get("/"))
    client.post("/language", {"language": "en", "next": "/"})
    assert "Report an incident" in shown(client.get("/"))
    code = send().code
    assert "What happened" in shown(client.get(f"/t/{code}"))


def test_numbers_and_dates_are_vietnamese(town, client, hoa):
    with translation.override("vi"):
        assert formats.number_format(1234.5, 1) == "1.234,5"
    with translation.override("en"):
        assert formats.number_format(1234.5, 1) == "1,234.5"
    page = shown(client.get(f"/t/{send().code}"))
    received = timezone.localtime(Report.objects.get().received_at)
    assert received.strftime("%d/%m/%Y %H:%M") in page
    # Degrees are for machines: no comma may come into them.
    assert 'data-lon="106.7052"' in page


def test_approximate_boundaries_say_so_and_tell_staff_how_to_replace_them(town, client, hoa):
    assert "fetch_boundaries" not in shown(client.get("/"))
    Edition.objects.update(name="hcmc-2025-approximate", approximate=True)
    CatalogueChange.objects.create(kind="edition", code="hcmc-2025-approximate", actor="tests")
    for path in ("/", "/report"):
        page = shown(client.get(path))
        assert "Ranh giới gần đúng" in page
        assert "fetch_boundaries" not in page, "nothing that a citizen could do"
    client.force_login(hoa)
    assert "python manage.py fetch_boundaries hcmc-2025<" in shown(client.get("/"))


@pytest.mark.parametrize("path", ["/", "/report", "/t/", "/login/", "/find", "/nowhere"])
def test_the_content_policy_lets_nothing_inline_pass(town, client, path):
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert ' style="' not in shown(response)
    assert " onclick=" not in shown(response)


def test_the_policy_names_the_basemap_the_city_chose(town, client, settings):
    settings.WARDWISE_BASEMAP_STYLE = "https://tiles.example.vn/styles/plain.json"
    settings.WARDWISE_BASEMAP_STYLE_DARK = ""
    policy = client.get("/")["Content-Security-Policy"]
    assert "connect-src 'self' https://tiles.example.vn;" in policy


@pytest.mark.parametrize(("path", "most"), [("/", 12), ("/report", 12)])
def test_a_page_asks_the_database_little(town, client, path, most, django_assert_max_num_queries):
    client.get(path)
    with django_assert_max_num_queries(most):
        client.get(path)
