"""Rows of a file -> the areas they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from shapely.geometry.base import BaseGeometry

from districts.reading import Row
from districts.soundness import Outline


@dataclass(frozen=True, slots=True)
class AreaFields:
    """Which column holds what; "" where the file has no such column."""

    code: str = "code"
    name: str = "name"
    name_en: str = ""
    kind: str = ""
    full_name: str = ""
    """Holds kind and name together ("Xã Thạnh An"): gives the kind where no column does."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Kinds as the source writes them -> as people say them."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Names as the source writes them -> as people say them, without the kind."""

    def columns(self) -> list[str]:
        """Return the columns that the file must have."""
        every = (self.code, self.name, self.name_en, self.kind, self.full_name)
        return [column for column in every if column]


@dataclass(frozen=True, slots=True)
class AreaRecord:
    """An area as read, unchecked, in WGS 84 degrees."""

    code: str
    name: str
    name_en: str
    kind: str
    shape: BaseGeometry | None

    def outline(self) -> Outline:
        """Return what the soundness checks look at."""
        return Outline(self.code, self.name, self.shape)


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """What an edition is, its areas apart. ``valid_to`` is the day after the last; None: open."""

    name: str
    level: str
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    licence: str = ""
    attribution: str = ""
    sha256: str = ""
    approximate: bool = False


def area_records(rows: Iterable[Row], fields: AreaFields) -> list[AreaRecord]:
    """Return one record for each row, in the order given."""
    return [_area_record(row, fields) for row in rows]


def _area_record(row: Row, fields: AreaFields) -> AreaRecord:
    def value(column: str) -> str:
        return row.values[column] if column else ""

    name = fields.names.get(value(fields.name), value(fields.name))
    kind = value(fields.kind) or value(fields.full_name).removesuffix(name).strip()
    return AreaRecord(
        code=value(fields.code),
        name=_without_kind(name, kind),
        name_en=value(fields.name_en),
        kind=fields.kinds.get(kind, kind),
        shape=row.shape,
    )


def _without_kind(name: str, kind: str) -> str:
    """Return "1" for "Quận 1": sources differ in whether a name repeats its kind."""
    return name.removeprefix(f"{kind} ") if kind else name
