"""The queue of what may be one thing, as lines: pairs, groups, and default points after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from incidents.actors import Actor
from incidents.desk import rows as desk_rows
from incidents.desk.rows import DeskRow
from incidents.duplicates.waiting import PairGroup, waiting_groups

SHOWN: Final = 60
"""Lines of one page."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: two incidents, or several that pairs connect."""

    query: str
    """What comes after the page's address: ``pair=3``, ``group=12``."""
    incidents: tuple[int, ...]
    first: DeskRow | None
    """The incident that names the line: the likeliest pair's earlier one."""
    probability: float
    metres: float
    at_default_point: bool
    total: int
    """How many incidents it is; of a default point's only some are named."""

    @property
    def pairs_two(self) -> bool:
        """Whether it is a pair, and no group."""
        return len(self.incidents) == 2


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of lines, how many there are in all, and where the next page begins."""

    entries: tuple[Entry, ...]
    total: int
    start: int
    following: int | None

    def around(self, query: str) -> dict[str, str]:
        """Return the lines before and after one; after what is not in the list comes the first."""
        lines = ["", *(one.query for one in self.entries), ""]
        place = lines.index(query) if query in lines else 0
        return {"previous": lines[max(place - 1, 0)], "next": lines[place + 1]}


def read_queue(actor: Actor, start: int, language: str) -> tuple[Queue, tuple[PairGroup, ...]]:
    """Return a page of the queue, and all groups behind it. Raises PermissionDenied."""
    groups = waiting_groups(actor)
    start = start if start < len(groups) else 0
    page = groups[start : start + SHOWN]
    ids = [one.pairs[0].older.id for one in page]
    rows = {row.id: row for row in desk_rows.rows(actor, ids, language)}
    entries = tuple(_entry(group, rows) for group in page)
    following = start + SHOWN if start + SHOWN < len(groups) else None
    return Queue(entries, len(groups), start, following), groups


def _entry(group: PairGroup, rows: dict[int, DeskRow]) -> Entry:
    likeliest = group.pairs[0]
    two = len(group.incidents) == 2
    return Entry(
        query=f"pair={likeliest.id}" if two else f"group={group.incidents[0]}",
        incidents=group.incidents,
        first=rows.get(likeliest.older.id),
        probability=likeliest.probability,
        metres=max(pair.distance_m for pair in group.pairs),
        at_default_point=group.default_point is not None,
        total=max(group.open_there, len(group.incidents)),
    )
