"""What another system had open goes on here under the clock that it would have had here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents import deadline_rules
from incidents.actors import Actor
from incidents.deadline_rules import DeadlineRecord
from incidents.deadlines import Clock, steps_reached
from incidents.models import Custody, Event, Incident, Notice
from incidents.oversight.custodies import held_again
from incidents.permissions import Role
from incidents.services import Said, clocks, take
from incidents.services.escalating import look_at_deadlines
from incidents.services.imported_clocks import ImportedClocks
from incidents.workflow import Step
from tests.incidents.test_importing import desk, row  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db
REPORTED = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Monday 2 March, eight in the morning in the city."""
DUE = datetime(2026, 3, 9, 17, tzinfo=UTC)
"""Five working days, Tuesday to Monday: the end of 9 March."""
RULES = deadline_rules.rules()
BOSS = Actor(1, Role.OVERSIGHT)


def brought(desk, *rows, at=REPORTED + timedelta(days=1)):  # noqa: F811
    with time_machine.travel(at, tick=False):
        desk(list(rows))
    return {one.reports_key: one for one in _keyed()}


def _keyed():
    for one in Incident.objects.all():
        one.reports_key = one.memberships.get().report.key
        yield one


def test_what_is_open_there_is_due_here_from_its_report_on(town, desk):  # noqa: F811
    of = brought(desk, row("working", state="Working"), row("new", state="New"), row("none"))
    for one in of.values():
        assert (one.held_since, one.due_at) == (REPORTED, DUE)
        held = one.custodies.get()
        assert (held.began_at, held.due_at, held.to_event) == (REPORTED, DUE, None)
        assert (held.rule, held.rule_version, held.steps) == ("answer", 1, [])
        assert one.next_step_at == datetime(2026, 3, 6, 17, tzinfo=UTC), "four fifths: Friday's end"
        assert clocks.clock_of(one).due(deadline_rules.calendar()) == DUE
        assert all(again.agrees for again in held_again(BOSS, one.pk, "vi"))


def test_the_agency_that_had_it_there_has_it_here(town, desk):  # noqa: F811
    of = brought(desk, row("theirs", state="Working", who="PARKS"))
    held = of["theirs"].custodies.get()
    assert held.agency.code == "cay-xanh"
    assert held.from_event.kind == "imported"
    assert clocks.clock_of(of["theirs"]).begin == REPORTED


def test_what_is_over_or_waits_for_a_person_has_no_clock(town, desk):  # noqa: F811
    of = brought(
        desk, row("done", state="Done", ended="05/03/2026 10:00"), row("refused", state="Refused"),
        row("unsure", x="106.71"),
    )  # fmt: skip
    assert of["unsure"].needs_triage
    assert not Custody.objects.exists()
    assert {one.due_at for one in of.values()} == {one.held_since for one in of.values()} == {None}


def test_a_danger_is_due_round_the_clock(town, desk):  # noqa: F811
    of = brought(desk, row("tree", kind="Tree"))
    category = of["tree"].category
    assert category.danger
    assert of["tree"].due_at == REPORTED + timedelta(hours=24)


def test_nobody_is_told_of_what_was_late_before_it_came(town, desk):  # noqa: F811
    of = brought(desk, row("old"), at=REPORTED + timedelta(days=90))
    held = of["old"].custodies.get()
    assert held.steps == ["near_due", "overdue", "long_overdue"]
    assert of["old"].next_step_at is None
    look_at_deadlines(timezone.now())
    assert not Event.objects.filter(kind="escalated").exists()
    assert not Notice.objects.exists()


def test_the_next_rung_is_taken_here(town, desk):  # noqa: F811
    of = brought(desk, row("near"), at=datetime(2026, 3, 8, tzinfo=UTC))
    assert of["near"].custodies.get().steps == ["near_due"]
    look_at_deadlines(DUE + timedelta(seconds=1))
    assert of["near"].custodies.get().steps == ["near_due", "overdue"]


def test_work_goes_on_and_is_counted(town, desk):  # noqa: F811
    one = brought(desk, row("working", state="Working"))["working"]
    minh = Actor(None, Role.AGENCY_STAFF, agencies=frozenset({one.agency_id}), incident=one.pk)
    with time_machine.travel(REPORTED + timedelta(days=3), tick=False):
        take(minh, one.pk, Step.CLAIM_DONE, Said(words="Đã vá"))
    held = one.custodies.get()
    assert held.ended_by == "claimed_done"
    assert 0 < held.used < 1
    assert held.forward_used is None, "it was forwarded there, not here"


def test_the_rule_in_force_when_it_was_reported_counts(town, desk, monkeypatch):  # noqa: F811
    rows = (
        DeadlineRecord(
            code="answer", days=2, valid_from=date(2026, 1, 1), valid_to=date(2026, 3, 3)
        ),
        DeadlineRecord(code="answer", days=9, version=2, valid_from=date(2026, 3, 3)),
    )  # fmt: skip
    monkeypatch.setattr(deadline_rules, "rules", lambda: replace(RULES, deadlines=rows))
    of = brought(
        desk, row("before"), row("after", when="03/03/2026 08:00"),
        row("long-ago", when="02/12/2025 08:00"),
    )  # fmt: skip
    told = {key: (one.custodies.get().rule_version, one.custodies.get().limit_s / 86_400)
            for key, one in of.items()}  # fmt: skip
    assert told == {"before": (1, 2), "after": (2, 9), "long-ago": (1, 2)}


@settings(max_examples=40)
@given(
    since=st.datetimes(datetime(2024, 1, 1), datetime(2026, 5, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    later=st.timedeltas(timedelta(0), timedelta(days=40)),
    danger=st.booleans(),
    days=st.integers(1, 15),
)
def test_it_is_the_clock_of_a_hand_over_at_that_moment(since, later, danger, days):
    category = SimpleNamespace(code="x", sector_id="y", danger=danger, working_days=days)
    now, calendar = since + later, deadline_rules.calendar()
    book = ImportedClocks(now)
    for moment in (since, since + timedelta(minutes=1)):
        begun = book.begin(category, moment)
        clock = Clock(moment, RULES.limit(category, moment.astimezone(calendar.zone).date()))
        assert begun.due == clock.due(calendar)
        past = steps_reached(RULES.ladder, clock, now, calendar)
        assert begun.steps == tuple(rung.code for rung in past)
