"""Incidents and events as one table, a partition a month, ranges of ids: write, ask, keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from scripts.benchmarks import growth_asks, growth_tables, harness
from scripts.benchmarks.growth_asks import Ask
from scripts.benchmarks.growth_tables import (
    BY_ID,
    EVENTS,
    FIRST_NEW,
    INCIDENTS,
    MONTHLY,
    SCHEMAS,
    WHOLE,
    Kind,
    Spent,
    run,
    spent,
)
from scripts.benchmarks.harness import Line, say

FOUR_WEEKS: Final = timedelta(days=28)
PEER: Final = "a partition a month"
POINTED: Final = {
    INCIDENTS: ("custodies", "incident_id", "incidents_custody"),
    EVENTS: ("seals", "event_id", "incidents_seal"),
}
"""What points to a table most often: asked what a foreign key costs."""


@dataclass(frozen=True, slots=True)
class Forms:
    """What one thing took of each form, and whether all gave the same answer."""

    took: dict[str, Spent]
    same: bool = True


def lines(rounds: int, singles: int, most_months: int) -> Iterator[Line]:
    """Yield the lines of the incidents' table, then those of the event log."""
    # Helpers' time is not the connection's; without them all work is.
    run("SET max_parallel_workers_per_gather = 0")
    run("SET max_parallel_maintenance_workers = 0")
    asks = {INCIDENTS: growth_asks.of_incidents, EVENTS: growth_asks.of_events}
    with _elsewhere() as space:
        for kind, asked in asks.items():
            say(f"{kind.table}: filling both forms")
            growth_tables.make(kind, most_months)
            many = run("SELECT count(*) FROM source")[0][0]
            yield from _filled(kind, many)
            for name, ask in asked().items():
                say(name)
                yield _line(kind, name, _asked(ask, rounds), per=ask.answers)
            yield from _written(kind, singles)
            yield from _kept(kind, space)


@contextmanager
def _elsewhere() -> Iterator[str]:
    """Make another tablespace for the time, and yield its name; "" where the server allows none."""
    [(allowed, name)] = run(
        "SELECT rolsuper, 'growth_' || pg_backend_pid() FROM pg_roles WHERE rolname = current_user"
    )
    if not allowed:
        yield ""
        return
    run("SET allow_in_place_tablespaces = on")
    run("CREATE TABLESPACE {name} LOCATION ''", name=name)
    try:
        yield name
    finally:
        for schema in SCHEMAS:
            run("DROP SCHEMA IF EXISTS {schema} CASCADE", schema=schema)
        run("DROP TABLESPACE {name}", name=name)


def _filled(kind: Kind, many: int) -> Iterator[Line]:
    took = {schema: growth_tables.fill(kind, schema) for schema in SCHEMAS}
    yield _line(
        kind, f"{many:,} rows written in one statement, a thousand", Forms(took), many / 1e3
    )
    took = {
        schema: spent(lambda s=schema: run("VACUUM ANALYZE {t}", t=f"{s}.{kind.table}"))
        for schema in SCHEMAS
    }
    yield _line(kind, "VACUUM ANALYZE of all of it", Forms(took))
    sizes = {schema: growth_tables.size(kind, schema) for schema in SCHEMAS}
    yield Line(
        bench="growth", case=f"{kind.table}: size, filled row by row", unit="bytes a row",
        ours=sum(sizes[WHOLE]) / many, peer=PEER, peer_value=sum(sizes[MONTHLY]) / many,
        more={"by_id": harness.rounded(sum(sizes[BY_ID]) / many),
              "indexes": harness.rounded(sizes[WHOLE][1] / many),
              "peer_indexes": harness.rounded(sizes[MONTHLY][1] / many),
              "partitions": len(growth_tables.months(kind))},
    )  # fmt: skip


