"""Planners' long reads go to a streaming replica, and back to the database where it is no help."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings

from gis_core.local_postgis import Server
from gis_core.local_postgis.server import _give_to_owner
from scripts.benchmarks.sites import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
INCIDENT = """
SET session_replication_role = replica;
INSERT INTO incidents_incident (
    category_id, status, position, accuracy_m, cell, needs_triage, check_after, public,
    report_count, opened_at, updated_at, version
) VALUES (
    'pothole', 'assigned', 'SRID=4326;POINT (106.70 10.77)', 5, 0, false, false, true, 1,
    '2026-03-04 12:00+07', now(), 1
)
"""
READER = """
import json, sys
import django
django.setup()
from datetime import date
from gis_core import replica
from incidents.actors import Actor
from incidents.analyses import points
from incidents.filters import Filters
from incidents.permissions import Role
filters = Filters(statuses=frozenset({"assigned"}), since=date(2026, 1, 1), until=date(2026, 12, 1))
told = []
for bound in sys.argv[1:]:
    replica.FURTHEST_BEHIND_S = float(bound)
    rows = points._rows(Actor(role=Role.PLANNER), filters)
    told.append([rows.db, rows.count()])
print(json.dumps(told))
"""


class Pair:
    """A database with the tables of the tests', and its replica."""

    def __init__(self, folder: Path) -> None:
        self.server = Server(folder / "primary")
        self.url = self.server.ensure_running().url
        self._copy_tables()
        self.data = self.server.place / "replica"
        self.port = free_port()
        primary = self.server.ensure_running().port
        self.replica_url = self.url.replace(f":{primary}/", f":{self.port}/")

    def start_replica(self) -> None:
        self.data.mkdir(0o700)
        _give_to_owner(self.data)
        facts = self.server.ensure_running()
        address = ["-h", "127.0.0.1", "-p", str(facts.port), "-U", facts.user]
        self.server._run(
            "pg_basebackup", *address, "-D", str(self.data), "-R", "-X", "stream", "-c", "fast",
            password=facts.password,
        )  # fmt: skip
        options = f"--port={self.port} --unix_socket_directories= --listen_addresses=127.0.0.1"
        self.server._run(
            "pg_ctl", "start", "-w", "-s", "-D", str(self.data), "-o", options,
            "-l", str(self.server.place / "log" / "replica.log"),
        )  # fmt: skip

    def stop_replica(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self.server._run("pg_ctl", "stop", "-D", str(self.data), "-m", "immediate", "-w")

    def read(self, *furthest_s: float) -> list[list[object]]:
        """Return for each bound where an analysis reads, and how many incidents it finds."""
        told = subprocess.run(
            [sys.executable, "-c", READER, *map(str, furthest_s)], cwd=ROOT, check=True, text=True,
            stdout=subprocess.PIPE, env={
                **os.environ, "DATABASE_URL": self.url, "WARDWISE_REPLICA_URL": self.replica_url,
                "DJANGO_SETTINGS_MODULE": "gis_core.settings", "WARDWISE_LOG_LEVEL": "CRITICAL",
            },
        )  # fmt: skip
        return json.loads(told.stdout)

    def write(self) -> None:
        ask(self.url, INCIDENT)

    def wait_for(self, incidents: int) -> None:
        """Wait until the replica shows so many."""
        end = time.monotonic() + 60
        while ask(self.replica_url, "SELECT count(*) FROM incidents_incident") != [(incidents,)]:
            assert time.monotonic() < end, "the replica does not follow"
            time.sleep(0.05)

    def _copy_tables(self) -> None:
        tests = settings.DATABASES["default"]
        dump = subprocess.run(
            [
                str(self.server._programs().path("pg_dump")), "--schema-only", "--no-owner",
                "-h", tests["HOST"], "-p", tests["PORT"], "-U", tests["USER"], tests["NAME"],
            ],
            env={**os.environ, "PGPASSWORD": tests["PASSWORD"]}, check=True, capture_output=True,
        )  # fmt: skip
        into = self.url.replace("postgis:", "postgresql:")
        psql = str(self.server._programs().path("psql"))
        subprocess.run([psql, "-q", into], input=dump.stdout, check=True, capture_output=True)


def ask(url: str, statement: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(url.replace("postgis:", "postgresql:"))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


@pytest.fixture
def pair(tmp_path, django_db_setup):
    pair = Pair(tmp_path)
    yield pair
    pair.stop_replica()
    pair.server.stop()
    shutil.rmtree(pair.server.place, ignore_errors=True)


def test_an_analysis_reads_the_replica_while_it_keeps_up(pair):
    pair.write()
    pair.start_replica()
    pair.write()
    pair.wait_for(2)
    assert pair.read(30) == [["replica", 2]]

    ask(pair.replica_url, "SELECT pg_wal_replay_pause()")
    pair.write()
    a_while, nothing = pair.read(3600, 0)
    assert a_while == ["replica", 2], "it may be some seconds old"
    assert nothing == ["default", 3], "it is too old"

    pair.stop_replica()
    assert pair.read(3600) == [["default", 3]], "it is away"
