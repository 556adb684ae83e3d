"""A whole history is searched for what is one thing, and a stop in between changes nothing."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from random import Random

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from incidents.duplicates import stored
from incidents.duplicates.past_pairs import Wanted, find_pairs
from incidents.duplicates.waiting import waiting_pairs
from incidents.models import Incident, Pair, Report
from incidents.services.merging import BY_ITSELF, merge
from incidents.workflow import Status
from tests.incidents.test_dossier import opened

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process dies here."""


def silent(_done, _total, _name):
    pass


@pytest.fixture
def history(town):
    """Twenty reports of about six things along a street, some closed, over three weeks."""
    draw = Random(7)
    now = timezone.now()
    words = ["ổ gà trước trường", "hố sâu gần chợ", "đường lún cạnh cầu", ""]
    for number in range(20):
        thing = draw.randrange(6)
        with time_machine.travel(now - timedelta(days=30 - number), tick=False):
            incident = opened(
                f"told-{number}", north_m=thing * 35 + draw.uniform(-6, 6), photos=(),
                category="pothole" if thing % 3 else "litter", text=words[thing % 4],
            )  # fmt: skip
        if draw.random() < 0.3:
            closed = incident.opened_at + timedelta(days=draw.randrange(1, 9))
            rows = Incident.objects.filter(pk=incident.pk)
            rows.update(status=Status.CLOSED.value, closed_at=closed)
    Pair.objects.all().delete()


def found(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_reports_of_one_thing_are_paired_with_numbers_of_both(history, tmp_path):
    out = tmp_path / "pairs.csv"
    said = StringIO()
    call_command("find_duplicates", out=out, stdout=said)
    rows = found(out)
    assert len(rows) > 5
    for row in rows:
        assert row["duplicate_incident"] != row["original_incident"]
        assert float(row["distance_m"]) < 300
        assert Report.objects.filter(pk__in=[row["duplicate_id"], row["original_id"]]).count() == 2
    assert f"20 reports, {len(rows)} pairs" in said.getvalue()
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("at", [1, 11, 19])
def test_killed_anywhere_and_begun_again_the_file_is_the_same(history, tmp_path, monkeypatch, at):
    whole, broken = tmp_path / "whole.csv", tmp_path / "broken.csv"
    find_pairs(Wanted(whole, spell=4, rest_s=0), silent)

    taken = stored.history

    def until_killed(span, after=None):
        for number, told in enumerate(taken(span, after), 1):
            if number > at:
                raise Killed
            yield told

    monkeypatch.setattr(stored, "history", until_killed)
    with pytest.raises(Killed):
        find_pairs(Wanted(broken, spell=4, rest_s=0), silent)
    monkeypatch.undo()
    # What was written after the last checkpoint is written again, not twice.
    find_pairs(Wanted(broken, spell=4, rest_s=0), silent)
    assert broken.read_bytes() == whole.read_bytes()


def test_what_comes_in_after_the_beginning_is_left_to_the_next_run(history, tmp_path):
    out = tmp_path / "pairs.csv"
    wanted = Wanted(out, spell=4, rest_s=0)

    def stop(done, _total, _name):
        if done >= 8:
            raise Killed

    with pytest.raises(Killed):
        find_pairs(wanted, stop)
    late = opened("late", category="pothole", text="ổ gà trước trường")
    find_pairs(wanted, silent)
    assert str(late.pk) not in {row["duplicate_incident"] for row in found(out)}


def test_another_question_begins_anew(history, tmp_path):
    out = tmp_path / "pairs.csv"

    def stop(done, _total, _name):
        raise Killed

    with pytest.raises(Killed):
        find_pairs(Wanted(out, spell=4, rest_s=0), stop)
    since = timezone.now() - timedelta(days=20)
    find_pairs(Wanted(out, since=since, spell=4, rest_s=0), silent)
    times = Report.objects.in_bulk([int(row["duplicate_id"]) for row in found(out)])
    assert times
    assert all(report.reported_at >= since for report in times.values())


def test_what_is_one_incident_already_is_no_pair(town, tmp_path):
    one = opened("one", category="pothole", text="ổ gà trước cổng trường")
    two = opened("two", category="pothole", north_m=2, text="ổ gà trước cổng trường")
    merge(BY_ITSELF, one.pk, two.pk)
    out = tmp_path / "pairs.csv"
    find_pairs(Wanted(out), silent)
    assert found(out) == []


def test_the_queue_gets_what_is_open_on_both_sides_and_once(history, operator, tmp_path):
    for _ in range(2):
        call_command("find_duplicates", out=tmp_path / "pairs.csv", queue=True, stdout=StringIO())
    rows = waiting_pairs(operator).rows
    assert rows
    assert len(rows) == Pair.objects.count()
    assert all(row.older.opened < row.newer.opened for row in rows)
    ended = set(Incident.objects.exclude(closed_at=None).values_list("pk", flat=True))
    assert not ended & {side.id for row in rows for side in (row.newer, row.older)}
