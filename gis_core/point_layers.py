"""Layers of points with whole numbers, written as Mapbox vector tiles. Pure.

After the Mapbox Vector Tile Specification 2.1 (protocol buffers): a tile is a row of layers; a
point is a move from the tile's north-west corner, in steps of 1/4096 of its side, x eastwards and y
southwards; properties are pairs of numbers into the layer's lists of keys and values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gis_core.orientation import compiled

EXTENT: Final = 4096
MOST_COLUMNS: Final = 8

Longs = NDArray[np.int64]
Bytes = NDArray[np.uint8]

# Each field of a message begins with its number and its kind: 0 a number, 2 something of a length.
_LAYER, _NAME, _FEATURE, _KEY, _VALUE = 0x1A, 0x0A, 0x12, 0x1A, 0x22
_EXTENT, _VERSION, _UNSIGNED = 0x28, 0x78, 0x28
_TAGS, _KIND, _GEOMETRY = 0x12, 0x18, 0x22
_POINT, _ONE_MOVE = 1, 9
_LARGEST_FEATURE = 2 + 2 + 6 * MOST_COLUMNS + 2 + 2 + 1 + 10


def layer(name: str, x: Longs, y: Longs, columns: Mapping[str, Longs]) -> bytes:
    """Return a layer of points at ``x``, ``y`` (tile coordinates); empty where there are none.

    Each of ``columns`` (at most ``MOST_COLUMNS``) has a number that is not negative for each point.
    Layers put one after the other are a tile.
    """
    if not len(x):
        return b""
    words, tags, shift = [], np.empty((len(x), len(columns)), np.int64), 0
    for place, column in enumerate(columns.values()):
        values, which = np.unique(column, return_inverse=True)
        tags[:, place] = which + shift
        words += [_field(_VALUE, bytes([_UNSIGNED]) + _varint(int(value))) for value in values]
        shift += len(values)
    out = np.empty(len(x) * _LARGEST_FEATURE, np.uint8)
    features = out[: _write_features(x, y, tags, out)].tobytes()
    keys = b"".join(_field(_KEY, key.encode()) for key in columns)
    head = _field(_NAME, name.encode())
    tail = bytes([_EXTENT]) + _varint(EXTENT) + bytes([_VERSION, 2])
    return _field(_LAYER, head + features + keys + b"".join(words) + tail)


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
