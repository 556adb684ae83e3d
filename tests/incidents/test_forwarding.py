"""The service has five minutes to hand a report to an agency, whatever it waits for meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from gis_core.positions import LonLat, Position
from incidents import deadline_rules, pipeline, services
from incidents.actors import Actor
from incidents.deadline_rules import ForwardingRecord
from incidents.models import Custody, Event, Incident, Notice, Report, Staff
from incidents.notifications.composing import compose
from incidents.oversight.custodies import held_again
from incidents.permissions import Role
from incidents.report import Statement
from incidents.services import Said, forward_watch, forwarding
from incidents.services.splitting import split
from incidents.workflow import Step
from tests import zoo
from tests.incidents.conftest import INSIDE

NOON = datetime(2026, 6, 6, 5, tzinfo=UTC)
"""Noon in the city, on a Saturday: the service's own clock knows no weekend."""
FIVE = timedelta(minutes=5)
BORDER = (zoo.ward_boxes()["101"][2], INSIDE[1])


@pytest.fixture
def clock(town):
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def boss(db):
    user = User.objects.create_user("boss", email="boss@example.vn")
    Staff.objects.create(user=user, role=Role.LEADER)
    return user


@pytest.fixture
def hoa(hoa):
    hoa.email = "hoa@example.vn"
    hoa.save()
    return hoa


def report(lonlat=INSIDE, accuracy_m=5.0, key="lan"):
    where = Position(LonLat(*lonlat), accuracy_m) if lonlat else None
    text = "" if lonlat else "chỗ kia kìa"
    said = Statement("web", key, "pothole", text, where, timezone.now())
    return Report.objects.get(pk=pipeline.receive(said).report_id)


def unsure():
    """Return a report on the border of two wards, whose agency a person has to choose."""
    return report(BORDER, 50.0, key="border")


def look():
    while forward_watch.look_at_forwarding(timezone.now()):
        pass


def rungs():
    told = Event.objects.filter(kind="not_forwarded").order_by("id")
    return [event.data["step"] for event in told]


def told():
    rows = Notice.objects.filter(kind="not_forwarded").order_by("pk")
    return list(rows.values_list("user__username", flat=True))


def give_away(operator):
    services.assign(operator, Incident.objects.get().pk, "ubnd-101", "gần hơn")


def test_what_is_routed_at_once_is_forwarded_in_no_time_and_has_no_clock_any_more(clock):
    one = report()
    assert Custody.objects.get().forward_used == 0
    assert (one.forward_by, one.next_step_at) == (None, None)
    kept = Event.objects.get(kind="received").data["forward"]
    assert (kept["rule"], kept["rule_version"], kept["limit_s"]) == ("forward", 1, 300)
    assert datetime.fromisoformat(kept["due"]) == NOON + FIVE


def test_it_runs_on_while_a_person_decides_and_ends_with_the_first_agency(clock, operator):
    one = unsure()
    assert one.forward_by == NOON + FIVE
    clock.shift(timedelta(minutes=4))
    give_away(operator)
    assert Custody.objects.get().forward_used == pytest.approx(0.8)
    one.refresh_from_db()
    assert (one.forward_by, one.next_step_at) == (None, None)


def test_it_runs_from_the_receipt_while_a_report_waits_for_its_place(clock, operator):
    one = report(lonlat=None)
    assert (one.state, one.forward_by) == ("waiting", NOON + FIVE)
    clock.shift(timedelta(minutes=10))
    pin = services.Choice(Position(LonLat(*INSIDE), 5), "seen on a photo")
    pipeline.put(operator, one.pk, pin)
    assert Custody.objects.get().forward_used == pytest.approx(2)


@pytest.mark.parametrize(("after", "late"), [(FIVE, False), (FIVE + timedelta(seconds=1), True)])
def test_at_the_very_moment_it_is_in_time(clock, operator, after, late):
    unsure()
    clock.shift(after)
    give_away(operator)
    assert (Custody.objects.get().forward_used > 1) == late


def test_what_an_agency_gives_back_begins_no_second_clock(clock, operator):
    report()
    clock.shift(timedelta(hours=1))
    first = Incident.objects.get()
    minh = replace(operator, role=Role.AGENCY_STAFF, agencies=frozenset({first.agency_id}))
    pipeline.decline(minh, first.pk, Said("not_ours"))
    first.refresh_from_db()
    if first.agency is None:
        give_away(operator)
    used = Custody.objects.order_by("id").values_list("forward_used", flat=True)
    assert list(used) == [0, None]
    clock.shift(timedelta(hours=1))
    look()
    assert rungs() == []


def test_a_question_a_refusal_and_what_is_no_case_need_no_agency(clock, operator):
    asked = report(lonlat=None)
    services.take_as_inquiry(operator, asked.pk, "chỉ hỏi")
    refused = report(lonlat=None, key="mai")
    services.reject_report(refused.pk, "place.outside")
    unsure()
    services.take(operator, Incident.objects.get().pk, Step.REJECT, Said("nothing_found", "x"))
    assert not Report.objects.exclude(forward_by=None, next_step_at=None).exists()
    clock.shift(timedelta(days=1))
    look()
    assert rungs() == []


def test_each_rung_is_taken_once_and_tells_the_operators(clock, hoa, boss):
    one = unsure()
    look()
    assert rungs() == []
    clock.move_to(NOON + timedelta(minutes=4, seconds=1))
    look()
    assert (rungs(), told()) == (["forward_near_due"], [])
    clock.move_to(NOON + FIVE)
    look()
    assert rungs() == ["forward_near_due"], "at its very end the limit is kept"
    clock.shift(timedelta(seconds=1))
    look()
    look()
    assert rungs()[1:] == ["forward_overdue"]
    assert told() == ["hoa"]
    clock.shift(timedelta(hours=2))
    look()
    look()
    assert rungs()[2:] == ["forward_long_overdue"]
    assert sorted(told()) == ["boss", "hoa", "hoa"]
    one.refresh_from_db()
    assert one.next_step_at is None


