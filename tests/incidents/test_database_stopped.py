"""The database stops in the middle of a request; the same request sent again makes one report.

Real parts throughout: a private PostGIS server of this test's own, and the site under granian.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import psycopg2
import pytest

from gis_core.local_postgis import Server
from tests.incidents.conftest import INSIDE

ROOT = Path(__file__).resolve().parent.parent.parent
FORM = {"lon": INSIDE[0], "lat": INSIDE[1], "category": "pothole", "text": "Ổ gà sâu"}
TOWN = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from districts.catalogue_loading import load_catalogue
load_catalogue()
from tests import zoo
zoo.edition()
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("stopped") / "pg")
    yield server
    server.stop()
    shutil.rmtree(server.place)


@pytest.fixture(scope="module")
def site(server):
    """The port of a site with the small town in it."""
    environment = {
        **os.environ,
        "DATABASE_URL": server.ensure_running().url,
        "DJANGO_SETTINGS_MODULE": "gis_core.settings",
    }
    subprocess.run([sys.executable, "-c", TOWN], cwd=ROOT, env=environment, check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        Path(sys.executable).parent / "granian", "--interface", "wsgi", "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "--log-level", "error",
        "gis_core.wsgi:application",
    ]  # fmt: skip
    granian = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        wait_until(lambda: answers(port))
        yield port
    finally:
        granian.terminate()
        granian.wait(20)


def wait_until(holds, seconds=30):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def answers(port):
    try:
        return ask(port, "GET", "/api/v1/openapi.json")[0] == 200
    except OSError:
        return False


def read(port, verb, path, **more):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(verb, path, **more)
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read().decode()


def ask(port, verb, path, **more):
    status, headers, body = read(port, verb, path, **more)
    return status, headers, json.loads(body)


def send(port, key):
    headers = {
        "Idempotency-Key": key,
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Acknowledge-Duplicate": "none",
    }
    return ask(port, "POST", "/api/v1/reports", body=urlencode(FORM), headers=headers)


def connect(server):
    connection = psycopg2.connect(server.ensure_running().url.replace("postgis:", "postgresql:"))
    connection.autocommit = True
    return connection


def one(connection, statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


BLOCKED = "select exists(select from pg_locks where not granted)"


@pytest.mark.parametrize(
    ("table", "kept", "status"),
    [("incidents_report", 0, 201), ("incidents_incident", 1, 200)],
    ids=["before it is stored", "after it is stored"],
)
def test_the_same_key_again_makes_one_report(server, site, table, kept, status):
    """``table`` refuses writers, so that the request is caught there when the server goes down."""
    key = f"key-{table}"
    holder, watcher = connect(server), connect(server)
    holder.autocommit = False
    with holder.cursor() as cursor:
        cursor.execute(f"lock table {table} in share mode")
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(send, site, key)
        wait_until(lambda: one(watcher, BLOCKED))
        server.stop()
        interrupted = sent.result()
    holder.close()
    watcher.close()
    unserved = send(site, key)
    for refused in (interrupted, unserved):
        assert refused[0] == 503
        assert refused[1]["content-type"] == "application/problem+json"
        assert int(refused[1]["retry-after"]) > 0
        assert refused[2]["code"] == "service.unavailable"

    again = connect(server)
    mine = f"from incidents_report where key = '{key}'"
    assert one(again, f"select count(*) {mine}") == kept
    first, second = send(site, key), send(site, key)
    assert (first[0], second[0]) == (status, 200)
    assert first[2] == second[2]
    assert first[2]["state"] == "incident"
    assert one(again, f"select count(*) {mine}") == 1
    member = f"select count(*) from incidents_membership where report_id = (select id {mine})"
    assert one(again, member) == 1
    again.close()


def test_a_page_says_so_too(server, site):
    server.stop()
    status, headers, body = read(site, "GET", "/i/1")
    server.ensure_running()
    assert status == 503
    assert headers["content-type"].startswith("text/html")
    assert "service.unavailable" in body
    wait_until(lambda: ask(site, "GET", "/api/v1/catalogue")[0] == 200)
