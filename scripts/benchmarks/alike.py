"""What a report may be about, among very many incidents: ours beside a radius on a geography.

The question is the one of an arriving report: its categories, 250 m around, open or closed within
60 days. The peer is what one writes without thinking of it long: ``ST_DWithin`` on a geography with
its own index. Each case counts with the quickest of several runs, so that other work on the machine
does not; growth is that of the medians.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import numpy as np
import psycopg2.extensions

from gis_core.positions import LonLat
from gis_core.tiles import cell_code
from scripts.benchmarks import crowd, harness
from scripts.benchmarks.harness import Line, percentile, say

if TYPE_CHECKING:
    from incidents.duplicates.likeness import Case

SIZES: Final = (1_000_000, 10_000_000)
QUICK: Final = (3_000, 12_000)
PART: Final = 250_000
YEARS: Final = 5
SHARES: Final = {"assigned": 0.006, "in_progress": 0.003, "closed": 0.941, "rejected": 0.05}
"""As a city's incidents stand after some years: few are open."""
KEPT: Final = ("incidents_incident_pkey", "incident_alike_open", "incident_alike_closed",
               "incident_cell")  # fmt: skip
CASES, RUNS = 400, 5
PEER: Final = """
SELECT i.id FROM incidents_incident AS i
WHERE i.category_id = ANY(%(categories)s)
    AND ST_DWithin(i.position::geography, ST_MakePoint(%(lon)s, %(lat)s)::geography, %(metres)s)
    AND (i.status NOT IN ('closed', 'rejected', 'merged')
        OR i.status = 'closed' AND i.closed_at >= %(since)s)
"""


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds of the quickest run of each case, and what the client's processor took."""

    wall: Sequence[float]
    processor: Sequence[float]

    def told(self) -> dict[str, float | None]:
        """Return the percentiles as a line carries them."""
        return {
            "p99": harness.rounded(percentile(self.wall, 0.99)),
            "processor_p50": harness.rounded(percentile(self.processor, 0.5)),
        }


def lines(bench: str, *, quick: bool) -> Iterator[Line]:
    """Yield a line for each size, then how much the larger takes longer than the smaller."""
    medians = []
    with harness.scratch_database("alike") as address:
        harness.with_django()
        harness.load_city()
        connection = harness.connect(address)
        _bare(connection)
        stored = 0
        for many in QUICK if quick else SIZES:
            say(f"{many:,} incidents")
            _fill(connection, stored, many)
            stored = many
            here, whole = _compared(bench, connection, many, 40 if quick else CASES)
            medians.append((whole.ours, float(str(whole.more["p99"]))))
            yield here
            yield whole
        connection.close()
    (small, small_p99), (large, large_p99) = medians
    yield Line(
        bench=bench,
        case="candidates: times longer with the larger number",
        unit="times",
        ours=large / small,
        more={"p99": harness.rounded(large_p99 / small_p99)},
    )


