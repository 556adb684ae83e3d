"""Entries from PostGIS: all of them into an image, or some of them by their ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from districts import bulk_placement, city
from districts.bulk_placement import EditionIndex
from districts.models import Agency, Category
from districts.rulebook import EditionFacts
from districts.wards_today import edition_today
from gis_core import planes, sql
from gis_core.binary_rows import Reader
from incidents import feed
from incidents.columns import image
from incidents.columns.image import Facts
from incidents.columns.rows import (
    COLUMNS,
    ENTRY,
    FIRST_DAY,
    LAST_DAY,
    NO_DAY,
    NOWHERE,
    Entries,
    Words,
)
from incidents.workflow import Status

Tell = Callable[[int, str], None]
"""Hears how many incidents were read, and what is done with them."""
FIELDS: Final[Mapping[str, str]] = {
    "id": "i8", "cell": "i8", "lon": "f8", "lat": "f8", "category": "i8", "status": "i4",
    "public": "?", "agency": "i8", "opened": "i4", "closed": "i4", "version": "i4",
    "moment": "i8",
}  # fmt: skip
"""The fields of columns_rows.sql."""
_NEVER: Final = np.iinfo(np.int32).max
_LAST_MOMENT: Final = np.iinfo(np.uint32).max


class UnknownWord(Exception):
    """A category, status or agency came up that the words do not have: they are read anew."""


@dataclass(frozen=True, slots=True)
class State:
    """What the database says of itself, see columns_state.sql."""

    server: int
    number: int
    epoch: int
    readable_before: int
    next_transaction: int
    newest_event: int

    @property
    def database(self) -> tuple[int, int]:
        return self.server, self.number

    @property
    def held_up(self) -> bool:
        """Whether somebody writes, so that what others committed since cannot be followed yet."""
        return self.readable_before < self.next_transaction

    @classmethod
    def read(cls) -> State:
        [row] = sql.rows("incidents", "columns_state", {})
        return cls(*row)


@dataclass(frozen=True, slots=True)
class Book:
    """What turns a row into an entry."""

    words: Words
    agency_ids: Mapping[int, int]
    edition: EditionFacts | None
    wards: EditionIndex | None

    @classmethod
    def read(cls) -> Book:
        """Read today's words: categories, agencies, and the ward edition in force."""
        town, edition = city.current(), edition_today()
        wards = bulk_placement.of_edition(edition.id) if edition else None
        agencies = list(Agency.objects.order_by("pk").values_list("pk", "code"))
        sectors = sectors_today()
        words = Words(
            categories=tuple(sectors),
            statuses=tuple(status.value for status in Status),
            agencies=tuple(code for _, code in agencies),
            wards=tuple(area.code for area in wards.areas) if wards else (),
            edition=edition.name if edition else "",
            origin_m=planes.forward(town.metric_srid, *town.extent[:2]),
            srid=town.metric_srid,
            sectors=tuple(sectors.values()),
        )
        numbers = {pk: number for number, (pk, _) in enumerate(agencies)}
        return cls(words, numbers, edition, wards)

    @classmethod
    def of(cls, facts: Facts) -> Book:
        """Return the words of an image whose edition is the one of today."""
        edition = edition_today()
        wards = bulk_placement.of_edition(edition.id) if edition else None
        return cls(facts.words, facts.agency_ids, edition, wards)

    def entries(self, ids: Sequence[int]) -> Entries:
        """Return the entries of these incidents as they stand now. Raises UnknownWord."""
        found: list[Entries] = [np.empty(0, ENTRY)]
        self.read_rows(list(ids), lambda rows: found.append(self.entries_of(rows)))
        return np.concatenate(found)

    def read_rows(
        self, ids: list[int] | None, hand_on: Callable[[NDArray[np.void]], object]
    ) -> None:
        """Hand on the rows of these incidents, or of all, tens of thousands at a time."""
        reader = Reader(FIELDS, hand_on)
        asked = {
            "ids": ids,
            "categories": list(self.words.categories),
            "statuses": list(self.words.statuses),
            "zone": city.current().time_zone,
            "first_day": FIRST_DAY,
            "first_moment": datetime.combine(FIRST_DAY, time(), UTC),
            "never": _NEVER,
        }
        sql.copy_out("incidents", "columns_rows", asked, reader)
        reader.end()

    def entries_of(self, rows: NDArray[np.void]) -> Entries:
        """Return rows of columns_rows.sql as entries. Raises UnknownWord."""
        if (rows["category"] < 0).any() or (rows["status"] < 0).any():
            raise UnknownWord
        entries = np.empty(len(rows), ENTRY)
        entries["id"], entries["code"] = rows["id"], rows["cell"]
        x, y = planes.forward_all(self.words.srid, rows["lon"].copy(), rows["lat"].copy())
        entries["x"], entries["y"] = x - self.words.origin_m[0], y - self.words.origin_m[1]
        kind = rows["category"] << 5 | rows["status"].astype(np.int64) << 1 | rows["public"]
        entries["kind"] = kind
        entries["agency"] = self._agencies(rows["agency"])
        entries["ward"] = self._wards(rows["lon"].copy(), rows["lat"].copy())
        entries["day"] = np.clip(rows["opened"], 0, LAST_DAY - 1)
        closed = np.clip(rows["closed"], 0, LAST_DAY - 1)
        entries["closed"] = np.where(rows["closed"] == _NEVER, NO_DAY, closed)
        entries["version"] = rows["version"] & 0xFFFF
        entries["moment"] = np.clip(rows["moment"], 0, _LAST_MOMENT)
        return entries

    def _agencies(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        different, back = np.unique(ids, return_inverse=True)
        numbers = {**self.agency_ids, -1: NOWHERE}
        try:
            return np.array([numbers[pk] for pk in different.tolist()], np.int64)[back]
        except KeyError:
            raise UnknownWord from None

    def _wards(self, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> NDArray[np.int32]:
        if self.wards is None:
            return np.full(len(lons), NOWHERE, np.int32)
        area = self.wards.place(lons, lats).area
        return np.where(area < 0, NOWHERE, area)


def sectors_today() -> dict[str, str]:
    """Return the sector of each category, also of those that nobody can choose any more."""
    return dict(Category.objects.order_by("pk").values_list("pk", "sector_id"))


def build(home: Path, tell: Tell = lambda _count, _what: None) -> Path:
    """Write an image of all incidents; return its folder, see ``image.publish``.

    Epoch and cursor are read before the incidents: whatever is committed while they are read is
    seen by who follows from the cursor. Raises UnknownWord where a word came up meanwhile.
    """
    home.mkdir(parents=True, exist_ok=True)
    state, cursor = State.read(), feed.now()
    book = Book.read()
    facts = Facts(
        words=book.words,
        agency_ids=book.agency_ids,
        database=state.database,
        epoch=state.epoch,
        cursor=(cursor.transaction, cursor.event),
        edition_id=book.edition.id if book.edition else None,
    )
    with TemporaryFile(dir=home) as spool:
        count = 0

        def keep(rows: NDArray[np.void]) -> None:
            nonlocal count
            book.entries_of(rows).tofile(spool)
            count += len(rows)
            tell(count, "incidents read")

        book.read_rows(None, keep)
        spool.flush()
        entries = np.memmap(spool, ENTRY, "r", shape=(count,)) if count else np.empty(0, ENTRY)
        tell(count, "incidents, being sorted and written")
        return image.write(home, InOrder(entries), facts)


class InOrder(Mapping[str, NDArray[Any]]):
    """The columns of entries in the base's order, each made when it is asked for."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._order = _order(entries)

    def __getitem__(self, name: str) -> NDArray[Any]:
        column: NDArray[Any] = self._entries[name][self._order]
        return column

    def __iter__(self) -> Iterator[str]:
        return iter(COLUMNS)

    def __len__(self) -> int:
        return len(COLUMNS)


def _order(entries: Entries) -> NDArray[np.int64]:
    """Return the places of entries by (code, id); three times as soon as one sort by both."""
    code = entries["code"].copy()
    order = np.argsort(code)
    ordered = code[order]
    tied = np.zeros(len(order), np.bool_)
    tied[1:] = ordered[1:] == ordered[:-1]
    tied[:-1] |= tied[1:]
    among = order[tied]
    order[tied] = among[np.lexsort((entries["id"][among], code[among]))]
    return order
