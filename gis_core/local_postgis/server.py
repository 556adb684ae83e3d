"""Starting, stopping and recovering one private PostGIS server."""

from __future__ import annotations

import fcntl
import os
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gis_core.local_postgis.facts import Connection, Facts, LocalPostgisError
from gis_core.local_postgis.programs import Programs, find_programs

EXTENSIONS = ("postgis", "pg_trgm", "unaccent", "btree_gist")
ELSEWHERE = Path("/var/lib/wardwise-pg")
START_TRIES = 8
ORPHANS_LEAVE_S = 10
LARGEST_LOG = 20_000_000

SERVER_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # A socket's path may have 107 bytes, and this folder may lie anywhere: loopback only.
    "unix_socket_directories": "",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    # Compiling costs more than our queries take: they are many and short.
    "jit": "off",
    "timezone": "UTC",
    "log_line_prefix": "%m[%p]",
}


class ServerFailed(LocalPostgisError):
    """PostgreSQL's programs are there and refuse; the message carries what they say."""


@dataclass(frozen=True, slots=True)
class Server:
    """One private server: ``home`` holds its facts and lock, ``place`` its data."""

    home: Path

    @property
    def place(self) -> Path:
        """Where the data lies: elsewhere when root's unprivileged user cannot enter ``home``."""
        elsewhere = ELSEWHERE / Facts.digest(self.home)[:10]
        for place in (self.home, elsewhere):
            if (place / "data").exists():
                return place
        return self.home if os.geteuid() or _can_enter(self.home) else elsewhere

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.place / "data"

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self.place / "log" / "postgres.log"

    def ensure_running(self) -> Connection:
        """Bring the server up if it is down, and return how to reach it.

        Safe to call at once from many processes. Raises PostgresMissing naming the packages,
        ServerFailed with the log's end, or LocalPostgisError where the folder is another's.
        """
        with self._locked():
            facts = Facts.of(self.home)
            if not self.is_running():
                self._start(facts)
            if not facts.ready:
                self._fill(facts)
            return facts.connection

    def stop(self) -> bool:
        """Stop the server; False when it was not running."""
        if not self.home.is_dir():
            return False
        with self._locked():
            if not self.is_running():
                return False
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "60")
            return True

    def is_running(self) -> bool:
        """Tell whether the postmaster lives.

        Not ``pg_ctl status``: it takes a zombie, which a container's first process may never
        reap, for a running server.
        """
        pid = self._recorded_pid()
        return pid is not None and _lives_in(pid, self.data)

    def _recorded_pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        except PermissionError as error:
            raise _belongs_to_another(error) from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            with (self.home / "lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except PermissionError as error:
            raise _belongs_to_another(error) from error

    def _programs(self) -> Programs:
        version = self.data / "PG_VERSION"
        return find_programs(version.read_text().strip() if version.exists() else None)

    def _run(self, program: str, *arguments: str, password: str = "") -> str:
        command = [str(self._programs().path(program)), *arguments]
        done = subprocess.run(  # noqa: S603  our own arguments, no shell
            command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False, env={**os.environ, "PGPASSWORD": password}, **_as_owner(),
        )  # fmt: skip
        if done.returncode:
            raise ServerFailed(f"{program}: {done.stderr.strip() or done.stdout.strip()}")
        return str(done.stdout)

    def _start(self, facts: Facts) -> None:
        self._programs()  # Where these are missing, nothing is left behind.
        self._prepare_folders()
        self._initialise_once(facts)
        self._clear_stale()
        for port in facts.ports(START_TRIES):
            if _is_free(port) and self._started_at(port):
                facts.keep(port=port)
                return
        tail = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
        raise ServerFailed(f"PostgreSQL did not start; {self.log} ends:\n{tail}")

    def _started_at(self, port: int) -> bool:
        settings = {**SERVER_SETTINGS, "port": str(port)}
        options = shlex.join(f"--{name}={value}" for name, value in settings.items())
        try:
            self._run("pg_ctl", "start", "-w", "-s", "-t", "120", "-D", str(self.data),
                      "-l", str(self.log), "-o", options)  # fmt: skip
        except ServerFailed:
            return False
        return True

    def _prepare_folders(self) -> None:
        place = self.place
        for folder in (*([ELSEWHERE] if ELSEWHERE in place.parents else []), place, place / "log"):
            folder.mkdir(parents=True, exist_ok=True)
            # Whatever the umask: the unprivileged user has to pass.
            folder.chmod(0o711)
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".old"))
        _give_to_owner(self.place / "log")

    def _initialise_once(self, facts: Facts) -> None:
        """Make the data directory beside its place and move it there whole."""
        if self.data.exists():
            return
        # Whatever lies here is an initdb that was interrupted: it has never been served.
        half_done = self.place / "data.new"
        shutil.rmtree(half_done, ignore_errors=True)
        half_done.mkdir(mode=0o700)
        password = self.place / "log" / "password"
        password.touch(mode=0o600)
        password.write_text(facts.password)
        for path in (half_done, password):
            _give_to_owner(path)
        self._run("initdb", "-D", str(half_done), "-U", facts.user, "-A", "scram-sha-256",
                  f"--pwfile={password}", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums",
                  "--no-sync", "--no-instructions")  # fmt: skip
        password.unlink()
        os.sync()
        half_done.rename(self.data)
        facts.keep(ready=False)

    def _clear_stale(self) -> None:
        """Remove what a killed server left, once its last process is gone.

        A process that computes may not have noticed that its server died; it is ended then,
        for a second server beside it would spoil the data.
        """
        if not self._left_alone():
            _kill_all(self._orphans())
            if not self._left_alone():
                msg = f"Processes of a server that died still use {self.data}: {self._orphans()}."
                raise ServerFailed(msg)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _left_alone(self) -> bool:
        for _ in range(ORPHANS_LEAVE_S * 10):
            if not self._orphans():
                return True
            time.sleep(0.1)
        return False

    def _orphans(self) -> list[int]:
        return [pid for pid in _all_pids() if _lives_in(pid, self.data)]

    def _fill(self, facts: Facts) -> None:
        if not self._sql(facts, "postgres", "SELECT 1 FROM pg_database WHERE datname='wardwise'"):
            self._sql(facts, "postgres", "CREATE DATABASE wardwise")
        for extension in EXTENSIONS:
            self._sql(facts, "wardwise", f"CREATE EXTENSION IF NOT EXISTS {extension}")
        facts.keep(ready=True)

    def _sql(self, facts: Facts, database: str, statement: str) -> str:
        address = ["-h", "127.0.0.1", "-p", str(facts.port), "-U", facts.user, "-d", database]
        quiet = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement]
        return self._run("psql", *address, *quiet, password=facts.password).strip()


