"""One row of a file -> what was said and what became of it. No database."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping as Table
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from typing import Final
from zoneinfo import ZoneInfo

from districts import city
from districts.placement import read_lonlat
from gis_core.positions import LonLat, OutOfRange, Position
from incidents.errors import TextHasNul
from incidents.imports.errors import (
    BadExternalId,
    BadNumber,
    BadTime,
    CellMissing,
    NotInPlane,
    UnknownWord,
    WholeDegrees,
)
from incidents.imports.mapping import DEFAULT, EPOCHS, Mapping
from incidents.imports.projected import as_degrees
from incidents.intake.web import LONGEST_KEY, read_text
from incidents.report import Statement
from incidents.services import Past
from incidents.workflow import Status

Cells = Table[str, str]
"""A row by our names of its columns, trimmed."""

ISO: Final = "2025-07-01T08:30:00"


@dataclass(frozen=True, slots=True)
class Case:
    """One row, understood: the statement as the channel brought it, and its past since."""

    line: int
    statement: Statement
    past: Past


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads rows by one mapping."""

    mapping: Mapping
    zone: ZoneInfo
    accuracy_m: float
    language: str
    now: datetime

    def case(self, line: int, cells: Cells) -> Case:
        """Return what a row says. Raises a DomainError for the first cell that is wrong."""
        statement = Statement(
            channel=self.mapping.channel,
            key=self._external_id(cells),
            category=self._meaning("category", cells, self.mapping.categories) or "",
            text=self._text(cells),
            position=self._position(cells),
            reported_at=self._time("reported_at", cells),
            language=self.language,
        )
        return Case(line, statement, self._past(cells))

    def _external_id(self, cells: Cells) -> str:
        found = self._cell("external_id", cells)
        if len(found) > LONGEST_KEY or not found.isprintable():
            raise BadExternalId(column=self._called("external_id"), longest=LONGEST_KEY)
        return unicodedata.normalize("NFC", found)

    def _position(self, cells: Cells) -> Position:
        lon, lat = self._number("lon", cells), self._number("lat", cells)
        if crs := self.mapping.crs:
            return Position(self._from_plane(crs, lon, lat), self.accuracy_m, self.mapping.method)
        whole = lon.is_integer() and lat.is_integer()
        if whole and (lon, lat) != (0.0, 0.0):
            raise WholeDegrees(lon=int(lon), lat=int(lat))
        return Position(read_lonlat(lon, lat), self.accuracy_m, self.mapping.method)

    def _from_plane(self, crs: str, x: float, y: float) -> LonLat:
        # At the origin of its plane a system puts what it does not know.
        lon, lat = as_degrees(crs, x, y) if (x, y) != (0.0, 0.0) else (inf, inf)
        try:
            return LonLat(lon, lat)
        except OutOfRange:
            columns = f"{self._called('lon')}, {self._called('lat')}"
            raise NotInPlane(columns=columns, crs=crs) from None

    def _number(self, name: str, cells: Cells) -> float:
        try:
            return float(self._cell(name, cells))
        except ValueError:
            raise BadNumber(column=self._called(name)) from None

    def _text(self, cells: Cells) -> str:
        """Return the words, the address on a line of its own: both are private alike."""
        parts = [cells.get("text", ""), cells.get("address", "")]
        return read_text("text", "\n".join(part for part in parts if part))

    def _past(self, cells: Cells) -> Past:
        status = self._meaning("status", cells, self.mapping.statuses)
        closed = self._time("closed_at", cells) if cells.get("closed_at") else None
        ended = status in {Status.CLOSED.value, Status.REJECTED.value}
        return Past(
            status=Status(status) if status else None,
            agency=self._meaning("agency", cells, self.mapping.agencies),
            closed_at=closed if ended else None,
        )

    def _meaning(self, name: str, cells: Cells, words: Table[str, str]) -> str | None:
        """Return what the file's word is called here; None where the file does not say."""
        if name not in self.mapping.columns or (name != "category" and not cells[name]):
            return None
        found = words.get(cells[name]) or words.get(DEFAULT)
        if found is None:
            column, table = self._called(name), f"{name}_map"
            if "\0" in cells[name]:
                raise TextHasNul(field=column)
            raise UnknownWord(word=cells[name][:100], column=column, table=table)
        return found

    def _time(self, name: str, cells: Cells) -> datetime:
        text, form = self._cell(name, cells), self.mapping.time_format
        when: datetime | None = None
        with suppress(ValueError, OverflowError, OSError):
            when = self._moment(text, form)
        if when is None or when > self.now:
            raise BadTime(column=self._called(name), format=form or ISO)
        return when

    def _moment(self, text: str, form: str) -> datetime:
        if units := EPOCHS.get(form):
            return datetime.fromtimestamp(float(text) / units, UTC)
        read = datetime.strptime(text, form) if form else datetime.fromisoformat(text)  # noqa: DTZ007  its zone follows
        return (read if read.tzinfo else read.replace(tzinfo=self.zone)).astimezone(UTC)

    def _cell(self, name: str, cells: Cells) -> str:
        if not cells[name]:
            raise CellMissing(column=self._called(name))
        return cells[name]

    def _called(self, name: str) -> str:
        return self.mapping.columns[name]


def reader(mapping: Mapping, now: datetime) -> RowReader:
    """Return what reads rows for the current city."""
    town = city.current()
    accuracy = mapping.accuracy_m
    if accuracy is None:
        accuracy = town.accuracy_m.get(mapping.method, 0.0)
    zone = ZoneInfo(mapping.time_zone or town.time_zone)
    return RowReader(mapping, zone, float(accuracy), town.languages[0], now)
