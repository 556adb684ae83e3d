"""A tile's incidents counted on a grid: the image in one pass, then what changed since. Pure.

A process keeps what the image alone says of the tiles that were asked for last, by image, tile and
filter. Changes are added at each question: what is kept is never old, and the answer is exact.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from gis_core.tiles import LEVEL, Tile
from incidents.columns.counting_kernels import (
    OPEN,
    SENSITIVE,
    SLOT_BITS,
    SLOT_OPEN,
    Grid,
    Part,
    Question,
    chosen,
    count,
    count_changes,
    tally,
)
from incidents.columns.merging import standing
from incidents.columns.rows import COLUMNS, LAST_DAY, Asked, Columns, Entries, Rows, Words, day_of

FINE_LEVELS: Final = 7
"""Counts are taken on a grid of 128 by 128 a tile."""
CELLS: Final = 1 << (2 * FINE_LEVELS)

COARSE_LEVEL: Final = 17
"""Zoom of the cells in which sensitive incidents are counted: as ``incident_tile.sql`` has it."""
SMALLEST_SENSITIVE: Final = 5
MOST_KEPT: Final = 96 << 20
"""Bytes that a process keeps."""

ENDED: Final = frozenset({"closed", "rejected"})
NOWHERE_SHOWN: Final = frozenset({"merged"})
_COARSE_SHIFT: Final = 2 * (LEVEL - COARSE_LEVEL)
_EVERY: Final = np.zeros(0, np.bool_)
_NO_GROUPS: Final = np.zeros((0, 4), np.int64)
_NO_KEPT_GROUPS: Final = (np.zeros(0, np.int64), np.zeros((0, 2), np.int32))

Counts = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Shown:
    """What is counted one by one, what only in groups, and a name for both."""

    question: Question
    key: Hashable
    """None: nothing of it is kept."""

    def between(self, since: date | None, until: date | None) -> Shown:
        """Return the same of the incidents opened on these days, both included."""
        if since is None and until is None:
            return self
        first, last = day_of(since) if since else 0, day_of(until) if until else LAST_DAY
        question = self.question._replace(days=np.array([first, last], np.uint16))
        key = None if self.key is None else (self.key, first, last)
        return Shown(question, key)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the image says of a tile: cells that are not empty, and groups by rising key."""

    cell: Counts
    counts: Counts
    keys: NDArray[np.int64]
    groups: Counts

    def size(self) -> int:
        return self.cell.nbytes + self.counts.nbytes + self.keys.nbytes + self.groups.nbytes


class Cache:
    """What the image in use says of the tiles asked for last; several threads may ask.

    At most so many bytes are kept, and nothing of an image before.
    """

    def __init__(self, most_bytes: int = MOST_KEPT) -> None:
        self._most, self._held, self._lock = most_bytes, 0, Lock()
        self._image: NDArray[np.int64] | None = None
        self._kept: OrderedDict[tuple[object, ...], _Kept] = OrderedDict()

    def get(self, image: NDArray[np.int64], key: tuple[object, ...]) -> _Kept | None:
        """Return what is kept of an image, which is known by its codes."""
        with self._lock:
            if self._image is not image:
                self._kept.clear()
                self._image, self._held = image, 0
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, image: NDArray[np.int64], key: tuple[object, ...], one: _Kept) -> None:
        """Keep it, and let go of what nobody asked for lately."""
        with self._lock:
            if self._image is not image or key in self._kept:
                return
            self._kept[key] = one
            self._held += one.size()
            while self._held > self._most:
                self._held -= self._kept.popitem(last=False)[1].size()


_cache = Cache()


def shown(
    words: Words,
    asked: Asked,
    sensitive: NDArray[np.uint8],
    slots: Mapping[str, int],
    key: Hashable = None,
) -> Shown:
    """Return how ``asked`` and, in groups alone, the kinds of ``sensitive`` are counted.

    ``slots`` numbers the sensitive categories. What was merged counts nowhere. Without a ``key``
    (a name for these very filters) nothing is kept.
    """
    number = np.arange(1 << 16)
    status, category = number >> 1 & 15, number >> 5
    still_open = _among(status, [s for s, one in enumerate(words.statuses) if one not in ENDED])
    counted = ~_among(status, [s for s, w in enumerate(words.statuses) if w in NOWHERE_SHOWN])
    grouped = sensitive.astype(bool) & counted
    single = asked.kinds.astype(bool) & counted & ~grouped
    worth = np.where(grouped, SENSITIVE, single * (1 + (still_open << OPEN))).astype(np.int32)
    names = np.zeros(1 << 11, np.uint8)
    for place, name in enumerate(words.categories):
        names[place] = slots.get(name, 0)
    every_day = asked.first_day <= 0 and asked.last_day >= LAST_DAY
    question = Question(
        worth,
        (names[category] + still_open * SLOT_OPEN).astype(np.uint8),
        len(slots),
        np.array([] if every_day else [asked.first_day, asked.last_day], np.uint16),
        _EVERY if asked.agencies is None else asked.agencies,
        _EVERY if asked.wards is None else asked.wards,
    )
    return Shown(question, key)


def _among(number: NDArray[np.int64], some: list[int]) -> NDArray[np.bool_]:
    return np.isin(number, some)


def count_tile(columns: Columns, place: Tile, asked: Shown, cache: Cache = _cache) -> Counts:
    """Return a tile's counts, shape (2, CELLS): in all, and open ones.

    Cells are in the curve's order. What is sensitive counts in the middle of its coarse cell, where
    at least SMALLEST_SENSITIVE of one category are, changes among them.
    """
    fine = np.zeros((2, CELLS), np.int32)
    grid = Grid(place.cells()[0], 2 * (LEVEL - place.z - FINE_LEVELS), _COARSE_SHIFT, fine)
    base = _of_image(columns.base, place, asked, cache)
    fine[:, base.cell] = base.counts
    inside = _changed_in(columns, place)
    part, weight = _part(columns.delta, inside), columns.weight[inside]
    changed = count_changes(part, weight, asked.question, grid) if len(weight) else _NO_GROUPS
    keys, groups = _with(base, changed)
    _show(keys, groups, grid)
    return fine


