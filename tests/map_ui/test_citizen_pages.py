"""What a citizen gets after reporting: answering, following, alerts, one's own list, a feed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis_core.positions import LonLat
from incidents import keys, links, services
from incidents.actors import actor_of
from incidents.figures.public import FEWEST
from incidents.made_up import crowd
from incidents.models import (
    AreaAlert,
    Contact,
    Follower,
    Incident,
    Link,
    LoginCode,
    Notice,
    Rating,
    Report,
    WorkPhoto,
)
from incidents.notifications.composing import compose
from incidents.photos import clean
from incidents.reaching import read_address
from incidents.said import Said
from incidents.services.alerting import AlertWish, ask_for_alert, confirm_alert
from incidents.services.following import Following, follow
from incidents.workflow import Step
from map_ui import even_answers
from map_ui.pages import results
from tests.map_ui.conftest import HERE, photo, send

ATOM = "{http://www.w3.org/2005/Atom}"


def shown(response):
    return response.content.decode()


@pytest.fixture(autouse=True)
def _short_steps(monkeypatch):
    monkeypatch.setattr(even_answers, "STEP_S", 0.001)


@pytest.fixture
def lan(town):
    """Lan reported a pothole and left her address."""
    report = send()
    Contact.objects.create(report=Report.objects.get(), email="lan@example.vn", phone="0903123456")
    return report


@pytest.fixture
def claimed(lan, administrator):
    """Its agency says that it is fixed."""
    claim(administrator)
    return lan


@pytest.fixture
def administrator(django_user_model):
    return actor_of(django_user_model.objects.create_superuser("admin", password="admin"))


def claim(actor):
    incident = Incident.objects.get()
    services.take(actor, incident.pk, Step.CLAIM_DONE, Said(words="Đã vá xong mặt đường"))


def status():
    return Incident.objects.get().status


def token():
    return links.token_of(Link.objects.get(purpose="answer"))


def test_a_claim_asks_the_reporter_and_says_what_the_agency_wrote(claimed, client):
    page = shown(client.get(f"/t/{claimed.code}"))
    assert "Đã xong, cảm ơn" in page
    assert "Đã vá xong mặt đường" in page
    assert "nếu không có trả lời, sự cố sẽ được đóng vào ngày" in page


def test_before_a_claim_nothing_is_asked(lan, client):
    page = shown(client.get(f"/t/{lan.code}"))
    assert "Đã xong, cảm ơn" not in page
    assert "Hạn là" in page


def test_thanks_close_the_case_and_lead_to_the_stars(claimed, client):
    page = client.post(f"/t/{claimed.code}/answer", {"answer": "confirm"}, follow=True)
    assert status() == "closed"
    assert "Bạn thấy kết quả thế nào?" in shown(page)
    said = {"answer": "rate", "stars": "4", "reason": ["quick"], "words": "Nhanh"}
    page = client.post(f"/t/{claimed.code}/answer", said, follow=True)
    rating = Rating.objects.get()
    assert (rating.stars, rating.reasons, rating.words) == (4, ["quick"], "Nhanh")
    assert "Bạn đã cho 4 trên 5 sao" in shown(page)
    assert 'id="rate"' not in shown(page)


def test_not_fixed_needs_words_and_brings_the_case_back_with_the_photo(claimed, client):
    there = f"/t/{claimed.code}/answer"
    refused = client.post(there, {"answer": "dispute", "words": " "})
    assert refused.status_code == 422
    assert status() == "claimed_done"
    files = {"photos": SimpleUploadedFile("a.jpg", photo(size=(80, 60)))}
    said = {"answer": "dispute", "words": "Vẫn còn ổ gà", **files}
    page = client.post(there, said, follow=True)
    assert status() == "assigned"
    assert "Sự cố đã được mở lại" in shown(page)
    assert WorkPhoto.objects.get().shows == "disputed"
    assert f"{WorkPhoto.objects.get().sha256}.jpg?code={claimed.code}" in shown(page)


def test_who_looked_at_an_old_state_is_told_and_keeps_the_words(claimed, client):
    old = Incident.objects.get().version
    Incident.objects.update(version=old + 1)
    said = {"answer": "dispute", "words": "Vẫn còn ổ gà", "version": str(old)}
    response = client.post(f"/t/{claimed.code}/answer", said)
    assert response.status_code == 409
    assert "Vẫn còn ổ gà" in shown(response)
    assert status() == "claimed_done"


def test_opening_the_link_changes_nothing(claimed, client):
    before = (status(), Link.objects.get(purpose="answer").ended_at)
    for _ in range(2):
        assert client.get(f"/a/{token()}").status_code == 200
        assert client.head(f"/a/{token()}").status_code == 200
    assert (status(), Link.objects.get(purpose="answer").ended_at) == before


def test_the_link_takes_thanks_and_then_stars_once(claimed, client):
    there = f"/a/{token()}"
    page = client.post(there, {"answer": "confirm"}, follow=True)
    assert status() == "closed"
    assert "Bạn thấy kết quả thế nào?" in shown(page)
    page = client.post(there, {"answer": "rate", "stars": "5"}, follow=True)
    assert Rating.objects.get().stars == 5
    assert "Cảm ơn bạn đã đánh giá" in shown(page)
    over = client.get(there)
    assert over.status_code == 410
    assert f"/t/{claimed.code}" in shown(over)


def test_the_link_takes_a_dispute_once(claimed, client):
    there = f"/a/{token()}"
    client.post(there, {"answer": "dispute", "words": "Chưa xong"})
    assert status() == "assigned"
    assert client.post(there, {"answer": "dispute", "words": "Chưa xong"}).status_code == 410


def test_an_expired_link_leads_to_the_report(claimed, client):
    Link.objects.update(expires_at=timezone.now() - timedelta(days=1))
    response = client.get(f"/a/{token()}")
    assert response.status_code == 410
    assert f"/t/{claimed.code}" in shown(response)


@pytest.mark.parametrize("made_up", ["x", "1-abc", "9" * 30])
def test_a_made_up_link_opens_nothing(claimed, client, made_up):
    response = client.get(f"/a/{made_up}")
    assert response.status_code == 404
    assert claimed.code not in shown(response)


def test_a_reporter_of_what_is_not_public_answers_too(claimed, client):
    Incident.objects.update(public=False)
    client.post(f"/t/{claimed.code}/answer", {"answer": "confirm"})
    assert status() == "closed"


def test_two_presses_of_one_browser_at_once_count_once(town, client):
    """Both see the session from before: here, one that the browser does not have yet."""
    incident = send().incident
    for _ in range(2):
        client.cookies.clear()
        client.cookies["csrftoken"] = "x" * 32
        client.post(f"/i/{incident}/too")
    assert Incident.objects.get().too_count == 1
    client.post(f"/i/{incident}/too")
    assert Incident.objects.get().too_count == 0


def test_me_too_counts_a_browser_once_and_can_be_taken_back(town, client):
    send()
    incident = Incident.objects.get()
    there = f"/i/{incident.pk}/too"
    page = client.post(there, follow=True)
    assert 'aria-pressed="true"' in shown(page)
    assert Incident.objects.get().too_count == 1
    client.post(there)
    assert Incident.objects.get().too_count == 0
    part = client.post(there, headers={"X-Part": "card"}, follow=True)
    assert shown(part).startswith("<article")


def test_following_is_confirmed_by_the_link_and_ended_by_it(town, client):
    send()
    incident = Incident.objects.get()
    page = client.post(f"/i/{incident.pk}/follow", {"address": "lan@example.vn"})
    assert "Giờ hãy xem hộp thư" in shown(page)
    assert keys.token_of(Follower.objects.get()) not in shown(page)
    there = f"/f/{keys.token_of(Follower.objects.get())}"
    assert "Nothing" not in shown(client.get(there))
    assert Follower.objects.get().confirmed_at is None, "a mail scanner confirms nothing"
    client.post(there, {"act": "confirm"})
    assert Follower.objects.get().confirmed_at is not None
    client.post(there, {"act": "stop"})
    assert Follower.objects.get().email == ""


@pytest.mark.parametrize(("typed", "sentence"), [("", "Hãy ghi địa chỉ"), ("12", "số điện thoại")])
def test_an_address_that_is_none_is_explained(town, client, typed, sentence):
    send()
    response = client.post(f"/i/{Incident.objects.get().pk}/follow", {"address": typed})
    assert response.status_code == 422
    assert sentence in shown(response)


@pytest.mark.parametrize("name", ["Phường Zoo 101", "zoo 101", "phuong zoo 101", "Zoo 101 Ward"])
def test_an_alert_for_a_ward_by_its_name(town, client, name):
    form = {"ward": name, "category": ["pothole"], "address": "lan@example.vn"}
    page = shown(client.post("/alerts", form))
    assert "Giờ hãy xem hộp thư" in page
    assert "trong một ngày không có thêm liên kết nào được gửi" in page
    alert = AreaAlert.objects.get()
    assert (alert.area.code, alert.categories, alert.confirmed_at) == ("101", ["pothole"], None)
    there = f"/alerts/{keys.token_of(alert)}"
    assert client.get(there).status_code == 200
    client.post(there, {"act": "confirm"})
    assert AreaAlert.objects.get().confirmed_at is not None
    client.post(there, {"act": "stop"})
    assert AreaAlert.objects.get().email == ""


def test_an_alert_around_a_point(town, client):
    lon, lat = HERE
    form = {"lat": f"{lat}", "lon": f"{lon}", "radius": "500", "address": "0903 123 456"}
    assert client.post("/alerts", form).status_code == 200
    alert = AreaAlert.objects.get()
    assert (alert.centre.x, alert.radius_m, alert.phone) == (lon, 500, "0903123456")


@pytest.mark.parametrize("form", [{"ward": "Sao Hỏa"}, {"lat": "10"}, {"lat": "1", "lon": "1"}])
def test_an_area_that_is_none_is_explained_and_nothing_is_lost(town, client, form):
    response = client.post("/alerts", {**form, "address": "lan@example.vn", "radius": "500"})
    assert response.status_code in {404, 422}
    assert "lan@example.vn" in shown(response)
    assert not AreaAlert.objects.exists()


def test_a_radius_in_digits_that_are_no_number_is_explained(town, client):
    lon, lat = HERE
    form = {"lat": f"{lat}", "lon": f"{lon}", "radius": "50²", "address": "lan@example.vn"}
    assert client.post("/alerts", form).status_code == 422


def sign_in(client, address="lan@example.vn"):
    client.post("/me", {"address": address})
    login = LoginCode.objects.last()
    return client.post("/me/code", {"code": keys.code_of(login)}, follow=True)


def test_my_reports_are_mine_alone(lan, client):
    others = send(text="Chuyện người khác")
    report = Report.objects.exclude(text="Ổ gà sâu trước số 12").get()
    Contact.objects.create(report=report, email="minh@example.vn")
    page = shown(sign_in(client))
    assert lan.code in page
    assert others.code not in page
    client.post("/me/leave")
    assert lan.code not in shown(client.get("/me"))


def test_a_shared_phone_opens_nothing_by_the_mailbox_of_another(lan, client):
    """Minh gave Lan's mailbox nowhere: the same phone in his report is not proven by her mail."""
    others = send(text="Chuyện của Minh")
    report = Report.objects.get(text="Chuyện của Minh")
    Contact.objects.create(report=report, email="minh@example.vn", phone="0903123456")
    assert others.code not in shown(sign_in(client))


