"""Live pages: each reader gets, in order and without a gap, what it may see."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import psycopg2
import pytest
import time_machine
from django.contrib.auth.models import User
from django.contrib.gis.geos import Point
from django.db import connection, transaction

from districts.models import Area
from gis_core.positions import LonLat
from gis_core.tiles import cell_code
from incidents import feed
from incidents.actors import ANYBODY, actor_of
from incidents.models import Event, Incident, Staff
from incidents.permissions import Role
from map_ui import live, live_tokens
from map_ui.live_hub import Stream
from tests.incidents.conftest import INSIDE
from tests.kept_rows import town_again

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(db):
    return town_again()


@pytest.fixture(scope="module")
def server(django_db_setup, django_db_blocker):
    """The events process, under granian, on the tests' database: its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    name = connection.settings_dict
    url = (
        f"postgis://{name['USER']}:{name['PASSWORD']}@{name['HOST']}:{name['PORT']}/{name['NAME']}"
    )
    command = [
        Path(sys.executable).parent / "granian", "--interface", "asgi", "--port", str(port),
        "--log-level", "warning", "--workers-kill-timeout", "2", "map_ui.live:application",
    ]  # fmt: skip
    environment = {**os.environ, "DATABASE_URL": url}
    started = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        wait_for(port)
        yield port
    finally:
        started.terminate()
        try:
            started.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()


@pytest.fixture
def process(town, server):
    """The port of the events process, with a town in its database."""
    return server


def wait_for(port):
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the events process does not answer")


@pytest.fixture(autouse=True)
def all_readers_closed():
    yield
    while Reader.open:
        Reader.open.pop().close()


