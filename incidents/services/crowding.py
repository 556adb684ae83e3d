"""A made-up crowd at once: all rows that the verbs would have written; and away again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, Final

from django.db import transaction

from gis_core import sql

MANY: Final = 20_000
"""From so many on indexes are laid aside and built anew, which locks the tables meanwhile."""


@dataclass(frozen=True, slots=True)
class CrowdFacts:
    """What holds for a whole crowd."""

    many: int
    channel: str
    reason: str
    zone: str
    """Name of the city's time zone, in which an incident's day is told."""
    since: date
    """The first day of the edition that the crowd was placed on."""
    operator: int | None
    categories: Sequence[str]
    """Codes, in the order in which the crowd numbers them from 0."""
    statuses: Sequence[str]
    """In the same way."""


@transaction.atomic
def store_crowd(crowd: Iterable[IO[bytes]], routes: IO[str], facts: CrowdFacts) -> None:
    """Store a crowd, whole or not at all; the columns are those of ``crowd_tables.sql``."""
    lists = {"categories": list(facts.categories), "statuses": list(facts.statuses)}
    sql.run("incidents", "crowd_tables", lists)
    for part in crowd:
        sql.copy("incidents", "copy_crowd", part)
    sql.copy("incidents", "copy_crowd_routes", routes)
    if facts.many >= MANY:
        sql.run("incidents", "crowd_lay_aside", {})
    sql.run(
        "incidents",
        "crowd_rows",
        {
            "many": facts.many,
            "channel": facts.channel,
            "reason": facts.reason,
            "zone": facts.zone,
            "since": facts.since,
            "operator": facts.operator,
            "received": json.dumps({"channel": facts.channel}),
        },
    )
    if facts.many >= MANY:
        sql.run("incidents", "crowd_take_up", {})


@transaction.atomic
def remove_crowd(channel: str, many: int) -> int:
    """Remove the crowd of a channel with its incidents; return how many reports it had.

    ``many`` says about how many there are. Like ``remove_made_up`` it takes events away, which
    nothing else may.
    """
    sql.run("incidents", "history_opened", {})
    if many >= MANY:
        sql.run("incidents", "crowd_lay_aside", {})
    [[removed]] = sql.rows("incidents", "crowd_remove", {"channel": channel})
    if many >= MANY:
        sql.run("incidents", "crowd_take_up", {})
    sql.run("incidents", "history_closed", {})
    return int(removed)
