"""The demo shows the site at work, says that it is made up, and goes away again."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from districts.catalogue_loading import load_catalogue
from gis_core.positions import LonLat, Position
from incidents import deadline_rules, pipeline
from incidents.actors import ANYBODY
from incidents.deadlines import Clock, Limit, Runs
from incidents.made_up import demo
from incidents.models import (
    Custody,
    Decision,
    Event,
    Incident,
    Membership,
    Rating,
    Report,
)
from incidents.permissions import Role
from incidents.report import Statement
from incidents.selectors import visible_to
from incidents.workflow import Status


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(demo, "SMALL", 60)


def make_demo(*options):
    said = StringIO()
    call_command("make_demo", *options, stdout=said)
    return said.getvalue()


def real_report(key="real-1"):
    statement = Statement(
        channel="web",
        key=key,
        category="pothole",
        text="Ổ gà trước nhà",
        position=Position(LonLat(106.7052, 10.7653), 5.0),
        reported_at=timezone.now(),
    )
    return pipeline.receive(statement).report_id


def test_a_demo_has_incidents_of_several_kinds_states_and_months(town, small):
    make_demo("--small")
    assert Report.objects.filter(channel="demo").count() == 60
    seen = visible_to(ANYBODY)
    assert set(seen.values_list("status", flat=True)) >= {"assigned", "in_progress", "closed"}
    assert seen.values("category").distinct().count() > 5
    assert seen.dates("opened_at", "month").count() >= 3
    assert seen.filter(ward=None).count() == 0


def test_every_made_up_report_says_so(town, small):
    make_demo("--small")
    assert all("Dữ liệu mẫu" in text for text in Report.objects.values_list("text", flat=True))


def test_made_up_reports_went_the_way_of_real_ones(town, small):
    make_demo("--small")
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


def test_the_demo_has_a_past_in_many_hands(town, small):
    make_demo("--small")
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
            assert one.ended_at == (one.to_event.at if one.to_event else None)
            clock = Clock(one.began_at, Limit(timedelta(seconds=one.limit_s), Runs(one.runs)))
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


def test_a_second_run_makes_nothing_and_prints_the_logins_again(town, small):
    first = make_demo("--small")
    events = Event.objects.count()
    again = make_demo("--small")
    assert "are there" in again
    assert Event.objects.count() == events
    assert [line for line in first.splitlines() if "login" in line] == [
        line for line in again.splitlines() if "login" in line
    ]


def test_a_broken_run_is_gone_on_with(town, monkeypatch):
    demo.make(20)
    assert demo.make(30) == 10
    assert Report.objects.filter(channel="demo").count() == 30


def test_the_printed_logins_open_the_doors_they_should(town, small):
    lines = [line.split() for line in make_demo("--small").splitlines() if "login" in line]
    passwords = {name.rstrip(":"): password for _, name, password in lines}
    operator = authenticate(username="operator", password=passwords["operator"])
    admin = authenticate(username="admin", password=passwords["admin"])
    assert operator.staff.role == Role.OPERATOR
    assert not operator.is_staff
    assert admin.is_superuser


def test_there_is_a_login_for_each_office_where_it_is_asked_for(town, small):
    assert "demo-leader" not in make_demo("--small")
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


def test_another_site_s_passwords_are_others(town, small, settings):
    ours = {login.password for login in demo.logins()}
    User.objects.all().delete()
    settings.SECRET_KEY = "another"
    assert not ours & {login.password for login in demo.logins()}


def test_somebody_s_own_admin_is_left_alone(town, small):
    User.objects.create_superuser("admin", password="my own")
    assert "admin: has its own password" in make_demo("--small")
    make_demo("--remove")
    assert authenticate(username="admin", password="my own")


def test_without_wards_it_says_what_to_do(db):
    load_catalogue()
    with pytest.raises(CommandError, match="prepare_city"):
        make_demo("--small")


def test_removing_takes_all_of_the_demo_and_nothing_else(town, small):
    report = real_report()
    before = Event.objects.count()
    make_demo("--small")
    assert "Removed 60" in make_demo("--remove")
    assert list(Report.objects.values_list("pk", flat=True)) == [report]
    assert Incident.objects.count() == Membership.objects.count() == 1
    assert Event.objects.count() == before
    assert not User.objects.filter(username__in=("operator", "admin"), is_active=True).exists()


def test_an_incident_that_a_real_person_reported_too_is_kept(town):
    demo.make(5)
    incident = Incident.objects.order_by("pk").first()
    real = Membership.objects.get(report=real_report())
    Membership.objects.filter(pk=real.pk).update(incident=incident)
    assert demo.remove() == 4
    assert Incident.objects.filter(pk=incident.pk).exists()
    assert incident.memberships.count() == 2


def test_history_is_closed_again_after_removing(town):
    demo.make(3)
    demo.remove()
    real_report()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.update(kind="never")


def test_the_demo_can_come_back(town):
    demo.make(5)
    demo.remove()
    assert demo.make(5) == 5
    assert authenticate(username="operator", password=demo.logins()[0].password)
