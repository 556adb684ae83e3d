"""How values are said where all is text. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import shapely

from incidents.exports.table import DIGITS, Field, Kind

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins so is reckoned by spreadsheets, some of them by the wide signs too."""

NOT_WHOLE: Final = (
    "### TỆP NÀY KHÔNG ĐẦY ĐỦ: đang xuất thì bị ngắt, hãy tải lại. "
    "THIS FILE IS NOT WHOLE: the export broke off, take it again. ###"
)
"""No number, no JSON: whoever reads a file with it in meets an error, or these words."""


def moment(value: datetime) -> str:
    """Return ``2026-11-23T14:05:00+07:00``: the city's time, and how far it is from UTC."""
    return value.isoformat(timespec="seconds")


def day(value: date) -> str:
    """Return ``2026-11-23``."""
    return value.isoformat()


def no_formula(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


SAID: Final[Mapping[Kind, Callable[[Any], Any]]] = {Kind.MOMENT: moment, Kind.DAY: day}


def wkt(wkb: bytes | None) -> str:
    """Return a geometry as words, where a cell has to hold it."""
    return shapely.to_wkt(shapely.from_wkb(wkb), rounding_precision=DIGITS) if wkb else ""


def sayers(
    fields: Sequence[Field], said: Mapping[Kind, Callable[[Any], Any]]
) -> list[tuple[int, Callable[[Any], Any]]]:
    """Return for each column whose values are changed its place and how."""
    return [(place, said[one.kind]) for place, one in enumerate(fields) if one.kind in said]
