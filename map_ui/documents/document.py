"""A report before it is written anywhere: the three forms of it hold the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import formats, timezone

from map_ui import figure_words
from map_ui.charts import Chart

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
    """A table. ``links`` holds the addresses of each row's cells, "" for none; or nothing at all.

    ``kinds``, where rows differ, says what each row's cells hold but for those in columns of text.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    links: tuple[tuple[str, ...], ...] = ()
    note: str = ""
    kinds: tuple[Kind, ...] = ()

    def cells(self) -> list[list[Cell]]:
        """Return the rows as cells."""
        links = self.links or ((),) * len(self.rows)
        kinds = self.kinds or (None,) * len(self.rows)
        return [
            list(self._cells(row, (*linked, *("",) * (len(row) - len(linked))), kind))
            for row, linked, kind in zip(self.rows, links, kinds, strict=True)
        ]

    def _cells(
        self, row: tuple[Value, ...], links: tuple[str, ...], kind: Kind | None
    ) -> Iterator[Cell]:
        for value, column, link in zip(row, self.columns, links, strict=True):
            own = column.kind if kind is None or column.kind is Kind.TEXT else kind
            yield Cell(value, own, "" if value is None else link)


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its words: ``periods`` below it, ``said`` for what stands at its ticks."""

    title: str
    chart: Chart
    periods: tuple[str, ...]
    said: Callable[[float], str]
    keys: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Document:
    """A report: what it is of, and its tables."""

    title: str
    about: str
    made: str
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...] = ()
    """Drawn before the tables where a file is printed; two beside each other."""
