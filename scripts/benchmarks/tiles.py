"""Incident tiles over HTTP, zoom 9 to 16, beside tipg's of the same table.

Ours are counts (heat, clusters) and from zoom 15 single points; tipg's are the rows themselves, cut
at 10,000 a tile. ``ours`` and ``peer_value`` are the 95th percentile. ``same_answer``: the sum of
our counts is, in every tile asked for, what a query that knows no position codes finds there.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle, islice

import psycopg2
import pyogrio

from gis_core.positions import LonLat
from gis_core.tiles import HALF_WORLD_M, Tile, tile_of
from scripts.benchmarks import harness, sites
from scripts.benchmarks.harness import Line, percentile
from scripts.benchmarks.loadtest import Ask, Told, ask

ZOOMS = range(9, 17)
CLIENTS = 2
PEER = "tipg 1.6.1"
REQUIREMENTS = ("tipg==1.6.1", "uvicorn==0.54.0")
PEER_CUTS_AT = 10_000
FILTERS = "status=assigned,in_progress&since=2026-01-01&sector=traffic"
FILTERED = (
    "status IN ('assigned', 'in_progress') AND sector_id = 'traffic'"
    " AND opened_at >= '2026-01-01 00:00 Asia/Ho_Chi_Minh'"
)

TRUTH = """
CREATE SCHEMA bench;
CREATE TABLE bench.truth AS
SELECT ST_X(m.place) AS x, ST_Y(m.place) AS y, i.public, i.category_id, c.sector_id, i.status,
    i.opened_at, c.sensitive AND c.public AS sensitive
FROM incidents_incident AS i INNER JOIN districts_category AS c ON i.category_id = c.code
CROSS JOIN LATERAL (SELECT ST_Transform(i.position, 3857) AS place) AS m
WHERE i.status <> 'rejected';
CREATE VIEW bench.filtered AS SELECT * FROM bench.truth WHERE
"""
SEEN = """
WITH inside AS (
    SELECT * FROM bench.{table}
    WHERE x >= %(west)s AND x < %(east)s AND y > %(south)s AND y <= %(north)s
),
grouped AS (
    SELECT count(*) AS many FROM inside WHERE sensitive
    GROUP BY category_id, floor((x + %(half)s) / %(side)s), floor((%(half)s - y) / %(side)s)
    HAVING count(*) >= 5
)
SELECT (SELECT count(*) FROM inside WHERE public) + (SELECT coalesce(sum(many), 0) FROM grouped)
"""

NAMED = """
SELECT count(*)
FROM districts_area AS a INNER JOIN districts_edition AS e ON a.edition_id = e.id
CROSS JOIN LATERAL (SELECT ST_Transform(a.label_point, 3857) AS place) AS m
WHERE e.published AND e.level = 'ward' AND e.valid @> current_date
    AND ST_X(m.place) >= %(west)s AND ST_X(m.place) < %(east)s
    AND ST_Y(m.place) > %(south)s AND ST_Y(m.place) <= %(north)s
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: incidents in the table, tiles and requests a zoom."""

    incidents: int
    tiles: int
    requests: int
    workers: int


FULL, QUICK = Size(100_000, 20, 120, sites.WORKERS), Size(4_000, 3, 6, sites.QUICK_WORKERS)


@dataclass(frozen=True, slots=True)
class Measured:
    """One case's answers, ours and the peer's (none where it is not there)."""

    ours: list[Told]
    theirs: list[Told]
    same: bool
    more: dict[str, object]

    def line(self, case: str) -> Line:
        """Return the case's line; its figures are those of the 95th percentile."""
        figures = {**_figures("", self.ours), **_figures("peer_", self.theirs), **self.more}
        return Line(
            bench="tiles",
            case=f"{case}, p95",
            unit="ms",
            ours=_p95(self.ours),
            peer=PEER if self.theirs else "",
            peer_value=_p95(self.theirs) if self.theirs else None,
            same_answer=self.same and all(told.status < 300 for told in self.ours),
            more=figures,
        )