def single(columns: Columns, place: Tile, asked: Shown) -> Entries:
    """Return those of a tile's incidents that count one by one, by rising id."""
    changed = _changed_in(columns, place)
    lately = Rows.of(columns.delta.entries(changed))
    named, stands = standing(lately, columns.weight[changed])
    base = _chosen(columns.base, _slice(columns.base, place), asked.question)
    base = base[~np.isin(base["id"], named)] if len(named) else base
    now = Rows.of({name: stands[name].copy() for name in COLUMNS})
    found = np.concatenate([base, _chosen(now, slice(0, len(stands)), asked.question)])
    return found[np.argsort(found["id"])]


def _chosen(rows: Rows, some: slice, question: Question) -> Entries:
    return rows.entries(chosen(_part(rows, some), question) + some.start)


def _slice(base: Rows, place: Tile) -> slice:
    """Return which rows of the image lie in a tile."""
    first, last = place.cells()
    begin, end = np.searchsorted(base.code, [first, last + 1]).tolist()
    return slice(begin, end)


def count_by(
    columns: Columns, by: Literal["ward", "day"], asked: Shown, cache: Cache = _cache
) -> NDArray[np.int64]:
    """Return how many incidents each ward or day has, by its number (65,536).

    Of those that count one by one; what is sensitive is in no ward and on no day.
    """
    key = (by, asked.key)
    known = cache.get(columns.base.code, key) if asked.key is not None else None
    if known is None:
        known = _tallied(columns.base, by, asked.question)
        if asked.key is not None:
            cache.put(columns.base.code, key, known)
    counts = np.zeros(1 << 16, np.int64)
    counts[known.cell] = known.counts[0]
    for sign in (1, -1):
        [some] = np.nonzero(columns.weight == sign)
        part, more = _part(columns.delta, some), np.zeros(1 << 16, np.int64)
        tally(part, asked.question, getattr(part, by), more)
        counts += sign * more
    return counts


def _tallied(base: Rows, by: Literal["ward", "day"], question: Question) -> _Kept:
    part, counts = _part(base, slice(None)), np.zeros(1 << 16, np.int64)
    tally(part, question, getattr(part, by), counts)
    number = np.flatnonzero(counts).astype(np.int32)
    return _Kept(number, counts[number].astype(np.int32)[None], *_NO_KEPT_GROUPS)


def _of_image(base: Rows, place: Tile, asked: Shown, cache: Cache) -> _Kept:
    key = (place, asked.key)
    known = cache.get(base.code, key) if asked.key is not None else None
    if known is None:
        known = _counted(base, place, asked.question)
        if asked.key is not None:
            cache.put(base.code, key, known)
    return known


def _counted(base: Rows, place: Tile, question: Question) -> _Kept:
    inside = _slice(base, place)
    fine = np.zeros((2, CELLS), np.int32)
    grid = Grid(place.cells()[0], 2 * (LEVEL - place.z - FINE_LEVELS), _COARSE_SHIFT, fine)
    some = inside.stop > inside.start
    groups = count(_part(base, inside), question, grid) if some else _NO_GROUPS
    cell = np.flatnonzero(fine[0]).astype(np.int32)
    return _Kept(cell, fine[:, cell], _keys(groups), groups[:, 2:].astype(np.int32))


def _part(rows: Rows, some: slice | NDArray[np.intp]) -> Part:
    part = Part(
        rows.code[some], rows.kind[some], rows.day[some], rows.agency[some], rows.ward[some]
    )
    for column in part:
        # As a mapped image's are: else kernels are compiled for both kinds.
        column.setflags(write=False)
    return part


def _changed_in(columns: Columns, place: Tile) -> NDArray[np.intp]:
    """Return where the changes in a tile are in the delta."""
    first, last = place.cells()
    code = columns.delta.code
    [inside] = np.nonzero((code >= first) & (code <= last))
    return inside


def _keys(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """One number a group; those of the image rise."""
    return groups[:, 0] << SLOT_BITS | groups[:, 1]


def _with(base: _Kept, changed: NDArray[np.int64]) -> tuple[NDArray[np.int64], Counts]:
    """Return the image's groups with what changed in them, and those that are new."""
    if not len(changed):
        return base.keys, base.groups
    keys, which = np.unique(_keys(changed), return_inverse=True)
    more = np.zeros((len(keys), 2), np.int32)
    np.add.at(more, which, changed[:, 2:].astype(np.int32))
    place = np.searchsorted(base.keys, keys)
    known = place < len(base.keys)
    known[known] = base.keys[place[known]] == keys[known]
    groups = base.groups.copy()
    groups[place[known]] += more[known]
    return np.concatenate([base.keys, keys[~known]]), np.concatenate([groups, more[~known]])


def _show(keys: NDArray[np.int64], groups: Counts, grid: Grid) -> None:
    """Add the groups that are large enough, each in the middle of its coarse cell."""
    enough = groups[:, 0] >= SMALLEST_SENSITIVE
    middle = (keys[enough] >> SLOT_BITS << _COARSE_SHIFT) + (3 << (_COARSE_SHIFT - 2))
    cell = (middle - grid.first) >> grid.fine_shift
    for row in (0, 1):
        np.add.at(grid.fine[row], cell, groups[enough, row])