class Reader:
    """Reads a stream in a thread, as a browser does."""

    open: ClassVar[list[Reader]] = []

    def __init__(self, port, actor, last=None, more=""):
        Reader.open.append(self)
        self.frames, self.ids = [], []
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        headers = {"Last-Event-ID": last} if last else {}
        address = f"/events?token={live_tokens.token_for(actor)}{more}"
        self.link.request("GET", address, headers=headers)
        self.answer = self.link.getresponse()
        assert self.answer.status == 200
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()
        self.wait_for("ready")

    def _read(self):
        frame = {}
        try:
            for raw in self.answer:
                key, _, value = raw.decode().strip().partition(": ")
                if key:
                    frame[key] = value
                elif "event" in frame:
                    self.frames.append((frame["event"], json.loads(frame["data"])))
                    self.ids.append(frame["id"])
                    frame = {}
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass  # the test closed it

    def changes(self):
        return [facts["id"] for event, facts in self.frames if event == "change"]

    def wait_for(self, event, count=1, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if sum(name == event for name, _ in self.frames) >= count:
                return
            time.sleep(0.02)
        raise AssertionError(f"no {event} in {self.frames}")

    def close(self):
        if self.link.sock:
            self.link.sock.shutdown(socket.SHUT_RDWR)
        self.link.close()
        self.thread.join(5)


def incident(ward=None, *, public=True, agency=None):
    return Incident.objects.create(
        category_id="pothole", status="assigned", ward=ward, agency=agency, public=public,
        position=Point(*INSIDE, srid=4326), cell=cell_code(LonLat(*INSIDE)),
        opened_at="2026-06-01T00:00Z",
    )  # fmt: skip


def happen(one, kind="assigned"):
    return Event.objects.create(kind=kind, incident=one, actor_kind="system")


@pytest.fixture
def wards(town):
    return list(Area.objects.order_by("code")[:2])


def officer(name, ward):
    user = User.objects.create_user(name)
    Staff.objects.create(user=user, role=Role.WARD_STAFF).areas.add(ward)
    return actor_of(user)


def test_a_change_arrives_only_where_it_may(process, wards):
    minh, hoa = (officer(name, ward) for name, ward in zip(("minh", "hoa"), wards, strict=True))
    here, there = Reader(process, minh), Reader(process, hoa)
    one = incident(wards[0], public=False)
    happen(one)
    here.wait_for("change")
    shown = incident(wards[0])
    happen(shown)
    there.wait_for("change")
    assert there.changes() == [shown.pk]
    here.close()
    there.close()


def test_what_leaves_ones_sight_is_said_to_be_gone_and_nothing_more(process, wards):
    minh = officer("minh", wards[0])
    reader = Reader(process, minh)
    one = incident(wards[0], public=False)
    happen(one)
    reader.wait_for("change")
    Incident.objects.filter(pk=one.pk).update(ward=wards[1])
    happen(one, "moved")
    reader.wait_for("gone")
    assert reader.frames[-1] == ("gone", {"id": one.pk})
    reader.close()


def test_a_reader_that_comes_back_misses_nothing_and_hears_nothing_twice(process, wards):
    minh = officer("minh", wards[0])
    reader = Reader(process, minh)
    first = incident(wards[0])
    happen(first)
    reader.wait_for("change")
    last = reader.ids[-1]
    reader.close()
    missed = [incident(wards[0]) for _ in range(5)]
    for one in missed:
        happen(one)
    back = Reader(process, minh, last)
    later = incident(wards[0])
    happen(later)
    back.wait_for("change", 6)
    assert back.changes() == [*(one.pk for one in missed), later.pk]
    back.close()


def test_of_two_that_commit_out_of_order_both_arrive(process, wards):
    reader = Reader(process, officer("minh", wards[0]))
    slow, quick = incident(wards[0]), incident(wards[0])
    wrote, may_commit = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            happen(slow)
            wrote.set()
            may_commit.wait(60)
        connection.close()

    thread = threading.Thread(target=write_slowly)
    thread.start()
    wrote.wait(60)
    happen(quick)
    time.sleep(1.2)
    assert reader.changes() == []  # the quick one waits for the slow one, which comes before it
    may_commit.set()
    thread.join()
    reader.wait_for("change", 2)
    assert reader.changes() == [slow.pk, quick.pk]
    reader.close()


def test_readers_outlive_the_servers_connection(process, wards):
    reader = Reader(process, officer("minh", wards[0]))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    one = incident(wards[0])
    happen(one)
    reader.wait_for("change")
    assert reader.changes() == [one.pk]
    reader.close()


@pytest.mark.parametrize("token", ["", "nonsense", "MQ:1:x"])
def test_without_a_sound_token_nobody_listens(process, token):
    link = http.client.HTTPConnection("127.0.0.1", process, timeout=60)
    link.request("GET", f"/events?token={token}")
    answer = link.getresponse()
    assert answer.status == 401
    assert "load the page again" in json.loads(answer.read())["detail"]
    link.request("GET", "/elsewhere")
    assert link.getresponse().status == 404
    link.close()


def test_a_token_says_who_and_grows_old(time_machine_at_noon):
    minh = User.objects.create_user("minh")
    token = live_tokens.token_for(actor_of(minh))
    assert live_tokens.actor_of_token(token).user_id == minh.pk
    assert live_tokens.actor_of_token(live_tokens.token_for(ANYBODY)) == ANYBODY
    time_machine_at_noon.shift(live_tokens.LIVES.total_seconds() + 1)
    with pytest.raises(live_tokens.signing.SignatureExpired):
        live_tokens.actor_of_token(token)


@pytest.fixture
def time_machine_at_noon():
    with time_machine.travel("2026-06-01T05:00Z", tick=False) as traveller:
        yield traveller


@pytest.mark.parametrize("text", ["", "1", "1-", "-1", "a-b", "1-2-3", "1.5-2", "-1--2", "١-٢"])
def test_a_broken_cursor_is_none(text):
    assert feed.Cursor.read(text) is None


def test_cursors_are_read_as_written_and_never_overflow():
    assert feed.Cursor.read("12-345") == feed.Cursor(12, 345)
    assert str(feed.Cursor(12, 345)) == "12-345"
    assert feed.changes_after(feed.Cursor.read("9" * 40 + "-" + "9" * 40)) == []


def test_from_the_present_on_nothing_has_happened_yet(town):
    happen(incident())
    assert feed.changes_after(feed.now()) == []


def test_a_writer_in_another_database_of_the_server_is_not_waited_for(town):
    here = connection.settings_dict
    other = psycopg2.connect(
        dbname="postgres", user=here["USER"], password=here["PASSWORD"], host=here["HOST"],
        port=here["PORT"],
    )  # fmt: skip
    try:
        start = feed.now()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()")
            one = incident()
            event = happen(one)
            assert [change.cursor.event for change in feed.changes_after(start)] == [event.pk]
    finally:
        other.close()


def test_what_offices_do_among_themselves_is_told_to_nobody_by_name(process):
    reader = Reader(process, ANYBODY)
    happen(incident(), kind="escalated")
    reader.wait_for("change")
    assert [facts["kind"] for event, facts in reader.frames if event == "change"] == ["changed"]


def test_a_stream_ends_with_the_time_of_its_permission(monkeypatch):
    monkeypatch.setattr(live_tokens, "LIVES", timedelta(0))
    sent = []

    async def follow():
        async def send(message):
            sent.append(message)

        stream = Stream(ANYBODY, feed.Cursor(0, 0))
        await live._follow(stream, asyncio.get_running_loop().create_future(), send)

    # A browser's tests before may have left an event loop in this thread.
    with ThreadPoolExecutor(1) as another:
        another.submit(lambda: asyncio.run(follow())).result()
    assert [message.get("more_body", False) for message in sent] == [False]