def run(*, quick: bool) -> Iterator[Line]:
    """Yield a line a zoom, one over all of them, and the same with filters."""
    size = QUICK if quick else FULL
    peer = harness.peer("tipg", *REQUIREMENTS, only_if_there=quick)
    with harness.scratch_database("tiles") as address, ExitStack() as stack:
        fill(address, size.incidents)
        bench = Bench(
            size,
            harness.connect(address).cursor(),
            stack.enter_context(sites.granian(workers=size.workers)),
            stack.enter_context(sites.tipg(peer, address, workers=size.workers)) if peer else None,
        )
        yield from bench.lines()


def fill(address: str, incidents: int) -> None:
    """Migrate, load the city, write the incidents."""
    harness.with_django()
    harness.load_city()
    from scripts.benchmarks import crowd  # noqa: PLC0415  Django is set up now

    harness.say(f"writing {incidents} incidents")
    crowd.fill(address, incidents)


@dataclass(frozen=True, slots=True)
class Bench:
    """A filled database and the two servers over it."""

    size: Size
    cursor: psycopg2.extensions.cursor
    ours: int
    theirs: int | None

    def lines(self) -> Iterator[Line]:
        """Measure every zoom, then say all."""
        self.cursor.execute(TRUTH + FILTERED)
        self.cursor.execute("SELECT ST_X(position), ST_Y(position) FROM incidents_incident")
        places = [LonLat(*place) for place in self.cursor.fetchall()]
        chosen = {z: chosen_tiles(places, z, self.size.tiles) for z in ZOOMS}
        measured = {z: self.zoom(chosen[z]) for z in ZOOMS}
        for z, one in measured.items():
            yield one.line(f"zoom {z}")
        yield _together(list(measured.values())).line("zoom 9 to 16")
        filtered = [self.filtered(chosen[z]) for z in ZOOMS]
        yield _together(filtered).line("zoom 9 to 16, with filters")
        yield _together([self.wards(chosen[z]) for z in ZOOMS]).line("zoom 9 to 16, wards")

    def zoom(self, tiles: Sequence[Tile]) -> Measured:
        """Measure ours and the peer's; note where the peer cut its tiles."""
        harness.say(f"zoom {tiles[0].z}")
        more: dict[str, object] = {"tiles": len(tiles)}
        if self.theirs:
            raw = [
                told.plain() for told in ask(self.theirs, [Ask(peer_path(one)) for one in tiles])
            ]
            more["peer_tiles_cut"] = sum(rows(body, "default") >= PEER_CUTS_AT for body in raw)
        theirs = self.load(self.theirs, peer_path, tiles)
        same = self.same(tiles, our_path, "truth")
        return Measured(self.load(self.ours, our_path, tiles), theirs, same=same, more=more)

    def filtered(self, tiles: Sequence[Tile]) -> Measured:
        """Measure ours with a sector, two statuses and a date; the peer has no such counts."""
        same = self.same(tiles, filtered_path, "filtered")
        return Measured(self.load(self.ours, filtered_path, tiles), [], same=same, more={})

    def wards(self, tiles: Sequence[Tile]) -> Measured:
        """Measure the wards of the same squares; each name has to be in its own square."""
        answers = ask(self.ours, [Ask(ward_path(tile)) for tile in tiles])
        same = all(
            rows(told.plain(), "ward_labels") == self.named(tile)
            for tile, told in zip(tiles, answers, strict=True)
        )
        return Measured(self.load(self.ours, ward_path, tiles), [], same=same, more={})

    def same(self, tiles: Sequence[Tile], path: Callable[[Tile], str], table: str) -> bool:
        """Tell whether each tile counts what the table of truth has in its square."""
        answers = ask(self.ours, [Ask(path(tile)) for tile in tiles])
        return all(
            counted(told.plain()) == self.seen(tile, table)
            for tile, told in zip(tiles, answers, strict=True)
        )

    def load(
        self, port: int | None, path: Callable[[Tile], str], tiles: Sequence[Tile]
    ) -> list[Told]:
        """Ask for the tiles in turn until there are enough requests; warm first."""
        if port is None:
            return []
        asks = [Ask(path(tile)) for tile in tiles]
        ask(port, asks, clients=CLIENTS)
        return ask(port, list(islice(cycle(asks), self.size.requests)), clients=CLIENTS)

    def seen(self, tile: Tile, table: str) -> int:
        """Return how many incidents anybody's tile should count."""
        grid = {"half": HALF_WORLD_M, "side": 2 * HALF_WORLD_M / (1 << 17)}
        return self.asked(SEEN.format(table=table), box(tile) | grid)

    def named(self, tile: Tile) -> int:
        """Return how many wards have their name in the tile."""
        return self.asked(NAMED, box(tile))

    def asked(self, query: str, parameters: Mapping[str, float]) -> int:
        """Return the one number that a query answers."""
        self.cursor.execute(query, parameters)
        return int(self.cursor.fetchall()[0][0])


