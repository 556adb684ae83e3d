"""The demo shows the site at work, says that it is made up, and goes away again."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from districts.catalogue_loading import load_catalogue
from gis_core.positions import LonLat, Position
from incidents import pipeline
from incidents.made_up import demo
from incidents.models import (
    Custody,
    Event,
    Incident,
    Membership,
    Report,
)
from incidents.report import Statement

FIVE = timedelta(minutes=5)


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


def test_a_broken_run_is_gone_on_with(town, monkeypatch):
    demo.make(20)
    assert demo.make(30) == 10
    assert Report.objects.filter(channel="demo").count() == 30


def test_where_nobody_is_sure_an_operator_looks_for_the_agency_and_some_still_wait(
    town, monkeypatch
):
    monkeypatch.setattr(demo, "FOUND", ((900.0, "typed"),))
    demo.make(16)
    used = []
    for one in Custody.objects.filter(forward_used__isnull=False):
        report = Report.objects.filter(memberships__incident=one.incident).earliest("received_at")
        kept = Event.objects.get(report=report, kind="received").data["forward"]
        assert datetime.fromisoformat(kept["since"]) == report.received_at
        assert datetime.fromisoformat(kept["due"]) == report.received_at + FIVE
        assert one.forward_used == pytest.approx((one.began_at - report.received_at) / FIVE)
        used.append(one.forward_used)
    assert 1 < max(used) < 1000
    waits = Report.objects.exclude(forward_by=None)
    assert {one.forward_by - one.received_at for one in waits} == {FIVE}
    assert not waits.exclude(next_step_at=None).exists(), "nobody is told of what never happened"


def test_another_site_s_passwords_are_others(town, small, settings):
    ours = {login.password for login in demo.logins()}
    User.objects.all().delete()
    settings.SECRET_KEY = "another"
    assert not ours & {login.password for login in demo.logins()}


def test_somebody_s_own_admin_is_left_alone(town, monkeypatch):
    monkeypatch.setattr(demo, "SMALL", 3)
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
