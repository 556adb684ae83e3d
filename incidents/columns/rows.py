"""Incidents as columns: arrays of one length, an entry an incident. Pure.

A reader sees a ``base``, sorted by position code, and a ``delta``: entries that count once more or
once less. What stands is the sum of both, so any count under any filter is one pass over each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

FIRST_DAY: Final = date(2000, 1, 1)
"""Day 0. Days are the city's own; earlier ones count as it, and so do moments."""
LAST_DAY: Final = 65_535
NO_DAY: Final = LAST_DAY
"""In ``closed``: it is not closed."""
NOWHERE: Final = 65_535
"""In ``agency`` and ``ward``: none."""

COLUMNS: Final[Mapping[str, np.dtype[np.generic]]] = {
    "code": np.dtype("<i8"),  # place on the Z-order curve, gis_core.tiles.cell_code
    "x": np.dtype("<f4"),  # metres east of ``Words.origin_m``, in the city's metric CRS
    "y": np.dtype("<f4"),  # metres north of it
    "id": np.dtype("<i8"),
    "kind": np.dtype("<u2"),  # category, status and public bit, see ``kind_of``
    "agency": np.dtype("<u2"),  # position in Words.agencies
    "ward": np.dtype("<u2"),  # position in Words.wards, of the edition in force today
    "day": np.dtype("<u2"),  # opened
    "closed": np.dtype("<u2"),
    "version": np.dtype("<u2"),  # the incident's, modulo 65,536
    "moment": np.dtype("<u4"),  # opened: whole seconds since FIRST_DAY began in UTC
}

ENTRY: Final = np.dtype(list(COLUMNS.items()))
"""One entry by itself: all of its columns side by side, packed."""
Entries = NDArray[np.void]
"""Entries of type ENTRY, one after another."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the numbers in the columns stand for. A position once given is never given again."""

    categories: tuple[str, ...]
    statuses: tuple[str, ...]
    agencies: tuple[str, ...]
    wards: tuple[str, ...]
    edition: str
    """The ward edition's name."""
    origin_m: tuple[float, float]
    srid: int
    sectors: tuple[str, ...] = ()
    """Of each category."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Columns of one length. Arrays may be memory-mapped: never written to."""

    code: NDArray[np.int64]
    x: NDArray[np.float32]
    y: NDArray[np.float32]
    id: NDArray[np.int64]
    kind: NDArray[np.uint16]
    agency: NDArray[np.uint16]
    ward: NDArray[np.uint16]
    day: NDArray[np.uint16]
    closed: NDArray[np.uint16]
    version: NDArray[np.uint16]
    moment: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.code)

    @classmethod
    def of(cls, columns: Mapping[str, NDArray[Any]] | Entries) -> Rows:
        """Return the columns of these names, or of these entries, nothing copied."""
        return cls(**{name: columns[name] for name in COLUMNS})

    def first(self, count: int) -> Rows:
        """Return the first entries, nothing copied."""
        return Rows(**{name: getattr(self, name)[:count] for name in COLUMNS})

    def entries(self, places: NDArray[np.int64]) -> Entries:
        """Return the entries at these places."""
        taken = np.empty(len(places), ENTRY)
        for name in COLUMNS:
            taken[name] = getattr(self, name)[places]
        return taken


@dataclass(frozen=True, slots=True)
class Columns:
    """One consistent view. ``base`` is sorted by (code, id); ``delta`` is in the order it came."""

    base: Rows
    delta: Rows
    weight: NDArray[np.int8]
    """Of each delta entry: 1 it came, -1 it went."""
    words: Words
    revision: str
    """Names exactly this view: the same revision, the same answers."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter as tables over the columns' numbers."""

    kinds: NDArray[np.uint8]
    """By kind (65,536): 1 counts, 0 does not."""
    first_day: int = 0
    last_day: int = LAST_DAY
    """Opened, both included."""
    agencies: NDArray[np.bool_] | None = field(default=None)
    """By agency number (65,536); None: every one."""
    wards: NDArray[np.bool_] | None = field(default=None)


def kind_of(category: int, status: int, *, public: bool) -> int:
    """Return the number of a combination: category from bit 5, status in bits 1 to 4, public."""
    return category << 5 | status << 1 | public


def day_of(day: date) -> int:
    """Return a day's number, within the columns' range."""
    return min(max((day - FIRST_DAY).days, 0), LAST_DAY - 1)


def kinds(
    words: Words,
    *,
    categories: Sequence[str] | None = None,
    statuses: Sequence[str] | None = None,
    public: bool | None = None,
) -> NDArray[np.uint8]:
    """Return the table of ``Asked.kinds``; None asks for everything."""
    table = np.zeros(1 << 16, np.uint8)
    for c, category in enumerate(words.categories):
        for s, status in enumerate(words.statuses):
            if (categories is None or category in categories) and (
                statuses is None or status in statuses
            ):
                for bit in (True, False) if public is None else (public,):
                    table[kind_of(c, s, public=bit)] = 1
    return table