def chosen_tiles(places: Sequence[LonLat], z: int, most: int) -> list[Tile]:
    """Return half the fullest tiles and half spread over the others, from full to empty."""
    order = [tile for tile, _ in Counter(tile_of(place, z) for place in places).most_common()]
    first, others = order[: most // 2], order[most // 2 :]
    step = max(math.ceil(len(others) / (most - len(first))), 1)
    return first + others[::step]


def box(tile: Tile) -> dict[str, float]:
    """Return a tile's bounds as a query's parameters."""
    return dict(zip(("west", "south", "east", "north"), tile.bounds_m(), strict=True))


def our_path(tile: Tile) -> str:
    """Return the address of our tile."""
    return f"/tiles/incidents/{tile.z}/{tile.x}/{tile.y}.mvt"


def filtered_path(tile: Tile) -> str:
    """Return the address of our tile with filters."""
    return f"{our_path(tile)}?{FILTERS}"


def ward_path(tile: Tile) -> str:
    """Return the address of our tile of wards."""
    return f"/tiles/areas/{tile.z}/{tile.x}/{tile.y}.mvt"


def peer_path(tile: Tile) -> str:
    """Return the address of tipg's tile."""
    table = "/collections/public.incidents_incident/tiles/WebMercatorQuad"
    return f"{table}/{tile.z}/{tile.x}/{tile.y}"


def counted(body: bytes) -> int:
    """Return the sum of the counts of a tile's heat."""
    if not body:
        return 0
    meta, _, _, columns = pyogrio.raw.read(body, layer="heat")
    return int(columns[list(meta["fields"]).index("count")].sum())


def rows(body: bytes, layer: str) -> int:
    """Return how many features a layer of a tile holds."""
    if not body or layer not in {name for name, _ in pyogrio.list_layers(body)}:
        return 0
    return len(pyogrio.raw.read(body, layer=layer)[2])


def _p95(told: Sequence[Told]) -> float:
    return percentile([one.milliseconds for one in told], 0.95)


def _figures(prefix: str, told: Sequence[Told]) -> dict[str, object]:
    if not told:
        return {}
    return {
        f"{prefix}p50": harness.rounded(percentile([one.milliseconds for one in told], 0.5)),
        f"{prefix}bytes_p50": int(percentile([len(one.body) for one in told], 0.5)),
        f"{prefix}bytes_most": max(len(one.body) for one in told),
    }


def _together(all_zooms: Sequence[Measured]) -> Measured:
    return Measured(
        [told for one in all_zooms for told in one.ours],
        [told for one in all_zooms for told in one.theirs],
        same=all(one.same for one in all_zooms),
        more={},
    )
