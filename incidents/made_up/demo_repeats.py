"""What several people tell of one thing, in the demo: other words, other places, later days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from gis_core.positions import LonLat, Position, degrees_reach
from incidents import services
from incidents.actors import Actor
from incidents.models import Incident, Membership
from incidents.report import Statement
from incidents.said import Said
from incidents.workflow import OPEN

SHARE: Final = 0.12
"""Of all things those that more than one person tells of."""
MERGED: Final = 0.4
"""Of the repeated reports those that an operator has merged already."""
AGAIN: Final = "-again-"
OFF_M: Final = 12.0
LASTING_DAYS: Final = 6.0
WORDS: Final = (
    "Gần nhà tôi: {what}. Đề nghị xử lý sớm.",
    "Sáng nay đi qua thấy {what}, mấy hôm rồi.",
    "{what} ngay trước cổng, rất nguy hiểm.",
    "Ở đây {what}, đã báo mà chưa thấy ai đến.",
)


def repeats(first: Statement, what: str, mark: str, now: datetime) -> Iterator[Statement]:
    """Yield what one to three others tell of the same thing; mostly nobody does."""
    chance = Random(first.key)  # noqa: S311  the same for the same report, on purpose
    if chance.random() >= SHARE or first.position is None:
        return
    at = first.reported_at
    for number in range(1, chance.choice((1, 1, 2, 3)) + 1):
        at = min(at + timedelta(days=chance.expovariate(1 / LASTING_DAYS)), now)
        yield replace(
            first,
            key=f"{first.key}{AGAIN}{number}",
            text=f"{mark} {chance.choice(WORDS).format(what=what)}",
            position=_beside(first.position, chance),
            reported_at=at,
        )


def _beside(position: Position, chance: Random) -> Position:
    dlon, dlat = degrees_reach(position.lonlat.lat, 1.0)
    east, north = chance.gauss(0, OFF_M), chance.gauss(0, OFF_M)
    there = LonLat(
        round(position.lonlat.lon + east * dlon, 6), round(position.lonlat.lat + north * dlat, 6)
    )
    return replace(position, lonlat=there)


def is_repeat(statement: Statement) -> bool:
    """Tell whether a statement is about what another one told of first."""
    return AGAIN in statement.key


def merge_some(statement: Statement, incident: Incident, operator: Actor, words: str) -> None:
    """Let the operator merge some of the repeated reports into what was told first."""
    first = Membership.objects.filter(
        report__key=statement.key.split(AGAIN)[0],
        report__channel=statement.channel,
        to_event=None,
    ).select_related("incident")
    older = first[0].incident if first else None
    chance = Random(f"merge {statement.key}")  # noqa: S311  the same every time, on purpose
    if older is None or chance.random() >= MERGED or older.pk == incident.pk:
        return
    if _mergeable(incident) and _mergeable(older):
        agency = older.agency.code if older.agency else ""
        services.merge(operator, incident.pk, older.pk, Said("", words), agency=agency)


def _mergeable(incident: Incident) -> bool:
    return incident.status in {one.value for one in OPEN} and incident.merged_into_id is None
