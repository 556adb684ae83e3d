"""The page of one incident: offices see and do what they may, and lose no words."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from districts.models import Agency, Area
from incidents import services
from incidents.actors import actor_of
from incidents.dossier.reading import dossier
from incidents.models import Incident, Note, Report, Staff, WorkPhoto
from incidents.permissions import Role
from incidents.workflow import Status
from tests import zoo
from tests.kept_rows import town_again
from tests.map_ui.conftest import photo, send

pytestmark = pytest.mark.django_db
PANEL = {"X-Wardwise-Panel": "desk"}


@pytest.fixture
def town(db):
    """The made-up town; the catalogue's rows are put back as they were loaded once."""
    return town_again()


def officer(name, role, *, agency=None, areas=()):
    user = User.objects.create_user(name, password=f"{name}-{name}", first_name=name.title())
    Staff.objects.create(user=user, role=role, agency=agency).areas.set(areas)
    return user


def browser(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def incident(town):
    send(photos=[photo()])
    return Incident.objects.get()


@pytest.fixture
def minh(incident):
    """Minh works for the agency that has it."""
    return officer("minh", Role.AGENCY_STAFF, agency=incident.agency)


@pytest.fixture
def his(minh):
    return browser(minh)


@pytest.fixture
def hers(hoa):
    """Hoa is an operator."""
    return browser(hoa)


def page_of(incident):
    return f"/case/{incident.pk}"


def act(browser, incident, step, headers=None, **said):
    said.setdefault("version", Incident.objects.get(pk=incident.pk).version)
    return browser.post(f"{page_of(incident)}/{step}", said, headers=headers)


def shown(response):
    return response.content.decode()


def upload(name="after.jpg"):
    return SimpleUploadedFile(name, photo(), "image/jpeg")


# ---- who opens it ----


def test_an_officer_sees_words_clock_custody_and_what_to_do(his, incident, minh):
    page = shown(his.get(page_of(incident)))
    assert "Ổ gà sâu trước số 12" in page
    assert "ngày làm việc</strong> · hạn " in page
    assert page.count("UBND Phường 101") > 2
    steps = re.findall(r'<(?:details|form)[^>]*class="step-form[^>]*data-step="(\w+)"', page)
    assert steps == list(dossier(actor_of(minh), incident.pk, "vi").offered)


def test_somebody_else_finds_nothing_there(incident, client):
    assert client.get(page_of(incident)).status_code == 302
    elsewhere = Area.objects.exclude(pk=incident.ward_id).first()
    citizen = User.objects.create_user("lan")
    for user in (officer("tu", Role.WARD_STAFF, areas=[elsewhere]), citizen):
        found = browser(user).get(page_of(incident))
        assert found.status_code == 404
        assert "Ổ gà sâu" not in shown(found)
        assert act(browser(user), incident, "note", words="x").status_code in {403, 404}
    assert not Note.objects.exists()


def test_a_planner_reads_no_words_and_is_offered_nothing(incident):
    page = shown(browser(officer("phuc", Role.PLANNER)).get(page_of(incident)))
    assert "Ổ gà sâu" not in page
    assert "step-form" not in page


def test_the_desk_gets_the_panel_alone(his, incident):
    panel = shown(his.get(f"/desk/incidents/{incident.pk}"))
    assert panel.lstrip().startswith("<article")
    assert "<html" not in panel


# ---- steps ----


def test_a_plain_form_leads_back_to_the_page(his, incident):
    answer = act(his, incident, "accept")
    assert (answer.status_code, answer["Location"]) == (302, f"/case/{incident.pk}?done=accept")
    assert "Đã nhận việc." in shown(his.get(answer["Location"]))
    assert Incident.objects.get().status == Status.ACCEPTED


def test_a_step_from_the_desk_is_answered_with_the_panel(his, incident):
    panel = shown(act(his, incident, "accept", PANEL))
    assert 'data-status="accepted"' in panel
    assert "<html" not in panel


def test_who_gives_a_case_away_is_told_so_kindly_and_may_go_no_further(his, incident):
    Incident.objects.update(public=False)
    answer = act(his, incident, "decline", reason="not_ours")
    page = his.get(answer["Location"])
    assert page.status_code == 200
    assert "Hồ sơ này không còn ở chỗ bạn" in shown(page)
    assert "Ổ gà sâu" not in shown(page)
    assert his.get(page_of(incident)).status_code == 404
    assert his.get(f"{page_of(incident)}?done=accept").status_code == 404


@pytest.mark.parametrize("how", ["desk", "page"])
def test_a_case_given_away_in_the_panel_is_a_step_that_was_taken(his, incident, how):
    answer = act(his, incident, "decline", {"X-Wardwise-Panel": how}, reason="not_ours")
    assert answer.status_code == 200
    assert shown(answer).lstrip().startswith(f'<article class="case" data-case="{incident.pk}"')
    assert "Hồ sơ này không còn ở chỗ bạn" in shown(answer)
    assert "<html" not in shown(answer)


def test_done_is_claimed_with_photos_and_words(his, incident):
    answer = act(his, incident, "claim_done", words="Đã vá", photos=[upload()])
    assert answer.status_code == 302
    assert Incident.objects.get().status == Status.CLAIMED_DONE
    kept = WorkPhoto.objects.get()
    assert kept.shows == "after"
    assert kept.sha256 in shown(his.get(page_of(incident)))
    photo_there = his.get(f"/api/v1/photos/{kept.sha256}.jpg")
    assert b"".join(photo_there.streaming_content).startswith(b"\xff\xd8")


def test_a_check_in_far_away_says_how_far(his, incident):
    answer = act(
        his, incident, "claim_done",
        words="Đã vá", here_lat="10.7700", here_lon="106.7052", here_accuracy="10",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "incident.not_on_site" in shown(answer)
    assert "Đã vá</textarea>" in shown(answer)
    near = {"here_lat": "10.7653", "here_lon": "106.7052", "here_accuracy": "10"}
    assert act(his, incident, "claim_done", words="Đã vá", **near).status_code == 302


@pytest.mark.parametrize(
    ("step", "said", "code"),
    [
        ("pause", {"words": "mưa lớn"}, "reason.unknown"),
        ("claim_done", {"words": "  "}, "reason.missing"),
        ("promise", {"words": "mai xong", "promised": "hôm sau"}, "incident.bad_promise"),
        ("move", {"words": "gần cầu", "lat": "200", "lon": "106"}, "position.out_of_range"),
        ("delegate", {"words": "Vá", "agency": "nobody"}, "agency.not_found"),
        ("split", {"words": "hai nơi", "part_agency_1": "ubnd-102"}, "incident.parts_missing"),
    ],
)
def test_what_was_refused_says_why_beside_the_field_and_keeps_the_words(
    his, incident, step, said, code
):
    answer = act(his, incident, step, **said)
    assert answer.status_code in {404, 409, 422}
    [form] = re.findall(rf'<details[^>]*data-step="{step}" open>.*?</details>', shown(answer), re.S)
    assert code in form
    assert said["words"].strip() in form
    assert Incident.objects.get().status == Status.ASSIGNED


@pytest.mark.parametrize(
    ("step", "said"),
    [("note", {"words": "a\0b"}), ("assign", {"agency": "a\0b", "words": "Nhầm đơn vị"})],
)
def test_a_nul_character_is_refused(hers, incident, step, said):
    assert act(hers, incident, step, **said).status_code == 422


def test_a_photo_that_is_none_is_named(his, incident):
    broken = SimpleUploadedFile("a.jpg", b"no photo", "image/jpeg")
    answer = act(his, incident, "claim_done", words="Đã vá", photos=[broken])
    assert answer.status_code == 422
    assert "photo.not_a_photo" in shown(answer)


def test_who_comes_second_sees_the_new_state_and_keeps_the_words(his, hers, incident):
    seen = incident.version
    act(hers, incident, "note", words="Đã gọi người phản ánh")
    answer = act(his, incident, "claim_done", version=seen, words="Đã vá xong", photos=[upload()])
    assert answer.status_code == 409
    page = shown(answer)
    assert "incident.changed" in page
    assert "Đã vá xong</textarea>" in page
    assert "Đã gọi người phản ánh" in page
    assert f'name="version" value="{seen + 1}"' in page
    assert Incident.objects.get().status == Status.ASSIGNED
    assert act(his, incident, "claim_done", words="Đã vá xong").status_code == 302


def test_a_step_that_is_gone_leaves_its_words_to_be_copied(his, hers, incident):
    seen = incident.version
    act(hers, incident, "reject", reason="abuse")
    answer = act(his, incident, "claim_done", PANEL, version=seen, words="Đã vá xong")
    assert answer.status_code == 409
    assert "Đã vá xong</textarea>" in shown(answer)
    assert 'data-step="claim_done"' not in shown(answer)
    assert 'data-status="rejected"' in shown(answer)


def test_another_category_asks_before_the_agency_changes(hers, incident):
    asked = act(hers, incident, "recategorise", category="fallen-tree", words="Cây đổ")
    assert asked.status_code == 409
    page = shown(asked)
    assert "incident.agency_would_change" in page
    [agreed] = re.findall(r'name="agreed" value="([\w-]+)"', page)
    assert Agency.objects.get(code=agreed).name in page
    assert "UBND Phường 101" in page
    assert Incident.objects.get().category_id == "pothole"
    act(hers, incident, "recategorise", category="fallen-tree", words="Cây đổ", agreed=agreed)
    now = Incident.objects.select_related("agency").get()
    assert (now.category_id, now.agency.code) == ("fallen-tree", agreed)


def test_a_pin_moved_within_the_ward_stays_with_the_agency(his, incident):
    answer = act(his, incident, "move", lat="10,7655", lon="106,7055", words="Đúng ra ở đây")
    assert answer.status_code == 302
    now = Incident.objects.get()
    assert (round(now.position.y, 4), now.agency_id) == (10.7655, incident.agency_id)


def test_an_agency_is_chosen_from_the_list_and_a_case_divided(hers, incident):
    page = shown(hers.get(page_of(incident)))
    assert '<option value="ubnd-102"' in page
    assert act(hers, incident, "assign", agency="ubnd-102", words="Họ gần hơn").status_code == 302
    rows = {"part_agency_1": "ubnd-103", "part_agency_2": "ubnd-104", "words": "Hai đơn vị"}
    assert act(hers, incident, "split", **rows).status_code == 302
    assert Incident.objects.filter(parent=incident).count() == 2
    assert "Các phần" in shown(hers.get(page_of(incident)))


def test_where_work_is_lent_contractors_are_chosen_from_first(his, incident):
    page = shown(his.get(page_of(incident)))
    groups = page.split('<select id="agency-delegate"')[1].split("</select>")[0]
    named = re.findall(r'<optgroup label="([^"]+)"', groups)
    assert named[0] == "Đơn vị dịch vụ, nhà thầu"
    assert len(named) == 3


def test_a_contractors_new_link_waits_for_the_page_of_its_own_incident(his, incident):
    zoo.agency("thau-xyz")
    send(category="litter", place=(106.7057, 10.7658))
    [other] = Incident.objects.exclude(pk=incident.pk)
    answer = act(his, incident, "delegate", agency="thau-xyz", words="Vá", days="7")
    assert answer.status_code == 302
    assert his.get(page_of(other)).status_code == 200
    assert "data-link" in shown(his.get(answer["Location"]))
    assert "data-link" not in shown(his.get(answer["Location"]))


def test_words_are_approved_where_they_are_read(hers, his, incident):
    report = Report.objects.get()
    said = {"report": report.pk, "verdict": "approve"}
    assert "Duyệt: ai cũng đọc được" in shown(hers.get(page_of(incident)))
    hers.post(f"{page_of(incident)}/words", said)
    assert Report.objects.get().approved_at
    assert "Duyệt: ai cũng đọc được" not in shown(his.get(page_of(incident)))
    assert his.post(f"{page_of(incident)}/words", said).status_code == 403


def test_a_closed_case_shows_what_was_repaired_to_everybody(his, hers, incident, client):
    act(his, incident, "claim_done", words="Đã vá", photos=[upload()])
    [after] = WorkPhoto.objects.values_list("sha256", flat=True)
    assert after not in shown(client.get(f"/i/{incident.pk}/card"))
    assert act(hers, incident, "close").status_code == 302
    assert after in shown(client.get(f"/i/{incident.pk}/card"))


def test_the_public_card_leads_its_office_to_the_page_and_nobody_else(his, incident, client):
    card = f"/i/{incident.pk}/card"
    assert f'href="{page_of(incident)}"' in shown(his.get(card))
    assert f'href="{page_of(incident)}"' not in shown(client.get(card))
    oversight = browser(officer("thu", Role.OVERSIGHT))
    again = f'href="/oversight/{incident.pk}"'
    assert again in shown(oversight.get(page_of(incident)))
    assert again not in shown(his.get(page_of(incident)))
    assert oversight.get(f"/oversight/{incident.pk}").status_code == 200


def test_the_page_asks_the_database_a_constant_number_of_times(
    his, incident, minh, django_assert_max_num_queries
):
    his.get(page_of(incident))
    for n in range(3):
        send(text=f"Ổ gà {n}")
        services.add_note(actor_of(minh), incident.pk, f"ghi chú {n}")
    with django_assert_max_num_queries(36):
        his.get(page_of(incident))
