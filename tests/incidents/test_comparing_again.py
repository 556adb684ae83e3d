"""What was moved, renamed, merged or parted is compared again, and the queue follows."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from gis_core.positions import LonLat, Position
from incidents import pipeline, services
from incidents.duplicates.waiting import waiting_pairs
from incidents.models import Incident, Pair, ToCompare
from incidents.said import Said
from incidents.services.asking_again import ask_again
from incidents.services.comparing_later import compare_waiting
from incidents.services.merging import BY_ITSELF
from incidents.services.verdicts import apart, later
from incidents.workflow import Step
from tests.incidents.test_dossier import HERE, METRE, opened

pytestmark = pytest.mark.django_db
WORDS = "ổ gà trước cổng trường"


@pytest.fixture
def two(town):
    return opened("one", category="pothole", text=WORDS), said("two", 3)


def said(key, north_m, **changed):
    return opened(key, north_m=north_m, **({"category": "pothole", "text": WORDS} | changed))


def moved(incident, north_m):
    there = Position(LonLat(HERE[0], HERE[1] + north_m * METRE), 5, "operator")
    pipeline.change(BY_ITSELF, incident.pk, position=there)


def compared():
    """Let the worker do all there is; return the pairs that wait, as (newer, older)."""
    while compare_waiting(timezone.now()):
        pass
    assert not ToCompare.objects.exists()
    rows = waiting_pairs(BY_ITSELF).rows
    return {(row.newer.id, row.older.id) for row in rows}


@pytest.mark.parametrize("which", [0, 1])
def test_a_moved_pin_leaves_its_pairs_and_finds_others(two, which):
    """Whichever of the two was moved, and whichever report had found the pair."""
    far = said("far", 400)
    assert compared() == {(two[1].pk, two[0].pk)}
    moved(two[which], 402)
    assert compared() == {(far.pk, two[which].pk)}
    moved(two[which], 1)
    assert compared() == {(two[1].pk, two[0].pk)}


def test_a_category_put_right_finds_what_it_is_now(town):
    lamp = said("lamp", 0, category="street-lamp-out", text="")
    wrong = said("wrong", 2, category="litter", text="")
    assert compared() == set()
    agreed = {"category": "street-lamp-out", "agency": lamp.agency.code}
    pipeline.change(BY_ITSELF, wrong.pk, **agreed)
    assert compared() == {(wrong.pk, lamp.pk)}


def test_what_still_holds_is_weighed_anew_and_stays_put_off(two, operator):
    [before] = Pair.objects.all()
    later(operator, before.pk, timezone.now() + timedelta(days=1))
    moved(two[1], 25)
    assert compared() == set()
    after = Pair.objects.get(pk=before.pk)
    assert (after.verdict, after.again_at is None) == ("later", False)
    assert after.probability < before.probability


def test_a_merged_incident_is_compared_by_all_it_was_told_of(town):
    survivor = said("one", 0)
    source = said("two", 400)
    third = said("three", 403)
    assert compared() == {(third.pk, source.pk)}
    services.merge(BY_ITSELF, survivor.pk, source.pk)
    assert compared() == {(third.pk, survivor.pk)}
    services.undo(BY_ITSELF, source.pk)
    assert compared() == {(third.pk, source.pk)}


def test_what_was_told_apart_is_not_asked_of_the_same_report_under_another_name(town, operator):
    survivor = said("one", 0)
    source, third = said("two", 400), said("three", 403)
    apart(operator, Pair.objects.get().pk)
    services.merge(BY_ITSELF, survivor.pk, source.pk)
    assert compared() == set()
    # Said of the survivor, it holds for the report when it stands by itself again, and anew.
    services.undo(BY_ITSELF, source.pk)
    Pair.objects.all().delete()
    services.merge(BY_ITSELF, survivor.pk, source.pk)
    assert compared() == {(third.pk, survivor.pk)}
    apart(operator, Pair.objects.get().pk)
    services.undo(BY_ITSELF, source.pk)
    assert compared() == set()


def test_what_was_taken_out_is_not_asked_to_come_back(two):
    services.merge(BY_ITSELF, two[0].pk, two[1].pk)
    report = two[1].memberships.get(to_event__kind="merged").report_id
    third = said("three", 4)
    made = pipeline.take_out(BY_ITSELF, two[0].pk, [report])
    assert compared() == {(third.pk, two[0].pk), (third.pk, made.pk)}


def test_what_is_opened_again_is_held_against_what_is_known_by_then(two):
    services.take(BY_ITSELF, two[1].pk, Step.CLAIM_DONE, Said(words="xong"))
    Incident.objects.filter(pk=two[1].pk).update(status="closed", closed_at=timezone.now())
    moved(two[0], 400)
    assert compared() == set()
    assert Pair.objects.exists()
    services.take(BY_ITSELF, two[1].pk, Step.REOPEN, Said(words="có"))
    assert compared() == set()


def test_a_change_that_does_not_happen_asks_for_nothing(two):
    with transaction.atomic():
        moved(two[1], 400)
        transaction.set_rollback(True)
    assert not ToCompare.objects.exists()


def test_what_is_asked_while_it_is_compared_is_compared_again(two, monkeypatch):
    moved(two[1], 400)
    looked = []

    def changed_meanwhile(incident):
        looked.append(incident.pk)
        if len(looked) == 1:
            ask_again(incident.pk)

    monkeypatch.setattr("incidents.services.comparing_later.weigh_again", changed_meanwhile)
    assert compare_waiting(timezone.now())
    assert compare_waiting(timezone.now())
    assert not compare_waiting(timezone.now())
    assert looked == [two[1].pk] * 2


@pytest.mark.django_db(transaction=True)
def test_whoever_changes_it_does_not_wait_for_the_worker_nor_it_for_them(two, monkeypatch):
    """One holds the wish for an incident and the other compares it: neither waits, none is lost."""
    ask_again(two[1].pk)
    held, finished = threading.Event(), threading.Event()

    def change():
        try:
            with transaction.atomic():
                moved(two[1], 400)
                held.set()
                finished.wait(20)
        finally:
            connection.close()

    changing = threading.Thread(target=change)

    def while_it_is_changed(_incident):
        changing.start()
        assert held.wait(20)

    monkeypatch.setattr("incidents.services.comparing_later.weigh_again", while_it_is_changed)
    assert compare_waiting(timezone.now())
    finished.set()
    changing.join()
    monkeypatch.undo()
    assert ToCompare.objects.exists()
    assert compared() == set()
