"""Two incidents that may be one are written down for a person, and never get in a report's way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gis_core.positions import LonLat, Position
from incidents import pipeline
from incidents.actors import ANYBODY
from incidents.duplicates import terms, waiting
from incidents.duplicates.waiting import how_many, waiting_groups, waiting_pairs
from incidents.errors import PermissionDenied
from incidents.models import Event, Incident, Membership, Notice, Pair, Photo, ToCompare
from incidents.services.asking_again import ask_again
from incidents.services.comparing_later import compare_waiting
from incidents.services.verdicts import apart
from incidents.workflow import Status
from tests.incidents.test_dossier import HERE, LAN, METRE, opened
from tests.incidents.test_receiving import SAID

pytestmark = pytest.mark.django_db


def looked(incident):
    """Compare it again, and return the pairs that stand then."""
    ask_again(incident.pk)
    assert compare_waiting(timezone.now())
    return list(Pair.objects.order_by("pk").values())


@pytest.fixture
def two(town):
    older = opened("one", category="pothole", text="ổ gà trước cổng trường")
    newer = opened("two", north_m=3, category="pothole", text="ổ gà trước cổng trường học")
    return older, newer


def test_an_operator_sees_both_with_what_speaks_for_it(two, operator):
    older, newer = two
    [row] = waiting_pairs(operator).rows
    assert (row.older.id, row.newer.id) == (older.pk, newer.pk)
    assert {"distance", "wording"} <= {factor.name for factor in row.factors}
    assert row.distance_m == pytest.approx(3, abs=0.2)


def test_looking_again_writes_nothing_again(two):
    older, newer = two
    [before] = Pair.objects.values()
    assert looked(newer) == [before]
    [after] = looked(older)
    assert after["id"] == before["id"]


def test_what_hangs_together_is_one_group(two, operator):
    third = opened("three", north_m=5, category="pothole", text="ổ gà trước cổng trường")
    [group] = waiting_groups(operator)
    assert set(group.incidents) == {one.pk for one in (*two, third)}
    assert group.default_point is None


def test_every_page_counts_as_many_as_the_queue_has_lines(two, operator, monkeypatch):
    opened("three", north_m=5, category="pothole", text="ổ gà trước cổng trường")
    assert Pair.objects.values("older__position").distinct().count() > 1
    assert how_many(operator) == len(waiting_groups(operator)) == 1
    assert how_many(ANYBODY) == 0
    monkeypatch.setattr(waiting, "GROUPED_TO_COUNT", 0)
    assert how_many(operator) > 1, "where very many wait, places are counted"


def test_nobody_without_the_right_reads_the_queue(two):
    with pytest.raises(PermissionDenied):
        waiting_pairs(ANYBODY)


@pytest.fixture
def broken(monkeypatch):
    def fail(*_args, **_more):
        with connection.cursor() as cursor:
            cursor.execute("select 1/0")

    for module in ("pairing", "weighing_again"):
        monkeypatch.setattr(f"incidents.services.{module}.candidates", fail)
    return monkeypatch


def test_a_report_is_stored_though_comparing_fails_and_is_compared_later(town, broken, caplog):
    older = opened("one", category="pothole", text="ổ gà trước cổng trường")
    newer = opened("two", north_m=3, category="pothole", text="ổ gà trước cổng trường học")
    assert newer.report_count == 1
    assert Pair.objects.count() == 0
    now = timezone.now()
    assert compare_waiting(now)
    broken.undo()
    assert compare_waiting(now)
    assert not compare_waiting(now)
    assert ToCompare.objects.get().tries == 1
    assert compare_waiting(now + timedelta(hours=1))
    pair = Pair.objects.get()
    assert (pair.older_id, pair.newer_id) == (older.pk, newer.pk)
    assert not ToCompare.objects.exists()
    assert "ổ gà" not in caplog.text


def said_apart(pair, operator):
    apart(operator, pair.pk)
    assert waiting_pairs(operator).rows == ()


def test_what_was_said_to_be_two_things_does_not_come_back_by_itself(two, operator):
    _, newer = two
    said_apart(Pair.objects.get(), operator)
    looked(newer)
    assert waiting_pairs(operator).rows == ()


def test_it_comes_back_with_a_photo_that_shows_the_same(two, operator):
    _, newer = two
    said_apart(Pair.objects.get(), operator)
    for incident in two:
        report = Membership.objects.get(incident=incident).report
        Photo.objects.create(report=report, sha256="0" * 64, phash=12345, width=9, height=9)
    looked(newer)
    [row] = waiting_pairs(operator).rows
    assert next(one for one in row.factors if one.name == "photos").log_odds > 0


def test_what_was_there_when_it_was_said_is_no_new_evidence(two, operator):
    older, newer = two
    known = Membership.objects.get(incident=older).report
    Photo.objects.create(report=known, sha256="0" * 64, phash=12345, width=9, height=9)
    said_apart(Pair.objects.get(), operator)
    looked(newer)
    assert waiting_pairs(operator).rows == ()


def test_new_evidence_against_it_leaves_it_apart(two, operator):
    _, newer = two
    said_apart(Pair.objects.get(), operator)
    Incident.objects.filter(pk=newer.pk).update(cell=1, category="road-subsidence")
    looked(newer)
    assert waiting_pairs(operator).rows == ()


def test_nothing_is_attached_unasked_unless_the_category_allows_it(two):
    assert not Incident.objects.filter(status=Status.MERGED.value).exists()


@pytest.fixture
def unasked(monkeypatch):
    allowed = replace(terms.current(), attach={"pothole": 0.9}, automatic=0.9)
    monkeypatch.setattr(terms, "current", lambda: allowed)


def test_where_it_is_allowed_a_sure_one_is_attached_and_its_reporter_is_told(town, unasked):
    words = "nắp cống vỡ cạnh quán bún bò số 12 Trần Hưng Đạo"
    older = opened("one", category="pothole", text=words, accuracy=3, contact=LAN, photos=())
    said = replace(
        SAID, key="two", category="pothole", text=words, contact=LAN, photos=(),
        position=Position(LonLat(HERE[0], HERE[1] + METRE), 3), reported_at=timezone.now(),
    )  # fmt: skip
    report = pipeline.receive(said).report_id
    assert Membership.objects.get(report=report, to_event=None).incident == older
    older.refresh_from_db()
    assert older.report_count == 2
    merged = Event.objects.get(kind="merged")
    assert (merged.actor_id, merged.actor_kind) == (None, "system")
    assert Notice.objects.filter(report=report, kind="merged").exists()


def test_a_default_point_makes_no_pairs_of_what_only_shares_it(town, operator):
    kinds = ["pothole", "litter", "street-lamp-out", "flooding", "manhole-cover", "dead-animal"]
    for number in range(36):
        opened(f"hall-{number}", category=kinds[number % 6], text="", photos=())
    known = set(Pair.objects.values_list("pk", flat=True))
    opened("hall-last", category="pothole", text="", photos=())
    assert set(Pair.objects.values_list("pk", flat=True)) == known
    groups = [one for one in waiting_groups(operator) if one.default_point]
    assert len(groups) <= 1


def test_looking_for_pairs_asks_a_number_of_questions_that_does_not_grow(town):
    def asked(key):
        with CaptureQueriesContext(connection) as queries:
            opened(key, north_m=4, category="pothole", text="ổ gà trước cổng trường")
        return len(queries)

    opened("first", category="pothole", text="ổ gà trước cổng trường")
    asked("second")
    few = asked("third")
    for number in range(6):
        opened(f"more-{number}", north_m=number, category="pothole", text="ổ gà trước cổng")
    assert asked("last") <= few
