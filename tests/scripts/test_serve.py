"""The run ends what it started, even one run later, and nothing else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

import pytest

from scripts import serve
from scripts.leftovers import VARIABLE, Run

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN_PROGRAM = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(flush=True)
time.sleep(60)
"""
STUBBORN = [sys.executable, "-c", STUBBORN_PROGRAM]


def started(command, run, **options):
    environment = {**os.environ, VARIABLE: run.token}
    return subprocess.Popen(command, env=environment, start_new_session=True, **options)


def test_a_run_ends_its_own_processes_alone():
    mine, other = Run(), Run()
    left, stranger = started(SLEEPER, mine), started(SLEEPER, other)
    try:
        _wait_for(mine)
        assert mine.end() == 1
        assert left.wait(5) < 0
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_what_does_not_listen_is_killed(monkeypatch):
    monkeypatch.setattr("scripts.leftovers.LEAVE_S", 1)
    run = Run()
    with started(STUBBORN, run, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        run.end()
        assert process.wait(5) == -9


def test_a_run_is_remembered_until_it_ends(tmp_path):
    run = Run(started_server=True)
    run.write(tmp_path / "run.json")
    assert Run.read(tmp_path / "run.json") == run
    (tmp_path / "run.json").write_text("{half")
    assert Run.read(tmp_path / "run.json") is None
    assert Run.read(tmp_path / "none.json") is None


def test_a_taken_port_is_refused_with_another():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(serve.CannotServe, match=f"try scripts/run --port {port + 1}"):
            serve.Site("127.0.0.1", port, Run()).refuse_taken_port()


def test_one_checkout_is_served_once(tmp_path, monkeypatch):
    monkeypatch.setattr(serve, "RECORDS", tmp_path)
    with (
        serve.only_run(8000),
        pytest.raises(serve.CannotServe, match="at port 8000"),
        serve.only_run(8001),
    ):
        pass


def _wait_for(run):
    """A process carries its environment a moment after it was started."""
    for _ in range(100):
        if run.processes():
            return
        time.sleep(0.05)
