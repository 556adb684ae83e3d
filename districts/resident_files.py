"""Files of residents -> lines with a code and a number of people, checked one by one."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from districts import reading
from gis_core.errors import N_, DomainError

MOST_PEOPLE: Final = 10_000_000
"""More than any ward has: then a total was taken for a ward."""
WHOLE: Final = re.compile(r"[0-9]+(\.0)?")
"""Programs that know of empty cells write 12345.0; 12.345 may be either, and is refused."""
DELIMITERS: Final = ",;\t"


class NoResidentFile(DomainError):
    """The file is not there, or is no CSV in UTF-8."""

    code = "residents.unreadable"
    status = 422
    message = N_("%(file)s cannot be read: %(reason)s. A CSV file in UTF-8 or GeoJSON is needed.")


class NoResidentColumn(DomainError):
    """The file has no such column."""

    code = "residents.no_column"
    status = 422
    message = N_(
        '%(file)s has no column "%(column)s". Its columns are: %(columns)s. Name yours with '
        "--code-column and --people-column."
    )


class ResidentsRefused(DomainError):
    """Lines are at fault. ``problems`` holds an error for each."""

    code = "residents.refused"
    status = 422
    message = N_("%(file)s was refused, nothing was stored. Lines at fault: %(count)s.")

    def __init__(self, file: str, problems: Sequence[DomainError]) -> None:
        self.problems = tuple(problems)
        super().__init__(file=file, count=len(problems))


class NoResidents(DomainError):
    """No line of the file says how many people live anywhere."""

    code = "residents.nothing"
    status = 422
    message = N_("%(file)s tells of no residents: it has no line, or no line has a number.")


class NoCode(DomainError):
    """A line does not say of which area it speaks."""

    code = "residents.no_code"
    status = 422
    message = N_("Line %(line)s has no code of an area.")


class UnknownArea(DomainError):
    """A line speaks of an area that the edition does not have."""

    code = "residents.unknown_area"
    status = 422
    message = N_('Line %(line)s: %(edition)s has no area with the code "%(code)s".')


class NotANumber(DomainError):
    """What a line has for people is no whole number."""

    code = "residents.not_a_number"
    status = 422
    message = N_(
        'Line %(line)s (%(code)s): "%(people)s" is not a whole number of people. Write it with '
        "digits alone, 12345, or leave it empty where nobody knows."
    )


class TooManyPeople(DomainError):
    """A line has more people than a ward can hold."""

    code = "residents.too_many"
    status = 422
    message = N_(
        "Line %(line)s (%(code)s): %(people)s people are more than any ward has; %(most)s are let "
        "in. Is it a total?"
    )


class CodeTwice(DomainError):
    """Two lines speak of one area."""

    code = "residents.twice"
    status = 422
    message = N_("Line %(line)s: %(code)s was on line %(before)s already. Keep one of the two.")


@dataclass(frozen=True, slots=True)
class ResidentColumns:
    """What the file calls its columns."""

    code: str = "code"
    people: str = "people"


class Line(NamedTuple):
    """A line as it is written; ``number`` is its own in a CSV file, else the feature's, from 1."""

    number: int
    code: str
    people: str


def read_lines(path: Path, columns: ResidentColumns) -> list[Line]:
    """Return the lines of a CSV file, or the features of GeoJSON and other formats with columns.

    Raises NoResidentFile, NoResidentColumn; Unreadable and UnknownColumn for other formats.
    """
    if path.suffix.lower() != ".csv":
        # Shapes are not asked for, so that whatever they are in is good enough.
        anywhere = reading.CrsChoice(transform=True)
        rows = reading.read([path], [columns.code, columns.people], anywhere)
        return [
            Line(number, row.values[columns.code], row.values[columns.people])
            for number, row in enumerate(rows, start=1)
        ]
    try:
        with path.open("rb") as file:
            return csv_lines(file, path.name, columns)
    except OSError as error:
        raise NoResidentFile(file=path.name, reason=error.strerror) from error


def csv_lines(file: BinaryIO, name: str, columns: ResidentColumns) -> list[Line]:
    """Return the lines of an open CSV file; empty ones are left out. Raises as ``read_lines``."""
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        return list(_csv_lines(text, name, columns))
    except (UnicodeDecodeError, csv.Error) as error:
        raise NoResidentFile(file=name, reason=error) from error
    finally:
        text.detach()


def _csv_lines(text: TextIOWrapper, name: str, columns: ResidentColumns) -> Iterator[Line]:
    first = text.readline()
    text.seek(0)
    rows = csv.reader(text, delimiter=max(DELIMITERS, key=first.count), strict=True)
    names = [one.strip() for one in next(rows, [])]
    for column in (columns.code, columns.people):
        if column not in names:
            raise NoResidentColumn(file=name, column=column, columns=", ".join(names) or "-")
    at_code, at_people = names.index(columns.code), names.index(columns.people)
    for row in rows:
        if any(cell.strip() for cell in row):
            whole = [*row, *[""] * len(names)]
            yield Line(rows.line_num, whole[at_code].strip(), whole[at_people].strip())


def people_of(
    lines: Iterable[Line], codes: Collection[str], *, file: str, edition: str
) -> dict[str, int]:
    """Return the people by code; an area whose line says nothing is left out.

    ``codes`` are the edition's. Raises ResidentsRefused with an error for each line at fault,
    NoResidents.
    """
    seen: dict[str, int] = {}
    found: dict[str, int] = {}
    problems: list[DomainError] = []
    for line in lines:
        if fault := _fault(line, seen.get(line.code), codes, edition):
            problems.append(fault)
        elif line.people:
            found[line.code] = int(line.people.removesuffix(".0"))
        seen.setdefault(line.code, line.number)
    if problems:
        raise ResidentsRefused(file, problems)
    if not found:
        raise NoResidents(file=file)
    return found


def _fault(
    line: Line, before: int | None, codes: Collection[str], edition: str
) -> DomainError | None:
    named = {"line": line.number, "code": line.code[:60]}
    if not line.code:
        return NoCode(line=line.number)
    if line.code not in codes:
        return UnknownArea(**named, edition=edition)
    if before is not None:
        return CodeTwice(**named, before=before)
    if line.people and not WHOLE.fullmatch(line.people):
        return NotANumber(**named, people=line.people[:60])
    if line.people and float(line.people) > MOST_PEOPLE:
        return TooManyPeople(**named, people=line.people[:60], most=MOST_PEOPLE)
    return None
