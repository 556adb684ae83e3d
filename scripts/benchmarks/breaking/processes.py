"""The product's own processes, as scripts/run starts them; killed, and started again."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from scripts.benchmarks import sites
from scripts.benchmarks.harness import ROOT

STARTS_WITHIN_S = 90


class Process:
    """One of them, with all its workers; ``port`` is 0 for one that nobody connects to."""

    def __init__(self, command: list[str], port: int, environment: Mapping[str, str]) -> None:
        self.port = port
        self._command, self._environment = command, environment
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers. Raises TimeoutError."""
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, env={**os.environ, **self._environment},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        end = time.monotonic() + STARTS_WITHIN_S
        while self.port and not _answers(self.port):
            if time.monotonic() > end:
                raise TimeoutError(f"{self._command[0]} does not answer")
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill it and what it started, at once."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(20)


@contextmanager
def events() -> Iterator[Process]:
    """The events process."""
    port = sites.free_port()
    command = [*_granian("asgi", port), "--workers-kill-timeout", "2", "map_ui.live:application"]
    with _running(command, port, {}) as process:
        yield process


@contextmanager
def site() -> Iterator[Process]:
    """The site."""
    port = sites.free_port()
    command = [
        *_granian("wsgi", port), "--workers", "1", "--blocking-threads", "4",
        "map_ui.wsgi:application",
    ]  # fmt: skip
    with _running(command, port, {}) as process:
        yield process


@contextmanager
def sender(environment: Mapping[str, str]) -> Iterator[Process]:
    """The worker that sends notices."""
    command = [sys.executable, "manage.py", "send_notices"]
    with _running(command, 0, environment) as process:
        yield process


@contextmanager
def _running(command: list[str], port: int, environment: Mapping[str, str]) -> Iterator[Process]:
    process = Process(command, port, environment)
    try:
        yield process
    finally:
        process.kill()


def _granian(interface: str, port: int) -> list[str]:
    return [
        str(sites.BIN / "granian"), "--interface", interface, "--host", "127.0.0.1",
        "--port", str(port), "--log-level", "error",
    ]  # fmt: skip


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=STARTS_WITHIN_S)
    try:
        connection.request("GET", "/nothing-here")
        connection.getresponse()
    except OSError:
        return False
    finally:
        connection.close()
    return True
