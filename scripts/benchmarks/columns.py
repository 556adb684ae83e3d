"""The incident columns: how soon they are built, how soon a change is in them, what writers pay.

``same_answer``: afterwards ``columns verify`` finds every entry to be what the database holds.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scripts.benchmarks import crowd, harness
from scripts.benchmarks.harness import Line, percentile

if TYPE_CHECKING:
    from incidents.columns.rows import Columns

A_SECOND = 50
"""Incidents that are written each second while the lag is measured."""
PATIENCE_S = 60
INSERT = """
WITH one AS (
    INSERT INTO incidents_incident (
        category_id, public, status, position, cell, opened_at, accuracy_m, needs_triage,
        check_after, report_count, updated_at, version
    )
    SELECT category_id, public, 'received', position, cell, now(), 10, FALSE, FALSE, 1, now(), 1
    FROM incidents_incident ORDER BY id LIMIT 1
    RETURNING id
)
INSERT INTO incidents_event (incident_id, kind, at, actor_kind, reason, data)
SELECT id, 'opened', now(), 'system', '', '{}' FROM one
RETURNING incident_id
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    incidents: int
    synthetic: int
    seconds: int
    rounds: int
    inserts: int


FULL, QUICK = Size(100_000, 10_000_000, 20, 10, 200), Size(2_000, 20_000, 1, 1, 10)


def run(*, quick: bool) -> Iterator[Line]:
    """Yield what building, following and reading cost."""
    size = QUICK if quick else FULL
    with harness.scratch_database("columns") as address, tempfile.TemporaryDirectory() as folder:
        os.environ["WARDWISE_COLUMNS_DIR"] = folder
        harness.with_django()
        harness.load_city()
        crowd.fill(address, size.incidents)
        yield _built()
        with _worker() as worker:
            lags, inserts = _lags(address, size)
            same = _agrees()
            yield Line(
                bench="columns", case=f"lag at {A_SECOND} a second", unit="ms",
                ours=percentile(lags, 0.95), same_answer=same,
                more={"p50_ms": harness.rounded(percentile(lags, 0.5)),
                      "longest_ms": harness.rounded(max(lags)), "changes": inserts},
            )  # fmt: skip
            yield _write_path(address, size, worker)
        yield from _synthetic(Path(folder), size.synthetic)


def _built() -> Line:
    from incidents.columns import keeping  # noqa: PLC0415  after with_django
    from incidents.columns.folder import home  # noqa: PLC0415

    with keeping.only_writer(home()) as keeper:
        if keeper is None:
            raise RuntimeError
        keeper.anew("for the words")
        began, spent = time.perf_counter(), time.process_time()
        live = keeper.anew("for the bench")
        took, own = time.perf_counter() - began, time.process_time() - spent
        entries, nbytes = len(live.base.rows), live.base.nbytes
    return Line(
        bench="columns", case=f"built from {entries:,} in PostGIS", unit="ms", ours=took * 1e3,
        same_answer=_agrees(),
        more={"own_processor_ms": harness.rounded(own * 1e3), "bytes_each": nbytes / entries},
    )  # fmt: skip


def _agrees() -> bool:
    from incidents.columns.folder import home  # noqa: PLC0415
    from incidents.columns.verifying import verify  # noqa: PLC0415

    return verify(home()).count == 0


@contextmanager
def _worker() -> Iterator[subprocess.Popen[bytes]]:
    """Let a process of its own follow, as ``scripts/run`` does."""
    from incidents.columns import reading  # noqa: PLC0415
    from incidents.columns.folder import home  # noqa: PLC0415

    view = reading.open_view(home())
    if view is None:
        raise RuntimeError
    command = [sys.executable, "manage.py", "work", "columns"]
    worker = subprocess.Popen(command, cwd=harness.ROOT)
    try:
        # What was built a moment ago is kept up from when the worker has begun.
        begun = view.delta.silent_s()
        while (silent := view.delta.silent_s()) >= begun:
            if worker.poll() is not None:
                msg = "manage.py work columns has ended; why stands above"
                raise RuntimeError(msg)
            begun = silent
            time.sleep(0.01)
        yield worker
    finally:
        worker.send_signal(signal.SIGCONT)
        worker.terminate()
        try:
            worker.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()


def _wait_for_columns() -> Columns:
    from incidents.columns import reading  # noqa: PLC0415

    end = time.monotonic() + PATIENCE_S
    while (columns := reading.current()) is None:
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)
    return columns


