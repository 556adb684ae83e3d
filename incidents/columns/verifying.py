"""Are the columns what the database holds? Entry by entry."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from districts.wards_today import edition_today
from gis_core import sql
from incidents.columns.building import Book, State, UnknownWord
from incidents.columns.errors import ColumnsDiffer, NoColumns
from incidents.columns.merging import standing
from incidents.columns.reading import View, open_view
from incidents.columns.rows import COLUMNS, ENTRY, Entries

NAMED: Final = 20
"""So many differences are told one by one."""
KEPT: Final = 10_000
"""So many are remembered until it is known which of them somebody changed meanwhile."""
BOUND: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many incidents were compared, how many places differ, and the first of these in words."""

    compared: int
    left_out: int
    """Events name them that nobody has taken in yet."""
    count: int
    differences: tuple[str, ...]

    def must_agree(self) -> None:
        """Raise ColumnsDiffer where something differs."""
        if self.count:
            raise ColumnsDiffer(count=self.count)


def verify(home: Path) -> Verdict:
    """Compare base and delta with every incident; what nobody took in yet is left out.

    The columns come first, then all incidents in one statement, then the events after the columns'
    cursor: what the statement saw and the columns do not know is named by one of these.
    Raises NoColumns.
    """
    view = open_view(home)
    if view is None:
        raise NoColumns
    cursor = view.delta.cursor
    comparison = _Comparison(view)
    comparison.compare_facts()
    try:
        Book.of(view.base.facts).read_rows(None, comparison.compare_rows)
    except UnknownWord:
        comparison.tell("a category, status or agency has no number")
    comparison.compare_rest()
    return comparison.verdict(_untold(cursor))


def _untold(cursor: tuple[int, int]) -> NDArray[np.int64]:
    """Return the incidents that events after a cursor name."""
    asked = {"transaction": cursor[0], "id": cursor[1]}
    return np.array([pk for (pk,) in sql.rows("incidents", "columns_untold", asked)], np.int64)


class _Comparison:
    def __init__(self, view: View) -> None:
        self.base, columns = view.base, view.columns()
        self.book = Book.of(self.base.facts)
        self.named, self.stands = standing(columns.delta, columns.weight)
        places = self.base.places(self.named)
        self.base_met = np.zeros(len(self.base.rows), np.bool_)
        self.base_met[places[places >= 0]] = True
        self.stands_met = np.zeros(len(self.stands), np.bool_)
        self.compared = 0
        self.told: list[str] = []
        self.wrong: list[NDArray[np.int64]] = []
        self.sentences: dict[int, str] = {}

    def compare_facts(self) -> None:
        state, edition = State.read(), edition_today()
        facts = self.base.facts
        if facts.database != state.database or facts.epoch != state.epoch:
            self.tell("they are of another database, or incidents went since without an event")
        if facts.edition_id != (edition.id if edition else None):
            self.tell(f"their wards are those of {facts.words.edition or 'no edition'}")
        if not self.base.is_whole():
            self.tell("a file is not as it was written")

    def compare_rows(self, rows: NDArray[np.void]) -> None:
        entries = self.book.entries_of(rows)
        known, is_known = self._known(entries["id"])
        self.compared += len(entries)
        [wrong] = np.nonzero(~is_known | (known != entries))
        self.wrong.append(entries["id"][wrong])
        for n in wrong[: KEPT - len(self.sentences)].tolist():
            before = known[n] if is_known[n] else None
            self.sentences[int(entries["id"][n])] = _sentence(before, entries[n])

    def compare_rest(self) -> None:
        """What no row of the database was met for is in the columns alone."""
        alone = (self.base.rows.id[~self.base_met], self.stands["id"][~self.stands_met])
        self.wrong += alone
        for pk in np.concatenate(alone)[: KEPT - len(self.sentences)].tolist():
            self.sentences[pk] = f"incident {pk} is in the columns alone"

    def tell(self, difference: str) -> None:
        self.told.append(difference)

    def verdict(self, untold: NDArray[np.int64]) -> Verdict:
        left_out = set(untold.tolist())
        count = int((~np.isin(np.concatenate(self.wrong), untold)).sum())
        said = (sentence for pk, sentence in self.sentences.items() if pk not in left_out)
        told = (*self.told, *islice(said, NAMED))
        return Verdict(self.compared, len(untold), len(self.told) + count, told)

    def _known(self, ids: NDArray[np.int64]) -> tuple[Entries, NDArray[np.bool_]]:
        """Return the columns' entries of these incidents, and whether they have one."""
        known, is_known = np.zeros(len(ids), ENTRY), np.zeros(len(ids), np.bool_)
        places = np.where(np.isin(ids, self.named), -1, self.base.places(ids))
        based = places >= 0
        known[based] = self.base.rows.entries(places[based])
        self.base_met[places[based]] = True
        later = np.searchsorted(self.stands["id"], ids)
        later[later == len(self.stands)] = 0
        if len(self.stands):
            stands = self.stands["id"][later] == ids
            known[stands] = self.stands[later[stands]]
            self.stands_met[later[stands]] = True
            is_known |= stands
        return known, is_known | based


def _sentence(known: np.void | None, row: np.void) -> str:
    if known is None:
        return f"incident {row['id']} is not in the columns"
    parts = [
        f"{name} {known[name]}, not {row[name]}" for name in COLUMNS if known[name] != row[name]
    ]
    return f"incident {row['id']}: {', '.join(parts)}"


def status(home: Path) -> dict[str, object]:
    """Return what there is to say of a folder's columns: size, age, how far events are behind."""
    view = open_view(home)
    if view is None:
        return {"there": False}
    transaction_id, event = view.delta.cursor
    asked = {"transaction": transaction_id, "id": event, "bound": BOUND}
    [(behind,)] = sql.rows("incidents", "columns_behind", asked)
    silent = view.delta.silent_s()
    return {
        "there": True,
        "folder": str(view.base.folder),
        "incidents_in_base": len(view.base.rows),
        "entries_in_delta": len(view.delta),
        "megabytes": round(view.base.nbytes / 1e6, 1),
        "ward_edition": view.base.facts.words.edition,
        "kept_up_seconds_ago": None if silent == float("inf") else round(silent, 2),
        "events_behind": int(behind),
    }
