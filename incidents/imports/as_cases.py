"""The rows of a file of reports as cases: as they are, whatever categories a city knows."""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from gis_core.errors import DomainError
from gis_core.names import folded
from gis_core.positions import LonLat
from incidents.duplicates import wording
from incidents.duplicates.likeness import Case
from incidents.imports.errors import NoReportFile, NothingRead, NotInPlane
from incidents.imports.files import RawRow, batches
from incidents.imports.mapping import DEFAULT, Mapping
from incidents.imports.rows import Cells, RowReader, reader

Tell = Callable[[int, int, str], None]
NOWHERE: Final = LonLat(0.0, 0.0)
"""What other systems write for "not known"."""


class _AsTheyAre(dict[str, str]):
    """Words of a table; one that is not listed means itself, not the default."""

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        return super().get(key) or key or default or "?"


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The reports in time order, how many rows told too little, and what most of these lack."""

    cases: list[Case]
    unread: int
    reason: DomainError | None = None


def read_cases(path: Path, mapping: Mapping, now: datetime, tell: Tell) -> ReadFile:
    """Return the reports of a CSV file. Raises NoReportColumn, NoReportFile, NothingRead.

    A row without a usable position stands where other rows with its address do. Rows without id,
    time or place are counted, not kept; of rows with one id the first is.
    """
    rows = reader(_lenient(mapping), now)
    cases: dict[str, Case] = {}
    unplaced: list[Cells] = []
    unread: Counter[str] = Counter()
    reasons: dict[str, DomainError] = {}
    try:
        for row in _rows(path, mapping, tell):
            case = _case(rows, row.cells)
            if isinstance(case, Case):
                cases.setdefault(case.id, case)
                continue
            reasons.setdefault(case.code, case)
            if row.cells.get("address"):
                unplaced.append(row.cells)
            unread[case.code] += 1
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NoReportFile(file=path.name, reason=str(error)) from error
    found = _by_address(rows, cases, unplaced)
    for case in found:
        cases.setdefault(case.id, case)
    ordered = sorted(cases.values(), key=lambda case: (case.opened, case.id))
    reason = reasons[max(unread, key=lambda code: unread[code])] if unread else None
    if not ordered:
        raise NothingRead(rows=unread.total(), file=path.name, reason=str(reason or "-"))
    return ReadFile(ordered, unread.total() - len(found), reason)


def _rows(path: Path, mapping: Mapping, tell: Tell) -> Iterator[RawRow]:
    with batches(path, mapping) as opened:
        for batch in opened:
            yield from batch.rows
            tell(batch.read_kb, batch.total_kb, "kB")


def _lenient(mapping: Mapping) -> Mapping:
    """What has a closing time is closed, whatever that is called; agencies do not matter."""
    columns = {name: called for name, called in mapping.columns.items() if name != "agency"}
    return replace(
        mapping,
        columns={**columns, "status": mapping.columns["external_id"]},
        categories=_AsTheyAre(
            {word: code for word, code in mapping.categories.items() if word != DEFAULT}
        ),
        statuses={DEFAULT: "closed"},
    )


def _case(rows: RowReader, cells: Cells) -> Case | DomainError:
    """Return what a row says; what is wrong with it where it says too little."""
    plain = {**cells, "text": "", "address": "", "status": cells["external_id"]}
    read = None
    fault: DomainError = NotInPlane(columns=_axes(rows.mapping), crs="WGS 84")
    for closed in (cells.get("closed_at", ""), ""):
        try:
            read = rows.case(0, {**plain, "closed_at": closed})
        except DomainError as error:
            fault = error
            continue
        break
    said, word, text = read and read.statement, cells["category"], cells.get("text", "")
    if not (read and said and said.position) or said.position.lonlat == NOWHERE:
        return fault
    return Case(
        id=said.key,
        category=said.category,
        kind=unicodedata.normalize("NFC", word),
        lonlat=said.position.lonlat,
        accuracy_m=said.position.accuracy_m,
        opened=said.reported_at,
        closed=read.past.closed_at,
        words=wording.words("" if text == word else text),
        address=folded(cells.get("address", "")),
    )


def _axes(mapping: Mapping) -> str:
    return f"{mapping.columns['lon']}, {mapping.columns['lat']}"


def _by_address(rows: RowReader, cases: dict[str, Case], unplaced: list[Cells]) -> list[Case]:
    known = {case.address: case.lonlat for case in cases.values() if case.address}
    in_degrees = replace(rows, mapping=replace(rows.mapping, crs=""))
    found = (
        _case(in_degrees, {**cells, "lon": repr(there.lon), "lat": repr(there.lat)})
        for cells in unplaced
        if (there := known.get(folded(cells["address"])))
    )
    return [case for case in found if isinstance(case, Case)]