def test_operators_read_what_waits_since_when_and_in_which_queue(clock, hoa):
    report(lonlat=None)
    clock.shift(timedelta(minutes=6))
    look()
    message = compose(Notice.objects.get(kind="not_forwarded"))
    assert message.subject == "Chưa chuyển đơn vị: Ổ gà, mặt đường hư, chờ từ 12:00 06/06/2026"
    assert message.link.endswith("/console/locate")
    assert "chỗ kia" not in message.body


def test_what_went_to_an_agency_another_way_is_left_alone(clock, hoa):
    """Its report joined an incident that an agency has."""
    report()
    other = report(lonlat=None, key="mai")
    held = Incident.objects.get()
    event = Event.objects.create(kind="joined", incident=held)
    other.memberships.create(incident=held, from_event=event)
    Report.objects.filter(pk=other.pk).update(state="incident")
    clock.shift(timedelta(hours=3))
    look()
    assert rungs() == []
    assert not Report.objects.exclude(forward_by=None).exists()


def test_a_case_divided_before_anybody_had_it_is_forwarded_with_its_first_part(clock, operator):
    unsure()
    clock.shift(timedelta(minutes=10))
    parts = [services.Part("ubnd-101", "pothole"), services.Part("ubnd-102", "pothole")]
    split(operator, Incident.objects.get().pk, parts, Said("", "hai phường"))
    used = list(Custody.objects.order_by("id").values_list("forward_used", flat=True))
    assert used == [pytest.approx(2), None]


def test_a_report_that_a_fault_stops_stops_no_other(clock, monkeypatch, caplog):
    first = unsure()
    second = report(BORDER, 50.0, key="mai")
    asked = forwarding.clock_of

    def broken(one):
        if one.pk == first.pk:
            raise ValueError(one.pk)
        return asked(one)

    monkeypatch.setattr(forwarding, "clock_of", broken)
    clock.shift(timedelta(minutes=6))
    look()
    told_of = Event.objects.filter(kind="not_forwarded").values_list("report", flat=True)
    assert set(told_of) == {second.pk}
    assert "ValueError" in caplog.text
    monkeypatch.undo()
    clock.shift(timedelta(minutes=11))
    look()
    assert Event.objects.filter(kind="not_forwarded", report=first).exists()


RULES = deadline_rules.rules()


def test_a_new_rule_counts_from_its_day_on_and_the_old_one_for_what_came_before(
    clock, operator, monkeypatch
):
    rows = (
        ForwardingRecord(code="forward", minutes=5, valid_to=date(2026, 6, 7)),
        ForwardingRecord(code="forward", minutes=2, version=2, valid_from=date(2026, 6, 7)),
    )
    monkeypatch.setattr(deadline_rules, "rules", lambda: replace(RULES, forwarding=rows))
    before = unsure()
    clock.shift(timedelta(hours=12, seconds=-1))  # the last second of Saturday, in the city
    last = report(BORDER, 50.0, key="last")
    clock.shift(timedelta(seconds=1))
    first = report(BORDER, 50.0, key="first")
    limits = [one.forward_by - one.received_at for one in (before, last, first)]
    assert limits == [FIVE, FIVE, timedelta(minutes=2)]
    kept = [e.data["forward"]["rule_version"] for e in Event.objects.filter(kind="received")]
    assert sorted(kept) == [1, 1, 2]


def test_a_city_without_such_a_rule_has_no_such_clock(clock, monkeypatch):
    monkeypatch.setattr(deadline_rules, "rules", lambda: replace(RULES, forwarding=()))
    one = unsure()
    assert (one.forward_by, one.next_step_at) == (None, None)
    assert "forward" not in Event.objects.get(kind="received").data


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 90)), max_size=5), st.integers(0, 420)
)
def test_of_the_rows_in_force_the_newest_counts(rows, on):
    """Written apart from the code: sort by the first day, take the last that holds the day."""
    begin = date(2026, 1, 1)
    told = tuple(
        ForwardingRecord(code=f"r{n}", minutes=n + 1, valid_from=begin + timedelta(first),
                         valid_to=begin + timedelta(first + many))
        for n, (first, many) in enumerate(rows)
    )  # fmt: skip
    day = begin + timedelta(on)
    limit = replace(RULES, forwarding=told).forward_limit(day)
    holding = [row for row in told if row.valid_from <= day < row.valid_to]
    newest = max((row.valid_from for row in holding), default=None)
    if newest is None:
        assert limit is None
    else:
        assert limit.rule in {row.code for row in holding if row.valid_from == newest}
        assert limit.runs == "always"


def test_auditors_see_it_reckoned_again_from_the_receipt(clock, operator):
    unsure()
    clock.shift(timedelta(minutes=20))
    give_away(operator)
    number = Incident.objects.get().pk
    [held] = held_again(Actor(1, Role.OVERSIGHT), number, "vi")
    assert (held.forward_used, held.agrees) == (pytest.approx(4), True)
    said = StringIO()
    call_command("why", str(number), stdout=said)
    assert "400% of the service's own limit used up" in said.getvalue()
    Custody.objects.update(forward_used=0.5)
    [held] = held_again(Actor(1, Role.OVERSIGHT), number, "vi")
    assert not held.agrees
