"""One service verb, killed before its k-th statement, at a commit, or after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connection  # noqa: TID251  it is watched, not asked

from scripts.benchmarks.breaking import acts
from scripts.benchmarks.breaking.victims import at_call, die

COMMIT, COMMITTED = "commit", "committed"


def verb(order: Mapping[str, Any]) -> None:
    """Do a verb to a case; with ``kill`` (``7``, ``commit-1``, ``committed-1``) die at it.

    With ``count`` write how many statements and commits it took into the file of this name.
    """
    kill, act = order.get("kill"), acts.VERBS[order["name"]].act
    connection.ensure_connection()
    statements, commits = [0], [0]
    end = at_call(kill, die) if isinstance(kill, int) else lambda: None

    def counted(execute: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401
        statements[0] += 1
        end()
        return execute(*arguments)

    with ExitStack() as stack:
        stack.enter_context(_commits_watched(commits, kill if isinstance(kill, str) else ""))
        stack.enter_context(connection.execute_wrapper(counted))
        act(acts.Case(**order["case"]))
    if "count" in order:
        with open(order["count"], "w", encoding="ascii") as file:  # noqa: PTH123
            file.write(f"{statements[0]} {commits[0]}")


@contextmanager
def _commits_watched(commits: list[int], kill: str) -> Iterator[None]:
    """Count the commits; die before or after the one that is named."""
    commit = connection._commit  # noqa: SLF001  the one place through which Django commits
    when, _, which = kill.partition("-")

    def watched() -> None:
        commits[0] += 1
        doomed = kill and commits[0] == int(which)
        if doomed and when == COMMIT:
            die()
        commit()
        if doomed:
            die()

    connection._commit = watched  # type: ignore[method-assign]  # noqa: SLF001
    try:
        yield
    finally:
        del connection._commit  # noqa: SLF001
