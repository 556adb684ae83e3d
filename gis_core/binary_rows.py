"""Arrays <-> rows of ``COPY … (FORMAT binary)``, without a Python object a row.

Source of the format: PostgreSQL's documentation of COPY, "Binary Format": big-endian, each field
after its length.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

HEAD: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END: Final = b"\xff\xff"
_HEADS: Final = len(HEAD)
AT_A_TIME: Final = 50_000
EPOCH_S: Final = 946_684_800
"""Unix time of 2000-01-01, from which PostgreSQL counts its microseconds."""
NEVER_US: Final = np.iinfo(np.int64).min
"""How PostgreSQL writes the timestamp -infinity."""


def moments(seconds: NDArray[np.int64], never: np.int64) -> NDArray[np.int64]:
    """Return Unix times as fields of type ``timestamptz``; ``never`` becomes -infinity."""
    told: NDArray[np.int64] = (seconds - EPOCH_S) * 1_000_000
    return np.where(seconds == never, NEVER_US, told)


def files(columns: Sequence[NDArray[Any]]) -> Iterator[IO[bytes]]:
    """Yield files of rows, some tens of thousands each, of columns of one length.

    A column is of integers, floats or bytes (``S``), as wide as the table's; nothing is null, and
    bytes fill their width.
    """
    for begin in range(0, len(columns[0]), AT_A_TIME):
        part = [column[begin : begin + AT_A_TIME] for column in columns]
        yield io.BytesIO(HEAD + _rows(part).tobytes() + END)


def _rows(columns: Sequence[NDArray[Any]]) -> NDArray[np.void]:
    rows = np.empty(len(columns[0]), list(_layout(columns)))
    rows["fields"] = len(columns)
    for number, column in enumerate(columns):
        rows[f"length {number}"] = column.dtype.itemsize
        rows[f"field {number}"] = column
    return rows


def _layout(columns: Iterable[NDArray[Any]]) -> Iterator[tuple[str, Any]]:
    yield "fields", ">i2"
    for number, column in enumerate(columns):
        yield f"length {number}", ">i4"
        yield f"field {number}", column.dtype.newbyteorder(">")


class Reader:
    """A file that ``COPY … TO STDOUT`` may write to; hands on rows as arrays, many at a time.

    ``fields`` are the names and types of the statement's columns in order: numbers and booleans,
    nothing null. ``hand_on`` gets structured arrays with these names, of this machine's byte order.
    """

    def __init__(
        self, fields: Mapping[str, str], hand_on: Callable[[NDArray[np.void]], object]
    ) -> None:
        self._fields = np.dtype(list(fields.items()))
        written = [np.empty(0, np.dtype(kind)) for kind in fields.values()]
        self._row = np.dtype(list(_layout(written)))
        self._names = list(fields)
        self._hand_on = hand_on
        self._held = bytearray()
        self._began = False

    def write(self, part: bytes) -> int:
        """Take what the server sent; a row need not be whole."""
        self._held += part
        if len(self._held) >= AT_A_TIME * self._row.itemsize + _HEADS:
            self._pass()
        return len(part)

    def end(self) -> None:
        """Hand on what is left. Raises ValueError where the end is missing."""
        self._pass()
        if self._held != END:
            msg = "the rows were cut off, or are not of these fields"
            raise ValueError(msg)

    def _pass(self) -> None:
        if not self._began:
            del self._held[:_HEADS]
            self._began = True
        many = len(self._held) // self._row.itemsize
        if not many:
            return
        size = many * self._row.itemsize
        rows = np.frombuffer(bytes(memoryview(self._held)[:size]), self._row)
        del self._held[:size]
        self._hand_on(self._plain(rows))

    def _plain(self, rows: NDArray[np.void]) -> NDArray[np.void]:
        plain = np.empty(len(rows), self._fields)
        for number, name in enumerate(self._names):
            size = self._fields[name].itemsize
            if (rows["fields"] != len(self._names)).any() or (
                rows[f"length {number}"] != size
            ).any():
                msg = f"{name} is null somewhere, or not of {size} bytes"
                raise ValueError(msg)
            plain[name] = rows[f"field {number}"]
        return plain
