"""Growth of the database: bytes an incident, and one table beside a partition a month.

``ours`` is one table, as it is; the peer is the same rows under the same indexes, divided by month
over five years; ``by_id`` the same, divided at the same rows by ranges of ids. Milliseconds are of
the server's processor, so that other work beside does not count; ``wall_ms`` stands beside. Sizes
are of tables as a restore leaves them; the copies are filled row by row, as a table grows. Notices
are those of a service whose every reporter left an address.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scripts.benchmarks import harness
from scripts.benchmarks.harness import Line

BENCH = "growth"
SIZES = """
SELECT c.relname, pg_table_size(c.oid), pg_indexes_size(c.oid), c.reltuples::bigint
FROM pg_class AS c
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'incidents\\_%'
    AND c.reltuples > 0
ORDER BY pg_total_relation_size(c.oid) DESC
"""
INDEXES = """
SELECT indexrelid::regclass::text, pg_relation_size(indexrelid) FROM pg_index
WHERE indrelid = %s::regclass ORDER BY 2 DESC
"""
SEALS = """
INSERT INTO incidents_seal (event_id, chain, number, digest)
SELECT
    id, chain, row_number() OVER (PARTITION BY chain ORDER BY id), sha256(id::text::bytea)
FROM (SELECT id, coalesce('i' || incident_id, 'r' || report_id) AS chain FROM incidents_event) AS e
"""
NOTICES = """
INSERT INTO incidents_notice (
    kind, carrier, report_id, incident_id, data, dedupe, state, attempts, due_at, last_error,
    created_at, ended_at
)
SELECT
    e.kind, 'email', m.report_id, e.incident_id, '{}',
    e.kind || ':report-' || m.report_id || ':' || e.id, 'sent', 1, e.at, '', e.at, e.at
FROM incidents_event AS e INNER JOIN incidents_membership AS m ON e.incident_id = m.incident_id
WHERE e.kind <> 'opened'
ORDER BY e.at
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    incidents: int
    rounds: int
    singles: int
    months: int


FULL, QUICK = Size(1_000_000, 5, 2_000, 60), Size(2_000, 1, 50, 4)


def run(*, quick: bool) -> Iterator[Line]:
    """Yield a line a table for its size, then those of incidents and events in two forms."""
    size = QUICK if quick else FULL
    with harness.scratch_database("growth") as address:
        _fill(address, size.incidents)
        from scripts.benchmarks import growth_forms  # noqa: PLC0415  Django is set up now

        yield from _sizes(address, size.incidents)
        yield from growth_forms.lines(size.rounds, size.singles, size.months)


def _fill(address: str, incidents: int) -> None:
    harness.with_django()
    harness.load_city()
    from incidents.made_up import crowd  # noqa: PLC0415  Django is set up now

    harness.say(f"making {incidents} incidents")
    crowd.make(incidents, seed=1)
    connection = harness.connect(address)
    with connection.cursor() as cursor:
        harness.say("sealing and telling")
        cursor.execute(SEALS)
        cursor.execute(NOTICES)
        cursor.execute("REINDEX TABLE incidents_seal")
        cursor.execute("REINDEX TABLE incidents_notice")
        cursor.execute("VACUUM ANALYZE")
    connection.close()


def _sizes(address: str, incidents: int) -> Iterator[Line]:
    connection = harness.connect(address)
    total = 0
    with connection.cursor() as cursor:
        cursor.execute(SIZES)
        for table, rows, indexes, many in cursor.fetchall():
            total += rows + indexes
            cursor.execute(INDEXES, (table,))
            more: Mapping[str, object] = {
                "rows": many,
                "bytes_a_row": harness.rounded((rows + indexes) / many),
                "table": harness.rounded(rows / incidents),
                "indexes": harness.rounded(indexes / incidents),
                "by_index": {
                    name: harness.rounded(taken / incidents) for name, taken in cursor.fetchall()
                },
            }
            yield _size_line(table, (rows + indexes) / incidents, more)
    connection.close()
    yield _size_line("all of them, without photos", total / incidents, {"incidents": incidents})


def _size_line(what: str, each: float, more: Mapping[str, object]) -> Line:
    return Line(
        bench=BENCH, case=f"on disk: {what}", unit="bytes an incident", ours=each, more=more
    )
