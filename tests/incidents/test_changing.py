"""A pin is moved, a category put right: ward, decision and perhaps the agency follow."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import override

from districts.models import Agency, Area
from districts.placement import OutsideCity
from districts.rulebook import UnknownCategory
from gis_core.positions import LonLat, Position
from gis_core.tiles import cell_code
from incidents import deadline_rules, pipeline, services
from incidents.actors import ANYBODY, Actor
from incidents.errors import IncidentChanged, IncidentNotFound, PermissionDenied
from incidents.models import Event, Incident, IncidentArea
from incidents.oversight.custodies import held_again
from incidents.permissions import Act, Role
from incidents.report import Statement
from incidents.services import Said, clocks, take
from incidents.services.events import Happening, locked_report, record
from incidents.services.locking import locked_incident
from incidents.work_errors import AgencyWouldChange, NotChangeable
from incidents.workflow import Status, Step
from tests.incidents.conftest import INSIDE
from tests.incidents.test_working import AFTER, MONDAY, clock, incident, minh, now

__all__ = ["clock", "incident", "minh"]
pytestmark = pytest.mark.django_db
NEAR = Position(LonLat(INSIDE[0] + 0.001, INSIDE[1]), 5, "operator")
IN_105 = Position(LonLat(106.7152, 10.7753), 5, "operator")
ON_BORDER = Position(LonLat(106.71, 10.7653), 20, "operator")


def test_within_its_agency_a_moved_case_goes_on_as_it_was(incident, minh, clock):
    clock.shift(timedelta(hours=30))
    take(minh, incident.pk, Step.START)
    before = now(incident).due_at, incident.held_since, incident.status
    pipeline.change(minh, incident.pk, Said(words="lệch 100 m"), position=NEAR)
    assert (now(incident).due_at, incident.held_since, incident.status) == before
    assert (incident.position.x, incident.accuracy_m) == (NEAR.lonlat.lon, 5)
    assert incident.cell == cell_code(NEAR.lonlat)
    assert incident.custodies.count() == 1
    assert incident.decision.inputs["lon"] == NEAR.lonlat.lon
    event = incident.events.get(kind="moved")
    assert event.data["before"]["lon"] == INSIDE[0]
    assert event.reason == "lệch 100 m"


def test_where_the_agency_would_change_the_mover_is_asked_and_hands_over(incident, operator):
    with pytest.raises(AgencyWouldChange) as asked:
        pipeline.change(operator, incident.pk, position=IN_105)
    assert asked.value.facts == {
        "before": "UBND Phường 101", "after": "UBND Phường 105", "agency": "ubnd-105",
    }  # fmt: skip
    assert now(incident).ward.code == "101"
    pipeline.change(operator, incident.pk, position=IN_105, agency="ubnd-105")
    assert (now(incident).ward.code, incident.agency.code) == ("105", "ubnd-105")
    assert incident.status == Status.ASSIGNED
    assert [one.agency.code for one in incident.custodies.order_by("id")] == [
        "ubnd-101",
        "ubnd-105",
    ]
    kinds = list(incident.events.order_by("id").values_list("kind", flat=True))
    assert kinds[-2:] == ["moved", "assigned"]


def test_in_english_offices_are_named_as_a_sentence_wants_them(incident, operator):
    Agency.objects.filter(code="ubnd-105").update(name_en="People's Committee of Ward 105")
    with override("en"), pytest.raises(AgencyWouldChange) as asked:
        pipeline.change(operator, incident.pk, position=IN_105)
    assert asked.value.facts["after"] == "the People's Committee of Ward 105"
    services.assign(operator, incident.pk, "ubnd-105", "của phường")
    assert now(incident).decision.because_en.endswith("to the People's Committee of Ward 105.")


def test_who_agreed_to_another_agency_is_asked_again(incident, operator):
    with pytest.raises(AgencyWouldChange):
        pipeline.change(operator, incident.pk, position=IN_105, agency="tt-1022")
    assert not incident.events.filter(kind="moved").exists()


def test_on_a_border_the_agency_that_has_it_keeps_it(incident, operator):
    pipeline.change(operator, incident.pk, position=ON_BORDER)
    assert (now(incident).agency.code, incident.decision.basis) == ("ubnd-101", "person")
    assert not incident.needs_triage


def asked_for(operator, incident, **wanted):
    """Return the agency that a change asks to be agreed to; nothing is stored before."""
    with pytest.raises(AgencyWouldChange) as asked:
        pipeline.change(operator, incident.pk, **wanted)
    assert now(incident).version == 1
    return asked.value.facts["agency"]


def test_another_category_may_hide_it(incident, operator):
    pipeline.change(operator, incident.pk, Said(), category="noise")
    assert (now(incident).category_id, incident.public) == ("noise", False)
    assert incident.agency.code == "ubnd-101"
    event = incident.events.get(kind="recategorised")
    assert (event.data["before"], event.data["category"]) == ("pothole", "noise")


def test_what_turns_out_to_be_dangerous_has_hours_from_then_on(incident, operator, minh, clock):
    take(minh, incident.pk, Step.START)
    clock.shift(timedelta(days=2))
    pipeline.change(operator, incident.pk, Said(), category="road-subsidence")
    assert (now(incident).status, incident.agency.code) == ("in_progress", "ubnd-101")
    assert incident.due_at == timezone.now() + timedelta(hours=24)
    first, second = incident.custodies.order_by("pk")
    assert (first.ended_by, first.used) == ("recategorised", pytest.approx(1 / 5, abs=0.15))
    assert (second.rule, second.due_at, second.to_event) == ("danger", incident.due_at, None)
    assert clocks.clock_of(incident).due(deadline_rules.calendar()) == incident.due_at
    overseer = Actor(None, Role.OVERSIGHT)
    assert all(one.agrees for one in held_again(overseer, incident.pk, "vi"))


def test_what_was_paused_and_turns_out_to_be_dangerous_is_paused_no_longer(
    incident, operator, minh, clock
):
    take(minh, incident.pk, Step.PAUSE, Said(reason="weather"))
    clock.shift(timedelta(days=10))
    pipeline.change(operator, incident.pk, Said(), category="litter")
    assert now(incident).status == Status.PAUSED
    pipeline.change(operator, incident.pk, Said(), category="road-subsidence")
    assert now(incident).status == Status.IN_PROGRESS
    assert incident.due_at == timezone.now() + timedelta(hours=24)
    assert all(one.agrees for one in held_again(Actor(None, Role.OVERSIGHT), incident.pk, "vi"))


def test_another_category_is_no_way_to_more_time(incident, operator, clock):
    pipeline.change(operator, incident.pk, Said(), category="road-subsidence")
    due = now(incident).due_at
    clock.shift(timedelta(hours=3))
    pipeline.change(operator, incident.pk, Said(), category="pothole")
    assert now(incident).due_at == due
    assert incident.custodies.count() == 2


def test_both_at_once_are_one_version(incident, operator):
    said = Said(version=1)
    agency = asked_for(operator, incident, position=IN_105, category="litter")
    pipeline.change(operator, incident.pk, said, position=IN_105, category="litter", agency=agency)
    assert (now(incident).version, incident.category_id, incident.ward.code) == (2, "litter", "105")


def test_what_waits_for_a_person_finds_its_agency_when_the_pin_is_right(town, operator, clock):
    said = Statement("web", "k", "litter", "", Position(LonLat(106.71, 10.7653), 50), MONDAY)
    pipeline.receive(said)
    one = Incident.objects.get()
    assert (one.status, one.agency) == (Status.RECEIVED, None)
    pipeline.change(operator, one.pk, position=IN_105)
    assert (now(one).status, one.agency.code) == (Status.ASSIGNED, "ubnd-105")
    assert one.custodies.get().agency_id == one.agency_id


def test_readings_in_other_editions_are_made_again(incident, operator):
    ward = Area.objects.get(code="101")
    IncidentArea.objects.create(edition=ward.edition, incident=incident, area=ward, how="inside")
    pipeline.change(operator, incident.pk, position=NEAR)
    assert not IncidentArea.objects.exists()


def test_what_cannot_be_changed_stays(incident, minh, operator):
    ward_staff = Actor(minh.user_id, Role.AGENCY_STAFF, frozenset({incident.agency_id}))
    with pytest.raises(PermissionDenied):
        pipeline.change(ward_staff, incident.pk, category="litter")
    with pytest.raises(UnknownCategory):
        pipeline.change(operator, incident.pk, category="nonsense")
    with pytest.raises(OutsideCity):
        pipeline.change(operator, incident.pk, position=Position(LonLat(105.0, 9.0)))
    with pytest.raises(IncidentNotFound):
        pipeline.change(operator, incident.pk + 1, position=NEAR)
    take(minh, incident.pk, Step.CLAIM_DONE, Said(words="xong", photos=(AFTER,)))
    with pytest.raises(NotChangeable):
        pipeline.change(operator, incident.pk, position=NEAR)
    assert not Event.objects.filter(kind__in=("moved", "recategorised")).exists()


# ---- two people at once ----


@pytest.mark.django_db(transaction=True)
def test_of_two_who_act_at_the_same_moment_one_is_told_and_nothing_is_overwritten(incident):
    one = now(incident)
    who = Actor(None, Role.AGENCY_STAFF, frozenset({one.agency_id}), incident=one.pk)
    ready, results = threading.Barrier(2), []

    def press(verb):
        ready.wait()
        try:
            verb(Said("not_ours", "x", one.version))
            results.append("done")
        except IncidentChanged:
            results.append("told")
        finally:
            connection.close()

    verbs = (
        lambda said: take(who, one.pk, Step.ACCEPT, said),
        lambda said: pipeline.decline(who, one.pk, said),
    )
    threads = [threading.Thread(target=press, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done", "told"]
    after = Incident.objects.get()
    assert after.version == one.version + 1
    kinds = set(Event.objects.filter(incident=one).values_list("kind", flat=True))
    assert ("accepted" in kinds) != ("declined" in kinds)
    assert services.declined_by(after) == (
        frozenset({"ubnd-101"}) if "declined" in kinds else set()
    )


@pytest.mark.django_db(transaction=True)
def test_who_locks_a_report_and_who_locks_its_case_do_not_wait_in_a_circle(incident):
    """Approving words locks the report and tells of the case; disputing does it the other way."""
    report = incident.memberships.get().report
    ready, faults = threading.Barrier(2), []

    def press(lock):
        try:
            with transaction.atomic():
                lock()
                ready.wait()
                record(Happening("noted", incident, report), ANYBODY)
        except OperationalError as fault:
            faults.append(fault)
        finally:
            connection.close()

    locks = (
        lambda: locked_report(report.pk),
        lambda: locked_incident(Actor(incident=incident.pk), Act.REOPEN, incident.pk),
    )
    threads = [threading.Thread(target=press, args=(lock,)) for lock in locks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert incident.events.filter(kind="noted").count() == 2
