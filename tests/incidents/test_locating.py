"""A report in words alone: its place is found, or an operator finds it; nothing of it is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from districts.placement import OutsideCity
from gis_core.positions import LonLat, Position
from incidents import locating, pipeline, selectors, services, unplaced
from incidents.errors import AlreadyDealtWith, PermissionDenied, PlaceMissing, ReasonMissing
from incidents.intake.web import WebForm
from incidents.models import Event, Incident, Report
from incidents.services import Choice
from tests import streets
from tests.incidents.test_intake import PAYLOAD
from tests.incidents.test_receiving import SAID

SURE = "trước số 45 Lê Lợi, phường Zoo 101"
UNSURE = "ổ gà đường Lê Lợi"
PIN = Choice(Position(LonLat(106.7052, 10.7653), 12), "seen on a photo")


@pytest.fixture
def town(town):
    streets.lay()
    return town


def receive(address="", text="", key="words-1"):
    said = replace(SAID, key=key, position=None, address=address, text=text)
    return pipeline.receive(said).report_id


def kinds(report_id):
    return list(Event.objects.filter(report=report_id).values_list("kind", flat=True))


@pytest.mark.parametrize("words", [{"address": SURE}, {"text": f"Có ổ gà sâu {SURE}"}])
def test_a_place_said_surely_goes_on_by_itself(town, words):
    report = Report.objects.get(pk=receive(**words))
    incident = Incident.objects.get()
    assert (report.state, report.position_method) == ("incident", "geocoded")
    assert incident.ward.code == "101"
    assert incident.accuracy_m == report.accuracy_m > 0
    house = LonLat(106.7052, 10.7654)
    assert abs(incident.position.x - house.lon) + abs(incident.position.y - house.lat) < 0.0005
    assert kinds(report.pk) == ["received", "located", "opened", "assigned"]


def test_the_event_keeps_what_was_found_and_no_word_of_it(town):
    report = receive(address=SURE)
    kept = Event.objects.get(report=report, kind="located")
    [first, *_] = kept.data["candidates"]
    assert first["means"] == "house"
    assert first["confidence"] >= 0.8
    assert first["ward"] == "101"
    assert first["places"]
    assert set(first) == {"means", "confidence", "ward", "places", "accuracy_m"}
    assert "Lợi" not in str(kept.data)


def test_a_place_that_may_be_another_waits_for_an_operator(town, operator):
    report = receive(text=UNSURE)
    assert Report.objects.get(pk=report).state_reason == "not_located"
    assert not Incident.objects.exists()
    [item] = unplaced.waiting_for_place(operator, "vi")
    assert (item.report_id, item.place_words) == (report, UNSURE)
    found = locating.look(item.place_words)
    assert {one.ward.code for one in found.candidates} == {"101", "109"}
    [*_, last] = selectors.tracked_report(report, "vi").timeline
    assert "người trực tổng đài đang tìm" in last.text


def test_the_city_says_how_sure_is_sure(town, monkeypatch):
    found = locating.look(SURE).best
    assert locating.is_sure(found)
    assert not locating.is_sure(replace(found, confidence=0.79))
    assert not locating.is_sure(replace(found, position=Position(found.position.lonlat, 501)))
    assert not locating.is_sure(replace(found, ward=None))
    assert not locating.is_sure(None)


def test_dangers_are_looked_for_first(town, operator):
    receive(text="ngập", key="1")
    second = receive(text="dây điện đứt", key="2")
    Report.objects.filter(pk=second).update(category="power-line-down")
    waiting = unplaced.waiting_for_place(operator, "vi")
    assert [one.report_id == second for one in waiting] == [True, False]


def test_an_operator_chooses_a_candidate(town, operator):
    report = receive(text=UNSURE)
    there = next(one for one in locating.look(UNSURE).candidates if one.ward.code == "109")
    pipeline.put(operator, report, Choice(there.position, "by key", there))
    incident = Incident.objects.get()
    assert (incident.ward.code, incident.accuracy_m) == ("109", there.position.accuracy_m)
    event = Event.objects.get(report=report, kind="located")
    assert (event.actor_id, event.reason) == (operator.user_id, "by key")
    assert [one["ward"] for one in event.data["candidates"]] == ["109"]
    assert unplaced.how_many(operator) == 0


def test_an_operator_puts_a_pin_of_their_own(town, operator):
    report = receive(text="chỗ cũ đó")
    pipeline.put(operator, report, PIN)
    assert Report.objects.get(pk=report).position_method == "operator"
    assert Incident.objects.get().accuracy_m == 12


def test_a_pin_outside_the_city_changes_nothing(town, operator):
    report = receive(text="chỗ cũ đó")
    with pytest.raises(OutsideCity):
        pipeline.put(operator, report, Choice(Position(LonLat(107.5, 9.9)), "oops"))
    assert unplaced.how_many(operator) == 1
    assert kinds(report) == ["received", "not_located"]


def test_a_question_is_no_incident(town, operator):
    report = receive(text="xe buýt số 8 mấy giờ chạy?")
    with pytest.raises(ReasonMissing):
        services.take_as_inquiry(operator, report, " ")
    services.take_as_inquiry(operator, report, "about a bus")
    assert Report.objects.get(pk=report).state == "inquiry"
    assert not Incident.objects.exists()
    assert selectors.tracked_report(report, "vi").status == "inquiry"


def test_what_one_operator_dealt_with_another_cannot(town, operator):
    report = receive(text="chỗ cũ đó")
    pipeline.put(operator, report, PIN)
    with pytest.raises(AlreadyDealtWith):
        pipeline.put(operator, report, PIN)
    with pytest.raises(AlreadyDealtWith):
        services.take_as_inquiry(operator, report, "late")
    assert Incident.objects.count() == 1


def test_only_operators_may(town, anybody):
    report = receive(text="chỗ cũ đó")
    for act in (
        lambda: pipeline.put(anybody, report, PIN),
        lambda: services.take_as_inquiry(anybody, report, "why not"),
        lambda: unplaced.waiting_for_place(anybody, "vi"),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_sending_again_makes_nothing_new_and_moves_nothing(town, operator):
    report = receive(text=UNSURE)
    assert receive(text=UNSURE) == report
    assert kinds(report) == ["received", "not_located"]
    pipeline.put(operator, report, PIN)
    assert receive(text=UNSURE) == report
    assert Incident.objects.count() == 1


def test_what_a_crash_left_is_looked_for_and_goes_on(town):
    stored = replace(SAID, key="a", position=None, address=SURE, text="")
    left = services.store_report(stored).report_id
    unsure = services.store_report(replace(stored, key="b", address="", text="ngập")).report_id
    assert pipeline.resume() == (1, 0)
    assert pipeline.resume() == (0, 0)
    assert Report.objects.get(pk=left).state == "incident"
    assert Report.objects.get(pk=unsure).state_reason == "not_located"


def test_a_crash_between_finding_and_opening_is_gone_on_from(town, operator):
    report = services.store_report(replace(SAID, key="a", position=None, text="?")).report_id
    services.locate_by_hand(operator, report, PIN)
    assert pipeline.resume() == (1, 0)
    assert Incident.objects.get().accuracy_m == 12


def test_neither_a_position_nor_a_word_is_refused(town):
    for empty in ({"text": " ", "address": "\n"}, {"text": ""}):
        with pytest.raises(PlaceMissing):
            WebForm().statement(replace(PAYLOAD, lon=None, lat=None, **empty))
    said = WebForm().statement(replace(PAYLOAD, lon=None, lat=None, address=" 45 Lê Lợi "))
    assert (said.position, said.place_words) == (None, "45 Lê Lợi")
