"""Nobody touches a case, and yet it is told of, escalated once a rung, and closed by silence."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from gis_core.positions import LonLat, Position
from incidents import background, pipeline, promises
from incidents.actors import Actor
from incidents.models import Custody, Event, Incident, Notice, Staff
from incidents.permissions import Role
from incidents.report import Statement
from incidents.services import Said, sealing, take, working
from incidents.services.due_rows import PUT_OFF
from incidents.services.escalating import look_at_deadlines
from incidents.workflow import Status, Step
from tests.incidents.conftest import INSIDE
from tests.incidents.test_working import MONDAY, SAIGON, clock, incident

__all__ = ["clock", "incident"]
A_SECOND = timedelta(seconds=1)
DUE = datetime(2026, 6, 9, tzinfo=SAIGON) + A_SECOND
"""Just over five working days: Tuesday to Monday."""
NEAR = datetime(2026, 6, 6, tzinfo=SAIGON) + A_SECOND
"""Just over four fifths of them: the end of Friday."""

DUE_AFTER_PAUSE = datetime(2026, 7, 8, 10, tzinfo=SAIGON)
"""Five working days after the pause ended, on Wednesday 1 July at ten: none had run before."""


@pytest.fixture
def minh(incident):
    """Minh works for the agency that has it, and reads mail."""
    user = User.objects.create_user("minh", email="minh@example.vn")
    Staff.objects.create(user=user, role=Role.AGENCY_STAFF, agency=incident.agency)
    return Actor(user.pk, Role.AGENCY_STAFF, agencies=frozenset({incident.agency_id}))


def look():
    while look_at_deadlines(timezone.now()):
        pass


def rungs():
    return [e.data["step"] for e in Event.objects.filter(kind="escalated").order_by("id")]


def test_each_rung_is_taken_once_when_its_moment_comes(incident, minh, clock):
    look()
    assert rungs() == []
    clock.move_to(NEAR - timedelta(hours=1))
    look()
    assert rungs() == []
    clock.move_to(NEAR)
    look()
    look()
    assert rungs() == ["near_due"]
    clock.move_to(DUE)
    look()
    look()
    assert rungs() == ["near_due", "overdue"]
    clock.shift(timedelta(days=40))
    look()
    assert rungs() == ["near_due", "overdue", "long_overdue"]
    incident.refresh_from_db()
    assert incident.next_step_at is None
    assert incident.version == 1, "the watch is no reason to refuse what an officer sends"


def test_after_a_long_night_every_rung_is_on_record_and_the_highest_is_told(incident, minh, clock):
    clock.move_to(DUE + timedelta(hours=1))
    look()
    assert rungs() == ["near_due", "overdue"]
    assert list(Notice.objects.values_list("kind", flat=True)) == ["escalated_overdue"]


def test_a_pause_moves_the_rungs(incident, minh, clock):
    clock.shift(timedelta(days=1))
    take(minh, incident.pk, Step.PAUSE, Said("weather"))
    clock.move_to(DUE + timedelta(days=3))
    look()
    assert rungs() == []
    take(minh, incident.pk, Step.RESUME)
    look()
    assert rungs() == []
    clock.shift(timedelta(days=10))
    look()
    assert "overdue" in rungs()


def test_a_pause_ends_by_itself_when_its_days_are_used_up_and_the_case_becomes_late(
    incident, minh, clock
):
    take(minh, incident.pk, Step.PAUSE, Said("weather"))
    clock.shift(timedelta(days=10))
    take(minh, incident.pk, Step.RESUME)
    take(minh, incident.pk, Step.PAUSE, Said("weather"))
    clock.move_to(MONDAY + timedelta(days=30, seconds=-1))
    look()
    incident.refresh_from_db()
    assert (incident.status, incident.due_at) == (Status.PAUSED, None)
    clock.move_to(MONDAY + timedelta(days=32))
    look()
    incident.refresh_from_db()
    assert incident.status == Status.IN_PROGRESS
    assert incident.due_at == incident.custodies.get().due_at == DUE_AFTER_PAUSE
    last = Event.objects.filter(kind="resumed").latest("id")
    assert (last.actor_id, last.actor_kind) == (None, "system")
    assert datetime.fromisoformat(last.data["since"]) == MONDAY + timedelta(days=30)
    clock.move_to(DUE_AFTER_PAUSE + A_SECOND)
    look()
    assert "overdue" in rungs()


def test_a_case_that_a_fault_stops_stops_no_other(incident, minh, clock, monkeypatch, caplog):
    said = Statement("web", "mai", "pothole", "", Position(LonLat(*INSIDE), 5), MONDAY)
    pipeline.receive(said)
    closing = working.close_silent

    def broken(one, now):
        if one.pk == incident.pk:
            raise ValueError(MONDAY)
        return closing(one, now)

    monkeypatch.setattr(working, "close_silent", broken)
    clock.move_to(DUE + timedelta(days=40))
    look()
    assert set(Event.objects.filter(kind="escalated").values_list("incident", flat=True)) == {
        Incident.objects.exclude(pk=incident.pk).get().pk
    }
    assert "ValueError" in caplog.text
    monkeypatch.undo()
    clock.shift(PUT_OFF)
    look()
    assert Event.objects.filter(kind="escalated", incident=incident).exists()


def test_the_next_agency_begins_on_the_ladders_lowest_rung(incident, minh, clock):
    clock.move_to(NEAR)
    look()
    pipeline.decline(minh, incident.pk, Said("not_ours"))
    clock.shift(timedelta(hours=1))
    look()
    assert rungs() == ["near_due"]
    assert [c.steps for c in Custody.objects.order_by("id")] == [["near_due"], []]


def test_what_nobody_objects_to_is_closed_after_the_days_of_silence(incident, minh, clock):
    take(minh, incident.pk, Step.CLAIM_DONE, Said(words="Đã vá"))
    clock.shift(timedelta(days=6, hours=23))
    look()
    incident.refresh_from_db()
    assert incident.status == Status.CLAIMED_DONE
    clock.shift(timedelta(hours=1))
    look()
    incident.refresh_from_db()
    assert incident.status == Status.CLOSED
    event = Event.objects.filter(kind="closed").get()
    assert (event.actor_id, event.actor_kind) == (None, "system")


def test_a_city_that_gives_more_days_of_silence_closes_later(incident, minh, clock):
    take(minh, incident.pk, Step.CLAIM_DONE, Said(words="Đã vá"))
    Incident.objects.update(next_step_at=MONDAY)
    clock.shift(timedelta(days=1))
    look()
    incident.refresh_from_db()
    assert incident.next_step_at == MONDAY + timedelta(days=7)


def test_one_whom_somebody_works_on_is_left_for_the_next_look(incident, clock):
    clock.move_to(DUE)
    Incident.objects.update(next_step_at=DUE + timedelta(seconds=1))
    assert look_at_deadlines(timezone.now()) == 0


@pytest.mark.django_db(transaction=True)
def test_the_workers_end_when_they_are_asked_to(monkeypatch):
    monkeypatch.setattr(background, "TICK_S", 0.01)
    for worker in (background.deadlines, background.seals):
        turns = iter([True, True, True])
        worker(lambda turns=turns: next(turns, False))
    assert sealing.seal_events() == 0


def test_a_promise_is_the_median_and_the_ninth_tenth_of_the_past(town, clock):
    promises.forget()
    assert promises.promise("pothole") is None
    said = Statement("web", "k", "pothole", "", Position(LonLat(*INSIDE), 5), MONDAY)
    pipeline.receive(said)
    like = Incident.objects.get()
    now = timezone.now()
    for days in range(1, 21):
        like.pk = None
        like.status, like.opened_at = "closed", now - timedelta(days=days)
        like.closed_at = now
        like.save(force_insert=True)
    promises.forget()
    made = promises.promise("pothole")
    assert made.cases == 20
    assert made.median == timedelta(days=10.5)
    assert made.ninth_tenth == timedelta(days=18.1)
    promises.forget()
