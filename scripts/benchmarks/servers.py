"""Which WSGI server: the same site under granian and under gunicorn's threads.

Both with as many processes and threads. ``ours`` and ``peer_value`` are answers a second; in the
last case the milliseconds of one tile while others hold connections without finishing a request.
``same_answer``: both gave every answer with the status that belongs to it, in the last case ours.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from itertools import cycle, islice
from uuid import uuid4

from gis_core.tiles import Tile
from scripts.benchmarks import harness, sites
from scripts.benchmarks.harness import Line, percentile
from scripts.benchmarks.loadtest import HOST, Ask, Told, ask, rate
from scripts.benchmarks.tiles import fill, our_path

PEER = "gunicorn 23.0.0 gthread"
CLIENTS = 8
DAWDLERS, PATIENCE_S = 16, 10.0
"""More than there are threads, and how long a tile is waited for meanwhile."""

TILES = tuple(Tile(14, x, y) for x in range(13044, 13052) for y in range(7694, 7702))
BOUNDARY = "wardwise-bench"
POSITION = {"lon": "106.6952", "lat": "10.7765", "accuracy": "5", "method": "pin"}

SLOW = f"a tile while {DAWDLERS} clients dawdle"
Site = AbstractContextManager[int]


def run(*, quick: bool) -> Iterator[Line]:
    """Yield a line for tiles, one for reports, one for slow clients."""
    peer = harness.peer("gunicorn", "gunicorn==23.0.0", only_if_there=quick)
    incidents, requests = (2_000, 40) if quick else (100_000, 1_200)
    workers = sites.QUICK_WORKERS if quick else sites.WORKERS
    with harness.scratch_database("servers") as address:
        fill(address, incidents)
        ours = _measured(sites.granian(workers=workers), requests)
        theirs = _measured(sites.gunicorn(peer, workers=workers), requests) if peer else {}
    for case, (per_second, told) in ours.items():
        yield _line(case, (per_second, told), theirs.get(case))


def _measured(site: Site, requests: int) -> dict[str, tuple[float, list[Told]]]:
    tiles = [Ask(our_path(tile)) for tile in islice(cycle(TILES), requests)]
    with site as port:
        _warm(port)
        return {
            "tiles of zoom 14": rate(lambda: ask(port, tiles, clients=CLIENTS)),
            "reports": rate(lambda: ask(port, _reports(requests // 4), clients=CLIENTS)),
            SLOW: _beside_dawdlers(port),
        }


def _beside_dawdlers(port: int) -> tuple[float, list[Told]]:
    """Return the milliseconds of a tile while others have sent half a request."""
    with ExitStack() as stack:
        for _ in range(DAWDLERS):
            one = stack.enter_context(socket.create_connection((HOST, port)))
            one.sendall(b"POST /api/v1/reports HTTP/1.1\r\nHost: localhost\r\nContent-")
        time.sleep(0.5)
        began = time.perf_counter()
        try:
            told = ask(port, [Ask(our_path(TILES[0]))], patience_s=PATIENCE_S)
        except TimeoutError:
            told = []
        return (time.perf_counter() - began) * 1e3, told


def _warm(port: int) -> None:
    ask(port, [Ask(our_path(tile)) for tile in TILES], clients=CLIENTS)
    ask(port, _reports(CLIENTS * 2), clients=CLIENTS)


def _reports(many: int) -> Sequence[Ask]:
    return [_report(uuid4().hex) for _ in range(many)]


def _report(key: str) -> Ask:
    fields = {**POSITION, "category": "pothole", "text": f"Ổ gà {key}"}
    body = "".join(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    headers = {"Content-Type": kind, "Idempotency-Key": key, "X-Acknowledge-Duplicate": "none"}
    return Ask("/api/v1/reports", "POST", f"{body}--{BOUNDARY}--\r\n".encode(), headers)


def _line(
    case: str, ours: tuple[float, list[Told]], theirs: tuple[float, list[Told]] | None
) -> Line:
    expected = {201} if case == "reports" else {200, 204}
    answers = [*ours[1], *(theirs[1] if theirs else [])]
    return Line(
        bench="servers",
        case=case,
        unit="ms" if case == SLOW else "answers/s",
        ours=ours[0],
        peer=PEER if theirs else "",
        peer_value=theirs[0] if theirs else None,
        same_answer=bool(ours[1]) and {told.status for told in answers} <= expected,
        more={**_times("", ours[1]), **(_times("peer_", theirs[1]) if theirs else {})},
    )


def _times(prefix: str, told: Sequence[Told]) -> dict[str, object]:
    if len(told) < CLIENTS:
        return {}
    times = [one.milliseconds for one in told]
    return {
        f"{prefix}{name}_ms": harness.rounded(percentile(times, share))
        for name, share in (("p50", 0.5), ("p95", 0.95))
    }
