"""Let events go on behind those that another server wrote: after a dump was restored."""

from __future__ import annotations

from django.db import transaction

from gis_core import sql


@transaction.atomic
def continue_events() -> int:
    """Count transactions on from the newest that an event bears, where this server's lie behind.

    Events are followed, sealed and shown live in the order of their transactions; a new server
    counts those from the beginning. Return by how many ids it was moved on, 0 where nothing had to
    be done.
    """
    if _behind() <= 0:
        return 0
    sql.run("incidents", "lock_events", {})
    behind = _behind()
    if behind > 0:
        sql.run("incidents", "skip_transactions", {"behind": behind})
    return max(behind, 0)


def _behind() -> int:
    [(behind,)] = sql.rows("incidents", "transactions_behind", {})
    return int(behind)
