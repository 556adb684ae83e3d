"""What every benchmark shares: time, percentiles, the line it prints, places to work in."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from psycopg2 import sql

from gis_core import env, local_postgis

ROOT = Path(__file__).resolve().parent.parent.parent
PEERS = ROOT / "var" / "peers"
EXTENSIONS = ("postgis", "pg_trgm", "unaccent", "btree_gist")
SCRATCH = "wardwise_bench_"
CITY = "WARDWISE_BENCH_CITY"
"""Where set, the name of a database that holds the city: several runs then work on copies of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One case: our figure beside the peer's, and whether both gave the same answer.

    ``ratio`` is how many times better ours is than the peer's: less is better, unless the unit
    ends in "/s"; None where there is no peer. ``more`` adds keys.
    """

    bench: str
    case: str
    unit: str
    ours: float
    peer: str = ""
    peer_value: float | None = None
    same_answer: bool = True
    more: Mapping[str, object] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """How many times better ours is."""
        if not self.peer_value:
            return None
        more_is_better = self.unit.endswith("/s")
        return self.ours / self.peer_value if more_is_better else self.peer_value / self.ours

    def as_json(self) -> str:
        """Return the line as it is printed."""
        return json.dumps(
            {
                "bench": self.bench,
                "case": self.case,
                "peer": self.peer,
                "unit": self.unit,
                "ours": rounded(self.ours),
                "peer_value": rounded(self.peer_value),
                "ratio": rounded(self.ratio),
                "same_answer": self.same_answer,
                **self.more,
            },
            ensure_ascii=False,
        )


def rounded(value: float | None) -> float | None:
    """Return ``value`` with four significant digits."""
    return value if value is None else float(f"{value:.4g}")


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least ``share`` (0 to 1) of ``values`` do not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def timed(work: Callable[[], object], times: int, *, warm_up: int = 3) -> list[float]:
    """Return the milliseconds of each of ``times`` runs, after some that are not counted."""
    for _ in range(warm_up):
        work()
    return [_milliseconds(work) for _ in range(times)]


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1e3


def say(words: str) -> None:
    """Tell a person what goes on, beside the lines."""
    print(f"... {words}", file=sys.stderr, flush=True)


@contextmanager
def scratch_database(name: str) -> Iterator[str]:
    """Make a database with our extensions, yield its address, drop it at the end.

    It is empty, or a copy of the one that WARDWISE_BENCH_CITY names.

    On the server that DATABASE_URL names, else on the private one. While it is open DATABASE_URL
    is its address, so that what is started from here works in it.
    """
    before = os.environ.get("DATABASE_URL")
    address = create_database(name)
    try:
        os.environ["DATABASE_URL"] = address
        yield address
    finally:
        _restore("DATABASE_URL", before)
        drop_database(address)


def create_database(name: str) -> str:
    """Make what ``scratch_database`` yields, for whoever drops it; return its address."""
    server = os.environ.get("DATABASE_URL") or local_postgis.ensure_running().url
    scratch = f"{SCRATCH}{name}_{os.getpid()}"
    address = urlsplit(server)._replace(path=f"/{scratch}").geturl()
    template = os.environ.get(CITY, "template1")
    names = map(sql.Identifier, (scratch, template))
    _on(server, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
    install = sql.SQL("CREATE EXTENSION IF NOT EXISTS {}")
    for extension in EXTENSIONS:
        _on(address, install.format(sql.Identifier(extension)))
    return address


def drop_database(address: str) -> None:
    """Drop what ``create_database`` made."""
    server = os.environ.get("DATABASE_URL") or local_postgis.ensure_running().url
    scratch = sql.Identifier(urlsplit(address).path.lstrip("/"))
    _on(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(scratch))


def connect(address: str) -> psycopg2.extensions.connection:
    """Return a connection of one's own, each statement its own transaction."""
    named = env.database(address)
    connection = psycopg2.connect(
        host=named["HOST"], port=named["PORT"] or None, dbname=named["NAME"],
        user=named["USER"], password=named["PASSWORD"], **named["OPTIONS"],
    )  # fmt: skip
    connection.autocommit = True
    return connection


def processor_of(connection: psycopg2.extensions.connection) -> Callable[[], float]:
    """Return what tells the seconds of a processor that a connection's server process used so far.

    Without its helpers. 0 where that process is not on this machine.
    """
    account = Path(f"/proc/{connection.get_backend_pid()}/schedstat")
    return lambda: int(account.read_text().split()[0]) / 1e9 if account.exists() else 0.0


def _on(address: str, statement: sql.Composed) -> None:
    connection = connect(address)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


def _restore(variable: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(variable, None)
    else:
        os.environ[variable] = value


def with_django() -> None:
    """Set Django up and migrate the database that DATABASE_URL names by now.

    Once a process: settings are read at the first call. A copy of the city is migrated already.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
    import django  # noqa: PLC0415  only once DATABASE_URL is known
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    if not _is_copy():
        call_command("migrate", verbosity=0)


def _is_copy() -> bool:
    """Tell whether DATABASE_URL names a copy of the city that ``scratch_database`` made."""
    name = urlsplit(os.environ["DATABASE_URL"]).path.lstrip("/")
    return bool(os.environ.get(CITY)) and name.startswith(SCRATCH)


def load_city() -> None:
    """Load catalogue and wards: from the folder WARDWISE_TEST_DATA names, else as a start does.

    A copy of WARDWISE_BENCH_CITY has them.
    """
    if os.environ.get(CITY):
        return
    from django.core.management import call_command  # noqa: PLC0415  after with_django

    say("loading the city")
    data = os.environ.get("WARDWISE_TEST_DATA")
    published = Path(data or "") / "boundaries" / "hcmc_wards_2025_as_published.zip"
    source = ["--from", str(published)] if published.exists() else []
    call_command("prepare_city", *source, verbosity=0, stdout=sys.stderr)


def peer(name: str, *requirements: str, only_if_there: bool = False) -> Path | None:
    """Return the ``bin`` folder of a peer's own environment, made at the first question.

    Apart from ``.venv``, for several peers bring psycopg 3, which Django would take silently.
    With ``only_if_there`` nothing is fetched: None where it was not made before.
    """
    home = PEERS / name
    asked = home / ".asked"
    if not (asked.exists() and asked.read_text() == "\n".join(requirements)):
        if only_if_there:
            return None
        say(f"installing {', '.join(requirements)} in {home.relative_to(ROOT)}")
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", *requirements], check=True)
        asked.write_text("\n".join(requirements))
    return home / "bin"
