"""Possible duplicates over HTTP, as without JavaScript: who sees what, and what each word does."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from incidents import pipeline, services
from incidents.actors import actor_of
from incidents.duplicates.waiting import AT_ONE_POINT
from incidents.models import Incident, Membership, Pair, Staff
from incidents.permissions import Role
from incidents.said import Said
from incidents.workflow import Step
from tests import zoo
from tests.map_ui.conftest import HERE, send

pytestmark = pytest.mark.django_db
LON, LAT = HERE
ELSEWHERE = (106.7152, 10.7653)
FACTORS = [
    ["before", 0.25, -1.1], ["distance", 12.0, 4.2], ["wording", 0.8, 2.6], ["photos", 3, 5.0],
    ["days", 0.2, 0.4], ["category", "pothole, litter", -2.0],
]  # fmt: skip


@pytest.fixture
def hers(hoa):
    """Hoa is an operator."""
    return signed_in(hoa)


@pytest.fixture
def three(town):
    """Three reports of one pothole, a few steps apart."""
    return [incident(LON + step * 0.00005) for step in range(3)]


def incident(lon=LON, lat=LAT, category="pothole", text="Ổ gà sâu trước số 12"):
    return Incident.objects.get(pk=send(category, (lon, lat), text).incident)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def officer(name, role, agency=None):
    user = User.objects.create_user(name)
    Staff.objects.create(user=user, role=role, agency=agency)
    return user


def pair(newer, older, probability=0.9):
    Pair.objects.filter(newer=newer, older=older).delete()
    return Pair.objects.create(
        newer=newer, older=older, probability=probability, factors=FACTORS, evidence=["x"]
    )


def page_of(answer):
    return answer.content.decode()


def shown(client, path="/duplicates"):
    answer = client.get(path)
    assert answer.status_code == 200
    return page_of(answer)


def chosen(*incidents):
    return [f"{one.pk}:{Incident.objects.get(pk=one.pk).version}" for one in incidents]


def only(*pairs):
    """Let nothing wait but these."""
    Pair.objects.exclude(pk__in=[one.pk for one in pairs]).delete()
    return pairs


# ---- who, and what is shown ----


def test_only_who_may_merge_comes_in(town, client):
    assert client.get("/duplicates").status_code == 302
    for role, status in ((Role.PLANNER, 403), (Role.OVERSIGHT, 403), (Role.WARD_STAFF, 200)):
        assert signed_in(officer(role, role)).get("/duplicates").status_code == status


def test_an_office_sees_pairs_of_its_own_cases_alone(three, town):
    first, second, _ = three
    [mine] = only(pair(second, first))
    minh = signed_in(officer("minh", Role.AGENCY_STAFF, first.agency))
    tu = signed_in(officer("tu", Role.AGENCY_STAFF, zoo.agency("ubnd-102")))
    assert f"?pair={mine.pk}" in shown(minh)
    assert f"?pair={mine.pk}" not in shown(tu)
    assert tu.get(f"/duplicates?pair={mine.pk}").status_code == 404
    answer = tu.post("/duplicates/verdict", {"pair": mine.pk, "verdict": "apart"})
    assert answer.status_code in {403, 404}
    mine.refresh_from_db()
    assert mine.verdict == ""


def test_a_pair_shows_both_sides_the_factors_in_words_and_their_bars(three, hers):
    first, second, _ = three
    [waits] = only(pair(second, first))
    page = shown(hers, f"/duplicates?pair={waits.pk}")
    assert page.count("Ổ gà sâu trước số 12") == 2
    assert "cách nhau 12 m" in page
    assert "lời kể giống nhau 80%" in page
    assert "cùng một ảnh" in page
    bars = re.findall(r'class="(for|against)" x="([\d.]+)" y="1" width="([\d.]+)"', page)
    kinds = [kind for kind, _, _ in bars]
    assert kinds == ["for", "for", "for", "against", "for", "against"]
    assert all(0 <= float(x) + float(width) <= 200 for _, x, width in bars)


def test_without_anything_that_waits_the_page_says_so_and_compares_by_number(three, hers):
    only()
    assert "Khi có phản ánh có thể nói về việc đã biết" in shown(hers)
    first, second, _ = three
    page = shown(hers, f"/duplicates?chosen={first.pk}, {second.pk}")
    assert 'data-key="m"' in page
    assert "dup-factors" in page


def test_a_default_point_is_one_group_after_all_others_and_nothing_in_it_is_chosen(town, hers, hoa):
    kinds = ["pothole", "litter", "fallen-tree", "water-leak", "blocked-drain", "flooding"]
    there = [incident(LON, LAT, kinds[n % len(kinds)], "Không rõ") for n in range(36)]
    one, other = incident(LON + 0.003), incident(LON + 0.00305)
    rows = [pair(b, a, 0.99) for a, b in zip(there, there[6:], strict=False)]
    [real] = [pair(other, one, 0.4)]
    only(*rows, real)
    page = shown(hers)
    assert page.count('<li class="dup-row') == 2
    assert page.index(f"?pair={real.pk}") < page.index("Điểm mặc định")
    group = shown(hers, f"/duplicates?group={min(one.pk for one in there)}")
    assert "36 sự cố" in group
    assert "cùng một việc" in group
    assert " checked" not in group
    assert len(rows) <= AT_ONE_POINT


# ---- what is said of them ----


def test_a_pair_is_merged_and_the_last_thing_undone(three, hers):
    first, second, _ = three
    only(pair(second, first))
    answer = hers.post("/duplicates/merge", {"chosen": chosen(first, second)}, follow=True)
    assert f"#{second.pk} vào #{first.pk}" in page_of(answer)
    second.refresh_from_db()
    assert (second.status, second.merged_into_id) == ("merged", first.pk)
    answer = hers.post("/duplicates/undo", follow=True)
    assert answer.status_code == 200
    second.refresh_from_db()
    assert (second.status, second.merged_into_id) == ("assigned", None)
    assert hers.post("/duplicates/undo").status_code == 302


def test_a_group_is_merged_whole_or_not_at_all(three, hers, hoa):
    first, second, third = three
    seen = chosen(*three)
    services.add_note(actor_of(hoa), third.pk, "x")
    Incident.objects.filter(pk=third.pk).update(version=9)
    answer = hers.post("/duplicates/merge", {"chosen": seen})
    assert answer.status_code == 409
    assert "incident.changed" in page_of(answer)
    assert not Incident.objects.filter(status="merged").exists()
    hers.post("/duplicates/merge", {"chosen": chosen(*three)})
    assert Incident.objects.get(pk=first.pk).report_count == 3
    assert Membership.objects.filter(incident=first, to_event=None).count() == 3
    assert Incident.objects.filter(merged_into=first).count() == 2
    assert second.pk


def test_of_two_agencies_consent_is_asked_first(three, hers, hoa):
    first, second, _ = three
    services.assign(actor_of(hoa), second.pk, "ubnd-102", "Gần hơn")
    told = {"chosen": chosen(first, second)}
    answer = hers.post("/duplicates/merge", told)
    page = page_of(answer)
    assert answer.status_code == 409
    assert "incident.agencies_differ" in page
    agreed = re.search(r'name="agency" value="([^"]*)"', page)[1]
    assert agreed == first.agency.code
    assert hers.post("/duplicates/merge", {**told, "agency": agreed}).status_code == 302
    assert Incident.objects.get(pk=second.pk).status == "merged"


def test_what_has_ended_is_merged_with_a_reason_alone(three, hers, hoa):
    first, second, _ = three
    services.take(
        actor_of(hoa), second.pk, Step.REJECT, Said(reason="nothing_found", words="Trùng")
    )
    told = {"chosen": chosen(first, second)}
    answer = hers.post("/duplicates/merge", told)
    assert answer.status_code == 409
    assert 'id="again-words"' in page_of(answer)
    answer = hers.post("/duplicates/merge", {**told, "words": "Cùng một ổ gà"})
    assert answer.status_code == 302, page_of(answer)


def test_kept_apart_it_leaves_the_queue_and_comes_back_when_undone(three, hers):
    first, second, third = three
    one, other = only(pair(second, first), pair(third, first, 0.8))
    form = {"chosen": chosen(*three), "verdict": "apart"}
    answer = hers.post("/duplicates/verdict", form, follow=True)
    assert "Đã giữ riêng" in page_of(answer)
    assert set(Pair.objects.values_list("verdict", flat=True)) == {"apart"}
    assert '<li class="dup-row' not in shown(hers)
    hers.post("/duplicates/undo")
    assert set(Pair.objects.values_list("verdict", flat=True)) == {""}
    hers.post("/duplicates/verdict", {"pair": other.pk, "verdict": "later"})
    other.refresh_from_db()
    assert other.verdict == "later"
    assert f"?pair={one.pk}" in shown(hers)


def test_what_is_merged_already_is_said_and_a_pair_that_is_none_too(three, hers, hoa):
    first, second, _ = three
    [waits] = only(pair(second, first))
    services.merge(actor_of(hoa), first.pk, second.pk)
    answer = hers.get(f"/duplicates?pair={waits.pk}")
    assert answer.status_code == 409
    assert "incident.merged" in page_of(answer)
    answer = hers.get(f"/duplicates?pair={waits.pk + 999}")
    assert (answer.status_code, "pair.not_found" in page_of(answer)) == (404, True)


def test_the_queue_asks_as_many_questions_of_many_pairs_as_of_few(
    town, hers, django_assert_max_num_queries
):
    rows = []
    for step in range(12):
        a, b = incident(LON + step * 0.001), incident(LON + step * 0.001 + 0.00005)
        rows.append(pair(b, a, 0.5 + step / 100))
    only(*rows)
    with django_assert_max_num_queries(60):
        shown(hers)


# ---- on a case ----


def test_a_case_shows_what_was_merged_in_and_undoes_it(three, hers, hoa):
    first, second, _ = three
    services.merge(actor_of(hoa), first.pk, second.pk)
    page = shown(hers, f"/case/{first.pk}")
    assert "case-merged" in page
    answer = hers.get(f"/case/{second.pk}")
    assert (answer.status_code, answer["Location"]) == (302, f"/case/{first.pk}")
    hers.post(f"/case/{first.pk}/undo_merging", {"merged": second.pk})
    assert Incident.objects.get(pk=second.pk).status == "assigned"
    assert "case-merged" not in shown(hers, f"/case/{first.pk}")


def test_reports_are_taken_out_of_a_case_but_never_all(three, hers, hoa):
    first, second, _ = three
    services.merge(actor_of(hoa), first.pk, second.pk)
    reports = list(Membership.objects.filter(incident=first, to_event=None)
                   .order_by("report_id").values_list("report_id", flat=True))  # fmt: skip
    form = {"version": Incident.objects.get(pk=first.pk).version}
    answer = hers.post(f"/case/{first.pk}/take_out", {**form, "taken": reports})
    assert answer.status_code == 422
    hers.post(f"/case/{first.pk}/take_out", {**form, "taken": reports[1:], "words": "Việc khác"})
    made = Membership.objects.get(report=reports[1], to_event=None).incident
    assert made.pk not in {first.pk, second.pk}
    assert Incident.objects.get(pk=first.pk).report_count == 1


def test_a_case_leads_to_its_comparison_with_another(three, hers):
    first, second, _ = three
    page = shown(hers, f"/case/{first.pk}")
    assert f"/duplicates?chosen={first.pk},{second.pk}&amp;return={first.pk}" in page
    answer = hers.get(
        "/duplicates", {"with": first.pk, "chosen": f"#{second.pk}", "return": first.pk}
    )
    assert 'name="return"' in page_of(answer)
    form = {"chosen": chosen(first, second), "return": first.pk}
    assert hers.post("/duplicates/merge", form)["Location"] == f"/case/{first.pk}"


# ---- before it is sent ----


def test_without_scripts_what_is_known_is_asked_once_and_then_taken(three, client):
    form = {"lat": LAT, "lon": LON, "category": "pothole", "text": "Ổ gà sâu trước số 12"}
    answer = client.post("/report", form)
    page = page_of(answer)
    assert answer.status_code == 409
    assert "known-one" in page
    assert "Ổ gà sâu" in page
    seen = re.search(r'name="seen" value="([^"]*)"', page)[1]
    assert str(three[0].pk) in seen.split(",")
    answer = client.post("/report", {**form, "seen": seen})
    assert answer.status_code == 302
    assert answer["Location"].endswith("/receipt")


def test_an_office_is_told_while_it_types_of_more_than_the_public(three, hers, client):
    asked = {"lat": LAT, "lon": LON, "accuracy": 5, "category": "pothole", "text": "ổ gà"}
    assert client.get("/duplicates/similar", asked).status_code == 302
    Incident.objects.update(public=False)
    assert client.get("/api/v1/incidents/similar", asked).json() == {"incidents": []}
    found = hers.get("/duplicates/similar", asked).json()["incidents"]
    assert three[0].pk in {one["id"] for one in found}
    assert all(one["office"] for one in found)
    assert hers.get("/duplicates/similar", {**asked, "lat": "x"}).status_code == 400


# ---- what a reporter is told ----


def test_a_reporter_reads_of_merging_undoing_and_taking_out_but_nothing_of_the_others(
    town, hoa, client
):
    first = send(text="Ổ gà trước tiệm phở")
    second = send(place=(LON + 0.00005, LAT), text="Chị Lan ở số 12 gọi mãi không được")
    admin = actor_of(hoa)
    services.merge(admin, first.incident, second.incident)
    page = page_of(client.get(f"/t/{first.code}"))
    assert "các phản ánh đó được nhập chung vào đây" in page
    assert "Chị Lan" not in page
    assert second.code not in page
    page = page_of(client.get(f"/t/{second.code}"))
    assert "phản ánh của bạn được theo dõi chung" in page
    assert "Chị Lan" in page
    assert "tiệm phở" not in page
    assert first.code not in page
    services.undo(admin, second.incident)
    assert "lại được xử lý riêng" in page_of(client.get(f"/t/{second.code}"))
    services.merge(admin, first.incident, second.incident)
    report = Membership.objects.get(report__text__startswith="Chị Lan", to_event=None).report_id
    pipeline.take_out(admin, first.incident, [report])
    page = page_of(client.get(f"/t/{second.code}"))
    assert "hóa ra nói về việc khác với các phản ánh còn lại" in page
    assert "tiệm phở" not in page
