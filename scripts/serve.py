"""Serve the site at one address, and keep everything it needs alive until Ctrl-C."""

from __future__ import annotations

import argparse
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from gis_core import local_postgis
from scripts.leftovers import VARIABLE, Run

ROOT = Path(__file__).resolve().parent.parent
RECORDS = ROOT / "var" / "run"
BIN = ROOT / ".venv" / "bin"
ANSWERS_WITHIN_S = 60
TICK_S = 0.5
BRAKE_S = 5.0
"""What ends as soon as it is started is not started again more often than so."""
NO_SETTINGS: Mapping[str, str] = MappingProxyType({})
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  where to ask, if it serves at all


class CannotServe(Exception):
    """The site cannot be served; the message says what to do."""


class Stopped(BaseException):
    """Somebody asked the run to end. No Exception: nothing on the way may take it for a fault."""


def main(arguments: list[str]) -> int:
    """Prepare, serve, watch; return 0 after Ctrl-C or SIGTERM."""
    options = parse(arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        with only_run(options.port), database() as run:
            site = Site(options.host, options.port, run)
            site.refuse_taken_port()
            prepare(run, demo=options.demo)
            site.serve()
    except (CannotServe, local_postgis.LocalPostgisError) as error:
        print(f"scripts/run: {error}", file=sys.stderr)
        return 1
    except Stopped:
        say("stopped")
    return 0


def _stop(*_: object) -> None:
    # A second Ctrl-C must not interrupt the stopping itself.
    for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(again, signal.SIG_IGN)
    raise Stopped


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; scripts/run --help describes it."""
    parser = argparse.ArgumentParser(prog="scripts/run", add_help=False)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--no-demo", dest="demo", action="store_false")
    return parser.parse_args(arguments)


def say(words: str) -> None:
    """Print at once, whoever reads."""
    print(words, flush=True)


@contextmanager
def only_run(port: int) -> Iterator[None]:
    """Hold this checkout's one place to run. Raises CannotServe when another run holds it."""
    RECORDS.mkdir(parents=True, exist_ok=True)
    with (RECORDS / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            msg = f"this checkout is being served already, at port {lock.read().strip()}."
            raise CannotServe(msg) from error
        lock.truncate(0)
        lock.write(f"{port}\n")
        lock.flush()
        yield


@contextmanager
def database() -> Iterator[Run]:
    """Clear away a killed run, bring the private server up, and stop it if this run started it."""
    path = RECORDS / "run.json"
    last = Run.read(path)
    if last and (ended := last.end()):
        say(f"==> an earlier run was killed: ended {ended} processes that it left")
    run = Run(started_server=bool(last and last.started_server))
    private = not os.environ.get("DATABASE_URL")
    if private and local_postgis.status() == "stopped":
        run.started_server = True
    run.write(path)
    try:
        if private:
            say(f"==> database server: {local_postgis.ensure_running().address}")
        yield run
    finally:
        run.end()
        if private and run.started_server:
            local_postgis.stop()
        path.unlink()


def prepare(run: Run, *, demo: bool) -> None:
    """Bring the database up to date and load what the site needs. Raises CannotServe."""
    options = ["--demo"] if demo else []
    if start([str(BIN / "python"), "-m", "scripts.prepare", *options], run).wait():
        raise CannotServe("the database could not be prepared; why stands above.")


def start(
    command: list[str], run: Run, settings: Mapping[str, str] = NO_SETTINGS
) -> subprocess.Popen[bytes]:
    """Start a process apart from this terminal's Ctrl-C: it is this run that ends it."""
    environment = {**settings, **os.environ, "PYTHONUNBUFFERED": "1", VARIABLE: run.token}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
    )


class Site:
    """The web server's processes, those beside it, and the private database server, watched."""

    def __init__(self, host: str, port: int, run: Run) -> None:
        self.host, self.port, self.run = host, port, run
        self.private = not os.environ.get("DATABASE_URL")
        self.beside: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, float] = {}
        self.address = f"http://{EVERYWHERE.get(host, host)}:{port}/"

    def serve(self) -> None:
        """Start, wait for the first answer, tell the address, and watch until stopped."""
        process = self.start()
        self.wait_for_answer(process)
        self.keep_beside()
        say(f"\n    Wardwise: {self.address}\n    Ctrl-C stops it.\n")
        while True:
            time.sleep(TICK_S)
            process = self.revive(process)

    def refuse_taken_port(self) -> None:
        """Raise CannotServe where somebody else listens, at the site's port or at the next."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        for port in (self.port, self.port + 1):
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((self.host, port))
                except OSError as error:
                    msg = (
                        f"{self.host} port {port} cannot be served at ({error.strerror}): "
                        f"try scripts/run --port {port + 1}"
                    )
                    raise CannotServe(msg) from error

    def start(self) -> subprocess.Popen[bytes]:
        """Start the web server: WSGI, for under ASGI each request would open its own connection."""
        command = [
            *self.granian("wsgi", self.port), "--workers", "2", "--blocking-threads", "4",
            "--respawn-failed-workers", "map_ui.wsgi:application",
        ]  # fmt: skip
        return start(command, self.run, {"WARDWISE_EVENTS_PORT": str(self.port + 1)})

    def granian(self, interface: str, port: int) -> list[str]:
        """Return the beginning of a server's command."""
        return [
            str(BIN / "granian"), "--interface", interface, "--host", self.host,
            "--port", str(port), "--log-level", "warning",
        ]  # fmt: skip

    def keep_beside(self) -> None:
        """Start what goes on beside the web server, and what of it has died."""
        commands = {
            "work": [str(BIN / "python"), "manage.py", "work"],
            "events": [*self.granian("asgi", self.port + 1), "map_ui.live:application"],
        }
        for name, command in commands.items():
            if self.is_due(name):
                self.beside[name] = start(command, self.run)
                self.started[name] = time.monotonic()

    def is_due(self, name: str) -> bool:
        """Tell whether a process beside is to be started: it is gone, and not since a moment."""
        process = self.beside.get(name)
        if process is not None and process.poll() is None:
            return False
        return time.monotonic() - self.started.get(name, -BRAKE_S) >= BRAKE_S

    def wait_for_answer(self, process: subprocess.Popen[bytes]) -> None:
        """Return at the first answer of any kind. Raises CannotServe."""
        began = time.monotonic()
        while time.monotonic() - began < ANSWERS_WITHIN_S and process.poll() is None:
            if self.answers():
                return
            time.sleep(0.1)
        raise CannotServe("the web server does not answer; its words stand above.")

    def answers(self) -> bool:
        """Tell whether the site answers a request."""
        host = EVERYWHERE.get(self.host, self.host)
        connection = http.client.HTTPConnection(host, self.port, timeout=ANSWERS_WITHIN_S)
        try:
            connection.request("HEAD", "/")
            connection.getresponse()
        except OSError:
            return False
        finally:
            connection.close()
        return True

    def revive(self, process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
        """Bring back what died; return the web server's process, a new one if it was that."""
        if self.private and local_postgis.status() == "stopped":
            say("==> the database server is gone: starting it again")
            before, after = local_postgis.known(), local_postgis.ensure_running()
            if before != after:
                self.run.end()
                process.wait()
        if process.poll() is not None:
            say(f"==> the web server is gone ({process.returncode}): starting it again")
            # Its workers outlive it and hold the port.
            self.run.end()
            process = self.start()
            self.wait_for_answer(process)
        self.keep_beside()
        return process


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
