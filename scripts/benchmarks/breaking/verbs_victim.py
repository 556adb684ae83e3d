"""One service verb, killed before its k-th statement, at its commit, or after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any

from django.db import connection  # noqa: TID251  it is watched, not asked

from scripts.benchmarks.breaking import verbs
from scripts.benchmarks.breaking.victims import at_call, die

COMMIT, COMMITTED = "commit", "committed"


def verb(order: Mapping[str, Any]) -> None:
    """Do a verb to a case; with ``kill`` (a number, ``commit``, ``committed``) die at it.

    Without one, write how many statements it took into the file that ``count`` names.
    """
    kill, act = order.get("kill"), verbs.VERBS[order["name"]].act
    connection.ensure_connection()
    statements = [0]
    end = at_call(kill, die) if isinstance(kill, int) else lambda: None

    def counted(execute: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401
        statements[0] += 1
        end()
        return execute(*arguments)

    if kill in {COMMIT, COMMITTED}:
        _die_at_commit(before=kill == COMMIT)
    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(counted))
        act(verbs.Case(**order["case"]))
    if "count" in order:
        with open(order["count"], "w", encoding="ascii") as file:  # noqa: PTH123
            file.write(str(statements[0]))


def _die_at_commit(*, before: bool) -> None:
    commit = connection._commit  # noqa: SLF001  the one place through which Django commits

    def dying() -> None:
        if not before:
            commit()
        die()

    connection._commit = dying  # type: ignore[method-assign]  # noqa: SLF001
