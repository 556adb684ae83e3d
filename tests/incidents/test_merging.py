"""Two incidents are found to be one, are not after all, or hold reports of something else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from incidents import pipeline, services
from incidents.actors import Actor
from incidents.errors import IncidentChanged, IncidentNotFound, PermissionDenied
from incidents.merge_errors import (
    AgenciesDiffer,
    BadMoment,
    EndedIncident,
    IncidentMerged,
    NothingLeft,
    NotMergeable,
    NotMerged,
    PairNotFound,
    PrivacyDiffers,
    ReportsMissing,
    SameIncident,
)
from incidents.models import Event, Incident, Link, Note, Pair, Rating
from incidents.models.link import Purpose
from incidents.said import Part, Said
from incidents.services import BY_ITSELF
from incidents.workflow import Step
from tests import zoo
from tests.incidents.dumps import tables
from tests.incidents.same_spot import NOON, now, report_of, reported

pytestmark = pytest.mark.django_db
WHY = Said(words="cùng một chỗ")
NEXT_WARD = (106.7152, 10.7653)


@pytest.fixture
def two(town):
    """The first reported at noon, the second five minutes later and stored before it."""
    second, first = reported("b", minutes=5, email="mai@example.vn"), reported("a")
    return first, second


def test_the_earlier_opened_survives_with_the_reports_of_both(two, operator):
    first, second = two
    assert services.merge(operator, second.pk, first.pk) == first
    assert now(first).report_count == first.memberships.filter(to_event=None).count() == 2
    gone = now(second)
    assert (gone.status, gone.merged_into_id, gone.report_count) == ("merged", first.pk, 0)
    assert (gone.due_at, gone.held_since, gone.next_step_at) == (None, None, None)


def test_what_is_undone_is_as_if_it_had_never_been_merged(two, operator):
    first, second = two
    services.delegate(BY_ITSELF, second.pk, zoo.agency("thau-xyz").code, "giao việc")
    before = tables()
    services.merge(operator, first.pk, second.pk)
    assert tables() != before
    assert not Link.objects.filter(purpose=Purpose.CONTRACTOR, ended_at=None).exists()
    services.undo(operator, second.pk)
    assert tables() == before


def test_one_event_on_each_says_what_was_merged_and_undone_by_whom_and_why(two, operator):
    first, second = two
    services.merge(operator, first.pk, second.pk, WHY)
    services.undo(operator, second.pk, Said(words="hai chỗ khác nhau"))
    told = Event.objects.filter(actor=operator.user_id).order_by("pk")
    assert [(one.kind, one.incident_id, one.reason) for one in told] == [
        ("merged", second.pk, "cùng một chỗ"), ("joined", first.pk, "cùng một chỗ"),
        ("unmerged", second.pk, "hai chỗ khác nhau"), ("parted", first.pk, "hai chỗ khác nhau"),
    ]  # fmt: skip


def test_an_incident_is_not_merged_with_itself_nor_twice(two, operator):
    first, second = two
    with pytest.raises(SameIncident):
        services.merge(operator, first.pk, first.pk)
    services.merge(operator, first.pk, second.pk)
    with pytest.raises(SameIncident):
        services.merge(operator, second.pk, first.pk)
    with pytest.raises(NotMerged):
        services.undo(operator, first.pk)


def test_what_has_ended_is_merged_where_somebody_says_why(two, operator):
    first, second = two
    services.take(BY_ITSELF, first.pk, Step.REJECT, Said("nothing_found", "không thấy"))
    with pytest.raises(EndedIncident) as refused:
        services.merge(operator, first.pk, second.pk)
    assert refused.value.facts == {"ended": first.pk}
    assert services.merge(operator, first.pk, second.pk, WHY) == first


def test_where_two_agencies_have_them_the_asker_agrees_who_keeps_it(two, operator):
    first, second = two
    services.assign(BY_ITSELF, second.pk, "tt-1022", "chuyển")
    with pytest.raises(AgenciesDiffer) as refused:
        services.merge(operator, first.pk, second.pk, agency="tt-1022")
    facts = refused.value.facts
    assert (facts["agency"], facts["before"], facts["after"]) == (
        "ubnd-101", now(second).agency.name, now(first).agency.name,
    )  # fmt: skip
    services.merge(operator, first.pk, second.pk, agency="ubnd-101")
    assert now(first).agency.code == "ubnd-101"
    [held] = second.custodies.filter(agency__code="tt-1022")
    assert held.ended_by == "merged"


def test_what_nobody_has_stays_with_nobody_where_that_is_agreed(two, operator):
    first, second = two
    services.take(BY_ITSELF, first.pk, Step.DECLINE, Said("not_ours"))
    assert now(first).agency is None
    with pytest.raises(AgenciesDiffer) as refused:
        services.merge(operator, first.pk, second.pk)
    services.merge(operator, first.pk, second.pk, agency=refused.value.facts["agency"])
    assert now(first).needs_triage


def test_what_was_divided_is_not_merged(two, operator):
    first, second = two
    parts = [Part("ubnd-101"), Part("tt-1022")]
    made = services.split(BY_ITSELF, first.pk, parts, Said(words="hai việc"))
    for one in (first.pk, *made):
        with pytest.raises(NotMergeable):
            services.merge(operator, one, second.pk)


def test_what_everybody_sees_is_not_merged_with_what_they_do_not(two, operator):
    hidden = reported("c", category="noise", minutes=7)
    with pytest.raises(PrivacyDiffers) as refused:
        services.merge(operator, two[0].pk, hidden.pk, agency="ubnd-101")
    assert refused.value.facts == {"hidden": hidden.pk}


def test_who_saw_another_state_of_one_of_them_is_told_so(two, operator):
    first, second = two
    seen = {one.pk: now(one).version for one in two}
    services.add_note(BY_ITSELF, second.pk, "mới")
    before = tables()
    with pytest.raises(IncidentChanged):
        services.merge(operator, first.pk, second.pk, versions=seen)
    assert tables() == before
    services.merge(operator, first.pk, second.pk, versions={second.pk: now(second).version})
    with pytest.raises(IncidentChanged):
        services.undo(operator, second.pk, Said(version=now(second).version - 1))


def test_nothing_else_is_done_to_what_is_merged(two, operator):
    first, second = two
    services.merge(operator, first.pk, second.pk)
    with pytest.raises(IncidentMerged) as refused:
        services.take(operator, second.pk, Step.VERIFY)
    assert refused.value.facts == {"id": second.pk, "into": first.pk}
    with pytest.raises(IncidentNotFound):
        services.merge(operator, first.pk, 999_999)


def test_an_agency_merges_what_it_has_alone(two):
    first, second = two
    ours = Actor(None, BY_ITSELF.role.AGENCY_STAFF, frozenset({first.agency_id}))
    services.assign(BY_ITSELF, second.pk, "tt-1022", "chuyển")
    with pytest.raises(PermissionDenied):
        services.merge(ours, first.pk, second.pk, agency="ubnd-101")
    services.assign(BY_ITSELF, second.pk, "ubnd-101", "trả lại")
    services.merge(ours, first.pk, second.pk)
    services.assign(BY_ITSELF, first.pk, "tt-1022", "chuyển")
    with pytest.raises(PermissionDenied):
        services.undo(ours, second.pk)


def test_several_are_merged_all_or_none(two, operator):
    first, second = two
    third = reported("c", minutes=9)
    services.assign(BY_ITSELF, third.pk, "tt-1022", "chuyển")
    before = tables()
    with pytest.raises(AgenciesDiffer):
        services.merge_group(operator, [one.pk for one in (third, first, second)])
    assert tables() == before
    group = [third.pk, first.pk, second.pk]
    assert services.merge_group(operator, group, agency="ubnd-101") == first
    assert now(first).report_count == 3


def test_the_earliest_clock_of_one_agency_is_kept_and_given_back(town, operator):
    with time_machine.travel(NOON + timedelta(hours=1), tick=False) as clock:
        known = reported("a", minutes=5)
        since, due = now(known).held_since, now(known).due_at
        clock.shift(timedelta(days=2))
        survivor = reported("b")
        own = now(survivor)
        services.merge(operator, survivor.pk, known.pk)
        assert (now(survivor).held_since, now(survivor).due_at) == (since, due)
        assert survivor.custodies.get().began_at == since
        services.undo(operator, known.pk)
    assert (now(survivor).held_since, now(survivor).due_at) == (own.held_since, own.due_at)
    assert own.due_at > due == now(known).due_at


def test_no_clock_begins_in_the_time_of_whoever_had_it_in_between(town, operator):
    with time_machine.travel(NOON + timedelta(hours=1), tick=False) as clock:
        known, survivor = reported("a", minutes=5), reported("b")
        clock.shift(timedelta(days=1))
        services.assign(BY_ITSELF, survivor.pk, "tt-1022", "nhầm")
        clock.shift(timedelta(hours=1))
        services.assign(BY_ITSELF, survivor.pk, "ubnd-101", "trả lại")
        before = now(survivor).held_since
        services.merge(operator, survivor.pk, known.pk)
    assert now(survivor).held_since == before


def test_notes_photos_ratings_and_links_go_along_and_come_back(two, operator):
    first, second = two
    note = services.add_note(BY_ITSELF, second.pk, "nội bộ")
    services.take(BY_ITSELF, second.pk, Step.CLAIM_DONE, Said(words="xong"))
    reporter, report = Actor(incident=second.pk), report_of(second)
    services.rate(reporter, report, 4)
    link = Link.objects.get(report=report)
    services.merge(operator, first.pk, second.pk)
    for row in (Note.objects.get(), Rating.objects.get(), Link.objects.get()):
        assert row.incident_id == first.pk
    services.undo(operator, second.pk)
    for row in (Note.objects.get(), Rating.objects.get(), Link.objects.get()):
        assert row.incident_id == second.pk
    assert (note.pk, link.ended_at) == (Note.objects.get().pk, Link.objects.get().ended_at)
    assert now(second).status == "claimed_done"


def test_what_came_to_the_survivor_on_another_way_stays_there(two, operator):
    first, second = two
    third = reported("c", minutes=8)
    note = services.add_note(BY_ITSELF, third.pk, "của sự cố thứ ba")
    moved = report_of(third)
    services.merge(operator, second.pk, third.pk)
    services.merge(operator, first.pk, second.pk)
    services.undo(operator, third.pk)
    services.merge(operator, first.pk, third.pk)
    services.undo(operator, second.pk)
    note.refresh_from_db()
    assert note.incident_id == first.pk
    assert moved in first.memberships.filter(to_event=None).values_list("report", flat=True)
    assert Event.objects.filter(kind="unmerged").latest("pk").data["elsewhere"] == [moved]


def test_a_rating_of_what_came_of_the_survivor_stays_with_it(two, operator):
    first, second = two
    services.merge(operator, first.pk, second.pk)
    services.take(BY_ITSELF, first.pk, Step.CLAIM_DONE, Said(words="xong"))
    services.rate(Actor(incident=first.pk), report_of(first, 0), 5)
    services.rate(Actor(incident=first.pk), report_of(first, 1), 2)
    services.undo(operator, second.pk)
    assert set(Rating.objects.values_list("incident", flat=True)) == {first.pk}


def test_a_merging_is_undone_after_the_survivor_was_merged_and_closed(two, operator):
    first, second = two
    earliest = reported("c", minutes=-5)
    services.merge(operator, first.pk, second.pk)
    services.merge(operator, first.pk, earliest.pk)
    services.take(BY_ITSELF, earliest.pk, Step.REJECT, Said("nothing_found", "không thấy"))
    services.undo(operator, second.pk)
    assert [now(one).status for one in (earliest, first, second)] == [
        "rejected", "merged", "assigned",
    ]  # fmt: skip
    assert [now(one).report_count for one in (earliest, first, second)] == [2, 0, 1]
    services.undo(operator, first.pk)
    assert [now(one).report_count for one in (earliest, first, second)] == [1, 1, 1]


def test_reports_that_went_elsewhere_stay_there_and_are_listed(two, operator):
    first, second = two
    third = reported("c", minutes=8)
    theirs, moved = report_of(second), report_of(third)
    services.merge(operator, second.pk, third.pk)
    services.merge(operator, first.pk, second.pk)
    made = pipeline.take_out(operator, first.pk, [moved])
    with pytest.raises(NothingLeft) as refused:
        services.undo(operator, third.pk)
    assert refused.value.facts == {"id": third.pk}
    services.undo(operator, second.pk)
    told = Event.objects.get(kind="unmerged").data
    assert (told["reports"], told["elsewhere"]) == ([theirs], [moved])
    assert now(made).report_count == 1


def test_reports_are_taken_out_into_an_incident_placed_and_routed_like_a_new_one(two, operator):
    first, second = two
    away = reported("c", minutes=8, where=NEXT_WARD)
    there = report_of(away)
    services.merge(operator, first.pk, away.pk, agency="ubnd-101")
    services.merge(operator, first.pk, second.pk)
    made = now(pipeline.take_out(operator, first.pk, [there], Said(words="chỗ khác")))
    assert (made.agency.code, made.ward.code) == (now(away).agency.code, "102")
    assert made.opened_at == away.opened_at
    assert made.decision.agency == made.agency
    assert (made.report_count, now(first).report_count) == (1, 2)
    assert report_of(made) == there
    out = Event.objects.get(kind="taken_out")
    assert (out.incident_id, out.reason) == (first.pk, "chỗ khác")


@pytest.mark.parametrize("which", ["none", "all", "another's"])
def test_some_reports_are_taken_out_and_one_stays(two, operator, which):
    first, second = two
    other = reported("c", minutes=8)
    services.merge(operator, first.pk, second.pk)
    ours = [report_of(first), report_of(first, 1)]
    asked = {"none": [], "all": ours, "another's": [ours[0], report_of(other)]}[which]
    with pytest.raises(ReportsMissing):
        pipeline.take_out(operator, first.pk, asked)


@pytest.fixture
def pair(two):
    Pair.objects.all().delete()
    return Pair.objects.create(newer=two[1], older=two[0], probability=0.7)


def test_a_pair_is_kept_apart_by_whoever_may_merge_both(pair, operator):
    services.apart(operator, pair.pk, Said(words="hai hố"))
    services.apart(operator, pair.pk)
    pair.refresh_from_db()
    assert (pair.verdict, pair.said_by_id) == ("apart", operator.user_id)
    told = Event.objects.filter(kind="kept_apart")
    assert {one.incident_id for one in told} == {pair.newer_id, pair.older_id}
    assert told.count() == 2
    services.look_again(operator, pair.pk)
    pair.refresh_from_db()
    assert (pair.verdict, pair.said_by, pair.said_at) == ("", None, None)
    assert Event.objects.filter(kind="compared_again").count() == 2


def test_a_pair_is_put_off_for_some_days(pair, operator):
    until = timezone.now() + timedelta(days=3)
    services.later(operator, pair.pk, until)
    pair.refresh_from_db()
    assert (pair.verdict, pair.again_at) == ("later", until)
    for moment in (timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=91)):
        with pytest.raises(BadMoment):
            services.later(operator, pair.pk, moment)


def test_merging_and_undoing_leave_pairs_as_they_are(pair, operator):
    before = list(Pair.objects.values())
    services.merge(operator, pair.newer_id, pair.older_id)
    services.undo(operator, pair.newer_id)
    assert list(Pair.objects.values()) == before


def test_a_pair_is_judged_by_nobody_who_may_not_merge(pair, anybody):
    with pytest.raises(PermissionDenied):
        services.apart(anybody, pair.pk)
    staff = Actor(None, BY_ITSELF.role.AGENCY_STAFF, frozenset({0}))
    with pytest.raises(PermissionDenied):
        services.apart(staff, pair.pk)
    Incident.objects.update(public=False)
    with pytest.raises(PairNotFound):
        services.apart(staff, pair.pk)
