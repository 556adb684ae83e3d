"""Layers of points with whole numbers and words, written as Mapbox vector tiles. Pure.

After the Mapbox Vector Tile Specification 2.1 (protocol buffers): a tile is a row of layers; a
point is a move from the tile's north-west corner, in steps of 1/4096 of its side, x eastwards and y
southwards; properties are pairs of numbers into the layer's lists of keys and values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis_core.orientation import compiled

EXTENT: Final = 4096
MOST_COLUMNS: Final = 8

Longs = NDArray[np.int64]
Bytes = NDArray[np.uint8]


class Named(NamedTuple):
    """A word for each point: its place in ``words``."""

    which: Longs
    words: Sequence[str]


# Each field of a message begins with its number and its kind: 0 a number, 2 something of a length.
_LAYER, _NAME, _FEATURE, _KEY, _VALUE = 0x1A, 0x0A, 0x12, 0x1A, 0x22
_EXTENT, _VERSION, _UNSIGNED, _STRING = 0x28, 0x78, 0x28, 0x0A
_TAGS, _KIND, _GEOMETRY = 0x12, 0x18, 0x22
_POINT, _ONE_MOVE = 1, 9
_LARGEST_FEATURE = 2 + 2 + 6 * MOST_COLUMNS + 2 + 2 + 1 + 10
_LONGEST = 10
"""Bytes of a number at most."""


def layer(name: str, x: Longs, y: Longs, columns: Mapping[str, Longs | Named]) -> bytes:
    """Return a layer of points at ``x``, ``y`` (tile coordinates); empty where there are none.

    Each of ``columns`` (at most ``MOST_COLUMNS``) has a number that is not negative, or a word, for
    each point. Layers put one after the other are a tile.
    """
    if not len(x):
        return b""
    values, tags, shift = b"", np.empty((len(x), len(columns)), np.int64), 0
    for place, column in enumerate(columns.values()):
        different, which = _different(column)
        tags[:, place] = which + shift
        values += (
            _texts(column.words, different) if isinstance(column, Named) else _numbers(different)
        )
        shift += len(different)
    out = np.empty(len(x) * _LARGEST_FEATURE, np.uint8)
    features = out[: _write_features(x, y, tags, out)].tobytes()
    keys = b"".join(_field(_KEY, key.encode()) for key in columns)
    head = _field(_NAME, name.encode())
    tail = bytes([_EXTENT]) + _varint(EXTENT) + bytes([_VERSION, 2])
    return _field(_LAYER, head + features + keys + values + tail)


def _different(column: Longs | Named) -> tuple[Longs, Longs]:
    numbers = column.which if isinstance(column, Named) else column
    different, which = np.unique(numbers, return_inverse=True)
    return different, which


def _numbers(values: Longs) -> bytes:
    out = np.empty(len(values) * (3 + _LONGEST), np.uint8)
    return out[: _write_numbers(values, out)].tobytes()


def _texts(words: Sequence[str], some: Longs) -> bytes:
    encoded = [words[place].encode() for place in some.tolist()]
    letters = np.frombuffer(b"".join(encoded), np.uint8)
    lengths = np.array([len(word) for word in encoded], np.int64)
    out = np.empty(len(letters) + len(encoded) * 2 * (1 + _LONGEST), np.uint8)
    return out[: _write_texts(letters, lengths, out)].tobytes()


def _field(tag: int, body: bytes) -> bytes:
    return bytes([tag]) + _varint(len(body)) + body


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the top bit says that more follow."""
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)


@compiled
def _write_features(x: Longs, y: Longs, tags: Longs, out: Bytes) -> int:
    """Write a feature a point; return how many bytes. Lengths below 128 are one byte."""
    at = 0
    for point in range(len(x)):
        begin = at + 2
        at = begin + 2
        for column in range(tags.shape[1]):
            at = _put(out, at, column)
            at = _put(out, at, tags[point, column])
        out[begin], out[begin + 1] = _TAGS, at - begin - 2
        out[at], out[at + 1], out[at + 2] = _KIND, _POINT, _GEOMETRY
        geometry = at + 3
        out[geometry + 1] = _ONE_MOVE
        at = _put(out, geometry + 2, _folded(x[point]))
        at = _put(out, at, _folded(y[point]))
        out[geometry] = at - geometry - 1
        out[begin - 2], out[begin - 1] = _FEATURE, at - begin
    return at


@compiled
def _write_numbers(values: Longs, out: Bytes) -> int:
    """Write a value a number; return how many bytes."""
    at = 0
    for value in values:
        out[at], out[at + 2] = _VALUE, _UNSIGNED
        begin = at + 2
        at = _put(out, at + 3, value)
        out[begin - 1] = at - begin
    return at


@compiled
def _write_texts(letters: Bytes, lengths: Longs, out: Bytes) -> int:
    """Write a value a word, whose letters follow each other; return how many bytes."""
    at, read, head = 0, 0, np.empty(_LONGEST, np.uint8)
    for length in lengths:
        out[at] = _VALUE
        at = _put(out, at + 1, 1 + _put(head, 0, length) + length)
        out[at] = _STRING
        at = _put(out, at + 1, length)
        out[at : at + length] = letters[read : read + length]
        at += length
        read += length
    return at


@compiled
def _put(out: Bytes, at: int, value: int) -> int:
    while value > 127:
        out[at] = value & 127 | 128
        value >>= 7
        at += 1
    out[at] = value
    return at + 1


@compiled
def _folded(value: int) -> int:
    """Return 0, -1, 1, -2 as 0, 1, 2, 3, and so on: no number is negative."""
    return (value << 1) ^ (value >> 63)
