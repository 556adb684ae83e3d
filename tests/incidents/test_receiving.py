"""Nothing accepted is lost, nothing counts twice, whatever breaks in between."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections
from django.utils import timezone

from districts import city
from districts.catalogue_loading import load_catalogue
from districts.models import Category, Rule
from districts.placement import NullIsland, OutsideCity, SwappedPosition
from districts.routing import NoRule
from gis_core import tiles
from gis_core.positions import LonLat, Position
from incidents import photos, pipeline, services
from incidents.errors import AlreadyRefused, IdempotencyReused
from incidents.models import Contact, Decision, Event, Incident, Membership, Photo, Report
from incidents.report import ContactDetails, Statement
from tests import zoo
from tests.incidents.conftest import INSIDE, picture

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SAID = Statement(
    channel="web",
    key="key-1",
    category="pothole",
    text="Ổ gà sâu",
    position=Position(LonLat(*INSIDE), 5),
    reported_at=AT,
    contact=ContactDetails("Lan", "0903123456", "lan@example.vn"),
    photos=(photos.clean(picture()),),
)


def at(lon, lat, accuracy_m=0, **changes):
    return replace(SAID, position=Position(LonLat(lon, lat), accuracy_m), **changes)


def counts():
    return Report.objects.count(), Incident.objects.count(), Membership.objects.count()


class Crash(BaseException):
    """The process dies here."""


def test_a_report_becomes_an_incident_with_its_agency_and_why(town, settings):
    pipeline.receive(SAID)
    report, incident = Report.objects.get(), Incident.objects.get()
    assert (report.state, report.state_reason) == ("incident", "")
    assert (incident.ward.code, incident.agency.code) == ("101", "ubnd-101")
    assert (incident.status, incident.needs_triage, incident.public) == ("assigned", False, True)
    assert incident.cell == tiles.cell_code(LonLat(*INSIDE))
    assert incident.opened_at == AT
    assert incident.decision.because
    assert incident.decision.because_en
    assert incident.decision.inputs["here"]["ward"]["code"] == "101"
    assert photos.path_of(settings.MEDIA_ROOT, Photo.objects.get().sha256).exists()
    assert [event.kind for event in Event.objects.all()] == ["received", "opened", "assigned"]


def test_contact_details_stand_in_one_table_alone(town):
    pipeline.receive(SAID)
    assert Contact.objects.get().phone == "0903123456"
    with connection.cursor() as cursor:
        for model in (Report, Incident, Event, Decision, Membership, Photo):
            cursor.execute(
                f"select count(*) from {model._meta.db_table} t where t::text ~ '0903|Lan|@'"
            )
            assert cursor.fetchone() == (0,), model


def test_the_same_key_and_content_is_one_report(town):
    first, second = pipeline.receive(SAID), pipeline.receive(SAID)
    assert first.report_id == second.report_id
    assert (first.new, second.new) == (True, False)
    assert counts() == (1, 1, 1)


@pytest.mark.parametrize(
    "changes",
    [{"text": "other"}, {"category": "litter"}, {"photos": ()}, {"contact": ContactDetails()},
     {"position": Position(LonLat(*INSIDE), 6)}],
    ids=str,
)  # fmt: skip
def test_the_same_key_with_other_content_is_refused(town, changes):
    pipeline.receive(SAID)
    with pytest.raises(IdempotencyReused):
        pipeline.receive(replace(SAID, **changes))
    assert counts() == (1, 1, 1)


def test_a_later_retry_in_another_language_is_the_same_statement(town):
    pipeline.receive(SAID)
    again = replace(SAID, reported_at=timezone.now(), language="en")
    assert not pipeline.receive(again).new


def test_another_channel_may_use_the_same_key(town):
    pipeline.receive(SAID)
    assert pipeline.receive(replace(SAID, channel="hotline")).new


@pytest.mark.parametrize(
    ("lon", "lat", "error"),
    [(107.5, 9.9, OutsideCity), (10.7653, 106.7052 - 20, OutsideCity), (0, 0, NullIsland)],
)
def test_a_place_that_cannot_be_taken_is_kept_as_refused(town, lon, lat, error):
    said = at(lon, lat)
    for _ in range(2):  # a retry hears the same
        with pytest.raises(error) as raised:
            pipeline.receive(said)
    report = Report.objects.get()
    assert (report.state, report.state_reason) == ("rejected", raised.value.code)
    assert counts() == (1, 0, 0)
    assert [event.kind for event in Event.objects.all()] == ["received", "refused"]


def test_exchanged_numbers_are_recognised(db, monkeypatch):
    """In a town where both orders are on the globe: (50, 60) lies in it, (60, 50) does not."""
    load_catalogue()
    there = replace(city.current(), extent=(49.0, 59.0, 51.0, 61.0), metric_srid=32639)
    monkeypatch.setattr(city, "current", lambda: there)
    zoo.edition({"1": (50.0, 60.0, 50.01, 60.01)})
    with pytest.raises(SwappedPosition):
        pipeline.receive(at(60.005, 50.005))


def test_refused_once_and_covered_later_asks_for_a_new_key(town):
    said = at(106.695, 10.765)
    with pytest.raises(OutsideCity):
        pipeline.receive(said)
    town.published = False
    town.save()
    zoo.edition({"201": (106.69, 10.76, 106.70, 10.77)}, name="larger")
    with pytest.raises(AlreadyRefused):
        pipeline.receive(said)


def test_unsure_between_two_wards_goes_to_a_person(town):
    border = zoo.ward_boxes()["101"][2]
    pipeline.receive(at(border, 10.765, accuracy_m=50))
    incident = Incident.objects.get()
    assert (incident.status, incident.agency, incident.needs_triage) == ("received", None, True)
    assert incident.decision.question
    assert {one["agency"] for one in incident.decision.candidates} == {"ubnd-101", "ubnd-102"}
    assert sum(one["share"] for one in incident.decision.candidates) == pytest.approx(1, abs=0.001)
    assert Event.objects.last().kind == "triage"


def test_danger_is_assigned_at_once_and_looked_at_afterwards(town):
    Category.objects.filter(pk="pothole").update(danger=True)
    zoo.changed("category", "pothole")
    border = zoo.ward_boxes()["101"][2]
    pipeline.receive(at(border, 10.765, accuracy_m=50))
    incident = Incident.objects.get()
    assert (incident.status, incident.check_after) == ("assigned", True)
    assert incident.agency is not None


@pytest.mark.parametrize("category", ["bus-service", "noise"])
def test_what_is_sensitive_or_never_public_opens_hidden(town, category):
    pipeline.receive(replace(SAID, category=category))
    assert Incident.objects.get().public is False


STEPS = ["incidents.pipeline.place", "incidents.pipeline.route",
         "incidents.pipeline.services.open_incident",
         "incidents.services.receiving.Membership.objects.create"]  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("then", ["retry", "resume"])
def test_a_crash_between_any_two_steps_leaves_one_report_that_goes_on(town, mocker, step, then):
    """The process dies at ``step``; afterwards the sender tries again, or the site starts."""
    mocker(step, Crash)
    with pytest.raises(Crash):
        pipeline.receive(SAID)
    assert (Report.objects.get().state, Incident.objects.count()) == ("waiting", 0)
    mocker.undo()
    if then == "retry":
        assert not pipeline.receive(SAID).new
    else:
        call_command("resume_waiting", verbosity=0)
    assert counts() == (1, 1, 1)
    assert Report.objects.get().state == "incident"


@pytest.fixture
def mocker(monkeypatch):
    """Make one function die."""

    def die(where, error):
        def dead(*args, **kwargs):
            raise error

        monkeypatch.setattr(where, dead)

    die.undo = monkeypatch.undo
    return die


def test_resuming_says_how_many_and_leaves_what_has_no_position(town, capsys):
    services.store_report(SAID)
    services.store_report(at(107.5, 9.9, key="key-2"))
    services.store_report(replace(SAID, key="key-3", position=None))
    call_command("resume_waiting")
    assert "2 went on, 0 still wait" in capsys.readouterr().out
    states = dict(Report.objects.values_list("key", "state"))
    assert states == {"key-1": "incident", "key-2": "rejected", "key-3": "waiting"}
    assert Report.objects.get(key="key-3").state_reason == "not_located"


def test_without_any_rule_the_report_waits_for_one(town, caplog):
    Rule.objects.all().delete()
    zoo.changed("rule", "all")
    with pytest.raises(NoRule):
        pipeline.receive(SAID)
    assert pipeline.resume() == (0, 1)
    assert "routing.no_rule" in caplog.text
    assert Report.objects.get().state == "waiting"


def test_opening_or_refusing_twice_changes_nothing(town):
    pipeline.receive(SAID)
    report = Report.objects.get()
    pipeline.go_on(report.pk, SAID.category, SAID.position, AT)
    services.reject_report(report.pk, "position.outside_city")
    assert counts() == (1, 1, 1)
    assert Report.objects.get().state == "incident"


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_under_one_key_make_one_incident(town):
    start, outcomes = Barrier(8), []

    def send():
        start.wait()
        try:
            outcomes.append(pipeline.receive(SAID).new)
        finally:
            connections.close_all()

    threads = [Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 7 + [True]
    assert counts() == (1, 1, 1)
    assert Event.objects.filter(kind="opened").count() == 1


def test_a_code_that_is_taken_is_drawn_again(town, monkeypatch):
    drawn = iter(["K7M2P9XT", "K7M2P9XT", "K7M2P9XR"])
    monkeypatch.setattr("incidents.codes.new_code", lambda: next(drawn))
    services.store_report(SAID)
    services.store_report(replace(SAID, key="key-2"))
    assert {report.code for report in Report.objects.all()} == {"K7M2P9XT", "K7M2P9XR"}


@pytest.mark.parametrize("change", [
    lambda: Event.objects.update(kind="other"),
    lambda: Event.objects.all()._raw_delete(Event.objects.db),
    lambda: Event.objects.filter(kind="received").delete(),
])  # fmt: skip
def test_the_database_refuses_to_change_history(town, change):
    pipeline.receive(SAID)
    with pytest.raises(IntegrityError, match="append-only"):
        change()


@pytest.mark.parametrize(("name", "refused"), [("wardwise", True), ("test_wardwise", False)])
def test_history_can_be_emptied_in_a_test_database_alone(town, name, refused):
    """The guard asks for the database's name; here another function of that name answers."""
    with connection.cursor() as cursor:
        cursor.execute("create schema shim")
        cursor.execute(
            "create function shim.current_database() returns name "
            f"language sql as $$ select '{name}'::name $$"
        )
        cursor.execute("set local search_path = shim, pg_catalog, public")
        with pytest.raises(IntegrityError, match="TRUNCATE") if refused else nullcontext():
            cursor.execute("truncate incidents_event cascade")
