"""Pairs of reports that people named as being about one thing, out of a file."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

from incidents.duplicates.scoring import Pair
from incidents.imports.errors import NoReportColumn, NoReportFile

COLUMNS = ("duplicate_id", "original_id")


def read_pairs(path: Path) -> list[Pair]:
    """Return the pairs of a CSV file, each once. Raises NoReportColumn, NoReportFile."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            header = rows.fieldnames or ()
            if missing := ", ".join(name for name in COLUMNS if name not in header):
                raise NoReportColumn(
                    file=path.name, missing=missing, columns=", ".join(header) or "-"
                )
            found = dict.fromkeys((_id(row[COLUMNS[0]]), _id(row[COLUMNS[1]])) for row in rows)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NoReportFile(file=path.name, reason=str(error)) from error
    return [pair for pair in found if all(pair) and pair[0] != pair[1]]


def _id(cell: str | None) -> str:
    return unicodedata.normalize("NFC", (cell or "").strip())