def _bare(connection: psycopg2.extensions.connection) -> None:
    """Take away what the question does not need and filling would wait for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conname FROM pg_constraint AS c WHERE c.contype = 'f'"
            " AND c.conrelid = 'incidents_incident'::regclass"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE incidents_incident DROP CONSTRAINT "{name}"')
        cursor.execute(
            "SELECT indexrelid::regclass::text FROM pg_index"
            " WHERE indrelid = 'incidents_incident'::regclass"
        )
        for (name,) in cursor.fetchall():
            if name not in KEPT:
                cursor.execute(f"DROP INDEX {name}")


def _fill(connection: psycopg2.extensions.connection, stored: int, many: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM districts_category ORDER BY code")
        codes = [code for (code,) in cursor.fetchall()]
        kept = _laid_aside(cursor)
        for begin in range(stored, many, PART):
            part = min(PART, many - begin)
            rows = io.StringIO("\n".join(_rows(codes, part, begin)) + "\n")
            columns = f"{crowd.COLUMNS}, closed_at"
            cursor.copy_expert(f"COPY incidents_incident ({columns}) FROM STDIN", rows)
        say("indexes and words")
        cursor.execute("SET maintenance_work_mem = '256MB'")
        for definition in kept:
            cursor.execute(definition)
        cursor.execute("DROP INDEX IF EXISTS by_geography")
        cursor.execute(
            "CREATE INDEX by_geography ON incidents_incident USING gist ((position::geography))"
        )
        cursor.execute(_WORDS)
        cursor.execute("VACUUM ANALYZE incidents_incident")
        cursor.execute("ANALYZE incidents_report, incidents_membership")


def _laid_aside(cursor: psycopg2.extensions.cursor) -> list[str]:
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = 'incidents_incident'::regclass AND NOT indisprimary"
    )
    found = [(name, made) for name, made in cursor.fetchall() if name in KEPT]
    for name, _ in found:
        cursor.execute(f"DROP INDEX {name}")
    return [made for _, made in found]


_WORDS: Final = """
ALTER TABLE incidents_membership ALTER from_event_id DROP NOT NULL;
WITH alive AS (
    SELECT i.* FROM incidents_incident AS i
    WHERE (i.closed_at IS NULL OR i.closed_at >= now() - interval '60 days')
        AND NOT EXISTS (SELECT FROM incidents_membership AS m WHERE m.incident_id = i.id)
), said AS (
    INSERT INTO incidents_report (code, channel, key, fingerprint, state, state_reason,
        category_id, text, language, position, accuracy_m, position_method, reported_at,
        received_at)
    SELECT 'B' || id, 'bench', id::text, '', 'incident', '', category_id,
        'Ổ gà sâu trước số ' || id % 200 || ' đường ' || id % 977, 'vi', position, 10, 'pin',
        opened_at, opened_at
    FROM alive RETURNING id, key
)
INSERT INTO incidents_membership (report_id, incident_id) SELECT id, key::bigint FROM said;
"""


def _rows(codes: Sequence[str], many: int, begin: int) -> Iterator[str]:
    chance = np.random.default_rng(6_000 + begin)
    states = chance.choice(list(SHARES), many, p=list(SHARES.values()))
    kinds = chance.integers(0, len(codes), many)
    days = chance.uniform(0, YEARS * 365, many)
    lasted = chance.exponential(9, many)
    now = datetime.now(UTC)
    for (lon, lat), state, kind, age, open_days in zip(
        crowd.places(chance, many).tolist(), states, kinds, days, lasted, strict=True
    ):
        opened = now - timedelta(days=float(age))
        ended = state in {"closed", "rejected"}
        closed = min(opened + timedelta(days=float(open_days)), now) if ended else None
        cell = cell_code(LonLat(lon, lat))
        yield (
            f"{codes[kind]}\tt\t{state}\tSRID=4326;POINT({lon} {lat})\t{cell}\t{opened}"
            f"\t10\tf\tf\t1\t{opened}\t1\t{closed or _NULL}"
        )


_NULL: Final = r"\N"


def _compared(
    bench: str, connection: psycopg2.extensions.connection, many: int, cases: int
) -> tuple[Line, Line]:
    from incidents.duplicates import terms  # noqa: PLC0415  after with_django
    from incidents.duplicates.candidates import candidates  # noqa: PLC0415
    from incidents.duplicates.near import near  # noqa: PLC0415

    asked = _cases(connection, cases)
    around = _measured(lambda case: near(case, 0, terms.current()), asked)
    theirs = _measured(lambda case: _peer(connection, case), asked)
    whole = _measured(candidates, asked)
    here = Line(
        bench=bench,
        case=f"what is around one report, with its words, {many:,} incidents",
        unit="ms",
        ours=percentile(around.wall, 0.5),
        peer="PostGIS ST_DWithin on geography, numbers alone",
        peer_value=percentile(theirs.wall, 0.5),
        same_answer=all(_same(connection, case) for case in asked),
        more={**around.told(), "peer_p99": theirs.told()["p99"]},
    )
    return here, Line(
        bench=bench,
        case=f"candidates of one report, {many:,} incidents",
        unit="ms",
        ours=percentile(whole.wall, 0.5),
        more=whole.told(),
    )


def _cases(connection: psycopg2.extensions.connection, many: int) -> list[Case]:
    """Return reports some steps beside things that are open."""
    from incidents.duplicates import wording  # noqa: PLC0415  after with_django
    from incidents.duplicates.likeness import Case  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT category_id, ST_X(position), ST_Y(position) FROM incidents_incident"
            " WHERE status NOT IN ('closed', 'rejected', 'merged') ORDER BY hashint8(id) LIMIT %s",
            (many,),
        )
        found = cursor.fetchall()
    steps = np.random.default_rng(6).normal(0, 1e-4, (len(found), 2))
    now, words = datetime.now(UTC), wording.words("ổ gà sâu trước số 12 đường 345")
    return [
        Case(id="", category=category, lonlat=LonLat(lon + east, lat + north), accuracy_m=10,
             opened=now, words=words)
        for (category, lon, lat), (east, north) in zip(found, steps.tolist(), strict=True)
    ]  # fmt: skip


def _measured(ask: Callable[[Case], object], cases: Sequence[Case]) -> Spread:
    for case in cases[:20]:
        ask(case)
    runs = [[_run(ask, case) for _ in range(RUNS)] for case in cases]
    best = [[min(one) * 1e3 for one in zip(*case, strict=True)] for case in runs]
    return Spread([wall for wall, _ in best], [processor for _, processor in best])


def _run(ask: Callable[[Case], object], case: Case) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    ask(case)
    return time.perf_counter() - wall, time.process_time() - processor


def _peer(connection: psycopg2.extensions.connection, case: Case) -> set[int]:
    from incidents.duplicates import terms  # noqa: PLC0415  after with_django

    at = terms.current()
    metres = at.position.search_m + min(case.accuracy_m, at.position.search_m)
    asked = {
        "categories": at.mixed_up_with(case.category), "lon": case.lonlat.lon,
        "lat": case.lonlat.lat, "metres": metres,
        "since": case.opened - timedelta(days=at.time.closed_days),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(PEER, asked)
        return {pk for (pk,) in cursor.fetchall()}


def _same(connection: psycopg2.extensions.connection, case: Case) -> bool:
    """Tell whether ours holds the peer's, as far as it is not cut off at the nearest."""
    from incidents.duplicates import terms  # noqa: PLC0415  after with_django
    from incidents.duplicates.near import NEAREST, near  # noqa: PLC0415

    found = near(case, 0, terms.current())
    ours, theirs = {one.held.pk for one in found}, _peer(connection, case)
    cut = max((sum(one.category == kind and one.closed is None for one in found)
               for kind in {one.category for one in found}), default=0) >= NEAREST  # fmt: skip
    return ours >= theirs if not cut else len(ours & theirs) >= NEAREST
