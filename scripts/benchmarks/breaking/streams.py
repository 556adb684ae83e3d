"""The desk's stream is interrupted, and its transactions commit out of order: is there a gap?"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import uuid4

import psycopg2

from scripts.benchmarks import harness
from scripts.benchmarks.breaking import ground, processes
from scripts.benchmarks.breaking.readers import Reader
from scripts.benchmarks.harness import Line

INSERT = """
INSERT INTO incidents_event (incident_id, kind, at, actor_kind, reason, data)
VALUES (%s, 'noted', now(), 'system', '', '{}') RETURNING id
"""
NEWEST_S = 20.0
"""How long the last change is waited for."""
KILL_EVERY = 10
"""Each so many interruptions, and at the last, the process itself is killed and started anew."""


def lines(trials: int) -> Iterator[Line]:
    """Yield a line for a stream that is cut, one for transactions that overlap."""
    incident = _incident()
    with processes.events() as process:
        yield _cut(incident, trials, process)
        yield _overlapping(incident, trials, process.port)


def _cut(incident: int, trials: int, process: processes.Process) -> Line:
    """Write events all the while, cut the line at any moment; each event must come once."""
    reader = Reader(process.port, token())
    reader.wait()
    written: list[int] = []
    going = threading.Event()
    writer = threading.Thread(target=_write, args=(incident, written, going), daemon=True)
    writer.start()
    killed = 0
    for left in reversed(range(trials)):
        time.sleep(random.uniform(0.05, 0.25))  # noqa: S311
        if left % KILL_EVERY == 0:
            killed += 1
            process.kill()
            process.start()
        else:
            reader.cut()
        reader.wait()
    going.set()
    writer.join()
    _settle(reader, written)
    reader.stop()
    return _line("stream cut and resumed by its last id", trials, reader.seen, written, {
        "returns": reader.returns,
        "processes_killed": killed,
    })  # fmt: skip


def _overlapping(incident: int, trials: int, port: int) -> Line:
    """Let a transaction begin first and commit last, while a reader follows."""
    reader = Reader(port, token())
    reader.wait()
    address = os.environ["DATABASE_URL"]
    early, late = _open(address), _open(address)
    written: list[int] = []
    for _ in range(trials):
        written.append(_insert(early, incident))
        written.append(_insert(late, incident))
        late.commit()
        time.sleep(random.uniform(0, 0.1))  # noqa: S311
        early.commit()
    _settle(reader, written)
    reader.stop()
    early.close()
    late.close()
    return _line(
        "two transactions, the first to begin commits last", trials, reader.seen, written, {}
    )


def _line(
    case: str,
    trials: int,
    seen: Sequence[tuple[str, int]],
    written: Sequence[int],
    more: dict[str, object],
) -> Line:
    came = Counter(int(cursor.rpartition("-")[2]) for cursor, _ in seen)
    lost = len(set(written) - came.keys())
    doubled = sum(came.values()) - len(came)
    places = [_place(cursor) for cursor, _ in seen]
    return Line(
        bench="faults",
        case=case,
        unit="trials",
        ours=trials,
        same_answer=not lost and not doubled and places == sorted(places),
        more={
            "trials": trials,
            "events": len(written),
            "lost": lost,
            "doubled": doubled,
            "in_order": places == sorted(places),
            **more,
        },
    )


def _place(cursor: str) -> tuple[int, int]:
    transaction, _, event = cursor.partition("-")
    return int(transaction), int(event)


def _settle(reader: Reader, written: Sequence[int]) -> None:
    """Wait until what was written came, or for long enough."""
    end = time.monotonic() + NEWEST_S
    wanted = set(written)
    while time.monotonic() < end:
        if wanted <= {int(cursor.rpartition("-")[2]) for cursor, _ in list(reader.seen)}:
            time.sleep(0.7)  # whatever would come twice, comes now
            return
        time.sleep(0.1)


def _write(incident: int, written: list[int], going: threading.Event) -> None:
    connection = _open(os.environ["DATABASE_URL"])
    while not going.is_set():
        written.append(_insert(connection, incident))
        connection.commit()
        time.sleep(0.02)
    connection.close()


def _insert(connection: psycopg2.extensions.connection, incident: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(INSERT, (incident,))
        return int(cursor.fetchone()[0])


def _open(address: str) -> psycopg2.extensions.connection:
    connection = harness.connect(address)
    connection.autocommit = False
    return connection


def _incident() -> int:
    from incidents.models import Incident  # noqa: PLC0415  Django is set up now

    return Incident.objects.get(memberships__report=ground.receive(uuid4().hex)).pk


def token() -> str:
    """Return a token with which an operator follows events."""
    from django.contrib.auth.models import User  # noqa: PLC0415

    from incidents.actors import actor_of  # noqa: PLC0415
    from map_ui import live_tokens  # noqa: PLC0415

    return live_tokens.token_for(actor_of(User.objects.get(username="operator")))
