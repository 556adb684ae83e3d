"""A report before it is written anywhere: the three forms of it hold the same numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import formats, timezone

from map_ui import figure_words

Value = str | int | float | datetime | None


class Kind(StrEnum):
    """What a column holds, and so how it is written."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    """Of one."""
    DAYS = "days"
    STARS = "stars"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it holds, and its share of the width."""

    name: str
    kind: Kind
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as a reader sees it."""

    value: Value
    kind: Kind
    link: str = ""

    @property
    def said(self) -> str:
        """The value in the reader's language; a dash for none."""
        value, kind = self.value, self.kind
        if value is None:
            return "–"
        if isinstance(value, datetime):
            return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
        if isinstance(value, str):
            return value
        if kind is Kind.COUNT:
            return figure_words.whole(int(value))
        if kind is Kind.SHARE:
            return figure_words.percent(value)
        return figure_words.decimal(value, 2 if kind is Kind.STARS else 1)


@dataclass(frozen=True, slots=True)
class Table:
    """A table. ``links`` holds an address for each row's first cell, "" for none."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    links: tuple[str, ...] = ()
    note: str = ""

    def cells(self) -> list[list[Cell]]:
        """Return the rows as cells."""
        links = self.links or ("",) * len(self.rows)
        return [
            [
                Cell(value, column.kind, link if not at else "")
                for at, (value, column) in enumerate(zip(row, self.columns, strict=True))
            ]
            for row, link in zip(self.rows, links, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Document:
    """A report: what it is of, and its tables."""

    title: str
    about: str
    made: str
    tables: tuple[Table, ...]
