"""GeoJSON and CSV with a mapping -> features: which column holds what stands in a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from districts import reading
from districts.geocoding.loading.features import Feature, GazetteerFacts, named
from districts.models import NameUse, PlaceKind
from gis_core.errors import N_, DomainError

NAME_COLUMNS: Mapping[str, NameUse] = {
    "name": NameUse.OFFICIAL,
    "other_name": NameUse.OTHER,
    "short_name": NameUse.SHORT,
    "old_name": NameUse.FORMER,
    "english_name": NameUse.ENGLISH,
}
OTHER_COLUMNS = ("reference", "sort", "number", "street", "bridge", "lon", "lat")


class BadMapping(DomainError):
    """A mapping file cannot be used."""

    code = "gazetteer.bad_mapping"
    status = 422
    message = N_("The mapping %(file)s cannot be used: %(reason)s.")


class NoMapping(DomainError):
    """A table was given without a mapping."""

    code = "gazetteer.no_mapping"
    status = 422
    message = N_(
        "%(file)s is a table: say what its columns hold with --mapping FILE.toml. "
        "data/gazetteers/osm_tables.toml is an example."
    )


class NotMapped(DomainError):
    """A file is not among those that the mapping describes."""

    code = "gazetteer.not_mapped"
    status = 422
    message = N_(
        "The mapping says nothing about %(file)s. It describes: %(known)s. Name the file there, "
        "or give another mapping with --mapping."
    )


@dataclass(frozen=True, slots=True)
class FileMapping:
    """What the columns of one file hold."""

    file: str
    """The file's name, or a pattern such as ``*_roads.geojson``."""
    columns: Mapping[str, tuple[str, ...]]
    """By what they hold: name, other_name …, several where one is not enough."""
    kind: PlaceKind | None = None
    sort: str = ""
    """The class of every row; before what a column says."""
    reference: str = ""
    """What stands before each row's reference."""
    skip: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By column: values of rows that are left out."""

    def first(self, row: Mapping[str, str], what: str) -> str:
        """Return what the first column of this sort holds."""
        return row[self.columns[what][0]] if what in self.columns else ""

    def joined(self, row: Mapping[str, str], what: str) -> str:
        """Return what the columns of this sort hold, with "/" between."""
        return "/".join(row[column] for column in self.columns.get(what, ()) if row[column])

    def lon_lat(self) -> tuple[str, str] | None:
        """Return the columns of longitude and latitude, None for the usual ones."""
        if {"lon", "lat"} <= set(self.columns):
            return self.columns["lon"][0], self.columns["lat"][0]
        return None

    def every(self) -> list[str]:
        """Return each column that a file must have, but for the coordinates, read apart."""
        return [
            column
            for what, columns in self.columns.items()
            for column in columns
            if what not in {"lon", "lat"}
        ]


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A whole mapping: what the gazetteer is, and each of its files."""

    facts: GazetteerFacts
    files: tuple[FileMapping, ...]

    def of(self, path: Path) -> FileMapping:
        """Return how this file is to be read. Raises NotMapped."""
        for one in self.files:
            if fnmatch(path.name, one.file):
                return one
        raise NotMapped(file=path.name, known=", ".join(one.file for one in self.files))


def read_mapping(path: Path) -> TableMapping:
    """Return a mapping from its TOML file. Raises BadMapping."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        facts = GazetteerFacts(**content["gazetteer"])
        files = tuple(_file(entry) for entry in content["file"])
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise BadMapping(file=path.name, reason=error) from error
    return TableMapping(facts, files)


def _file(entry: Mapping[str, Any]) -> FileMapping:
    columns = {
        what: (column,) if isinstance(column, str) else tuple(column)
        for what, column in entry["columns"].items()
    }
    if unknown := set(columns) - {*NAME_COLUMNS, *OTHER_COLUMNS}:
        raise ValueError(f"nothing is called {', '.join(sorted(unknown))}")
    if missing := {"reference"} - set(columns):
        raise ValueError(f"{', '.join(missing)} has no column in {entry['file']}")
    return FileMapping(
        file=entry["file"],
        columns=columns,
        kind=PlaceKind(entry["kind"]) if "kind" in entry else None,
        sort=entry.get("sort", ""),
        reference=entry.get("reference", ""),
        skip={column: frozenset(values) for column, values in entry.get("skip", {}).items()},
    )


def read_tables(paths: Sequence[Path], mapping: TableMapping) -> Iterator[Feature]:
    """Yield the features of the files; rows without a shape are left out.

    Raises NotMapped, and what ``districts.reading.read`` does.
    """
    for path, one in [(path, mapping.of(path)) for path in paths]:
        for row in reading.read([path], [*one.every(), *one.skip], lon_lat=one.lon_lat()):
            if row.shape is not None and not _skipped(row.values, one):
                yield _feature(row, one)


def _skipped(values: Mapping[str, str], mapping: FileMapping) -> bool:
    return any(values[column] in skipped for column, skipped in mapping.skip.items())


def _feature(row: reading.Row, mapping: FileMapping) -> Feature:
    values = row.values
    assert row.shape is not None  # noqa: S101  the caller made sure
    names = [
        (values[column], use)
        for what, use in NAME_COLUMNS.items()
        for column in mapping.columns.get(what, ())
    ]
    return Feature(
        reference=mapping.reference + mapping.joined(values, "reference"),
        sort=_sort(values, mapping),
        shape=row.shape,
        names=named(*names),
        number=mapping.first(values, "number"),
        street=mapping.first(values, "street"),
        kind=mapping.kind,
        bridge=mapping.first(values, "bridge") not in {"", "no"},
    )


def _sort(values: Mapping[str, str], mapping: FileMapping) -> str:
    own = mapping.joined(values, "sort")
    return f"{mapping.sort}/{own}" if own and mapping.sort else own or mapping.sort
