"""Whoever had to do with a merged incident goes on with the one that stands for it."""

from __future__ import annotations

import json

import pytest
import time_machine

from gis_core import sql
from incidents import mine, outlook, pipeline, selectors, services
from incidents.actors import ANYBODY, Actor
from incidents.dossier.reading import dossier
from incidents.errors import IncidentNotFound
from incidents.figures import read_period, read_scope
from incidents.figures.measures import MEASURES, behind
from incidents.filters import read_filters
from incidents.ledger_check import verify
from incidents.listing import collection
from incidents.merge_errors import IncidentMerged
from incidents.models import (
    Event,
    Follower,
    Incident,
    IncidentArea,
    Notice,
    PushSubscription,
    Report,
)
from incidents.notifications import worker
from incidents.oversight.custodies import held_again
from incidents.oversight.reading import chain
from incidents.permissions import Role
from incidents.reaching import read_address
from incidents.rereading import rejoined
from incidents.said import Said
from incidents.services import BY_ITSELF
from incidents.services.erasing import erase_contacts
from incidents.services.following import Following, confirm_following, follow, unfollow
from incidents.workflow import Step
from tests.incidents.peers import gateway, mailbox  # noqa: F401  fixtures
from tests.incidents.same_spot import NOON, now, report_of, reported
from tests.incidents.test_ledger import seal_all  # noqa: F401  a fixture
from tests.incidents.test_merging import NEXT_WARD
from tests.incidents.test_notices import due_now

pytestmark = pytest.mark.django_db
LAN, MAI = "lan@example.vn", "mai@example.vn"
BOSS = Actor(None, Role.LEADER)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=True):
        yield


@pytest.fixture
def first(town):
    """Lan reported it first."""
    return reported("a", email=LAN)


@pytest.fixture
def second(first):
    """Mai reported it five minutes later."""
    return reported("b", minutes=5, email=MAI)


def tracked(report):
    return selectors.track(Report.objects.get(pk=report).code, "en")


def kinds(report):
    return [moment.kind for moment in tracked(report).timeline]


# ---- pages ----


def test_the_tracking_page_follows_the_report_and_keeps_its_history(first, second, operator):
    report = report_of(second)
    services.take(BY_ITSELF, second.pk, Step.ACCEPT)
    services.merge(operator, first.pk, second.pk)
    assert (tracked(report).incident, tracked(report).status) == (first.pk, "assigned")
    assert kinds(report)[0] == "received"
    assert kinds(report)[-2:] == ["accepted", "merged"]
    assert kinds(report_of(first)).count("joined") == 1
    services.undo(operator, second.pk)
    assert (tracked(report).incident, tracked(report).status) == (second.pk, "accepted")
    assert kinds(report)[-2:] == ["merged", "unmerged"]


def test_who_asks_for_a_merged_one_is_led_to_what_stands_for_it(first, second, operator, client):
    earliest = reported("c", minutes=-1)
    services.merge(operator, first.pk, second.pk)
    services.merge(operator, first.pk, earliest.pk)
    with pytest.raises(IncidentMerged) as led:
        selectors.card(ANYBODY, second.pk, "vi")
    assert led.value.facts == {"id": second.pk, "into": earliest.pk}
    with pytest.raises(IncidentMerged):
        dossier(operator, first.pk, "vi")
    answer = client.get(f"/api/v1/incidents/{second.pk}")
    assert answer.status_code == 301
    assert answer["Location"] == f"/api/v1/incidents/{earliest.pk}"
    assert answer.json()["code"] == "incident.merged"
    assert answer["Cache-Control"] == "no-store"
    page = client.get(f"/i/{second.pk}?lang=en")
    assert page.status_code == 302
    assert page["Location"].split("?")[0] == f"/i/{earliest.pk}"
    services.undo(operator, second.pk)
    assert client.get(f"/api/v1/incidents/{second.pk}").json()["id"] == second.pk


def test_nobody_learns_of_a_merged_one_what_they_could_not_see_before(town, operator):
    first, second = reported("a", category="noise"), reported("b", category="noise", minutes=5)
    services.merge(operator, first.pk, second.pk)
    with pytest.raises(IncidentNotFound):
        selectors.card(ANYBODY, second.pk, "vi")


def test_a_merged_one_leaves_every_list_and_every_figure(first, second, operator):
    services.assign(BY_ITSELF, second.pk, "tt-1022", "nhầm")
    services.merge(operator, first.pk, second.pk, agency="ubnd-101")
    pks = list(selectors.visible_to(operator).values_list("pk", flat=True))
    assert pks == list(selectors.visible_to(ANYBODY).values_list("pk", flat=True)) == [first.pk]
    listed = collection(ANYBODY, _no_filters(), limit=10, cursor=None, language="vi")
    assert [one["id"] for one in json.loads(listed)["features"]] == [first.pk]
    scope = read_scope(BOSS, read_period("2026-06"))
    for figure in MEASURES:
        counted = behind(scope, figure)
        assert not counted.filter(**{f"{_to(counted)}pk": second.pk}).exists(), figure
    assert behind(scope, "reported").count() == 1


