"""The one door to hand-written SQL: named files, named parameters, prepared where it pays."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import resources
from typing import IO, Any, Protocol
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from gis_core import text_rows

Row = tuple[Any, ...]


class SupportsWrite(Protocol):
    """What rows can be written into."""

    def write(self, part: bytes, /) -> int:
        """Take some bytes; return how many."""


@cache
def text(package: str, name: str) -> str:
    """Return the SQL of ``<package>/sql/<name>.sql``."""
    path = resources.files(package) / "sql" / f"{name}.sql"
    return path.read_text(encoding="utf-8")


def rows(
    package: str, name: str, parameters: Mapping[str, Any], *, using: str = DEFAULT_DB_ALIAS
) -> list[Row]:
    """Run the named statement with ``%(name)s`` parameters and return all its rows."""
    with connections[using].cursor() as cursor:
        cursor.execute(text(package, name), dict(parameters))
        return list(cursor.fetchall())


def run(package: str, name: str, parameters: Mapping[str, Any]) -> int:
    """Run the named statement and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(text(package, name), dict(parameters))
        return int(cursor.rowcount)


def copy(package: str, name: str, rows: IO[str] | IO[bytes]) -> int:
    """Feed the named ``COPY … FROM STDIN`` with ``rows`` and return how many it wrote."""
    # Errors of a plain cursor would be the driver's own.
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.copy_expert(text(package, name), rows)
        return int(cursor.rowcount)


def copy_out(package: str, name: str, parameters: Mapping[str, Any], into: SupportsWrite) -> int:
    """Let the named ``COPY (…) TO STDOUT`` write into ``into``; return how many rows it wrote."""
    with connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.copy_expert(cursor.mogrify(text(package, name), dict(parameters)), into)
        return int(cursor.rowcount)


def copy_rows(package: str, name: str, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write rows by the named ``COPY table (columns) FROM STDIN``; return how many it wrote.

    Each row holds a value for every column that the statement names.
    """
    wanted = columns(package, name)
    lines = "".join(text_rows.line([row[column] for column in wanted]) for row in rows)
    return copy(package, name, io.StringIO(lines))


@cache
def columns(package: str, name: str) -> tuple[str, ...]:
    """Return the columns that the named ``COPY`` writes, in order."""
    named = text(package, name).partition("(")[2].partition(")")[0]
    return tuple(column.strip() for column in named.split(","))


def prepared(package: str, name: str, arguments: Sequence[Any]) -> list[Row]:
    """Run the named statement, planned once per connection, with ``$1``-style parameters.

    The file starts with a line ``-- types: double precision, date`` that names the types in order;
    one without parameters, with ``-- types:``. Where planning takes longer than the statement, a
    second line ``-- plan: generic`` lets one plan serve all values, also in the rest of the
    transaction.
    """
    # The proxy is asked once: each question of it costs as much as a small function.
    here = connections[DEFAULT_DB_ALIAS]
    here.ensure_connection()
    with here.wrap_database_errors, _quick_cursor(here) as cursor:
        known = _known(here.connection)
        statement = _statement(package, name)
        if statement not in known:
            source = text(package, name)
            types = source.splitlines()[0].removeprefix("-- types:").strip()
            taken = f" ({types})" if types else ""
            cursor.execute(f"PREPARE {statement}{taken} AS {source}")
            known.add(statement)
        cursor.execute(_execution(package, name, len(arguments)), tuple(arguments))
        return list(cursor.fetchall())


@contextmanager
def listening(channel: str) -> Iterator[Any]:
    """Yield psycopg2's connection, listening to a channel; it stays in autocommit.

    Wait for it with ``select``, then ``poll()`` it and take its ``notifies``.
    """
    here = connections[DEFAULT_DB_ALIAS]
    here.ensure_connection()
    with here.wrap_database_errors, here.cursor() as cursor:
        cursor.execute(f'LISTEN "{channel}"')
        yield here.connection
        cursor.execute(f'UNLISTEN "{channel}"')


def _known(raw: object) -> set[str]:
    """Return the names prepared on this very connection; a new connection starts with none."""
    known = _KNOWN.get(raw)
    if known is None:
        known = _KNOWN[raw] = set()
    return known


@cache
def _execution(package: str, name: str, arguments: int) -> str:
    given = f" ({', '.join(['%s'] * arguments)})" if arguments else ""
    execute = f"EXECUTE {_statement(package, name)}{given}"
    if text(package, name).splitlines()[1:2] == ["-- plan: generic"]:
        return f"SET LOCAL plan_cache_mode = force_generic_plan; {execute}"
    return execute


def _statement(package: str, name: str) -> str:
    return f"{package}_{name}".replace(".", "_")


def _quick_cursor(here: BaseDatabaseWrapper) -> Any:  # noqa: ANN401  psycopg2's or Django's
    """Return the driver's own cursor; Django's where queries are watched. A third of the time."""
    if here.queries_logged:
        return here.cursor()
    return here.connection.cursor()


_KNOWN: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
"""Statements prepared, by connection: a new connection starts with none."""
