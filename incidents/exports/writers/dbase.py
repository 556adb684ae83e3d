"""The table beside a shapefile's shapes: dBASE III, texts in UTF-8, columns as wide as needed.

Widths stand before the first row, so that rows are laid aside on the disk until all were seen.
"""

from __future__ import annotations

import marshal
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from incidents.exports.table import Field, Kind, Row

LONGEST: Final = 254
"""Bytes of a text."""
REAL_DIGITS: Final = 15
_LARGE: Final = 1e8
_HEADER: Final = struct.Struct("<4BIHH20x")
_COLUMN: Final = struct.Struct("<11sc4xBB14x")
LETTERS: Final[Mapping[Kind, bytes]] = {
    Kind.TEXT: b"C",
    Kind.WHOLE: b"N",
    Kind.REAL: b"N",
    Kind.TRUTH: b"N",
    Kind.MOMENT: b"D",
    Kind.DAY: b"D",
}
DAY_WIDE: Final = 8

Say = Callable[[Any], bytes]


class Rows:
    """Takes rows as they come, in the file ``aside``; then gives the whole table, in pieces."""

    def __init__(self, fields: Sequence[Field], names: Mapping[str, str], aside: IO[bytes]) -> None:
        self._fields, self._names, self._aside = fields, names, aside
        zone = timezone.get_default_timezone()
        self._say = [_sayer(one.kind, zone) for one in fields]
        self._wide = [DAY_WIDE if LETTERS[one.kind] == b"D" else 1 for one in fields]
        self._many = 0

    def add(self, rows: Sequence[Row]) -> None:
        """Lay a batch aside."""
        columns = [
            [b"" if value is None else say(value) for value in values]
            for say, values in zip(self._say, zip(*rows, strict=True), strict=False)
        ]
        self._wide = [
            max(wide, *map(len, one)) for wide, one in zip(self._wide, columns, strict=True)
        ]
        self._many += len(rows)
        marshal.dump(columns, self._aside)

    def pieces(self) -> Iterator[bytes]:
        """Yield the .dbf."""
        yield self._head()
        numbers = {at for at, one in enumerate(self._fields) if LETTERS[one.kind] == b"N"}
        signs = ("" if at in numbers else "-" for at in range(len(self._wide)))
        shown = (f"%{sign}{wide}s" for sign, wide in zip(signs, self._wide, strict=True))
        line = b" " + "".join(shown).encode()
        self._aside.seek(0)
        left = self._many
        while left:
            columns = marshal.load(self._aside)  # noqa: S302  written above, by this process
            yield b"".join([line % row for row in zip(*columns, strict=True)])
            left -= len(columns[0])
        yield b"\x1a"

    def _head(self) -> bytes:
        today = timezone.localdate()
        columns = b"".join(
            _COLUMN.pack(
                self._names[one.name].encode(), LETTERS[one.kind], wide,
                REAL_DIGITS * (one.kind is Kind.REAL),
            )
            for one, wide in zip(self._fields, self._wide, strict=True)
        )  # fmt: skip
        length = _HEADER.size + len(columns) + 1
        head = _HEADER.pack(
            3, today.year - 1900, today.month, today.day, self._many, length, 1 + sum(self._wide)
        )
        return head + columns + b"\r"


def cut(text: str) -> bytes:
    """Return a text as far as it fits, never half a letter."""
    whole = text.encode()
    return whole if len(whole) <= LONGEST else whole[:LONGEST].decode(errors="ignore").encode()


def _sayer(kind: Kind, zone: ZoneInfo) -> Say:
    def moment(value: datetime) -> bytes:
        return _day(value.astimezone(zone))

    said: Mapping[Kind, Say] = {
        Kind.TEXT: cut,
        Kind.WHOLE: lambda value: b"%d" % value,
        Kind.REAL: _real,
        Kind.TRUTH: lambda value: b"1" if value else b"0",
        Kind.MOMENT: moment,
        Kind.DAY: _day,
    }
    return said[kind]


def _day(value: date) -> bytes:
    return b"%04d%02d%02d" % (value.year, value.month, value.day)


def _real(value: float) -> bytes:
    """Return 15 decimals, or for large numbers 15 digits: 24 characters at most."""
    return (b"%.15f" if abs(value) < _LARGE else b"%.15g") % value
