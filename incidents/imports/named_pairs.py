"""Pairs of reports that people named as being about one thing, out of a file."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from incidents.duplicates.likeness import Case
from incidents.duplicates.scoring import Pair
from incidents.imports.errors import NoPairs, NoReportColumn, NoReportFile
from incidents.imports.files import SEPARATORS

COLUMNS = ("duplicate_id", "original_id")


def read_pairs(path: Path) -> list[Pair]:
    """Return the pairs of a CSV file, each once. Raises NoReportColumn, NoReportFile."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            rows = csv.DictReader(file, delimiter=max(SEPARATORS, key=first.count))
            header = rows.fieldnames or ()
            if missing := ", ".join(name for name in COLUMNS if name not in header):
                raise NoReportColumn(
                    file=path.name, missing=missing, columns=", ".join(header) or "-"
                )
            found = dict.fromkeys((_id(row[COLUMNS[0]]), _id(row[COLUMNS[1]])) for row in rows)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NoReportFile(file=path.name, reason=str(error)) from error
    return [pair for pair in found if all(pair) and pair[0] != pair[1]]


def check_pairs(path: Path, pairs: Sequence[Pair], cases: Sequence[Case]) -> None:
    """Raise NoPairs where no pair has both of its reports among the cases."""
    known = {case.id for case in cases}
    if not any(known.issuperset(pair) for pair in pairs):
        asked = ", ".join(pairs[0]) if pairs else "-"
        raise NoPairs(pairs=len(pairs), file=path.name, asked=asked, known=cases[0].id)


def _id(cell: str | None) -> str:
    return unicodedata.normalize("NFC", (cell or "").strip())
