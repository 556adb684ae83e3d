"""Web servers on loopback, started for a benchmark and ended with it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from scripts.benchmarks.harness import ROOT

BIN = Path(sys.executable).parent
WORKERS, THREADS = 2, 4
QUICK_WORKERS = 1
"""To see that it runs: each worker takes a second to start."""
APPLICATION = "map_ui.wsgi:application"
DJANGO = "gis_core.wsgi:application"


@contextmanager
def serving(
    command: Sequence[str | Path], port: int, *, environment: Mapping[str, str] | None = None
) -> Iterator[int]:
    """Run a server until the end of the block and yield its port, once it answers."""
    process = subprocess.Popen(
        [str(part) for part in command], cwd=ROOT, env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL, stdout=sys.stderr, start_new_session=True,
    )  # fmt: skip
    try:
        _wait_for_answer(process, port)
        yield port
    finally:
        _end(process)


def _wait_for_answer(process: subprocess.Popen[bytes], port: int, within_s: float = 60) -> None:
    began = time.monotonic()
    while time.monotonic() - began < within_s and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=within_s)
            connection.request("GET", "/tiles/incidents/16/0/0.mvt")
            connection.getresponse()
        except OSError:
            time.sleep(0.1)
        else:
            return
    msg = f"{process.args!r} does not answer"
    raise RuntimeError(msg)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the server and the workers of its session; nothing of theirs is needed any more."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    """Return a port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processor_ms(port: int, database: str) -> float:
    """Return the processor time spent so far by the server at a port and for a database.

    Their processes are known by the port in their command line and the database in their title.
    """
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            line = (folder / "cmdline").read_text()
            if f"\0{port}\0" in line or database in line:
                spent = (folder / "stat").read_text().rpartition(")")[2].split()[11:13]
                ticks += sum(map(int, spent))
    return ticks * 1e3 / os.sysconf("SC_CLK_TCK")


@contextmanager
def granian(application: str = APPLICATION, *, workers: int = WORKERS) -> Iterator[int]:
    """Our site as scripts/run serves it; or all of it by Django."""
    port = free_port()
    command = [
        BIN / "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(THREADS), "--log-level", "warning",
        application,
    ]  # fmt: skip
    with serving(command, port):
        yield port


@contextmanager
def gunicorn(peer: Path, *, workers: int = WORKERS) -> Iterator[int]:
    """Our site under gunicorn's threads, which stands in an environment of its own."""
    port = free_port()
    command = [
        peer / "gunicorn", "-k", "gthread", "-w", str(workers), "--threads", str(THREADS),
        "--keep-alive", "30", "-b", f"127.0.0.1:{port}", "--log-level", "warning", APPLICATION,
    ]  # fmt: skip
    ours = next((BIN.parent / "lib").glob("python3*")) / "site-packages"
    with serving(command, port, environment={"PYTHONPATH": f"{ROOT}:{ours}"}):
        yield port


@contextmanager
def tipg(peer: Path, address: str, *, workers: int = WORKERS) -> Iterator[int]:
    """The tipg server over the same database, with as many workers."""
    port = free_port()
    command = [
        peer / "uvicorn", "tipg.main:app", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(workers), "--log-level", "warning",
    ]  # fmt: skip
    environment = {
        "DATABASE_URL": address.replace("postgis://", "postgresql://"),
        "TIPG_DB_SCHEMAS": '["public"]',
    }
    with serving(command, port, environment=environment):
        yield port
