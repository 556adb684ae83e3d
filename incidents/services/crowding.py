"""A made-up crowd at once: all rows that the verbs would have written; and away again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import IO, Final

from django.db import transaction

from gis_core import sql
from incidents.services.removing import Tell, take_away

MANY: Final = 20_000
"""From so many on keys, and for writing indexes too, are laid aside: that locks the tables."""


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
    endings: Sequence[str]
    """Kinds of the events that end a custody, in the same way."""
    limits: Sequence[tuple[float, str, str, int]]
    """Seconds, when they run, rule and its version, a category each."""
    forward: timedelta | None
    """What the service allows itself to give a report to an agency."""


@dataclass(frozen=True, slots=True)
class CrowdRows:
    """A crowd as files for ``COPY``."""

    incidents: Iterable[IO[bytes]]
    custodies: Iterable[IO[bytes]]
    routes: IO[str]


@transaction.atomic
def store_crowd(rows: CrowdRows, facts: CrowdFacts) -> None:
    """Store a crowd, whole or not at all; the columns are those of ``crowd_tables.sql``."""
    sql.run("incidents", "crowd_tables", _lists(facts))
    for part in rows.incidents:
        sql.copy("incidents", "copy_crowd", part)
    for part in rows.custodies:
        sql.copy("incidents", "copy_crowd_custodies", part)
    sql.copy("incidents", "copy_crowd_routes", rows.routes)
    if facts.many >= MANY:
        sql.run("incidents", "crowd_lay_aside", {"keys_alone": False})
    told = {
        "many": facts.many,
        "channel": facts.channel,
        "reason": facts.reason,
        "zone": facts.zone,
        "since": facts.since,
        "operator": facts.operator,
        "forward": facts.forward,
        "received": json.dumps({"channel": facts.channel}),
    }
    sql.run("incidents", "crowd_rows", told)
    sql.run("incidents", "crowd_events", told)
    if facts.many >= MANY:
        sql.run("incidents", "crowd_take_up", {})


def _lists(facts: CrowdFacts) -> dict[str, list[object]]:
    seconds, runs, rules, versions = zip(*facts.limits, strict=True)
    return {
        "categories": list(facts.categories),
        "statuses": list(facts.statuses),
        "endings": list(facts.endings),
        "limit_seconds": list(seconds),
        "limit_runs": list(runs),
        "limit_rules": list(rules),
        "limit_versions": list(versions),
    }


@transaction.atomic
def remove_crowd(channel: str, many: int, tell: Tell = lambda _: None) -> int:
    """Remove the crowd of a channel with its incidents; return how many reports it had.

    ``many`` says about how many there are. Like ``remove_made_up`` it takes events away, which
    nothing else may.
    """
    sql.run("incidents", "history_opened", {})
    if many >= MANY:
        tell("laying keys aside")
        sql.run("incidents", "crowd_lay_aside", {"keys_alone": True})
    removed = take_away(channel, tell)
    if many >= MANY:
        tell("making the keys anew")
        sql.run("incidents", "crowd_take_up", {})
    sql.run("incidents", "history_closed", {})
    return removed