def _belongs_to_another(error: PermissionError) -> LocalPostgisError:
    msg = f"{error.filename} belongs to another user: run as that user, or move it away."
    return LocalPostgisError(msg)


def _owner() -> pwd.struct_passwd:
    """Return the unprivileged user that serves for root, whom PostgreSQL refuses."""
    for name in (os.environ.get("WARDWISE_PG_USER"), "postgres", "nobody"):
        if name:
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
    raise LocalPostgisError("No unprivileged user to run PostgreSQL as: set WARDWISE_PG_USER.")


def _as_owner() -> dict[str, Any]:
    if os.geteuid():
        return {}
    owner = _owner()
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _give_to_owner(path: Path) -> None:
    if not os.geteuid():
        owner = _owner()
        os.chown(path, owner.pw_uid, owner.pw_gid)


def _can_enter(folder: Path) -> bool:
    test = subprocess.run(  # noqa: S603
        ["/usr/bin/test", "-x", str(folder)], cwd="/", check=False, **_as_owner()
    )
    return not test.returncode


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]


def _kill_all(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _lives_in(pid: int, folder: Path) -> bool:
    """Tell whether the process lives, is no zombie, and works in ``folder``."""
    if not Path("/proc/self").exists():
        return _answers_signals(pid)
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        return state not in "ZX" and Path(f"/proc/{pid}/cwd").samefile(folder)
    except OSError:
        return False


def _answers_signals(pid: int) -> bool:
    """Judge by the signal alone, where there is no /proc to ask."""
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