def _asked(ask: Ask, rounds: int) -> Forms:
    """Ask all forms in turn; return the least that each took."""
    told, least = {}, {}
    for _ in range(rounds + 1):
        for schema in SCHEMAS:
            with growth_tables.reading(schema):
                took = spent(lambda s=schema: told.update({s: ask.ask()}))
            best = least.get(schema, took)
            least[schema] = min(best, took, key=lambda one: one.processor)
    return Forms(least, all(ask.told(told[WHOLE]) == ask.told(one) for one in told.values()))


def _written(kind: Kind, singles: int) -> Iterator[Line]:
    """Rows one by one, as they come; then many rows that point to others, with the key checked."""
    took = {schema: _singles(kind, schema, singles) for schema in SCHEMAS}
    yield _line(kind, "one row written", Forms(took), singles)
    yield _pointed(kind)


def _pointed(kind: Kind) -> Line:
    """Many rows that point to others, with the key checked: by id alone, or by id and moment."""
    name, column, table = POINTED[kind]
    took = {}
    for schema in SCHEMAS:
        key = growth_tables.key_of(kind, schema)
        own = [column, kind.moment][: len(key)]
        named = {"c": column, "m": kind.moment, "t": f"{schema}.{name}", "p": f"{schema}.pointing"}
        run(
            "CREATE UNLOGGED TABLE {p} AS SELECT p.{c}, s.{m} FROM {table} AS p"
            " INNER JOIN source AS s ON p.{c} = s.id LIMIT 200000",
            table=table, **named,
        )  # fmt: skip
        run("CREATE TABLE {t} AS SELECT {own} FROM {p} WHERE false", own=own, **named)
        run(
            "ALTER TABLE {t} ADD FOREIGN KEY ({own}) REFERENCES {to} ({key})",
            own=own, key=key, to=f"{schema}.{kind.table}", t=named["t"],
        )  # fmt: skip
        took[schema] = spent(
            lambda own=own, t=named["t"], p=named["p"]: run(
                "INSERT INTO {t} SELECT {own} FROM {p}", own=own, t=t, p=p
            )
        )
    [(many,)] = run("SELECT count(*) FROM {t}", t=f"{WHOLE}.{name}")
    for schema in SCHEMAS:
        run("DROP TABLE {t}", t=f"{schema}.{name}")
    return _line(kind, f"a thousand {name} that point to it", Forms(took), many / 1e3)


def _singles(kind: Kind, schema: str, many: int) -> Spent:
    """Write rows like the newest one, each by a statement that is planned once."""
    run(
        "CREATE TEMPORARY TABLE one_row AS SELECT * FROM source ORDER BY {moment} DESC LIMIT 1",
        moment=kind.moment,
    )
    run(
        "PREPARE one_more (bigint) AS INSERT INTO {t} (id, {c}) SELECT $1, {c} FROM one_row",
        t=f"{schema}.{kind.table}", c=growth_tables.columns()[1:],
    )  # fmt: skip
    took = spent(lambda: [run("EXECUTE one_more (%s)", FIRST_NEW + n) for n in range(many)])
    run("DEALLOCATE one_more")
    run("DROP TABLE one_row")
    return took


def _kept(kind: Kind, space: str) -> Iterator[Line]:
    """What is done to old and new rows: vacuumed, moved, taken away."""
    (first, after, *_), *_, (last, *_) = growth_tables.months(kind)
    for schema in SCHEMAS:
        _change(kind, schema)
    newest = _of_month(kind, last)
    took = {s: spent(lambda t=t: run("VACUUM {t}", t=t)) for s, t in newest.items()}
    yield _line(kind, "VACUUM after a month of changes", Forms(took))
    if space:
        yield _moved(kind, _of_month(kind, after), space)
    yield _taken_away(kind, first, after)


def _change(kind: Kind, schema: str) -> None:
    """Change the newest month's incidents, or let as many events come as four old weeks had."""
    (first, *_), *_, (last, *_) = growth_tables.months(kind)
    named = {"t": f"{schema}.{kind.table}", "m": kind.moment}
    if kind is INCIDENTS:
        run("UPDATE {t} SET version = version + 1 WHERE {m} >= %s", last, **named)
        return
    same = ["kind", "actor_kind", "reason", "data", "incident_id", "transaction"]
    run(
        "INSERT INTO {t} (id, {m}, {same})"
        " SELECT id + %s, {m} + (%s - %s), {same} FROM source WHERE {m} < %s",
        2 * FIRST_NEW, last, first, first + FOUR_WEEKS, same=same, **named,
    )  # fmt: skip


