"""Taking away what never happened: the made-up reports of a channel, and all that came of them."""

from __future__ import annotations

from django.db import transaction

from gis_core import sql


@transaction.atomic
def remove_made_up(channel: str) -> int:
    """Remove every report of ``channel`` with its incident; return how many reports there were.

    With ``crowding.remove_crowd`` the one verb that takes events away. An incident to which a
    report of another channel belongs, or ever belonged, is kept with all its reports.
    """
    sql.run("incidents", "history_opened", {})
    [[removed]] = sql.rows("incidents", "remove_made_up", {"channel": channel})
    sql.run("incidents", "history_closed", {})
    return int(removed)
