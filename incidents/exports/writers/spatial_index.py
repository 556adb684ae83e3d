"""SQLite's R-tree filled at once: full nodes of neighbours, written beside each other.

One row at a time takes ten times as long. What a node holds is told at
https://sqlite.org/rtree.html, "Contents of the shadow tables": two bytes of depth, in the root
alone, two bytes of how many entries, then an id of 8 bytes and four coordinates of 4 for each.
"""

from __future__ import annotations

import sqlite3
import struct
from itertools import count
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

ENTRY: Final = np.dtype([("id", np.int64), ("box", np.float32, (4,))])
"""A box as SQLite orders it: west, east, south, north."""
WRITTEN: Final = np.dtype([("id", ">i8"), ("box", ">f4", (4,))])
TOGETHER: Final = 50_000
"""Boxes that are sorted at once; parts of a larger file lie over each other in the tree."""
BITS: Final = 16
_HEAD: Final = struct.Struct(">HH")
_ROOT: Final = 1


class SpatialIndex:
    """Takes boxes as they come, ids ascending, and fills the R-tree ``name``, which is empty."""

    def __init__(self, file: sqlite3.Connection, name: str) -> None:
        self._file, self._name = file, name
        [[self._size]] = file.execute(f"SELECT length(data) FROM {self._table('node')}")  # noqa: S608  a name of ours
        self._fits = (self._size - _HEAD.size) // ENTRY.itemsize
        self._kept: list[NDArray[Any]] = []
        self._leaves: list[NDArray[Any]] = []
        self._numbers = count(_ROOT + 1)

    def add(self, ids: NDArray[np.int64], boxes: NDArray[np.float64]) -> None:
        """Take boxes of shape (n, 4): west, east, south, north; none is empty."""
        entries = np.empty(len(ids), ENTRY)
        entries["id"] = ids
        entries["box"] = _outwards(boxes)
        self._kept.append(entries)
        if sum(map(len, self._kept)) >= TOGETHER:
            self._write_leaves()

    def close(self) -> None:
        """Write what is left and the levels above, up to the root."""
        self._write_leaves()
        level, depth = _joined(self._leaves), 1
        while len(level) > self._fits:
            level, depth = self._nodes(level, "parent"), depth + 1
        if len(level):
            self._put(_ROOT, level, depth)
            self._point("parent", level["id"], np.full(len(level), _ROOT))

    def _write_leaves(self) -> None:
        entries = _joined(self._kept)
        self._kept.clear()
        if len(entries):
            self._leaves.append(self._nodes(entries[np.argsort(_along_curve(entries))], "rowid"))

    def _nodes(self, entries: NDArray[Any], pointers: str) -> NDArray[Any]:
        """Write entries as full nodes, in their order; return an entry for each of these."""
        firsts = np.arange(0, len(entries), self._fits)
        above = np.empty(len(firsts), ENTRY)
        above["id"] = [next(self._numbers) for _ in firsts]
        above["box"][:, ::2] = np.minimum.reduceat(entries["box"][:, ::2], firsts)
        above["box"][:, 1::2] = np.maximum.reduceat(entries["box"][:, 1::2], firsts)
        for number, first in zip(above["id"].tolist(), firsts.tolist(), strict=True):
            self._put(number, entries[first : first + self._fits])
        self._point(pointers, entries["id"], np.repeat(above["id"], self._fits)[: len(entries)])
        return above

    def _put(self, number: int, entries: NDArray[Any], depth: int = 0) -> None:
        packed = _HEAD.pack(depth, len(entries)) + entries.astype(WRITTEN).tobytes()
        sentence = f"INSERT OR REPLACE INTO {self._table('node')} VALUES (?, ?)"  # noqa: S608
        self._file.execute(sentence, (number, packed.ljust(self._size, b"\0")))

    def _point(self, table: str, ids: NDArray[Any], nodes: NDArray[Any]) -> None:
        """Write in which node each id is, ascending: so a table is written from its end on."""
        order = np.argsort(ids)
        rows = zip(ids[order].tolist(), nodes[order].tolist(), strict=True)
        self._file.executemany(f"INSERT INTO {self._table(table)} VALUES (?, ?)", rows)  # noqa: S608

    def _table(self, which: str) -> str:
        return '"{}"'.format(f"{self._name}_{which}".replace('"', '""'))


def _joined(parts: list[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, ENTRY)


def _outwards(boxes: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return boxes in single precision that hold the ones given."""
    found = boxes.astype(np.float32)
    low, high = found[:, ::2], found[:, 1::2]
    low[low > boxes[:, ::2]] = np.nextafter(low, np.float32(-np.inf))[low > boxes[:, ::2]]
    high[high < boxes[:, 1::2]] = np.nextafter(high, np.float32(np.inf))[high < boxes[:, 1::2]]
    return found


def _along_curve(entries: NDArray[Any]) -> NDArray[np.uint32]:
    """Return where boxes lie along a curve that keeps neighbours together (Morton 1966)."""
    middles = entries["box"].astype(np.float64).reshape(-1, 2, 2).mean(axis=2)
    low = middles.min(axis=0)
    wide = np.maximum(middles.max(axis=0) - low, 1e-9)
    places = ((middles - low) / wide * ((1 << BITS) - 1)).astype(np.uint32)
    return _spread(places[:, 0]) | _spread(places[:, 1]) << np.uint32(1)


def _spread(values: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return 16 bits with a gap after each."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        values = (values | (values << np.uint32(shift))) & np.uint32(mask)
    return values