def _no_filters():
    return read_filters(bbox="", sector=[], category=[], status=[], days=(None, None))


def _to(rows):
    return "" if rows.model is Incident else "incident__"


def test_a_merged_one_is_read_again_in_no_other_boundaries_and_under_no_other_rules(
    first, second, operator, town
):
    ward = town.areas.first()
    for one in (first, second):
        IncidentArea.objects.create(edition=town, incident=one, area=ward, how="inside")
    services.merge(operator, first.pk, second.pk)
    assert rejoined.by_area(town.pk) == {ward.code: 1}
    assert rejoined.by_how(town.pk) == [("inside", 1)]
    asked = {"after": 0, "since": NOON, "limit": 9}
    assert [pk for pk, *_ in sql.rows("incidents", "routed_after", asked)] == [first.pk]


def test_auditors_read_the_chain_of_a_merged_one_and_its_clocks_add_up(first, second, operator):
    services.merge(operator, first.pk, second.pk)
    assert [line.kind for line in chain(BOSS, second.pk)] == ["opened", "assigned", "merged"]
    for one in (first, second):
        assert all(held.agrees for held in held_again(BOSS, one.pk, "en"))
    services.undo(operator, second.pk)
    for one in (first, second):
        assert all(held.agrees for held in held_again(BOSS, one.pk, "en"))


def test_what_was_merged_undone_and_taken_out_is_sealed(first, second, operator, seal_all):  # noqa: F811
    services.merge(operator, first.pk, second.pk)
    taken = report_of(first)
    pipeline.take_out(operator, first.pk, [taken])
    services.merge(
        operator, *Incident.objects.exclude(status="merged").values_list("pk", flat=True)
    )
    services.undo(operator, second.pk)
    seal_all()
    assert verify({}).findings == ()


# ---- answers ----


def test_who_disputes_after_a_merge_reaches_what_stands_for_it(first, second, operator):
    services.take(BY_ITSELF, first.pk, Step.CLAIM_DONE, Said(words="xong"))
    services.merge(operator, first.pk, second.pk)
    theirs = outlook.outlook_of_code(Report.objects.get(pk=report_of(first, 1)).code)
    assert (theirs.incident, theirs.may_dispute) == (first.pk, True)
    services.dispute(theirs.actor, theirs.incident, theirs.report, Said(words="chưa xong"))
    assert now(first).status == "assigned"


def test_the_link_of_a_claim_goes_along_and_closes_what_is_claimed(first, second, operator):
    for one in (first, second):
        services.take(BY_ITSELF, one.pk, Step.CLAIM_DONE, Said(words="xong"))
    link = second.links.get()
    services.merge(operator, first.pk, second.pk)
    link.refresh_from_db()
    assert link.incident_id == first.pk
    actor = Actor(incident=link.incident_id, link=link.pk)
    services.confirm(actor, first.pk, link.report_id)
    assert now(first).status == "closed"
    services.undo(operator, second.pk)
    assert now(second).status == "claimed_done"


# ---- notices ----


def told(kind):
    return list(Notice.objects.filter(kind=kind).order_by("pk"))


def test_each_reporter_whose_report_moves_is_told_once(first, second, operator, mailbox):  # noqa: F811
    worker.drain()
    third = reported("c", minutes=6, email="tam@example.vn")
    services.merge_group(operator, [one.pk for one in (first, second, third)])
    rows = told("merged")
    assert [row.report_id for row in rows] == [report_of(first, 1), report_of(first, 2)]
    assert {row.incident_id for row in rows} == {first.pk}
    # Nobody hears any more of the hand-over that was overtaken.
    late = Notice.objects.filter(report=report_of(first, 2), kind="assigned")
    assert set(late.values_list("state", flat=True)) == {"dropped"}


def test_who_heard_of_a_merging_hears_of_its_end_and_who_did_not_hears_nothing(
    first,
    second,
    operator,
    mailbox,  # noqa: F811
):
    services.merge(operator, first.pk, second.pk)
    due_now()
    worker.drain()
    third = reported("c", minutes=6, email="tam@example.vn")
    services.merge(operator, first.pk, third.pk)
    services.undo(operator, second.pk)
    services.undo(operator, third.pk)
    assert [row.report_id for row in told("unmerged")] == [report_of(second)]
    assert [row.state for row in told("merged")] == ["sent", "dropped"]
    events = Event.objects.filter(kind="unmerged").order_by("pk")
    assert [one.data["told"] for one in events] == [[told("merged")[0].pk], []]
    # What was laid aside when it was merged is said after all.
    again = Notice.objects.filter(report=report_of(third), incident=third, state="ready")
    assert set(again.values_list("kind", flat=True)) == {"assigned"}