def test_nobody_learns_whose_address_is_known(lan, client):
    known = client.post("/me", {"address": "lan@example.vn"}, follow=True)
    unknown = client.post("/me", {"address": "minh@example.vn"}, follow=True)
    plain = [re.sub(r'(nonce|value)="[^"]+"', "", shown(page)) for page in (known, unknown)]
    assert plain[0] == plain[1]
    wrong = client.post("/me/code", {"code": "000000"})
    assert wrong.status_code == 422
    assert Notice.objects.filter(login__isnull=False).count() == 1


@pytest.mark.parametrize(("language", "name"), [("vi", "Phường Zoo 101"), ("en", "Zoo 101 Ward")])
def test_a_watched_ward_is_called_as_its_reader_calls_it(lan, client, town, language, name):
    wish = AlertWish(read_address("lan@example.vn"), ward=town.areas.get(code="101").pk)
    token = ask_for_alert(wish)
    confirm_alert(token)
    client.cookies["django_language"] = language
    sign_in(client)
    for page in (f"/alerts/{token}", "/me"):
        assert f"<strong>{name}</strong>" in shown(client.get(page)), page


@pytest.mark.parametrize("said", [{"List-Unsubscribe": "One-Click"}, {"act": "stop"}])
def test_a_mail_program_stops_what_it_brought_without_a_cookie(lan, said):
    program = Client(enforce_csrf_checks=True)
    follow(Incident.objects.get().pk, Following(email="minh@example.vn"))
    row = Follower.objects.get()
    wish = AlertWish(read_address("minh@example.vn"), centre=LonLat(*HERE))
    alert = keys.read_alert(ask_for_alert(wish))
    for there in (f"/f/{keys.token_of(row)}", f"/alerts/{keys.token_of(alert)}"):
        assert program.post(there, said).status_code == 200
    for ended in (Follower.objects.get(), AreaAlert.objects.get()):
        assert ended.ended_at is not None
        assert ended.email == ""


