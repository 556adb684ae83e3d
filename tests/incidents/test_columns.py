"""The columns are what the database holds: whatever is done, and whoever is killed meanwhile."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, InterfaceError, connection, transaction

from districts.models import Edition
from gis_core.errors import DomainError
from gis_core.positions import LonLat, Position
from incidents import background, pipeline, services
from incidents.columns import delta, following, image, keeping, reading
from incidents.columns.folder import home
from incidents.columns.keeping import Keeper, only_writer
from incidents.columns.reading import open_view
from incidents.columns.verifying import verify
from incidents.models import Incident
from incidents.report import Statement
from incidents.said import Said
from incidents.services import BY_ITSELF
from incidents.workflow import Step
from tests import zoo

COMMITTED = pytest.mark.django_db(transaction=True)
"""Events are followed when they are committed. Each such test empties the database: few do more."""
KEYS = count()
NOON = datetime(2026, 6, 1, 5, tzinfo=UTC)
STEPS = {
    Step.ACCEPT: Said(), Step.START: Said(words="làm"), Step.PAUSE: Said("weather", "mưa"),
    Step.RESUME: Said(), Step.REJECT: Said("nothing_found", "không thấy"),
    Step.CLAIM_DONE: Said(words="xong"), Step.REOPEN: Said(words="chưa xong"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(reading, "LOOK_AGAIN_S", 0)
    monkeypatch.setattr(reading, "SILENT_S", 600)


@pytest.fixture
def keeper():
    """Who keeps this test's own folder; nothing is in it yet."""
    with only_writer(home()) as one:
        yield one


def everything(keeper):
    while keeper.look():
        pass


def report(number, category="pothole", minutes=0):
    """Return the incident that comes of a report somewhere in the nine wards."""
    place = LonLat(106.7002 + number * 0.0007 % 0.029, 10.7602 + number * 0.0011 % 0.029)
    at = NOON + timedelta(minutes=minutes or number)
    said = Statement("web", f"c{next(KEYS)}", category, "Ổ gà", Position(place, 12), at)
    receipt = pipeline.receive(said)
    return Incident.objects.get(memberships__report=receipt.report_id, memberships__to_event=None)


def act(chance, number):
    """Do something that an office or a sender may do; what is refused changes nothing."""
    ids = list(Incident.objects.order_by("pk").values_list("pk", flat=True))
    one, other = chance.choice(ids), chance.choice(ids)
    acts = (
        lambda: report(number, chance.choice(["pothole", "litter", "noise"])),
        lambda: services.take(BY_ITSELF, one, *chance.choice(list(STEPS.items()))),
        lambda: services.take(BY_ITSELF, one, Step.START, STEPS[Step.START]),
        lambda: services.merge(BY_ITSELF, one, other, Said(words="một chỗ"), agency=_agency(one)),
        lambda: services.undo(BY_ITSELF, one),
        lambda: services.add_note(BY_ITSELF, one, "ghi chú"),
    )
    with suppress(DomainError):
        chance.choice(acts)()


def _agency(pk):
    agency = Incident.objects.get(pk=pk).agency
    return agency.code if agency else ""


def agrees(left_out=0):
    verdict = verify(home())
    assert verdict.differences == ()
    assert verdict.left_out == left_out
    assert verdict.compared == Incident.objects.count()


@COMMITTED
def test_who_follows_goes_on_when_the_server_ends_its_connection(town, caplog):
    """Twice: while it asks again and again, and while it waits; what happened meanwhile is seen."""
    report(0)
    stopped, backends = threading.Event(), set()

    def go_on():
        with suppress(DatabaseError, InterfaceError):
            connection.ensure_connection()
            backends.add(connection.connection.info.backend_pid)
        return not stopped.is_set()

    def follow():
        background.columns(go_on)
        connection.close()

    follower = threading.Thread(target=follow)
    follower.start()
    try:
        for number in (1, 2):
            wait_until(lambda many=number: stands() == many)
            ended = set(backends)
            for pid in ended:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
            report(number)
            wait_until(lambda before=ended: backends - before)
        wait_until(lambda: stands() == 3)
    finally:
        stopped.set()
        follower.join()
    assert caplog.text.count("The database is away") >= 2
    agrees()


def stands():
    """Return how many incidents the columns have, None where nobody reads them."""
    columns = reading.current()
    return columns and len(columns.base) + int(columns.weight.sum())


def wait_until(holds, seconds=20):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@COMMITTED
def test_whatever_is_done_the_columns_are_what_the_database_holds(town, keeper, monkeypatch):
    report(0)
    report(1)
    keeper.look()
    chance, seen = Random(7), set()
    for number in range(2, 26):
        act(chance, number)
        if chance.random() < 0.5:
            everything(keeper)
            seen.add(reading.current().revision)
            agrees()
    assert len(seen) > 5
    assert {"merged", "in_progress"} <= set(Incident.objects.values_list("status", flat=True))

    everything(keeper)
    before = reading.current()
    keeper.live.follow()
    keeper.live.delta.follow(keeper.live.base.facts.cursor)
    keeper.live.follow()
    assert len(reading.current().delta) == len(before.delta), "events seen twice change nothing"

    monkeypatch.setattr(keeping, "MERGE_AT", 1)
    keeper.look()
    keeper._merging.result()
    report(99)
    keeper.look()
    after = reading.current()
    assert after.revision != before.revision
    assert len(after.base) == len(before.base) + before.weight.sum()
    assert len(after.delta) == 1
    agrees()
    monkeypatch.setattr(keeping, "MERGE_AT", 50_000)
    _commits_late(keeper, report(100), report(101))


