"""The files of an import: rows in batches, with the line each begins on; rejects with reasons."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from gis_core.errors import DomainError
from incidents.imports.errors import NoReportColumn
from incidents.imports.mapping import Mapping

BATCH = 1000
"""Rows stored in one transaction: short, for followers of events wait for the oldest writer."""
ADDED = ("line", "code", "reason")
SEPARATORS = (",", ";", "\t")
"""What may stand between cells; the header says which: the one that it holds most of."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it stands in the file."""

    line: int
    """The line it begins on; the header is line 1."""
    values: list[str]
    cells: dict[str, str]
    """By our names, trimmed; "" for what a short row lacks."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows, and how much of the file is read."""

    rows: list[RawRow]
    read_kb: int
    total_kb: int


@dataclass(frozen=True, slots=True)
class Batches:
    """A file that is open, past its header."""

    header: list[str]
    columns: dict[str, int]
    lines: Any
    file: BinaryIO
    total_kb: int

    def __iter__(self) -> Iterator[Batch]:
        rows: list[RawRow] = []
        line = self.lines.line_num + 1
        for values in self.lines:
            if values:
                rows.append(RawRow(line, values, self._cells(values)))
            line = self.lines.line_num + 1
            if len(rows) == BATCH:
                yield self._batch(rows)
                rows = []
        if rows:
            yield self._batch(rows)

    def _cells(self, values: Sequence[str]) -> dict[str, str]:
        return {
            name: values[place].strip() if place < len(values) else ""
            for name, place in self.columns.items()
        }

    def _batch(self, rows: list[RawRow]) -> Batch:
        return Batch(rows, min(self.file.tell() // 1000, self.total_kb), self.total_kb)


@contextmanager
def batches(source: Path, mapping: Mapping) -> Iterator[Batches]:
    """Open a file and yield its batches. Raises OSError, UnicodeDecodeError, NoReportColumn."""
    with source.open("rb") as file, TextIOWrapper(file, "utf-8-sig", newline="") as text:
        first = text.readline()
        text.seek(0)
        lines = csv.reader(text, delimiter=max(SEPARATORS, key=first.count))
        header = next(lines, [])
        if missing := sorted(set(mapping.columns.values()) - set(header)):
            raise NoReportColumn(
                file=source.name,
                missing=", ".join(missing),
                columns=", ".join(header) or "-",
            )
        columns = {name: header.index(called) for name, called in mapping.columns.items()}
        yield Batches(header, columns, lines, file, max(source.stat().st_size // 1000, 1))


class _Writer(Protocol):
    def writerow(self, row: Sequence[object], /) -> Any: ...  # noqa: ANN401  as csv has it


@dataclass(frozen=True, slots=True)
class Rejects:
    """The file of rows that were not taken: what was wrong, then the row as it was."""

    writer: _Writer

    @staticmethod
    @contextmanager
    def opened(path: Path, header: Sequence[str]) -> Iterator[Rejects]:
        """Begin the file anew: every run finds all of its rejects again."""
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*ADDED, *header])
            yield Rejects(writer)

    def write(self, rows: Sequence[RawRow], faults: Sequence[tuple[int, DomainError]]) -> None:
        """Write the rows that begin on the named lines, each with its fault."""
        of = {row.line: row.values for row in rows}
        for line, fault in faults:
            self.writer.writerow([line, fault.code, str(fault), *of[line]])
