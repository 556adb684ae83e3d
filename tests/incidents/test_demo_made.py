"""What a made demo shows, and whom it lets in."""

from __future__ import annotations

from datetime import timedelta
from itertools import zip_longest

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.utils import timezone

from incidents import deadline_rules
from incidents.actors import ANYBODY
from incidents.deadlines import Clock, Limit, Pause, Runs
from incidents.made_up import demo
from incidents.models import Custody, Decision, Event, Incident, Rating, Report
from incidents.permissions import Role
from incidents.selectors import visible_to
from incidents.workflow import Status
from tests.incidents.test_demo import make_demo
from tests.kept_rows import held, town_again

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def shown(django_db_setup, django_db_blocker):
    """Keep what making 60 reports said; they stay for all of these tests."""
    said = []

    def lay():
        town_again()
        said.append(make_demo("--small"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "SMALL", 60)
        with held(django_db_blocker, lay):
            yield said[0]


def test_a_demo_has_incidents_of_several_kinds_states_and_months(shown):
    assert Report.objects.filter(channel="demo").count() == 60
    seen = visible_to(ANYBODY)
    assert set(seen.values_list("status", flat=True)) >= {"assigned", "in_progress", "closed"}
    assert seen.values("category").distinct().count() > 5
    assert seen.dates("opened_at", "month").count() >= 3
    assert seen.filter(ward=None).count() == 0


def test_every_made_up_report_says_so(shown):
    assert all("Dữ liệu mẫu" in text for text in Report.objects.values_list("text", flat=True))


def test_made_up_reports_went_the_way_of_real_ones(shown):
    for report in Report.objects.all():
        kinds = list(Event.objects.filter(report=report).values_list("kind", flat=True))
        assert kinds[:2] == ["received", "opened"]
    assert Decision.objects.count() >= Incident.objects.count()
    closed = Incident.objects.filter(status=Status.CLOSED.value).first()
    steps = list(closed.events.values_list("kind", flat=True))
    assert [kind for kind in steps if kind != "rated"][-3:] == [
        "claimed_done",
        "confirmed",
        "closed",
    ]
    assert closed.closed_at is not None


def test_the_demo_has_a_past_in_many_hands(shown):
    now = timezone.now()
    calendar = deadline_rules.calendar()
    assert not Event.objects.filter(at__gt=now).exists()
    assert Event.objects.filter(at__lt=now - timedelta(days=20)).exists()
    for incident in Incident.objects.exclude(agency=None):
        moments = list(incident.events.order_by("pk").values_list("at", flat=True))
        assert moments == sorted(moments)
        assert moments[0] == incident.opened_at
        *_, last = held = list(incident.custodies.order_by("from_event_id"))
        assert last.agency_id == incident.agency_id
        for one in held:
            assert one.began_at == one.from_event.at
            ended = one.to_event.at if one.to_event else None
            if one.ended_by == "merged":  # by a verb of today, not dated back
                ended = one.ended_at
            assert one.ended_at == ended
            limit = Limit(timedelta(seconds=one.limit_s), Runs(one.runs))
            clock = Clock(one.began_at, limit, pauses_of(one))
            assert one.due_at == clock.due(calendar)
            if one.ended_at:
                assert one.used == pytest.approx(clock.share(one.ended_at, calendar))
        if last.to_event is None:
            assert (incident.held_since, incident.due_at) == (last.began_at, last.due_at)
    told = Custody.objects.values_list("ended_by", flat=True)
    assert set(told) >= {"", "declined", "claimed_done"}
    assert Custody.objects.exclude(reopened_at=None).exists()
    assert Custody.objects.filter(proven=False).exists()
    assert Rating.objects.exists()


def pauses_of(custody):
    inside = custody.incident.events.filter(pk__gt=custody.from_event_id).order_by("pk")
    if custody.to_event_id:
        inside = inside.filter(pk__lt=custody.to_event_id)
    begins = list(inside.filter(kind="paused").values_list("at", flat=True))
    ends = list(inside.filter(kind="resumed").values_list("at", flat=True))
    return tuple(Pause(*both) for both in zip_longest(begins, ends))


def test_the_demo_has_pauses_that_the_watch_will_end(shown):
    for one in Incident.objects.filter(status="paused"):
        [held] = one.custodies.filter(to_event=None)
        [*_, last] = pauses_of(held)
        assert last.end is None
        assert (one.due_at is None) == (held.due_at is None)
        assert one.next_step_at is not None
    assert Incident.objects.filter(status="paused", due_at=None).exists()
    assert Event.objects.filter(kind="resumed").exists()


def test_a_second_run_makes_nothing_and_prints_the_logins_again(shown):
    events = Event.objects.count()
    again = make_demo("--small")
    assert "are there" in again
    assert Event.objects.count() == events
    assert [line for line in shown.splitlines() if "login" in line] == [
        line for line in again.splitlines() if "login" in line
    ]


def test_the_printed_logins_open_the_doors_they_should(shown):
    lines = [line.split() for line in shown.splitlines() if "login" in line]
    passwords = {name.rstrip(":"): password for _, name, password in lines}
    operator = authenticate(username="operator", password=passwords["operator"])
    admin = authenticate(username="admin", password=passwords["admin"])
    assert operator.staff.role == Role.OPERATOR
    assert not operator.is_staff
    assert admin.is_superuser


def test_there_is_a_login_for_each_office_where_it_is_asked_for(shown):
    assert "demo-leader" not in shown
    lines = [line.split() for line in make_demo("--small", "--staff").splitlines()]
    passwords = {parts[1].rstrip(":"): parts[2] for parts in lines if parts[0] == "login"}
    for name, role in demo.STAFF.items():
        user = authenticate(username=name, password=passwords[name])
        assert user.staff.role == role
        assert not user.is_staff
    ward = User.objects.get(username="demo-ward").staff
    assert Incident.objects.filter(agency=ward.agency, ward__in=ward.areas.all()).exists()
    make_demo("--remove")
    assert not User.objects.filter(username__startswith="demo-", is_active=True).exists()
