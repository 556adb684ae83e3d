"""The project's own private PostGIS server, under ``var/pg``. Standard library only.

It runs as root (dropping to an unprivileged user) and as a normal user, listens on loopback alone
at a port of its own, and comes back by itself after any of its processes was killed.
``python -m gis_core.local_postgis start|stop|status|url|programs`` is the same by hand.
"""

from __future__ import annotations

from pathlib import Path

from gis_core.local_postgis.facts import Connection, Facts, LocalPostgisError
from gis_core.local_postgis.programs import PostgresMissing
from gis_core.local_postgis.server import Server, ServerFailed

HOME = Path(__file__).resolve().parent.parent.parent / "var" / "pg"

__all__ = [
    "Connection",
    "LocalPostgisError",
    "PostgresMissing",
    "Server",
    "ServerFailed",
    "ensure_running",
    "known",
    "status",
    "stop",
]


def ensure_running() -> Connection:
    """Bring this checkout's server up if it is down; see ``Server.ensure_running``."""
    return Server(HOME).ensure_running()


def known() -> Connection:
    """Return how this checkout's server will be reached, without starting it."""
    return Facts.of(HOME).connection


def stop() -> bool:
    """Stop this checkout's server; False when it was not running."""
    return Server(HOME).stop()


def status() -> str:
    """Return ``running`` or ``stopped``."""
    return "running" if Server(HOME).is_running() else "stopped"
