"""What must be remembered of the private server: its port and password, in ``cluster.json``."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FIRST_PORT, PORTS = 20_000, 10_000
"""Below the range from which systems hand out ports, so that no client sits on ours by chance."""


class LocalPostgisError(RuntimeError):
    """The private server cannot be had; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach a PostGIS database."""

    host: str
    port: int
    user: str
    password: str
    database: str

    @property
    def address(self) -> str:
        """Return it without the password, for people to read."""
        return f"postgis://{self.user}@{self.host}:{self.port}/{self.database}"

    @property
    def url(self) -> str:
        """Return it whole, in the form of DATABASE_URL."""
        return f"postgis://{self.user}:{self.password}@{self.host}:{self.port}/{self.database}"


@dataclass(slots=True)
class Facts:
    """The remembered facts of the server in ``home``; made up at the first question."""

    home: Path
    port: int
    password: str
    user: str = "wardwise"
    ready: bool = False

    @classmethod
    def of(cls, home: Path) -> Facts:
        """Read the facts, or make and keep new ones. Raises LocalPostgisError if unreadable."""
        try:
            return cls(home=home, **json.loads(_file(home).read_text()))
        except FileNotFoundError:
            return cls._new(home)
        except (PermissionError, ValueError, TypeError) as error:
            msg = f"{_file(home)} cannot be read ({error}); if it is damaged, move {home} away."
            raise LocalPostgisError(msg) from error

    @classmethod
    def _new(cls, home: Path) -> Facts:
        port = FIRST_PORT + int(cls.digest(home), 16) % PORTS
        cls(home=home, port=port, password=secrets.token_hex(16)).keep_unless_kept()
        return cls.of(home)

    @staticmethod
    def digest(home: Path) -> str:
        """Return a name for the folder that differs between checkouts."""
        return hashlib.sha256(str(home.resolve()).encode()).hexdigest()

    @property
    def connection(self) -> Connection:
        """Return how to reach the application's database."""
        return Connection("127.0.0.1", self.port, self.user, self.password, "wardwise")

    def ports(self, tries: int) -> Iterator[int]:
        """Return the remembered port, then the ones after it."""
        for step in range(tries):
            yield FIRST_PORT + (self.port - FIRST_PORT + step) % PORTS

    def keep(self, *, port: int | None = None, ready: bool | None = None) -> None:
        """Remember, all or nothing, readable by this user alone."""
        self.port = self.port if port is None else port
        self.ready = self.ready if ready is None else ready
        self._draft().replace(_file(self.home))

    def keep_unless_kept(self) -> None:
        """Remember; where two processes meet for the first time, the first one's facts stay."""
        draft = self._draft()
        try:
            _file(self.home).hardlink_to(draft)
        except FileExistsError:
            return
        finally:
            draft.unlink()

    def _draft(self) -> Path:
        self.home.mkdir(parents=True, exist_ok=True)
        draft = _file(self.home).with_suffix(f".{os.getpid()}.{threading.get_ident()}")
        draft.touch(mode=0o600)
        facts = {"port": self.port, "password": self.password}
        draft.write_text(json.dumps({**facts, "user": self.user, "ready": self.ready}))
        return draft


def _file(home: Path) -> Path:
    return home / "cluster.json"
