"""Taking away what never happened: the made-up reports of a channel, and all that came of them."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from gis_core import sql

Tell = Callable[[str], None]
"""Hears what is being done."""


@transaction.atomic
def remove_made_up(channel: str, tell: Tell = lambda _: None) -> int:
    """Remove every report of ``channel`` with its incident; return how many reports there were.

    With ``crowding.remove_crowd`` the one verb that takes events away. An incident to which a
    report of another channel belongs, or ever belonged, is kept with all its reports.
    """
    sql.run("incidents", "history_opened", {})
    removed = take_away(channel, tell)
    sql.run("incidents", "history_closed", {})
    return removed


def take_away(channel: str, tell: Tell) -> int:
    """Remove the reports of a channel while history is open; return how many there were."""
    tell("looking for all that came of them")
    sql.run("incidents", "find_made_up", {"channel": channel})
    tell("taking it away")
    [[removed]] = sql.rows("incidents", "remove_made_up", {})
    sql.run("incidents", "raise_columns_epoch", {})
    return int(removed)
