"""The one door to hand-written SQL: named files, named parameters, prepared where it pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

Row = tuple[Any, ...]


@cache
def text(package: str, name: str) -> str:
    """Return the SQL of ``<package>/sql/<name>.sql``."""
    path = resources.files(package) / "sql" / f"{name}.sql"
    return path.read_text(encoding="utf-8")


def rows(package: str, name: str, parameters: Mapping[str, Any]) -> list[Row]:
    """Run the named statement with ``%(name)s`` parameters and return all its rows."""
    with connection.cursor() as cursor:
        cursor.execute(text(package, name), dict(parameters))
        return list(cursor.fetchall())


def run(package: str, name: str, parameters: Mapping[str, Any]) -> int:
    """Run the named statement and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(text(package, name), dict(parameters))
        return int(cursor.rowcount)


def prepared(package: str, name: str, arguments: Sequence[Any]) -> list[Row]:
    """Run the named statement, planned once per connection, with ``$1``-style parameters.

    The file starts with a line ``-- types: double precision, date`` that names the types in order.
    """
    statement = f"{package}_{name}"
    with connection.cursor() as cursor:
        raw = connection.connection
        known = _prepared_on(raw)
        if statement not in known:
            source = text(package, name)
            types = source.splitlines()[0].removeprefix("-- types:").strip()
            cursor.execute(f"PREPARE {statement} ({types}) AS {source}")
            known.add(statement)
        places = ", ".join(["%s"] * len(arguments))
        cursor.execute(f"EXECUTE {statement} ({places})", list(arguments))
        return list(cursor.fetchall())


_KNOWN: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def _prepared_on(raw: object) -> set[str]:
    """Return the names prepared on this very connection; a new connection starts with none."""
    return _KNOWN.setdefault(raw, set())