def _of_month(kind: Kind, month: Any) -> dict[str, str]:  # noqa: ANN401  a moment
    """Return which table holds a month's rows, by form."""
    parts = {schema: growth_tables.part_of(schema, month) for schema in SCHEMAS}
    return {**parts, WHOLE: f"{WHOLE}.{kind.table}"}


def _moved(kind: Kind, moved: Mapping[str, str], space: str) -> Line:
    """Rows and indexes, moved to another tablespace."""
    took = {s: spent(lambda t=t: _move(t, space)) for s, t in moved.items()}
    return _line(kind, "moved to another tablespace: all of it, or an old month", Forms(took))


def _move(table: str, space: str) -> None:
    found = run(
        "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass", table
    )
    run("ALTER TABLE {t} SET TABLESPACE {s}", t=table, s=space)
    for (index,) in found:
        run("ALTER INDEX {i} SET TABLESPACE {s}", i=index, s=space)


def _taken_away(kind: Kind, first: Any, after: Any) -> Line:  # noqa: ANN401  moments
    """The oldest month, with nothing that points to it; how much would, stands beside."""
    held = _of_month(kind, first)
    whole = held[WHOLE]
    [(gone,)] = run("SELECT count(*) FROM {t} WHERE {m} < %s", after, t=whole, m=kind.moment)

    def delete() -> None:
        run("DELETE FROM {t} WHERE {m} < %s", after, t=whole, m=kind.moment)
        run("VACUUM {t}", t=whole)

    def detach(schema: str) -> None:
        run("ALTER TABLE {t} DETACH PARTITION {p}", t=f"{schema}.{kind.table}", p=held[schema])
        run("DROP TABLE {p}", p=held[schema])

    took = {s: spent(delete if s == WHOLE else lambda s=s: detach(s)) for s in SCHEMAS}
    left = {run("SELECT count(*) FROM {t}", t=f"{s}.{kind.table}")[0] for s in SCHEMAS}
    line = _line(kind, "the oldest month taken away", Forms(took, len(left) == 1))
    pointing = _pointing(kind, after)
    return Line(
        bench=line.bench, case=line.case, unit=line.unit, ours=line.ours, peer=line.peer,
        peer_value=line.peer_value, same_answer=line.same_answer,
        more={**line.more, "rows": gone, "rows_that_point_to_them": pointing},
    )  # fmt: skip


def _pointing(kind: Kind, after: Any) -> int:  # noqa: ANN401  a moment
    """Return how many rows of other tables point to what would go."""
    keys = run(
        "SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint AS c"
        " INNER JOIN pg_attribute AS a ON c.conrelid = a.attrelid AND a.attnum = c.conkey[1]"
        " WHERE c.contype = 'f' AND c.confrelid = %s::regclass",
        f"public.{kind.table}",
    )  # fmt: skip
    many = 0
    for table, column in keys:
        [(more,)] = run(
            "SELECT count(*) FROM {t} AS p INNER JOIN {to} AS i ON p.{c} = i.id WHERE i.{m} < %s",
            after, t=table, c=column, to=f"public.{kind.table}", m=kind.moment,
        )  # fmt: skip
        many += more
    return many


def _line(kind: Kind, case: str, forms: Forms, per: float = 1) -> Line:
    ours, peer, by_id = (forms.took[schema] for schema in SCHEMAS)
    return Line(
        bench="growth", case=f"{kind.table}: {case}", unit="ms", ours=ours.processor / per,
        peer=PEER, peer_value=peer.processor / per, same_answer=forms.same,
        more={"by_id": harness.rounded(by_id.processor / per),
              "wall_ms": harness.rounded(ours.wall / per),
              "peer_wall_ms": harness.rounded(peer.wall / per)},
    )  # fmt: skip
