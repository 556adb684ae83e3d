"""The desk's pages over HTTP: what they show, to whom, and what they do to many at once."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.test.client import MULTIPART_CONTENT

from districts.models import Area
from incidents import feed
from incidents.models import Incident, Note, OwnArea, SavedFilter, Staff
from incidents.permissions import Role
from map_ui import live_tokens
from tests import zoo
from tests.map_ui.conftest import send

ELSEWHERE = (106.7152, 10.7653)
"""In the middle of ward 102."""


def staff(name, role, *, ward=None, agency=None):
    user = User.objects.create_user(name, password=f"{name}-{name}")
    member = Staff.objects.create(user=user, role=role, agency=agency and zoo.agency(agency))
    member.areas.set(Area.objects.filter(code=ward) if ward else [])
    return user


@pytest.fixture
def minh(town):
    """Minh works for ward 101."""
    return staff("minh", Role.WARD_STAFF, ward="101", agency="ubnd-101")


@pytest.fixture
def tu(town):
    """Tú works for ward 102."""
    return staff("tu", Role.WARD_STAFF, ward="102", agency="ubnd-102")


@pytest.fixture
def signed_in(client, minh):
    client.force_login(minh)
    return client


@pytest.fixture
def two(town):
    """An incident in ward 101 and one in ward 102, by number."""
    return [send("litter", text="").incident, send("litter", ELSEWHERE, text="").incident]


def shown(answer):
    return [int(pk) for pk in re.findall(r'id="row-(\d+)"', answer.content.decode())]


def act(client, kind, *chosen, **fields):
    return client.post(
        "/desk/act",
        {"act": kind, "chosen": [f"{pk}:{version}" for pk, version in chosen], **fields},
    )


def version(pk):
    return Incident.objects.get(pk=pk).version


def test_an_officer_sees_the_own_ward_and_not_the_next(signed_in, two):
    page = signed_in.get("/desk")
    assert shown(page) == [two[0]]
    text = page.content.decode()
    assert "Phường Zoo 101" in text
    assert re.search(r"còn \d ngày làm việc", text)
    assert "Đang mở" in text


def test_operators_see_all_and_readers_of_the_public_none(client, hoa, two):
    client.force_login(hoa)
    assert set(shown(client.get("/desk"))) == set(two)
    client.force_login(User.objects.create_user("plain"))
    assert client.get("/desk").status_code == 403
    client.logout()
    assert client.get("/desk").url == "/login/?next=/desk"


@pytest.mark.parametrize("path", ["/desk/list", "/desk/rows?ids=1", "/desk/token", "/desk/areas"])
def test_no_part_of_it_is_for_others(client, town, path):
    assert client.get(path).status_code == 302
    client.force_login(User.objects.create_user("plain"))
    assert client.get(path).status_code == 403


def test_a_filter_that_nothing_can_match_is_said(signed_in):
    answer = signed_in.get("/desk?tab=nonsense")
    assert answer.status_code == 422
    assert "tab" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/desk/views", {"name": "a\0b", "query": "tab=all"}),
        ("/desk/views", {"name": "ab", "query": "q=a%00b"}),
        ("/push/unsubscribe", {"endpoint": "https://push.example/\0"}),
    ],
)
def test_a_nul_character_is_refused(signed_in, path, said):
    kind = "application/json" if path.startswith("/push") else MULTIPART_CONTENT
    answer = signed_in.post(path, said, content_type=kind)
    assert answer.status_code == 422
    assert "NUL" in answer.content.decode()


@pytest.mark.parametrize("address", ["/desk?q=a%00b", "/oversight?kind=a%00b"])
def test_a_nul_character_in_a_filter_is_refused(signed_in, address):
    assert signed_in.get(address).status_code == 422


def test_the_page_takes_the_same_number_of_queries_however_long(
    signed_in, town, django_assert_max_num_queries
):
    send("litter", text="")
    signed_in.get("/desk")
    with django_assert_max_num_queries(40) as few:
        signed_in.get("/desk")
    for _ in range(6):
        send("litter", text="")
    with django_assert_max_num_queries(len(few)):
        assert len(shown(signed_in.get("/desk"))) == 7


def test_pages_follow_one_another(signed_in, minh, monkeypatch, town):
    for _ in range(5):
        send("litter", text="")
    monkeypatch.setattr("incidents.desk.queue.page.__defaults__", (None, 3))
    first = signed_in.get("/desk/list")
    cursor = re.search(r'data-cursor="([^"]+)"', first.content.decode())[1]
    second = signed_in.get("/desk/list", {"cursor": cursor})
    assert sorted(shown(first) + shown(second)) == sorted(
        Incident.objects.values_list("pk", flat=True)
    )
    assert "data-cursor" not in second.content.decode()


def test_rows_tell_only_what_the_list_holds(signed_in, two):
    answer = signed_in.get("/desk/rows", {"ids": ",".join(map(str, [*two, 999, "x"]))}).json()
    assert [row["id"] for row in answer["rows"]] == [two[0]]
    assert f'id="row-{two[0]}"' in answer["rows"][0]["html"]
    assert "Đang mở" in answer["tabs"]
    assert signed_in.get("/desk/rows", {"ids": two[0], "tab": "ended"}).json()["rows"] == []


def test_the_page_follows_from_before_its_list_was_read(signed_in, minh, settings, two):
    settings.WARDWISE_EVENTS_PORT = 8001
    before = feed.now()
    page = signed_in.get("/desk", headers={"host": "localhost:8000"})
    setup = json.loads(re.search(r'id="setup"[^>]*>(.*?)</script>', page.content.decode())[1])
    live = setup["desk"]
    assert live["events"] == "http://localhost:8001/events"
    assert "http://localhost:8001" in page.headers["Content-Security-Policy"]
    assert feed.Cursor.read(live["since"]) >= before
    for token in (live["token"], signed_in.get(live["fresh_token"]).json()["token"]):
        assert live_tokens.actor_of_token(token).user_id == minh.pk
    settings.WARDWISE_EVENTS_URL = "https://events.example/x"
    page = signed_in.get("/desk")
    policy = page.headers["Content-Security-Policy"]
    assert urlsplit("https://events.example/x").hostname in policy


def test_one_click_accepts_and_another_state_is_refused(signed_in, two):
    assert "1 sự cố" in act(signed_in, "accept", (two[0], version(two[0]))).content.decode()
    assert Incident.objects.get(pk=two[0]).status == "accepted"
    again = act(signed_in, "accept", (two[0], version(two[0])))
    assert "data-failed" in again.content.decode()


def test_of_many_each_is_done_by_itself_and_what_failed_says_why(signed_in, two, town):
    third = send("litter", text="").incident
    stale = (third, version(third) + 7)
    told = act(signed_in, "accept", (two[0], version(two[0])), (two[1], 1), stale, (0, 0))
    text = told.content.decode()
    assert "Đã tiếp nhận: 1" in text
    assert text.count("<li>") == 3
    assert f"#{two[1]}</a>" in text
    statuses = dict(Incident.objects.values_list("pk", "status"))
    assert [statuses[pk] for pk in (two[0], two[1], third)] == ["accepted", "assigned", "assigned"]


def test_pausing_declining_and_giving_ask_for_what_they_need(signed_in, client, hoa, two):
    pk = two[0]
    refused = act(signed_in, "pause", (pk, version(pk)))
    assert "data-failed" in refused.content.decode()
    act(signed_in, "pause", (pk, version(pk)), reason="weather", words="mưa")
    assert Incident.objects.get(pk=pk).status == "paused"
    client.force_login(hoa)
    act(client, "assign", (pk, version(pk)), agency="ubnd-102", words="nearer")
    assert Incident.objects.get(pk=pk).agency.code == "ubnd-102"
    assert "data-failed" in act(client, "nonsense", (pk, version(pk))).content.decode()


def test_declining_sends_it_on(signed_in, two):
    pk = two[0]
    act(signed_in, "decline", (pk, version(pk)), reason="not_ours", words="đường lớn")
    incident = Incident.objects.get(pk=pk)
    assert incident.agency is None or incident.agency.code != "ubnd-101"


def test_a_note_is_written_to_all_selected(signed_in, two):
    act(signed_in, "note", (two[0], version(two[0])), (two[1], 1), words="đã gọi")
    assert [(note.incident_id, note.text) for note in Note.objects.all()] == [(two[0], "đã gọi")]


def test_views_are_kept_and_shared_with_the_own_office_alone(client, minh, tu):
    mate = staff("lan", Role.AGENCY_STAFF, agency="ubnd-101")
    client.force_login(minh)
    kept = {"name": "Rác trễ", "query": "tab=late&category=litter&x=1", "shared": "1"}
    assert client.post("/desk/views", kept).url == "/desk?tab=late&category=litter"
    client.post("/desk/views", {"name": "chỉ mình Minh", "query": "tab=new"})
    seen = {}
    for user in (minh, mate, tu):
        client.force_login(user)
        text = client.get("/desk").content.decode()
        seen[user.username] = [name in text for name in ("Rác trễ", "chỉ mình Minh")]
    assert seen == {"minh": [True, True], "lan": [True, False], "tu": [False, False]}
    view = SavedFilter.objects.get(name="Rác trễ")
    client.force_login(mate)
    assert client.post(f"/desk/views/{view.pk}/remove").status_code == 404
    client.force_login(minh)
    assert client.post(f"/desk/views/{view.pk}/remove").url == "/desk"
    assert client.post("/desk/views", {"name": " ", "query": ""}).status_code == 422


SQUARE = {
    "type": "Polygon",
    "coordinates": [[[106.70, 10.76], [106.71, 10.76], [106.71, 10.77], [106.70, 10.76]]],
}


def test_an_area_is_drawn_filtered_by_and_taken_away(signed_in, minh, two):
    drawn = {"name": "Chợ", "drawn": json.dumps(SQUARE), "tells": "1"}
    there = signed_in.post("/desk/areas", drawn).url
    area = OwnArea.objects.get()
    assert there == f"/desk?area={area.pk}"
    assert (area.owner, area.tells) == (minh, True)
    assert "Chợ" in signed_in.get(there).content.decode()
    [feature] = signed_in.get("/desk/areas.geojson").json()["features"]
    assert (feature["id"], feature["geometry"]["type"]) == (area.pk, "Polygon")
    signed_in.post(f"/desk/areas/{area.pk}", {"what": "quiet"})
    assert not OwnArea.objects.get().tells
    signed_in.post(f"/desk/areas/{area.pk}", {"what": "remove"})
    assert not OwnArea.objects.exists()


def test_an_area_may_be_a_file_or_wards(signed_in, hoa, two):
    signed_in.force_login(hoa)
    feature = {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": SQUARE}]}
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    file = SimpleUploadedFile("a.geojson", json.dumps(feature).encode())
    assert signed_in.post("/desk/areas", {"name": "tệp", "file": file}).status_code == 302
    wards = Area.objects.filter(code__in=["101", "102"]).values_list("pk", flat=True)
    there = signed_in.post("/desk/areas", {"name": "phường", "ward": list(wards)}).url
    assert set(shown(signed_in.get(there))) == set(two)


@pytest.mark.parametrize(
    "drawn",
    [
        "nonsense", "{}", "[]", '{"type": "Polygon"}', '{"type": "Point", "coordinates": [1, 2]}',
        json.dumps({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}),
        json.dumps({**SQUARE, "coordinates": [[[106.70, 10.76], [106.71, 10.77], [106.71, 10.76],
                                               [106.70, 10.77], [106.70, 10.76]]]}),
        json.dumps({**SQUARE, "coordinates": [[[106.7 + i * 1e-7, 10.76] for i in range(6000)]]}),
    ],
)  # fmt: skip
def test_what_is_no_area_is_said_and_what_was_typed_stays(signed_in, drawn):
    answer = signed_in.post("/desk/areas", {"name": "Chợ", "drawn": drawn})
    assert answer.status_code == 422
    assert 'value="Chợ"' in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()


def test_another_officer_keeps_out_of_ones_areas(client, minh, tu):
    area = OwnArea.objects.create(owner=minh, name="x", shape=zoo.box(106.7, 10.76, 106.71, 10.77))
    client.force_login(tu)
    assert client.post(f"/desk/areas/{area.pk}", {"what": "remove"}).status_code == 404
    assert client.get("/desk/areas.geojson").json()["features"] == []


def test_tiles_of_offices_are_kept_nowhere(signed_in, two):
    answer = signed_in.get("/tiles/desk/14/13047/7698.mvt?tab=open&turn=3")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert signed_in.get("/tiles/incidents/9/407/240.mvt").headers["Cache-Control"] == (
        "private, no-store"
    )
    signed_in.logout()
    assert signed_in.get("/tiles/desk/14/13047/7698.mvt").status_code == 403


@pytest.mark.parametrize(
    ("role", "where"),
    [("ward_staff", "/desk"), ("operator", "/console/approve"), ("agency_staff", "/desk")],
)
def test_signing_in_leads_to_ones_work(client, town, role, where):
    staff("someone", role)
    answer = client.post("/login/", {"username": "someone", "password": "someone-someone"})
    assert answer.url == where


def test_it_speaks_english_too(signed_in, two):
    text = signed_in.get("/desk", headers={"accept-language": "en"}).content.decode()
    assert re.search(r"\d working days left", text)
    assert "Saved views" in text