def test_reporters_whose_report_is_taken_out_are_told_once(first, second, operator):
    away = reported("c", minutes=8, where=NEXT_WARD, email="tam@example.vn")
    services.merge(operator, first.pk, away.pk, agency="ubnd-101")
    made = pipeline.take_out(operator, first.pk, [report_of(first, 1)])
    [row] = told("taken_out")
    assert (row.report_id, row.incident_id) == (report_of(made), made.pk)
    news = Notice.objects.filter(report=row.report_id, state="ready", incident__isnull=False)
    assert [one.kind for one in news] == ["taken_out"]


def test_texts_say_what_became_of_it(first, second, operator, mailbox):  # noqa: F811
    services.merge(operator, first.pk, second.pk)
    due_now()
    worker.drain()
    [mail] = [one for one in mailbox.mails if "gộp" in str(one["Subject"])]
    assert str(first.pk) in str(mail["Subject"])


# ---- followers ----


def confirmed(incident, address):
    token = follow(incident.pk, Following(email=address))
    confirm_following(token)
    return token


def test_who_followed_both_is_told_once_and_stops_both(first, second, operator):
    for one in (first, second):
        token = confirmed(one, "tam@example.vn")
    services.merge(operator, first.pk, second.pk)
    services.take(BY_ITSELF, first.pk, Step.CLAIM_DONE, Said(words="xong"))
    assert len([one for one in told("claimed_done") if one.follower_id]) == 1
    unfollow(token)
    assert not Follower.objects.filter(ended_at=None).exists()


def test_who_followed_the_merged_one_hears_of_what_stands_for_it(first, second, operator):
    confirmed(second, "tam@example.vn")
    services.merge(operator, first.pk, second.pk)
    assert [one.incident_id for one in told("merged") if one.follower_id] == [first.pk]
    [followed] = mine.my_followings(read_address("tam@example.vn"), "vi")
    assert followed.incident == first.pk
    services.undo(operator, second.pk)
    [followed] = mine.my_followings(read_address("tam@example.vn"), "vi")
    assert followed.incident == second.pk


def test_a_browser_that_said_me_too_is_counted_once_also_after_a_merge(first, second, operator):
    wish = Following(too=True, browser="b")
    token = follow(second.pk, wish)
    services.merge(operator, first.pk, second.pk)
    assert follow(first.pk, wish) == token == follow(second.pk, wish)
    assert now(first).too_count == 1
    unfollow(token)
    services.undo(operator, second.pk)
    assert (now(first).too_count, now(second).too_count) == (0, 0)


# ---- people ----


def test_a_persons_address_is_erased_from_what_was_merged(first, second, operator):
    confirmed(second, MAI)
    PushSubscription.objects.create(
        endpoint="https://push.example/1", p256dh="x", auth="y", report_id=report_of(second)
    )
    services.merge(operator, first.pk, second.pk)
    assert erase_contacts(read_address(MAI)) == 1
    assert not Follower.objects.exclude(email="").exists()
    assert not PushSubscription.objects.exists()
    services.undo(operator, second.pk)
    assert not Follower.objects.filter(ended_at=None).exists()


def test_my_reports_show_the_state_of_what_stands_for_it(first, second, operator):
    services.take(BY_ITSELF, first.pk, Step.START, Said(words="làm"))
    services.merge(operator, first.pk, second.pk)
    [one] = mine.my_reports(read_address(MAI), "vi")
    assert one.status == "in_progress"


def test_made_up_incidents_are_removed_with_what_was_merged_into_them(town):
    first, second = reported("a"), reported("b", minutes=5)
    Report.objects.update(channel="demo")
    real = reported("c", minutes=9)
    services.merge(BY_ITSELF, first.pk, second.pk)
    services.remove_made_up("demo")
    assert list(Incident.objects.values_list("pk", flat=True)) == [real.pk]


def test_made_up_incidents_that_a_real_report_was_merged_into_stay(town):
    first, second = reported("a"), reported("b", minutes=5)
    Report.objects.update(channel="demo")
    real = reported("c", minutes=-9)
    services.merge(BY_ITSELF, first.pk, second.pk)
    services.merge(BY_ITSELF, first.pk, real.pk)
    services.remove_made_up("demo")
    assert Incident.objects.count() == 3
    services.undo(BY_ITSELF, second.pk)
    assert now(second).report_count == 1
