"""What keeping the columns costs whoever writes, and how soon a tile knows of a new incident."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Iterator

from psycopg2.extensions import connection

from incidents.columns import reading
from scripts.benchmarks import harness
from scripts.benchmarks.harness import Line, percentile

A_SECOND = 50
INSERT = """
INSERT INTO incidents_incident (
    category_id, public, status, position, cell, opened_at, accuracy_m, needs_triage, check_after,
    report_count, updated_at, version
)
SELECT category_id, public, status, position, cell, now(), 10, false, false, 1, now(), 1
FROM incidents_incident WHERE id = (SELECT min(id) FROM incidents_incident)
RETURNING id
"""
EVENT = """
INSERT INTO incidents_event (incident_id, kind, at, actor_kind, reason, data)
VALUES (%s, 'opened', now(), 'system', '', '{}')
"""


def lines(address: str, keeper: subprocess.Popen[bytes], *, quick: bool) -> Iterator[Line]:
    """Yield the cost of a write beside the same without a keeper, and the lag."""
    seconds, blocks, block = (1, 2, 20) if quick else (20, 12, 150)
    to = harness.connect(address)
    to.autocommit = False
    kept, alone = list[float](), list[float]()
    for number in range(2 * blocks):
        stopped = bool(number % 2)
        keeper.send_signal(signal.SIGSTOP if stopped else signal.SIGCONT)
        time.sleep(0.1 if stopped else 1.0)
        (alone if stopped else kept).extend(_write(to) for _ in range(block))
    keeper.send_signal(signal.SIGCONT)
    yield Line(
        bench="layers", case="an insert with its event, committed, p50", unit="ms",
        ours=percentile(kept, 0.5), peer="the same while nobody keeps columns",
        peer_value=percentile(alone, 0.5),
        more={
            "p95_ms": harness.rounded(percentile(kept, 0.95)),
            "peer_p95_ms": harness.rounded(percentile(alone, 0.95)),
        },
    )  # fmt: skip
    time.sleep(2)
    lags = _lags(to, seconds)
    to.close()
    yield Line(
        bench="layers", case=f"lag at {A_SECOND} inserts a second, p95", unit="ms",
        ours=percentile(lags, 0.95), more={"most_ms": harness.rounded(max(lags))},
    )  # fmt: skip


def _write(to: connection) -> float:
    began = time.perf_counter()
    with to, to.cursor() as cursor:
        cursor.execute(INSERT)
        cursor.execute(EVENT, cursor.fetchone())
    return (time.perf_counter() - began) * 1e3


def _lags(to: connection, seconds: int) -> list[float]:
    """Return for each insert how long after its commit the columns had it."""
    many, committed = seconds * A_SECOND, list[float]()
    before = _seen()

    def write() -> None:
        for number in range(many):
            _write(to)
            committed.append(time.perf_counter())
            time.sleep(max(committed[0] + (number + 1) / A_SECOND - time.perf_counter(), 0))

    writer = threading.Thread(target=write)
    writer.start()
    lags = list[float]()
    until = time.monotonic() + seconds + 30
    while len(lags) < many and time.monotonic() < until:
        seen, now = _seen() - before, time.perf_counter()
        lags += [(now - one) * 1e3 for one in committed[len(lags) : seen]]
        time.sleep(0.005)
    writer.join()
    return lags + [30_000.0] * (many - len(lags))


def _seen() -> int:
    columns = reading.current()
    if columns is None:
        return 0
    return len(columns.base) + int(columns.weight.sum(dtype=int))
