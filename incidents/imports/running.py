"""A file of reports -> rows of ours, batch by batch; a second run goes on where a first ended.

    read a batch  ->  skip what is stored  ->  place, route, explain  ->  store
    rejects           rejects                  rejects                    commit

Batches are counted from the file's first row, so that a run after a kill meets the same ones, and
ends with the same tables and the same file of rejects as a run that nobody disturbed.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError

from districts import rulebook
from districts.fetching import Progress, silent
from gis_core.errors import DomainError
from incidents import pipeline, services
from incidents.imports.errors import NoReportFile, OtherContent, UnknownCode
from incidents.imports.files import Batch, RawRow, Rejects, batches
from incidents.imports.mapping import Mapping
from incidents.imports.rows import Case, RowReader, reader
from incidents.services import Opening

TRIES = 3
"""How often a batch is stored anew when another run stored one of its keys in between."""


@dataclass(slots=True)
class Outcome:
    """How many rows were stored, were there already, were rejected."""

    stored: int = 0
    present: int = 0
    rejected: int = 0

    @property
    def rows(self) -> int:
        """How many rows were read."""
        return self.stored + self.present + self.rejected


@dataclass(frozen=True, slots=True)
class _Sorted:
    """A batch, sorted: what can be stored, what is there, what is wrong and why."""

    openings: dict[str, Opening] = field(default_factory=dict)
    present: list[Case] = field(default_factory=list)
    faults: list[tuple[int, DomainError]] = field(default_factory=list)


def import_file(
    source: Path, mapping: Mapping, rejects: Path, now: datetime, tell: Progress = silent
) -> Outcome:
    """Import every row of a CSV file; bad rows are written to ``rejects`` with line and reason.

    Raises NoReportFile, NoReportColumn and UnknownCode before the first row is stored.
    """
    _check_codes(mapping)
    read, outcome = reader(mapping, now), Outcome()
    try:
        with batches(source, mapping) as file, Rejects.opened(rejects, file.header) as refused:
            for batch in file:
                _import(batch, read, refused, outcome)
                tell(batch.read_kb, batch.total_kb, f"kB, {outcome.rows:,} rows")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NoReportFile(file=source.name, reason=error) from error
    return outcome


def _check_codes(mapping: Mapping) -> None:
    """Raise UnknownCode for what the catalogue does not have."""
    book = rulebook.current()
    unknown = sorted(
        (set(mapping.categories.values()) - set(book.categories))
        | (set(mapping.agencies.values()) - set(book.agencies))
    )
    if unknown:
        raise UnknownCode(codes=", ".join(unknown))


def _import(batch: Batch, read: RowReader, refused: Rejects, outcome: Outcome) -> None:
    cases, faults = _understood(batch.rows, read)
    found = _store(cases, read.mapping.channel)
    wrong = sorted([*faults, *found.faults], key=lambda one: one[0])
    refused.write(batch.rows, wrong)
    outcome.stored += len(found.openings)
    outcome.present += len(found.present)
    outcome.rejected += len(wrong)


def _store(cases: Sequence[Case], channel: str) -> _Sorted:
    """Store what is new of a batch, all of it or none."""
    for left in reversed(range(TRIES)):
        found = _sort(cases, channel)
        try:
            if found.openings:
                services.import_batch(list(found.openings.values()))
        except IntegrityError:
            if not left:
                raise
        else:
            return found
    raise AssertionError


def _understood(
    rows: Sequence[RawRow], read: RowReader
) -> tuple[list[Case], list[tuple[int, DomainError]]]:
    cases: list[Case] = []
    faults: list[tuple[int, DomainError]] = []
    for row in rows:
        try:
            cases.append(read.case(row.line, row.cells))
        except DomainError as fault:
            faults.append((row.line, fault))
    return cases, faults


def _sort(cases: Sequence[Case], channel: str) -> _Sorted:
    """Look up what is stored, decide the rest as one report would be decided."""
    keys = [case.statement.key for case in cases]
    stored = services.earlier(channel, keys)
    result = _Sorted()
    fresh: list[Case] = []
    for case in cases:
        same = stored.get(case.statement.key)
        if same is None:
            fresh.append(case)
        else:
            _settle(case, result, same=services.fingerprint_of(case.statement) == same)
    for case, seen in zip(fresh, pipeline.foresee([one.statement for one in fresh]), strict=True):
        if isinstance(seen, DomainError):
            result.faults.append((case.line, seen))
        else:
            _take(case, seen, result)
    return result


def _take(case: Case, seen: pipeline.Foreseen, result: _Sorted) -> None:
    """Keep the first row of an external id; the same words again are no fault."""
    first = result.openings.get(case.statement.key)
    if first is None:
        result.openings[case.statement.key] = Opening(
            case.statement, seen.placement, seen.decision, seen.explanation, case.past
        )
    else:
        was, now = (services.fingerprint_of(one) for one in (first.statement, case.statement))
        _settle(case, result, same=was == now)


def _settle(case: Case, result: _Sorted, *, same: bool) -> None:
    if same:
        result.present.append(case)
    else:
        result.faults.append((case.line, OtherContent()))
