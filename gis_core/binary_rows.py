"""Arrays -> rows of ``COPY … FROM STDIN (FORMAT binary)``, without a Python object a row.

Source of the format: PostgreSQL's documentation of COPY, "Binary Format": big-endian, each field
after its length.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

HEAD: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END: Final = b"\xff\xff"
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
