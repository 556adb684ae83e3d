"""What of the queue is looked at: two side by side, or a group with its members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gis_core.positions import LonLat, distance_m
from incidents.actors import Actor
from incidents.answers import Words
from incidents.desk import rows as desk_rows
from incidents.desk.rows import DeskRow
from incidents.dossier.answers import Happened
from incidents.dossier.reading import office_sees
from incidents.dossier.side_by_side import Compared, compared, told_of
from incidents.duplicates.waiting import PairGroup, PairRow
from incidents.families import why_missing
from map_ui.factor_words import shown_factors

MOST_MEMBERS: Final = 60
"""Members of a group that are listed; a default point has thousands."""
MOST_PAIRS: Final = 40
LETTERS: Final = ("A", "B")


@dataclass(frozen=True, slots=True)
class Member:
    """One incident of a group; ``metres`` from the first of them."""

    row: DeskRow
    metres: float
    told: Sequence[Words]
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Incidents that may be one thing, the earliest first; ``hidden`` are not listed."""

    members: tuple[Member, ...]
    total: int
    pairs: tuple[PairRow, ...]
    default_point: bool

    @property
    def hidden(self) -> int:
        """How many are not listed."""
        return self.total - len(self.members)


def side_by_side(actor: Actor, one: int, other: int, language: str) -> dict[str, Any]:
    """Return what the page shows of two incidents. Raises IncidentNotFound, IncidentMerged."""
    found = compared(actor, one, other, language)
    both = found.older.head.id, found.newer.head.id
    streets = {row.id: row.street for row in desk_rows.rows(actor, both, language)}
    return {
        "compared": found,
        "streets": [streets.get(pk, "") for pk in both],
        "factors": shown_factors(found.factors),
        "history": _history(found),
        "places": [_place(pk, (h.lon, h.lat), letter)
                   for pk, h, letter in zip(both, (found.older.head, found.newer.head), LETTERS,
                                            strict=True)],
    }  # fmt: skip


def suggested_group(actor: Actor, group: PairGroup, language: str) -> dict[str, Any]:
    """Return what the page shows of a group; at a default point nothing is chosen."""
    crowded = group.default_point is not None
    pairs = group.pairs[:MOST_PAIRS]
    likely = {side.id for pair in pairs for side in (pair.older, pair.newer)} if crowded else ()
    ids = [*sorted(likely), *(pk for pk in group.incidents if pk not in likely)]
    members = _members(actor, ids, language, chosen=not crowded)
    return _shown(Group(members, max(group.open_there, len(ids)), pairs, crowded))


def chosen_group(actor: Actor, ids: Sequence[int], language: str) -> dict[str, Any]:
    """Return the page's incidents chosen by hand. Raises IncidentNotFound, IncidentMerged."""
    seen = set(office_sees(actor).filter(pk__in=ids).values_list("pk", flat=True))
    if missing := set(ids) - seen:
        raise why_missing(actor, min(missing), office_sees(actor))
    members = _members(actor, sorted(seen), language, chosen=True)
    return _shown(Group(members, len(seen), (), default_point=False))


def _members(
    actor: Actor, ids: Sequence[int], language: str, *, chosen: bool
) -> tuple[Member, ...]:
    listed = ids[:MOST_MEMBERS]
    rows = sorted(desk_rows.rows(actor, listed, language), key=lambda row: (row.opened, row.id))
    told = told_of(actor, listed)
    return tuple(Member(row, _metres(rows[0], row), told.get(row.id, ()), chosen) for row in rows)


def _metres(one: DeskRow, other: DeskRow) -> float:
    return distance_m(LonLat(one.lon, one.lat), LonLat(other.lon, other.lat))


def _shown(group: Group) -> dict[str, Any]:
    members = enumerate(group.members, start=1)
    return {
        "group": group,
        "places": [_place(one.row.id, (one.row.lon, one.row.lat), str(at)) for at, one in members],
    }


def _place(pk: int, lonlat: tuple[float, float], mark: str) -> Mapping[str, Any]:
    return {"id": pk, "lon": lonlat[0], "lat": lonlat[1], "mark": mark}


def _history(found: Compared) -> list[tuple[str, Happened]]:
    told: Iterable[tuple[str, Happened]] = (
        (letter, one)
        for letter, side in zip(LETTERS, (found.older, found.newer), strict=True)
        for one in side.timeline
    )
    return sorted(told, key=lambda pair: pair[1].at)