def _commits_late(keeper, first, second):
    """What began earlier and is committed later is not passed over."""
    written, go_on = threading.Event(), threading.Event()

    def late():
        with transaction.atomic():
            services.add_note(BY_ITSELF, first.pk, "lâu")
            written.set()
            go_on.wait(20)
        connection.close()

    thread = threading.Thread(target=late)
    thread.start()
    assert written.wait(20)
    services.add_note(BY_ITSELF, second.pk, "nhanh")
    everything(keeper)
    assert reading.current().delta.id[-1] == second.pk, "nobody waits for who writes for long"
    go_on.set()
    thread.join()
    everything(keeper)
    agrees()


@COMMITTED
def test_whoever_writes_may_be_killed_at_any_line(town, monkeypatch):
    """Readers see a whole image, and the next one to write goes on rightly."""
    monkeypatch.setattr(keeping, "MERGE_AT", 1)
    incident = report(0)
    Keeper(home()).look()
    died = 0
    for line in (*range(1, 330, 17), 10_000):
        services.add_note(BY_ITSELF, incident.pk, f"{line}")
        died += _dies_at(line)
        assert verify(home()).differences == ()
        after = Keeper(home())
        after.look()
        agrees()
        after.close()
    assert 12 <= died < 21
    assert len(list(home().glob("image-*"))) <= 2


def _dies_at(line):
    """Follow and merge in a process that is killed at its so many-th line; tell whether it was."""
    child = os.fork()
    if child == 0:
        # Its parent's connection is not to be closed, nor spoken on.
        connection.connection = None
        threading.settrace(_killing(line))
        sys.settrace(_killing(line))
        keeper = Keeper(home())
        keeper.look()
        keeper.close()
        keeper.look()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


_WRITING = {one.__file__ for one in (image, delta, following, keeping)}


def _killing(line):
    left = [line]

    def trace(frame, event, _argument):
        if frame.f_code.co_filename not in _WRITING:
            return None
        if event == "line":
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return trace


@COMMITTED
def test_columns_are_compared_and_read_anew(town, keeper, capsys, monkeypatch):
    assert reading.current() is None
    _a_difference_is_found_and_named(keeper, capsys)
    _a_new_edition_is_read_anew(keeper)
    _what_goes_without_an_event_is_read_anew(keeper)
    _nothing_is_read_that_nobody_keeps_up(keeper, monkeypatch)


def _a_difference_is_found_and_named(keeper, capsys):
    changed, gone, new = report(0), report(1), report(2)
    keeper.look()
    call_command("columns", "verify")
    assert "incidents compared: no difference" in capsys.readouterr().out

    Incident.objects.filter(pk=changed.pk).update(version=7)
    _plant(keeper, gone.pk, 10_000_000)
    with pytest.raises(CommandError, match=r"columns\.differ"):
        call_command("columns", "verify")
    told = capsys.readouterr().err
    assert f"incident {changed.pk}: version 1, not 7" in told
    assert f"incident {gone.pk} is not in the columns" in told
    assert "incident 10000000 is in the columns alone" in told
    assert f"incident {new.pk}" not in told

    with pytest.raises(CommandError, match=r"columns\.kept"):
        call_command("columns", "build")
    call_command("columns", "status", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["incidents_in_base"], told["entries_in_delta"]) == (3, 2)


def _plant(keeper, pk, instead):
    """Write one entry away, and one that never was."""
    view = open_view(home())
    place = view.base.places(np.array([pk]))
    entries = np.repeat(view.base.rows.entries(place), 2)
    entries["id"][1] = instead
    keeper.live.delta.append(entries, np.array([-1, 1], np.int8))


def _a_new_edition_is_read_anew(keeper):
    keeper.anew("for the test")
    before = reading.current()
    assert before.words.wards == tuple(str(code) for code in range(101, 110))
    assert set(before.base.ward) <= set(range(9))

    Edition.objects.filter(name="zoo-2025").update(published=False)
    whole = (zoo.WEST, zoo.SOUTH, zoo.WEST + 0.03, zoo.SOUTH + 0.03)
    zoo.edition({"900": whole}, name="zoo-2026")
    keeper.look()
    after = reading.current()
    assert (after.words.edition, after.words.wards) == ("zoo-2026", ("900",))
    assert set(after.base.ward) == {0}
    agrees()


def _what_goes_without_an_event_is_read_anew(keeper):
    before = reading.current()
    here = Position(LonLat(106.71, 10.77), 12)
    pipeline.receive(Statement("demo", "d", "pothole", "Ổ gà", here, NOON))
    everything(keeper)
    assert len(reading.current().delta) == 1
    services.remove_made_up("demo")
    everything(keeper)
    after = reading.current()
    assert (after.base.id.tolist(), len(after.delta)) == (before.base.id.tolist(), 0)
    agrees()

    pk = after.base.id[0]
    Incident.objects.filter(pk=pk).update(agency=zoo.agency("founded-today"))
    services.add_note(BY_ITSELF, pk, "một đơn vị mới")
    everything(keeper)
    assert "founded-today" not in after.words.agencies
    newest = reading.current()
    assert newest.words.agencies[newest.base.agency[0]] == "founded-today"
    agrees()


def _nothing_is_read_that_nobody_keeps_up(keeper, monkeypatch):
    assert reading.current() is reading.current()
    with only_writer(home()) as second:
        assert second is None
    monkeypatch.setattr(reading, "SILENT_S", -1)
    assert reading.current() is None
    monkeypatch.setattr(reading, "SILENT_S", 600)
    assert reading.current() is not None
    keeper.live.delta.retire()
    assert reading.current() is None
