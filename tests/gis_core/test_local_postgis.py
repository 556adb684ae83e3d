"""The private server comes up, stays one, and comes back whatever was killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest

from gis_core.local_postgis import LocalPostgisError, PostgresMissing, Server, __main__
from gis_core.local_postgis import server as server_module
from gis_core.local_postgis.facts import Facts
from gis_core.local_postgis.programs import find_programs

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server of this module's own, under a long path with blanks, which only its owner enters."""
    home = tmp_path_factory.mktemp("a home") / ("long " * 24) / "pg"
    server = Server(home)
    yield server
    server.stop()
    shutil.rmtree(server.place)


@pytest.fixture
def running(server):
    server.ensure_running()
    return server


def ask(server, statement):
    facts = server.ensure_running()
    connection = psycopg2.connect(facts.url.replace("postgis:", "postgresql:"))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def postmaster(server):
    return int((server.data / "postmaster.pid").read_text().split()[0])


def kill(server):
    """Kill the postmaster alone, and wait until the system has carried it out."""
    os.kill(postmaster(server), signal.SIGKILL)
    while server.is_running():
        time.sleep(0.01)


def test_it_holds_the_extensions_and_checks_its_pages(running):
    found = {name for (name,) in ask(running, "SELECT extname FROM pg_extension")}
    assert found >= {"postgis", "pg_trgm", "unaccent", "btree_gist"}
    assert ask(running, "SHOW data_checksums") == [("on",)]
    assert ask(running, "SHOW listen_addresses") == [("127.0.0.1",)]


def test_asking_twice_starts_it_once(running):
    before = postmaster(running)
    began = time.monotonic()
    running.ensure_running()
    assert postmaster(running) == before
    assert time.monotonic() - began < 1


def test_after_a_kill_it_comes_back_with_its_data(running):
    ask(running, "CREATE TABLE IF NOT EXISTS kept (number int)")
    ask(running, "TRUNCATE kept")
    ask(running, "INSERT INTO kept VALUES (42)")
    open_one = psycopg2.connect(running.ensure_running().url.replace("postgis:", "postgresql:"))
    kill(running)
    assert ask(running, "SELECT number FROM kept") == [(42,)]
    with pytest.raises(psycopg2.OperationalError):
        open_one.cursor().execute("SELECT 1")


def test_what_a_dead_server_left_computing_is_ended_before_the_next(running, monkeypatch):
    monkeypatch.setattr(server_module, "ORPHANS_LEAVE_S", 1)
    with subprocess.Popen(["sleep", "60"], cwd=running.data) as orphan:
        kill(running)
        assert ask(running, "SELECT 1") == [(1,)]
        assert orphan.wait(1) == -signal.SIGKILL


def test_many_at_once_start_one(running):
    running.stop()
    program = (
        "import sys; from pathlib import Path; from gis_core.local_postgis import Server;"
        "print(Server(Path(sys.argv[1])).ensure_running().address)"
    )
    command = [sys.executable, "-c", program, str(running.home)]
    starting = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    answers = {process.communicate(timeout=60)[0] for process in starting}
    assert answers == {running.ensure_running().address + "\n"}


def test_a_pid_file_that_names_a_stranger_is_no_server(running):
    running.stop()
    (running.data / "postmaster.pid").write_text(f"{os.getpid()}\n{running.data}\n")
    assert not running.is_running()
    assert ask(running, "SELECT 1") == [(1,)]


def test_a_damaged_pid_file_is_no_server(running):
    running.stop()
    (running.data / "postmaster.pid").write_text("")
    assert ask(running, "SELECT 1") == [(1,)]


def test_a_taken_port_is_left_to_its_owner(running):
    taken = running.ensure_running().port
    running.stop()
    with socket.create_server(("127.0.0.1", taken)):
        moved = running.ensure_running().port
        assert moved != taken
    assert running.ensure_running().port == moved


def test_stopping_twice_stops_once(running):
    assert running.stop()
    assert not running.is_running()
    assert not running.stop()


@pytest.mark.parametrize(
    "interrupted", ["data.new/PG_VERSION", "data.new/base/1/2", "log/password"]
)
def test_an_interrupted_first_start_is_begun_again(tmp_path, interrupted):
    server = Server(tmp_path / "pg")
    left = server.place / interrupted
    left.parent.mkdir(parents=True)
    left.write_text("15")
    try:
        assert ask(server, "SELECT 1") == [(1,)]
    finally:
        server.stop()
        shutil.rmtree(server.place)


def test_a_first_start_interrupted_before_the_database_is_completed(running):
    ask(running, "DROP EXTENSION unaccent")
    facts = json.loads((running.home / "cluster.json").read_text())
    (running.home / "cluster.json").write_text(json.dumps({**facts, "ready": False}))
    assert ask(running, "SELECT public.unaccent('Đường')") == [("Duong",)]


def test_missing_programs_are_named_with_their_packages(tmp_path, monkeypatch):
    monkeypatch.setenv("WARDWISE_PG_BINDIR", str(tmp_path))
    with pytest.raises(PostgresMissing, match="postgresql-15-postgis-3"):
        Server(tmp_path / "pg").ensure_running()
    assert not Server(tmp_path / "pg").data.parent.joinpath("log").exists()


def test_data_of_another_version_is_not_opened():
    with pytest.raises(PostgresMissing, match="PostgreSQL 9 with PostGIS"):
        find_programs("9")


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"port": 1}', '{"unknown": 1}'])
def test_damaged_facts_are_an_error_with_its_cure(tmp_path, damage):
    (tmp_path / "cluster.json").write_text(damage)
    with pytest.raises(LocalPostgisError, match=r"move .* away"):
        Server(tmp_path).ensure_running()


def test_two_that_ask_first_get_the_same_facts(tmp_path):
    assert Facts.of(tmp_path) == Facts.of(tmp_path)
    assert (tmp_path / "cluster.json").stat().st_mode & 0o777 == 0o600


def test_a_wrong_call_says_the_right_one(capsys):
    assert __main__.main(["begin"]) == 2
    assert "start|stop|status|url" in capsys.readouterr().err