def _lags(address: str, size: Size) -> tuple[list[float], int]:
    """Write at an even pace; return for each the milliseconds from its commit to its being seen."""
    written: dict[int, float] = {}
    writer = threading.Thread(target=_write_evenly, args=(address, size.seconds, written))
    seen: dict[int, float] = {}
    met = len(_wait_for_columns().delta)
    writer.start()
    end = time.monotonic() + size.seconds + PATIENCE_S
    while (writer.is_alive() or len(seen) < len(written)) and time.monotonic() < end:
        columns, now = _wait_for_columns(), time.perf_counter()
        seen |= dict.fromkeys(columns.delta.id[met:].tolist(), now)
        met = len(columns.delta)
        time.sleep(0.002)
    writer.join()
    return [max(seen[pk] - at, 0) * 1e3 for pk, at in written.items()], len(written)


def _write_evenly(address: str, seconds: int, written: dict[int, float]) -> None:
    connection = harness.connect(address)
    begin = time.perf_counter()
    with connection.cursor() as cursor:
        for number in range(seconds * A_SECOND):
            time.sleep(max(begin + number / A_SECOND - time.perf_counter(), 0))
            cursor.execute(INSERT)
            written[cursor.fetchone()[0]] = time.perf_counter()
    connection.close()


def _write_path(address: str, size: Size, worker: subprocess.Popen[bytes]) -> Line:
    """Write while somebody follows and while that one is stopped; what the server spends on it.

    Processor time of the connection's own server process, from the kernel's accounts: how long
    writers wait for the disk says nothing of the columns.
    """
    connection = harness.connect(address)
    spent: dict[int, list[float]] = {signal.SIGCONT: [], signal.SIGSTOP: []}
    with connection.cursor() as cursor:
        processor = harness.processor_of(connection)
        for number in range(size.rounds + 1):
            for state, told in spent.items():
                worker.send_signal(state)
                began = processor()
                for _ in range(size.inserts):
                    cursor.execute(INSERT)
                # The first round warms up.
                told.extend([(processor() - began) / size.inserts * 1e6] * bool(number))
    connection.close()
    worker.send_signal(signal.SIGCONT)
    return Line(
        bench="columns", case="an incident with its event, written", unit="µs of processor",
        ours=statistics.median(spent[signal.SIGCONT]), peer="nobody follows",
        peer_value=statistics.median(spent[signal.SIGSTOP]),
    )  # fmt: skip


def _synthetic(folder: Path, many: int) -> Iterator[Line]:
    """An image of entries drawn by chance: what sorting, writing, merging and looking up cost."""
    from incidents.columns import image  # noqa: PLC0415
    from incidents.columns.building import InOrder  # noqa: PLC0415
    from incidents.columns.merging import Merged  # noqa: PLC0415
    from incidents.columns.rows import ENTRY, Rows, Words  # noqa: PLC0415

    chance = np.random.default_rng(1022)
    entries = np.zeros(many, ENTRY)
    entries["id"] = chance.permutation(many) + 1
    entries["code"] = chance.integers(0, 1 << 40, many)
    facts = image.Facts(Words((), (), (), (), "", (0.0, 0.0), 0), {}, (0, 0), 0, (0, 0))

    def line(case: str, began: float, **more: Any) -> Line:
        took = (time.perf_counter() - began) * 1e3
        return Line(bench="columns", case=case, unit="ms", ours=took, more=more)

    began = time.perf_counter()
    base = image.opened(image.write(folder / "synthetic", InOrder(entries), facts))
    yield line(f"{many:,} entries sorted and written", began, megabytes=base.nbytes / 1e6)

    changed = chance.choice(many, min(25_000, many // 2), replace=False)
    places = base.places(changed + 1)
    before, after = base.rows.entries(places), base.rows.entries(places)
    after["kind"] += 1
    delta = np.stack([before, after], axis=1).reshape(-1)
    weights = np.tile(np.array([-1, 1], np.int8), len(before))
    began = time.perf_counter()
    merged = image.opened(
        image.write(folder / "synthetic", Merged(base, Rows.of(delta), weights), facts)
    )
    same = len(merged.rows) == many and bool((merged.rows.kind == 1).sum() == len(before))
    yield Line(
        bench="columns", case=f"{len(delta):,} changes merged into {many:,} entries", unit="ms",
        ours=(time.perf_counter() - began) * 1e3, same_answer=same,
    )  # fmt: skip
    began = time.perf_counter()
    base.places(changed[:5_000] + 1)
    yield line("5,000 old entries found by their ids", began)
