"""One table in three forms, with the same rows and indexes: whole, by month, by ranges of ids.

Each copy lies in a schema of its own under the table's own name, so that our statements read one or
the other by the search path alone. They are without foreign keys; what those cost is asked apart.
Ids are given anew in the order of time, as they come; a range of them holds the rows of a month.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection  # noqa: TID251  the one that our own code asks
from psycopg2 import sql

from scripts.benchmarks import harness

WHOLE, MONTHLY, BY_ID = "whole", "monthly", "by_id"
SCHEMAS: Final = (WHOLE, MONTHLY, BY_ID)
FIRST_NEW: Final = 10**12
"""Above all ids that are taken."""

MONTHS: Final = """
SELECT m, m + interval '1 month', first, lead(first) OVER (ORDER BY m)
FROM (SELECT date_trunc('month', {moment}) AS m, min(id) AS first FROM source GROUP BY 1) AS months
ORDER BY m
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """A table, by which of its moments it would be divided, and how its rows are read in order."""

    table: str
    moment: str
    rows: str


INCIDENTS: Final = Kind(
    "incidents_incident",
    "opened_at",
    "SELECT * FROM public.incidents_incident ORDER BY opened_at, id",
)
# A crowd is written in one transaction; events come in very many, one after the other.
EVENTS: Final = Kind(
    "incidents_event",
    "at",
    """
    SELECT
        id, kind, at, actor_kind, reason, data, actor_id, incident_id, report_id,
        (3 + row_number() OVER (ORDER BY at, id) * t.last / (2 * t.events))::text::xid8
        AS transaction
    FROM public.incidents_event CROSS JOIN (
        SELECT
            pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS last,
            (SELECT count(*) FROM public.incidents_event) AS events
    ) AS t
    ORDER BY at, id
    """,
)


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds of a clock, and of the server's processor."""

    wall: float
    processor: float


def run(statement: str, *arguments: object, **names: str | list[str]) -> list[tuple[Any, ...]]:
    """Run a statement with ``{names}`` quoted, lists with commas; return its rows, if any."""
    quoted = {name: _quoted(said) for name, said in names.items()}
    with connection.cursor() as cursor:
        composed = sql.SQL(statement).format(**quoted).as_string(cursor.cursor)
        cursor.execute(composed, arguments or None)
        return cursor.fetchall() if cursor.description else []


def _quoted(said: str | list[str]) -> sql.Composable:
    if isinstance(said, str):
        return sql.Identifier(*said.split("."))
    return sql.SQL(", ").join(map(sql.Identifier, said))


@contextmanager
def reading(schema: str) -> Iterator[None]:
    """Let statements that name the table read its copy in a schema."""
    run("SET search_path TO {schema}, public", schema=schema)
    try:
        yield
    finally:
        run("SET search_path TO public")


def spent(work: Callable[[], object]) -> Spent:
    """Run what the server does; return what it took."""
    processor = harness.processor_of(connection.connection)
    began, used = time.perf_counter(), processor()
    work()
    return Spent((time.perf_counter() - began) * 1e3, (processor() - used) * 1e3)


def make(kind: Kind, most: int) -> None:
    """Make the copies, empty, and ``source``: rows of the last months, in the order of time."""
    run("DROP TABLE IF EXISTS source, ordered")
    run("CREATE UNLOGGED TABLE ordered AS " + kind.rows)
    run("CREATE UNLOGGED TABLE source (LIKE ordered)")
    run(
        "INSERT INTO source (id, {others}) SELECT row_number() OVER (ORDER BY {m}, id), {others}"
        " FROM ordered"
        " WHERE {m} >= date_trunc('month', now()) - (%s - 1) * interval '1 month' ORDER BY {m}, id",
        most, m=kind.moment, others=columns()[1:],
    )  # fmt: skip
    run("DROP TABLE ordered")
    run("ANALYZE source")
    for schema in SCHEMAS:
        _make(kind, schema)
        _index(kind, schema)


def _make(kind: Kind, schema: str) -> None:
    run("DROP SCHEMA IF EXISTS {schema} CASCADE", schema=schema)
    run("CREATE SCHEMA {schema}", schema=schema)
    key = {MONTHLY: kind.moment, BY_ID: "id"}.get(schema)
    copy = f"{schema}.{kind.table}"
    run(
        "CREATE TABLE {copy} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
        + (" PARTITION BY RANGE ({key})" if key else ""),
        copy=copy, table=f"public.{kind.table}", key=key or "id",
    )  # fmt: skip
    for month, end, first, following in months(kind) if key else ():
        low, high = (month, end) if schema == MONTHLY else (first, following or 10 * FIRST_NEW)
        run(
            "CREATE TABLE {part} PARTITION OF {copy} FOR VALUES FROM (%s) TO (%s)",
            low, high, part=part_of(schema, month), copy=copy,
        )  # fmt: skip


def _index(kind: Kind, schema: str) -> None:
    """Give a copy the table's indexes; unique ones must hold what a table is divided by."""
    copy = f"{schema}.{kind.table}"
    run("ALTER TABLE {copy} ADD PRIMARY KEY ({key})", copy=copy, key=key_of(kind, schema))
    found = run(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = %s"
        " AND indexname <> %s",
        kind.table, f"{kind.table}_pkey",
    )  # fmt: skip
    for (definition,) in found:
        moved = definition.replace(" ON public.", f" ON {schema}.")
        run(moved.replace("{", "{{").replace("}", "}}"))


def key_of(kind: Kind, schema: str) -> list[str]:
    """Return the columns of a copy's primary key."""
    return ["id", kind.moment] if schema == MONTHLY else ["id"]


def months(kind: Kind) -> list[tuple[Any, Any, int, int | None]]:
    """Return the months that have rows, each with its end, its first id, and that of the next."""
    return [(one, two, first, after) for one, two, first, after in run(MONTHS, moment=kind.moment)]


def part_of(schema: str, month: Any) -> str:  # noqa: ANN401  a moment
    """Return the name of a month's partition."""
    return f"{schema}.of_{month:%Y_%m}"


def fill(kind: Kind, schema: str) -> Spent:
    """Write all rows, as if they came in the order of time; indexes are kept row by row."""
    named = {"copy": f"{schema}.{kind.table}", "all": columns()}
    return spent(lambda: run("INSERT INTO {copy} ({all}) SELECT {all} FROM source", **named))


def columns() -> list[str]:
    """Return the names of the source's columns, the id first."""
    found = run(
        "SELECT attname::text FROM pg_attribute WHERE attrelid = 'source'::regclass"
        " AND attnum > 0 ORDER BY attname <> 'id', attnum"
    )
    return [name for (name,) in found]


def size(kind: Kind, schema: str) -> tuple[int, int]:
    """Return the bytes of a copy's rows, and of its indexes."""
    [(rows, indexes)] = run(
        "SELECT sum(pg_table_size(relid)), sum(pg_indexes_size(relid))"
        " FROM (SELECT %s::regclass UNION SELECT relid FROM pg_partition_tree(%s)) AS t (relid)",
        *2 * (f"{schema}.{kind.table}",),
    )  # fmt: skip
    return int(rows), int(indexes)
