"""Where a replay of the stored history is, as a file from which it goes on after a stop."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gis_core.positions import LonLat
from incidents.duplicates.likeness import Case
from incidents.duplicates.open_places import Incident, OpenPlaces

Asked = dict[str, Any]
"""What a run was asked for; another run's file is none of its business."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a run is: reports taken, the last of them, and the bytes and rows it wrote."""

    done: int = 0
    last: tuple[datetime, int] | None = None
    size: int = 0
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A run between two reports. ``incident_of`` names the stored incident of each report held."""

    asked: Asked
    newest: int
    """Id of the newest report that the run takes."""
    place: Place
    held: OpenPlaces
    incident_of: dict[str, int]

    def write(self, path: Path) -> None:
        """Write it so that there is always a whole one, also after a power cut."""
        partial = path.with_name(f"{path.name}.part")
        with partial.open("w", encoding="utf-8") as file:
            # In one piece: written to a file bit by bit it takes ten times as long.
            file.write(json.dumps(self._as_json(), ensure_ascii=False))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)

    def _as_json(self) -> dict[str, Any]:
        groups: dict[int, int] = {}
        things: list[dict[str, Any]] = []
        members: list[list[Any]] = []
        for case, thing in self.held.members():
            number = groups.setdefault(id(thing), len(groups))
            if number == len(things):
                things.append(_thing(thing))
            members.append([_case(case), self.incident_of[case.id], number])
        at = self.place
        last = [at.last[0].isoformat(), at.last[1]] if at.last else None
        return {
            "asked": self.asked,
            "newest": self.newest,
            "place": {"done": at.done, "last": last, "size": at.size, "rows": at.rows},
            "things": things,
            "members": members,
        }


def read(path: Path, asked: Asked, held: OpenPlaces) -> Checkpoint | None:
    """Return the checkpoint of the same run, what it holds put into ``held``; None without one."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if kept.get("asked") != asked:
        return None
    things = [_as_thing(one) for one in kept["things"]]
    incident_of = {}
    for case, incident, number in _members(kept["members"]):
        held.add(case, things[number])
        incident_of[case.id] = incident
    at = kept["place"]
    last = (datetime.fromisoformat(at["last"][0]), at["last"][1]) if at["last"] else None
    place = Place(at["done"], last, at["size"], at["rows"])
    return Checkpoint(asked, kept["newest"], place, held, incident_of)


def _members(rows: list[list[Any]]) -> Iterator[tuple[Case, int, int]]:
    for case, incident, number in rows:
        yield _as_case(case), incident, number


def _thing(one: Incident) -> dict[str, Any]:
    return {
        "first": _case(one.first),
        "closed": _written(one.closed),
        "latest": _written(one.latest),
        "reports": one.reports,
        "like": one.like,
    }


def _as_thing(one: dict[str, Any]) -> Incident:
    first, latest = _as_case(one["first"]), datetime.fromisoformat(one["latest"])
    return Incident(first, _read(one["closed"]), latest, one["reports"], one.get("like", ""))


def _case(one: Case) -> dict[str, Any]:
    return {
        "id": one.id, "category": one.category, "lonlat": [one.lonlat.lon, one.lonlat.lat],
        "opened": _written(one.opened), "closed": _written(one.closed),
        "accuracy_m": one.accuracy_m, "words": sorted(one.words), "address": one.address,
        "photo_hashes": one.photo_hashes, "asset": one.asset, "reporter": one.reporter,
    }  # fmt: skip


def _as_case(one: dict[str, Any]) -> Case:
    return Case(**{
        **one,
        "lonlat": LonLat(*one["lonlat"]),
        "opened": datetime.fromisoformat(one["opened"]),
        "closed": _read(one["closed"]),
        "words": frozenset(one["words"]),
        "photo_hashes": tuple(one["photo_hashes"]),
    })  # fmt: skip


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment) if moment else None