@given(st.floats(0, 30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_even_answer_takes_a_whole_number_of_steps(took):
    left = even_answers.rest(took)
    assert 0 < left <= even_answers.STEP_S
    steps = (took + left) / even_answers.STEP_S
    assert steps == pytest.approx(round(steps), abs=1e-4)


@pytest.mark.parametrize("address", ["lan@example.vn", "minh@example.vn"])
def test_how_long_an_answer_takes_tells_nobody_whose_address_is_known(
    lan, client, monkeypatch, address
):
    waited = []
    monkeypatch.setattr(even_answers.time, "sleep", waited.append)
    incident = Incident.objects.get().pk
    for asked, form in (
        ("/me", {"address": address}),
        ("/me/code", {"code": "000000"}),
        (f"/i/{incident}/follow", {"address": address}),
        (
            "/alerts",
            {"lat": f"{HERE[1]}", "lon": f"{HERE[0]}", "radius": "500", "address": address},
        ),
    ):
        waited.clear()
        client.post(asked, form)
        assert len(waited) == 1, asked


def test_the_session_holds_no_address(lan, client):
    sign_in(client)
    assert "lan@" not in str(dict(client.session))


def test_erasing_asks_first_then_signs_out_everywhere(lan, client):
    sign_in(client)
    assert lan.code in shown(client.get("/me/erase"))
    assert Contact.objects.exists()
    other = client.session["me"]
    assert "đã được xóa" in shown(client.post("/me/erase"))
    assert not Contact.objects.exists()
    assert Report.objects.count() == 1
    session = client.session
    session["me"] = other
    session.save()
    assert lan.code not in shown(client.get("/me"))


def test_my_list_asks_a_constant_number_of_questions(lan, client, django_assert_max_num_queries):
    sign_in(client)
    for _ in range(3):
        send()
    for report in Report.objects.filter(contact=None):
        Contact.objects.create(report=report, email="LAN@example.vn")
    with django_assert_max_num_queries(16):
        page = shown(client.get("/me"))
    assert page.count("my-line") == 4


def test_the_feed_of_a_ward_is_atom_and_is_not_sent_twice(town, client):
    send(text="Lời chưa duyệt")
    response = client.get("/wards/101/feed.atom")
    assert response["Content-Type"].startswith("application/atom+xml")
    assert "Lời chưa duyệt" not in shown(response)
    feed = ET.fromstring(response.content)
    for one in (feed, *feed.findall(f"{ATOM}entry")):
        for needed in ("id", "title", "updated"):
            assert one.findtext(f"{ATOM}{needed}")
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    assert feed.find(f"{ATOM}link[@rel='self']") is not None
    [entry] = feed.findall(f"{ATOM}entry")
    number = Incident.objects.get().pk
    assert re.fullmatch(rf"tag:[^,]+,2026:incident/{number}", entry.findtext(f"{ATOM}id"))
    again = {"If-None-Match": response["ETag"]}
    assert client.get("/wards/101/feed.atom", headers=again).status_code == 304
    again = {"If-Modified-Since": response["Last-Modified"]}
    assert client.get("/wards/101/feed.atom", headers=again).status_code == 304


def test_the_feed_holds_what_the_map_shows_and_nothing_else(town, client, hoa):
    send(text="Lời đã duyệt")
    send(text="Riêng")
    first, second = Incident.objects.order_by("pk")
    services.approve_report(actor_of(hoa), first.memberships.get().report_id)
    Incident.objects.filter(pk=second.pk).update(public=False)
    text = shown(client.get("/wards/101/feed.atom"))
    assert "Lời đã duyệt" in text
    assert f"incident/{second.pk}<" not in text
    assert client.get("/wards/102/feed.atom").status_code == 200
    assert client.get("/wards/999/feed.atom").status_code == 404


def test_the_feed_asks_a_constant_number_of_questions(town, client, django_assert_max_num_queries):
    for _ in range(3):
        send()
    client.get("/wards/101/feed.atom")
    with django_assert_max_num_queries(5):
        client.get("/wards/101/feed.atom")


def test_what_shows_the_result_is_shown_to_the_reporter_of_what_is_not_public(lan, client):
    Incident.objects.update(public=False)
    admin = actor_of(User.objects.create_superuser("chief", password="chief"))
    said = Said(words="Đã vá xong", photos=(clean(photo(size=(80, 60))),))
    services.take(admin, Incident.objects.get().pk, Step.CLAIM_DONE, said)
    address = f"/api/v1/photos/{WorkPhoto.objects.get().sha256}.jpg"
    seen = client.get(address, {"code": lan.code})
    assert b"".join(seen.streaming_content).startswith(b"\xff\xd8")
    assert client.get(address).status_code == 404


def test_the_form_says_what_is_sent_where_and_it_holds(town, client):
    assert "Để trống cả hai" in shown(client.get("/report"))
    form = {"lat": "10,7653", "lon": "106,7052", "category": "pothole", "seen": "none"}
    client.post("/report", {**form, "key": "k1"})
    assert not Notice.objects.exists()
    client.post(
        "/report", {**form, "key": "k2", "phone": "0903 123 456", "email": "lan@example.vn"}
    )
    assert {(one.kind, one.carrier) for one in Notice.objects.all()} == {
        ("received", "email"), ("assigned", "email"),
    }  # fmt: skip
    Notice.objects.all().delete()
    client.post("/report", {**form, "key": "k3", "phone": "0903 123 456"})
    assert {(one.kind, one.carrier) for one in Notice.objects.all()} == {
        ("received", "sms"), ("assigned", "sms"),
    }  # fmt: skip


def test_results_leave_few_cases_out_and_ask_a_constant_number_of_questions(
    town, client, django_assert_max_num_queries
):
    crowd.make(500, 5)
    results.forget()
    with django_assert_max_num_queries(20):
        page = shown(client.get("/results", {"by": "honest"}))
    counts = [int(n) for n in re.findall(r"</th>\s*<td>(\d+)</td>", page)]
    assert counts
    with django_assert_max_num_queries(3):
        client.get("/results")
    assert min(counts) >= FEWEST


@pytest.mark.parametrize(("period", "status"), [("1999", 404), ("2199-Q3", 404), ("soon", 422)])
def test_results_are_counted_for_the_periods_that_can_be_chosen_alone(town, client, period, status):
    results.forget()
    assert client.get("/results", {"period": period}).status_code == status
    assert not results._kept


def test_who_waits_too_long_for_the_results_is_told_when_to_come_back(town, client, monkeypatch):
    results.forget()
    assert shown(client.get("/results")).count("Chưa có gì") == 2
    monkeypatch.setattr(results, "WAIT_S", 0.01)
    with results._counting:
        assert client.get("/results").status_code == 200, "what was counted already is shown"
        busy = client.get("/results", {"period": str(timezone.localdate().year - 1)})
    assert busy.status_code == 503
    assert int(busy["Retry-After"]) > 0
    assert "Idempotency-Key" not in shown(busy)


def test_the_oldest_results_make_room_for_new_ones(
    town, client, monkeypatch, django_assert_max_num_queries
):
    results.forget()
    monkeypatch.setattr(results, "MOST_KEPT", 2)
    year = timezone.localdate().year
    for period in (year - 2, year - 1, year):
        client.get("/results", {"period": period})
    with django_assert_max_num_queries(3):
        client.get("/results", {"period": year - 1})


def composed(**of):
    """Return the newest message to somebody, as its carrier gets it."""
    return compose(Notice.objects.filter(**of).last())


def opened(message):
    """Return the addresses in a message, as paths."""
    return re.findall(r"https?://[^/\s]+(/\S+)", message.body)


def test_from_following_to_the_result_and_out_again_by_the_links_that_came(lan, client, settings):
    number = Incident.objects.get().pk
    client.post(f"/i/{number}/follow", {"address": "minh@example.vn"})
    [confirm] = opened(composed(follower__isnull=False))
    client.post(confirm, {"act": "confirm"})
    claim(actor_of(User.objects.create_superuser("chief", password="chief")))
    told = composed(follower__isnull=False)
    assert (told.to, Notice.objects.last().kind) == ("minh@example.vn", "claimed_done")
    assert "Ngừng theo dõi" in told.body
    client.post(opened(told)[-1], {"act": "stop"})
    client.post(f"/t/{lan.code}/answer", {"answer": "confirm"})
    assert not Notice.objects.filter(follower__isnull=False, kind="closed").exists()


def test_the_code_that_is_sent_opens_my_reports(lan, client):
    client.post("/me", {"address": "lan@example.vn"})
    [digits] = re.findall(r"\b\d{6}\b", composed(login__isnull=False).body)
    assert lan.code in shown(client.post("/me/code", {"code": digits}, follow=True))
