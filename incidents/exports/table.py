"""A table on its way out: what its columns are, and its rows in batches. Pure."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

Row = tuple[Any, ...]
"""A value for each field, None for none, and last the geometry as WKB, None for none."""

POINT: Final = "Point"
SRID: Final = 4326
"""Everything leaves in WGS 84, longitude first: GeoJSON knows nothing else."""
BATCH: Final = 2_000
"""Rows that are in memory at once."""
DIGITS: Final = 6
"""Of a degree: a tenth of a metre."""

_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What XML, and so a workbook, cannot hold; NUL would end a text of a shapefile."""
_POINT: Final = struct.Struct("<BIdd")


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    WHOLE = "whole"
    REAL = "real"
    TRUTH = "truth"
    MOMENT = "moment"
    """A datetime with its time zone, to the second."""
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Field:
    """A column. ``short`` is its name where ten characters are all there is."""

    name: str
    kind: Kind
    short: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """``batches`` can be gone through once; ``shape`` is the geometries' type, as OGC names it."""

    name: str
    fields: tuple[Field, ...]
    batches: Iterable[Sequence[Row]]
    shape: str = POINT


def clean(text: str) -> str:
    """Return a text without the characters that some format cannot hold."""
    return _UNWRITABLE.sub("", text)


def point(lon: float, lat: float) -> bytes:
    """Return a position in degrees as WKB, rounded as all formats show it."""
    return _POINT.pack(1, 1, round(lon, DIGITS), round(lat, DIGITS))


def lonlat(wkb: bytes) -> tuple[float, float]:
    """Return the degrees that ``point`` wrote."""
    _order, _type, lon, lat = _POINT.unpack(wkb)
    return lon, lat


def short_names(fields: Sequence[Field], longest: int = 10) -> dict[str, str]:
    """Return by name what a shapefile calls each field: its short name, else its beginning."""
    found: dict[str, str] = {}
    for field in fields:
        wanted = (field.short or field.name).encode("ascii", "ignore").decode()[:longest] or "field"
        name, number = wanted, 1
        while name.lower() in {one.lower() for one in found.values()}:
            number += 1
            name = f"{wanted[: longest - len(str(number))]}{number}"
        found[field.name] = name
    return found
