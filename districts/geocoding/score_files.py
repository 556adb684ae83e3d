"""A CSV file of texts with their true positions -> rows for scoring."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from districts.geocoding.scoring import NONE, Truth
from gis_core.errors import N_, DomainError
from gis_core.positions import LonLat, OutOfRange

COLUMNS: Final = ("text", "kind", "lat", "lon", "tolerance_m", "accept_ward_codes")


class NoScoreFile(DomainError):
    """The file is not there, or is no CSV in UTF-8."""

    code = "scoring.unreadable"
    status = 422
    message = N_("%(file)s cannot be read: %(reason)s. A CSV file in UTF-8 is needed.")


class NoScoreColumn(DomainError):
    """The file lacks columns."""

    code = "scoring.no_column"
    status = 422
    message = N_(
        "%(file)s lacks the columns %(missing)s. Needed are text, kind, lat, lon, tolerance_m and "
        "accept_ward_codes; id, tags and ward_code are read where they are."
    )


class BadScoreRow(DomainError):
    """A row's true position is not one."""

    code = "scoring.bad_row"
    status = 422
    message = N_(
        "Line %(line)s of %(file)s: %(reason)s. A row needs lat, lon, tolerance_m of 0 or more and "
        "accept_ward_codes, or the kind none and none of these."
    )


def read_truths(path: Path) -> list[Truth]:
    """Return the rows in order. Raises NoScoreFile, NoScoreColumn, BadScoreRow."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(_truths(csv.DictReader(file, strict=True), path.name))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise NoScoreFile(file=path.name, reason=reason) from error


def _truths(rows: csv.DictReader[str], file: str) -> Iterator[Truth]:
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise NoScoreColumn(file=file, missing=", ".join(missing))
    for row in rows:
        try:
            yield _truth(row, rows.line_num)
        except (ValueError, OutOfRange) as error:
            raise BadScoreRow(line=rows.line_num, file=file, reason=error) from error


def _truth(row: Mapping[str, str | None], line: int) -> Truth:
    told = {name: value or "" for name, value in row.items() if name}
    tags = tuple(filter(None, told.get("tags", "").split("|")))
    truth = Truth(told.get("id") or f"line {line}", told["text"], told["kind"], tags=tags)
    return truth if truth.kind == NONE else _placed(truth, told)


def _placed(truth: Truth, told: Mapping[str, str]) -> Truth:
    codes = [*told["accept_ward_codes"].split("|"), told.get("ward_code", "")]
    wards = frozenset(code.strip() for code in codes if code.strip())
    tolerance = float(told["tolerance_m"])
    if not wards:
        raise ValueError("no ward is accepted")
    if not tolerance >= 0:
        raise ValueError(f"{tolerance} metres is no tolerance")
    lonlat = LonLat(float(told["lon"]), float(told["lat"]))
    return Truth(truth.id, truth.text, truth.kind, lonlat, tolerance, wards, truth.tags)
