"""What keeping the columns costs whoever writes, and how soon a tile knows of a new incident."""

from __future__ import annotations

import signal
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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


@dataclass(frozen=True, slots=True)
class Block:
    """Some inserts in a row: the milliseconds of the middle one, the server's processor time."""

    elapsed_ms: float
    processor_us: float


def lines(
    size: int, address: str, keeper: subprocess.Popen[bytes], *, quick: bool
) -> Iterator[Line]:
    """Yield the cost of a write beside the same without a keeper, and the lag."""
    seconds, rounds, block = (1, 1, 20) if quick else (20, 80, 50)
    to = harness.connect(address)
    to.autocommit = False
    kept, alone = list[Block](), list[Block]()
    _block(to, block)
    for _ in range(rounds):
        # A, B, B, A: what drifts meanwhile is on both sides of each round.
        for stopped in (False, True, True, False):
            keeper.send_signal(signal.SIGSTOP if stopped else signal.SIGCONT)
            time.sleep(0.05 if stopped else 0.4)
            (alone if stopped else kept).append(_block(to, block))
    keeper.send_signal(signal.SIGCONT)
    yield _cost(size, "elapsed_ms", "ms", kept, alone)
    yield _cost(size, "processor_us", "µs of the server's processor time", kept, alone)
    time.sleep(0.5 if quick else 2)
    lags = _lags(to, seconds)
    to.close()
    yield Line(
        bench="layers", case=f"{size:,}: lag at {A_SECOND} inserts a second, p95", unit="ms",
        ours=percentile(lags, 0.95),
        more={"p50_ms": harness.rounded(percentile(lags, 0.5)),
              "most_ms": harness.rounded(max(lags))},
    )  # fmt: skip


def _block(to: connection, inserts: int) -> Block:
    # The kernel's account of the server's own process: waiting for the disk is not in it.
    account = Path(f"/proc/{to.get_backend_pid()}/schedstat")
    before = int(account.read_text().split()[0])
    took = [_write(to) for _ in range(inserts)]
    spent = int(account.read_text().split()[0]) - before
    return Block(statistics.median(took), spent / inserts / 1e3)


def _cost(size: int, what: str, unit: str, kept: list[Block], alone: list[Block]) -> Line:
    """Compare the two blocks with a keeper of each round with the two without one.

    ``slower_percent`` is the median of all rounds, ``slower_between`` where it lies 95 times of a
    hundred. ``like_between`` is the same of two blocks without a keeper: so much is chance.
    """
    ours, theirs = ([getattr(one, what) for one in blocks] for blocks in (kept, alone))
    pairs = [(sum(ours[n : n + 2]), sum(theirs[n : n + 2])) for n in range(0, len(ours), 2)]
    slower = [(a / b - 1) * 100 for a, b in pairs]
    chance = [(b / a - 1) * 100 for a, b in zip(theirs[::2], theirs[1::2], strict=True)]
    return Line(
        bench="layers", case=f"{size:,}: an insert with its event, committed", unit=unit,
        ours=statistics.median(ours), peer="the same while nobody keeps columns",
        peer_value=statistics.median(theirs),
        more={
            "slower_percent": harness.rounded(statistics.median(slower)),
            "slower_between": _between(slower),
            "like_between": _between(chance),
        },
    )  # fmt: skip


def _between(values: list[float]) -> list[float | None]:
    """Return a 95 % interval of the median, by the ranks of a fair coin's throws."""
    ordered, reach = sorted(values), 0.98 * len(values) ** 0.5
    ranks = (len(values) / 2 - reach, len(values) / 2 + reach)
    places = [min(max(round(rank), 0), len(values) - 1) for rank in ranks]
    return [harness.rounded(ordered[place]) for place in places]


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
