"""Heat and cluster tiles from the columns over HTTP, zoom 9 to 16, at three sizes.

Beside tipg, which serves the same table's rows, and beside PostGIS grouping on the fly (our own
statement, ``incident_tile.sql``, called without any HTTP). Figures are answers a second by two
clients; ``p95_ms`` and bytes stand beside. *Kept*: the same tiles again and again, as people look
at a city; *filtered*: every request has filters that nobody asked for before, so that each tile is
counted. ``same_answer``: every tile's counts sum up to what the statement says.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path

import pyogrio
import pyogrio.raw

from gis_core.positions import LonLat
from gis_core.tiles import Tile
from scripts.benchmarks import harness, sites
from scripts.benchmarks.harness import ROOT, Line, percentile
from scripts.benchmarks.lean import Heard, hear
from scripts.benchmarks.tiles import (
    PEER,
    REQUIREMENTS,
    ZOOMS,
    chosen_tiles,
    counted,
    our_path,
    peer_path,
)

CLIENTS = 2
SIZES, QUICK_SIZES = (10_000, 1_000_000, 10_000_000), (4_000,)
SIZES_NAMED = "WARDWISE_BENCH_SIZES"
"""Where set, the sizes to measure instead: ``1000000`` or ``10000,1000000``."""
TILES, REQUESTS, PEER_REQUESTS = 20, 600, 60
STATEMENT = "PostGIS, grouped on the fly"
TOLD = ("id", "category", "sector", "status", "opened")
EXPENSIVE = 200_000
"""Incidents from which on the statement is asked for fewer tiles."""


def run(*, quick: bool) -> Iterator[Line]:
    """Yield a line for each size, zoom and kind of request; once, what writing costs."""
    peer = harness.peer("tipg", *REQUIREMENTS, only_if_there=quick)
    named = os.environ.get(SIZES_NAMED, "")
    full = tuple(int(size) for size in named.split(",")) if named else SIZES
    with harness.scratch_database("layers") as address:
        harness.with_django()
        _load(quick=quick)
        from scripts.benchmarks import layer_writes  # noqa: PLC0415  Django is set up now

        for size in QUICK_SIZES if quick else full:
            with columns_of(address, size) as kept:
                bench = Bench(size, address, peer, quick=quick)
                yield from bench.lines()
                yield bench.built(kept)
                yield from layer_writes.lines(size, address, kept.keeper, quick=quick)


def _load(*, quick: bool) -> None:
    """Load the city; to see that it runs the catalogue alone, which is done in a second."""
    if quick:
        from districts.catalogue_loading import load_catalogue  # noqa: PLC0415  Django is set up

        load_catalogue()
    else:
        harness.load_city()


@dataclass(frozen=True, slots=True)
class Kept:
    """Who keeps the columns, and in how many seconds it had read them, from its start on."""

    keeper: subprocess.Popen[bytes]
    built_s: float

    def peak_mb(self) -> float:
        """Return the most memory it ever had, mapped files included."""
        told = Path(f"/proc/{self.keeper.pid}/status").read_text()
        return int(told.partition("VmHWM:")[2].split()[0]) / 1e3


@contextmanager
def columns_of(address: str, many: int) -> Iterator[Kept]:
    """Fill the table, and have its columns kept within."""
    from incidents.columns import reading  # noqa: PLC0415  Django is set up now
    from incidents.columns.folder import home  # noqa: PLC0415
    from scripts.benchmarks import mass  # noqa: PLC0415

    shutil.rmtree(home(), ignore_errors=True)
    connection = harness.connect(address)
    mass.fill(connection, many)
    connection.close()
    command = [sys.executable, "manage.py", "work", "columns"]
    keeper = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    try:
        began = time.monotonic()
        until = began + 600
        while reading.current() is None and keeper.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        if reading.current() is None:
            msg = "nobody keeps the columns: what is measured would be PostGIS"
            raise RuntimeError(msg)
        yield Kept(keeper, time.monotonic() - began)
    finally:
        keeper.terminate()
        keeper.wait(timeout=60)
        shutil.rmtree(home(), ignore_errors=True)


class Bench:
    """One size: a filled table, its columns, the servers."""

    def __init__(self, size: int, address: str, peer: Path | None, *, quick: bool) -> None:
        self.size, self.address, self.peer = size, address, peer
        self.quick = quick
        self.zooms = (12, 15) if quick else ZOOMS
        self.tiles, self.requests = (3, 30) if quick else (TILES, REQUESTS)
        self.peer_requests = 6 if quick else PEER_REQUESTS
        self.workers = sites.QUICK_WORKERS if quick else sites.WORKERS

    def lines(self) -> Iterator[Line]:
        """Measure every zoom, then what the columns weigh."""
        chosen = {z: chosen_tiles(self._places(), z, self.tiles) for z in self.zooms}
        theirs = self._theirs(chosen) if self.peer else {}
        with sites.granian(workers=self.workers) as port:
            for z in self.zooms:
                yield self._kept(port, chosen[z], theirs.get(z))
                yield self._filtered(port, chosen[z], z)
        if not self.quick:
            with sites.granian(sites.DJANGO) as port:
                yield self._kept(port, chosen[12], None, " by Django alone")
        yield self._memory()

    def _places(self) -> list[LonLat]:
        """Return where some of the incidents are, enough to know the fullest tiles."""
        with harness.connect(self.address).cursor() as cursor:
            cursor.execute(
                "SELECT ST_X(position), ST_Y(position) FROM incidents_incident WHERE id %% %s = 0",
                [max(self.size // 50_000, 1)],
            )
            return [LonLat(*place) for place in cursor.fetchall()]

    def _theirs(self, chosen: dict[int, list[Tile]]) -> dict[int, tuple[float, list[Heard]]]:
        found = {}
        with ExitStack() as stack:
            site = sites.tipg(self.peer or Path(), self.address, workers=self.workers)
            port = stack.enter_context(site)
            for z, tiles in chosen.items():
                harness.say(f"{self.size:,}: tipg at zoom {z}")
                asks = list(islice(cycle(map(peer_path, tiles)), self.peer_requests))
                hear(port, asks[: len(tiles)], clients=CLIENTS)
                found[z] = hear(port, asks, clients=CLIENTS)
        return found

    def _kept(
        self,
        port: int,
        tiles: Sequence[Tile],
        theirs: tuple[float, list[Heard]] | None,
        note: str = "",
    ) -> Line:
        z = tiles[0].z
        harness.say(f"{self.size:,}: zoom {z}{note}")
        asks = [our_path(tile) for tile in tiles]
        # Twice for each of the two processes.
        _, first = hear(port, asks * 4, clients=CLIENTS)
        rate, heard = hear(port, list(islice(cycle(asks), self.requests)), clients=CLIENTS)
        more = {**_figures(heard), **(_figures(theirs[1], "peer_") if theirs else {})}
        return self._line(
            f"zoom {z}, kept{note}", rate, PEER if theirs else "", theirs and theirs[0],
            same=self._same(tiles, first), more=more,
        )  # fmt: skip

    def _filtered(self, port: int, tiles: Sequence[Tile], z: int) -> Line:
        asked = list(islice(cycle(tiles), self.requests))
        queries = [_filters(z * self.requests + n) for n in range(len(asked))]
        asks = [f"{our_path(tile)}?{query}" for tile, query in zip(asked, queries, strict=True)]
        hear(port, asks[:2], clients=1)
        rate, heard = hear(port, asks, clients=CLIENTS)
        few = min(len(tiles), 4 if self.size >= EXPENSIVE else 20)
        took, same = self._statement(asked[:few], queries[:few], heard)
        more = {**_figures(heard), "peer_p95_ms": harness.rounded(percentile(took, 0.95))}
        per_second = CLIENTS * 1e3 / (sum(took) / len(took))
        return self._line(f"zoom {z}, filtered", rate, STATEMENT, per_second, same=same, more=more)

    def _statement(
        self, tiles: Sequence[Tile], queries: Sequence[str], heard: Sequence[Heard]
    ) -> tuple[list[float], bool]:
        """Return the milliseconds of the statement alone, and whether it counts as we do."""
        from django.http import QueryDict  # noqa: PLC0415  Django is set up now

        from incidents import tile_selectors  # noqa: PLC0415
        from incidents.actors import ANYBODY  # noqa: PLC0415
        from map_ui.layers import filters_of  # noqa: PLC0415

        took, same = [], True
        # ``hear`` deals requests out: the first client has every second one, the other the rest.
        order = [*range(0, len(heard), CLIENTS), *range(1, len(heard), CLIENTS)]
        said = dict(zip(order, heard, strict=True))
        for number, (tile, query) in enumerate(zip(tiles, queries, strict=True)):
            began = time.perf_counter()
            body = tile_selectors.tile(tile, filters_of(QueryDict(query)), ANYBODY)
            took.append((time.perf_counter() - began) * 1e3)
            answer = said[number].plain()
            same = same and counted(answer) == counted(body) and _same_points(answer, body)
        return took, same

    def _same(self, tiles: Sequence[Tile], heard: Sequence[Heard]) -> bool:
        """Tell whether the first tiles, without filters, are what the statement counts."""
        few = 2 if self.size >= EXPENSIVE else len(tiles)
        _, same = self._statement(tiles[:few], [""] * few, heard)
        return same and all(one.status == 200 for one in heard)

    def _memory(self) -> Line:
        from incidents.columns.folder import home  # noqa: PLC0415  Django is set up now

        held = sum(path.stat().st_size for path in home().rglob("*.npy"))
        return self._line(
            "columns mapped, shared by all processes", held / 1e6, "", None, unit="MB",
            more={"per_million_mb": harness.rounded(held / self.size)},
        )  # fmt: skip

    def built(self, kept: Kept) -> Line:
        """Tell how long the columns took from PostGIS, the start of the process included."""
        return self._line(
            "columns read from PostGIS", kept.built_s, "", None, unit="s",
            more={"keeper_peak_mb": harness.rounded(kept.peak_mb())},
        )  # fmt: skip

    def _line(  # noqa: PLR0913  a line's own fields
        self, case: str, ours: float, peer: str, peer_value: float | None, *,
        same: bool = True, unit: str = "answers/s", more: dict[str, object],
    ) -> Line:  # fmt: skip
        return Line(
            bench="layers", case=f"{self.size:,}: {case}", unit=unit, ours=ours, peer=peer,
            peer_value=peer_value, same_answer=same, more=more,
        )  # fmt: skip


def _same_points(ours: bytes, theirs: bytes) -> bool:
    """Tell whether single points agree; a crowded tile of ours has groups instead of them."""
    if ours and "clusters" in {name for name, _ in pyogrio.list_layers(ours)}:
        return True
    return _points(ours) == _points(theirs)


def _points(body: bytes) -> list[tuple[object, ...]]:
    if not body or "incidents" not in {name for name, _ in pyogrio.list_layers(body)}:
        return []
    meta, _, shapes, columns = pyogrio.raw.read(body, layer="incidents")
    told = [columns[list(meta["fields"]).index(name)].tolist() for name in TOLD]
    return sorted(zip(map(bytes, shapes), *told, strict=True))


def _filters(number: int) -> str:
    """Return a query that no other number has: a status or two, a sector or none, and days."""
    since = date(2025, 1, 1) + timedelta(days=number % 180)
    until = since + timedelta(days=60 + number // 180 % 400)
    sector = "&sector=traffic" if number % 3 == 0 else ""
    return f"status=assigned,closed&since={since}&until={until}{sector}"


def _figures(heard: Sequence[Heard], prefix: str = "") -> dict[str, object]:
    times = [one.milliseconds for one in heard]
    return {
        f"{prefix}p50_ms": harness.rounded(percentile(times, 0.5)),
        f"{prefix}p95_ms": harness.rounded(percentile(times, 0.95)),
        f"{prefix}bytes_p50": int(percentile([len(one.body) for one in heard], 0.5)),
        f"{prefix}bytes_most": max(len(one.body) for one in heard),
    }
