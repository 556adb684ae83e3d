"""Offices work on an incident: each step within its permission, one holder, clocks that add up."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from districts.models import Agency, Area, Category
from gis_core.errors import DomainError
from gis_core.positions import LonLat, Position
from incidents import deadline_rules, photos, pipeline, services
from incidents.actors import ANYBODY, Actor
from incidents.errors import (
    IncidentChanged,
    IncidentNotFound,
    PauseUsedUp,
    PermissionDenied,
    ReasonMissing,
    UnknownReason,
)
from incidents.models import DecreedDay, Event, Incident, Membership, Report
from incidents.permissions import Act, Role, reach_of
from incidents.report import Statement
from incidents.services import Said, clocks, take
from incidents.workflow import ARROWS, ENDED, HELD, ForbiddenStep, Status, Step
from tests.incidents.conftest import INSIDE, picture

pytestmark = pytest.mark.django_db
SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = datetime(2026, 6, 1, 10, tzinfo=SAIGON)
AFTER = photos.clean(picture(colour="green"))
"""What Minh shows of the finished work."""


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def incident(town, clock):
    """A pothole in ward 101, given to its agency on Monday morning."""
    said = Statement("web", "lan", "pothole", "", Position(LonLat(*INSIDE), 5), MONDAY)
    report = pipeline.receive(said).report_id
    return Membership.objects.get(report=report).incident


@pytest.fixture
def minh(incident, django_user_model):
    """Minh works for the agency that has it."""
    user = django_user_model.objects.create_user("minh")
    return Actor(user.pk, Role.AGENCY_STAFF, agencies=frozenset({incident.agency_id}))


@pytest.fixture
def hoa_elsewhere(incident, django_user_model):
    """Hoa works for another one."""
    other = Agency.objects.exclude(pk=incident.agency_id).first()
    user = django_user_model.objects.create_user("hoa-elsewhere")
    return Actor(user.pk, Role.AGENCY_STAFF, agencies=frozenset({other.pk}))


def now(incident):
    incident.refresh_from_db()
    return incident


def test_an_agency_accepts_works_and_says_that_it_is_done(incident, minh):
    take(minh, incident.pk, Step.ACCEPT)
    take(minh, incident.pk, Step.START)
    take(minh, incident.pk, Step.CLAIM_DONE, Said(words="Đã vá ổ gà"))
    assert now(incident).status == Status.CLAIMED_DONE
    assert incident.due_at is None
    kinds = [event.kind for event in incident.events.order_by("id")]
    assert kinds == ["opened", "assigned", "accepted", "in_progress", "claimed_done"]
    assert {event.actor_kind for event in incident.events.all()} == {"system", "agency_staff"}


def test_another_agency_may_not_touch_what_it_sees_and_not_see_what_is_private(
    incident, hoa_elsewhere
):
    with pytest.raises(PermissionDenied):
        take(hoa_elsewhere, incident.pk, Step.ACCEPT)
    Incident.objects.update(public=False)
    with pytest.raises(IncidentNotFound):
        take(hoa_elsewhere, incident.pk, Step.ACCEPT)
    assert now(incident).status == Status.ASSIGNED


def test_five_working_days_begin_with_the_hand_over(incident):
    assert incident.held_since == MONDAY
    assert incident.due_at == datetime(2026, 6, 9, tzinfo=SAIGON)
    event = incident.events.get(kind="assigned")
    assert event.data["rule"] == "answer"
    assert event.data["rule_version"] == 1
    assert datetime.fromisoformat(event.data["due"]) == incident.due_at


def test_danger_is_due_in_a_day_round_the_clock(town, clock):
    said = Statement("web", "k", "road-subsidence", "", Position(LonLat(*INSIDE), 5), MONDAY)
    pipeline.receive(said)
    incident = Incident.objects.get()
    assert incident.status == Status.ASSIGNED
    assert incident.due_at == MONDAY + timedelta(hours=24)


def test_a_decree_entered_by_hand_moves_what_is_due(town, clock):
    DecreedDay.objects.create(day="2026-06-03", works=False, source="decree")
    said = Statement("web", "k", "pothole", "", Position(LonLat(*INSIDE), 5), MONDAY)
    pipeline.receive(said)
    assert Incident.objects.get().due_at == datetime(2026, 6, 10, tzinfo=SAIGON)


def test_a_pause_stops_the_clock_and_its_working_time_is_added(incident, minh, clock):
    take(minh, incident.pk, Step.START)
    clock.move_to(datetime(2026, 6, 3, 12, tzinfo=SAIGON))
    take(minh, incident.pk, Step.PAUSE, Said(reason="weather"))
    assert now(incident).due_at is None
    clock.move_to(datetime(2026, 6, 5, 12, tzinfo=SAIGON))
    take(minh, incident.pk, Step.RESUME)
    assert now(incident).due_at == datetime(2026, 6, 11, tzinfo=SAIGON)
    assert clocks.clock_of(incident).due(deadline_rules.calendar()) == incident.due_at


def test_a_pause_does_not_make_up_for_what_is_late_already(incident, minh, clock):
    due = incident.due_at
    clock.move_to(due + timedelta(hours=1))
    new_day = (due + timedelta(days=5)).date()
    take(minh, incident.pk, Step.PAUSE, Said("weather", "mưa", photos=(AFTER,), promised=new_day))
    assert now(incident).due_at == due
    take(minh, incident.pk, Step.RESUME)
    assert now(incident).due_at == due


def test_a_case_is_not_paused_for_ever(incident, minh, clock):
    take(minh, incident.pk, Step.PAUSE, Said(reason="waiting_for_permit"))
    clock.shift(timedelta(days=31))
    take(minh, incident.pk, Step.RESUME)
    with pytest.raises(PauseUsedUp, match="30"):
        take(minh, incident.pk, Step.PAUSE, Said(reason="weather"))
    assert now(incident).status == Status.IN_PROGRESS


@pytest.mark.parametrize(
    ("step", "said", "fault"),
    [
        (Step.PAUSE, Said(), UnknownReason),
        (Step.PAUSE, Said(reason="not_ours"), UnknownReason),
        (Step.DECLINE, Said(words="no"), UnknownReason),
        (Step.CLAIM_DONE, Said(words="  "), ReasonMissing),
        (Step.RESUME, Said(), ForbiddenStep),
    ],
)
def test_a_step_without_what_it_asks_for_changes_nothing(incident, minh, step, said, fault):
    before = Event.objects.count()
    with pytest.raises(fault):
        take(minh, incident.pk, step, said)
    assert now(incident).status == Status.ASSIGNED
    assert Event.objects.count() == before


def test_of_two_who_act_at_once_the_second_hears_of_it(incident, minh):
    seen = incident.version
    take(minh, incident.pk, Step.ACCEPT, Said(version=seen))
    with pytest.raises(IncidentChanged):
        take(minh, incident.pk, Step.DECLINE, Said(reason="not_ours", version=seen))
    assert now(incident).status == Status.ACCEPTED


def test_declined_it_goes_to_a_person_and_is_nobodys(incident, minh, operator):
    agency = incident.agency.code
    take(minh, incident.pk, Step.DECLINE, Said(reason="not_ours"))
    assert now(incident).status == Status.VERIFIED
    assert incident.agency is None
    assert incident.due_at is None
    assert incident.needs_triage
    assert incident.events.get(kind="declined").data == {"agency": agency, "reason": "not_ours"}
    services.assign(operator, incident.pk, "tt-1022", "điều phối")
    assert now(incident).held_since == MONDAY


def test_reopened_it_is_with_the_same_agency_on_a_new_clock(incident, minh, operator, clock):
    take(minh, incident.pk, Step.CLAIM_DONE, Said(words="xong", photos=(AFTER,)))
    take(operator, incident.pk, Step.CLOSE)
    clock.move_to(datetime(2026, 6, 15, 9, tzinfo=SAIGON))
    take(operator, incident.pk, Step.REOPEN, Said(words="vẫn còn"))
    assert now(incident).status == Status.ASSIGNED
    assert incident.closed_at is None
    assert incident.due_at == datetime(2026, 6, 23, tzinfo=SAIGON)


def test_whoever_is_nobody_in_particular_takes_no_step(incident):
    for step in services_steps():
        with pytest.raises((PermissionDenied, ForbiddenStep)):
            take(ANYBODY, incident.pk, step, Said("weather", "x"))


def services_steps():
    return [step for step in Step if step not in {Step.ASSIGN, Step.SPLIT}]


ACTS = st.tuples(
    st.sampled_from(["minh", "elsewhere", "operator", "leader", "ward", "nobody"]),
    st.sampled_from([*services_steps(), Step.ASSIGN]),
    st.sampled_from(["", "not_ours", "weather", "nothing_found"]),
    st.sampled_from(["", "vì sao"]),
    st.integers(0, 80),
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=st.lists(ACTS, min_size=1, max_size=12))
def test_whatever_anybody_does_the_laws_hold(incident, minh, hoa_elsewhere, operator, clock, acts):
    ward = Area.objects.get(pk=incident.ward_id)
    cast = {
        "minh": minh,
        "elsewhere": hoa_elsewhere,
        "operator": operator,
        "leader": Actor(minh.user_id, Role.LEADER),
        "ward": Actor(
            minh.user_id,
            Role.WARD_STAFF,
            frozenset({incident.agency_id}),
            frozenset({ward.pk}),
        ),
        "nobody": ANYBODY,
    }
    with rolled_back():
        clock.move_to(MONDAY)
        for who, step, reason, words, hours in acts:
            clock.shift(timedelta(hours=hours))
            before, events = now(incident).status, list(incident.events.order_by("id"))
            try:
                act(cast[who], incident.pk, step, Said(reason, words))
            except DomainError:
                assert now(incident).status == before
                assert list(incident.events.order_by("id")) == events
            else:
                assert cast[who].role in may_at_all(step)
                assert before in {source.value for source in ARROWS[step].sources}
                assert now(incident).status == ARROWS[step].target
                assert list(incident.events.order_by("id"))[:-1] == events
            laws_hold(incident)


def act(actor, incident_id, step, said):
    if step is Step.ASSIGN:
        services.assign(actor, incident_id, "tt-1022", said.words)
    else:
        take(actor, incident_id, step, said)


def may_at_all(step):
    return {role for role in Role if reach_of(role, Act(step.value)) != "none"}


def laws_hold(incident):
    held = incident.status in HELD
    assert held == (incident.held_since is not None)
    assert held or incident.due_at is None
    assert (incident.closed_at is not None) == (incident.status in ENDED)
    if held:
        clock = clocks.clock_of(incident)
        assert clock.begin == incident.held_since
        assert clock.due(deadline_rules.calendar()) == incident.due_at
        assert clock.paused_at(datetime.now(SAIGON)) == (incident.status == Status.PAUSED)
    moments = [event.at for event in incident.events.order_by("id")]
    assert all(one <= other for one, other in pairwise(moments))
    assert Report.objects.filter(memberships__incident=incident, state="incident").count() == 1
    assert Membership.objects.filter(incident=incident, to_event=None).count() == 1


@contextmanager
def rolled_back():
    """Undo what is done in it, so that each example begins with the same incident."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_every_reason_in_the_catalogue_is_of_a_step_that_asks_for_one():
    listed = {step for step, arrow in ARROWS.items() if arrow.reason == "listed"}
    assert {reason.step for reason in deadline_rules.rules().reasons} == listed


@pytest.mark.parametrize("city", ["hcmc", "baltimore"])
def test_every_city_has_limits_that_fit_every_case(settings, city, town):
    settings.WARDWISE_CITY = city
    for category in Category.objects.select_related("sector"):
        limit = deadline_rules.rules().limit(category, MONDAY.date())
        assert limit.amount > timedelta(0)
    assert deadline_rules.calendar().works_on(MONDAY.date())
