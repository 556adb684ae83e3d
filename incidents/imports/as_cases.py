"""The rows of a file of reports as cases: as they are, whatever categories a city knows."""

from __future__ import annotations

import unicodedata
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
from incidents.imports.errors import NoReportFile
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
    """The reports in time order, and how many rows told too little."""

    cases: list[Case]
    unread: int


def read_cases(path: Path, mapping: Mapping, now: datetime, tell: Tell) -> ReadFile:
    """Return the reports of a CSV file. Raises BrokenMapping, NoReportColumn, NoReportFile.

    A row without a usable position stands where other rows with its address do. Rows without id,
    time or place are counted, not kept; of rows with one id the first is.
    """
    rows = reader(_lenient(mapping), now)
    cases: dict[str, Case] = {}
    unplaced: list[Cells] = []
    unread = 0
    try:
        for row in _rows(path, mapping, tell):
            case = _case(rows, row.cells)
            if case:
                cases.setdefault(case.id, case)
            elif row.cells.get("address"):
                unplaced.append(row.cells)
            else:
                unread += 1
    except (OSError, UnicodeDecodeError) as error:
        raise NoReportFile(file=path.name, reason=str(error)) from error
    found = _by_address(rows, cases, unplaced)
    for case in found:
        cases.setdefault(case.id, case)
    ordered = sorted(cases.values(), key=lambda case: (case.opened, case.id))
    return ReadFile(ordered, unread + len(unplaced) - len(found))


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


def _case(rows: RowReader, cells: Cells, lonlat: LonLat | None = None) -> Case | None:
    plain = {**cells, "text": "", "address": "", "status": cells["external_id"]}
    if lonlat:
        plain |= {"lon": repr(lonlat.lon), "lat": repr(lonlat.lat)}
    read = None
    for closed in (cells.get("closed_at", ""), ""):
        try:
            read = rows.case(0, {**plain, "closed_at": closed})
        except DomainError:
            continue
        break
    said, word, text = read and read.statement, cells["category"], cells.get("text", "")
    if not (read and said and said.position) or said.position.lonlat == NOWHERE:
        return None
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


def _by_address(rows: RowReader, cases: dict[str, Case], unplaced: list[Cells]) -> list[Case]:
    known = {case.address: case.lonlat for case in cases.values() if case.address}
    found = (
        _case(rows, cells, known.get(folded(cells["address"])))
        for cells in unplaced
        if folded(cells["address"]) in known
    )
    return [case for case in found if case]
