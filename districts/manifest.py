"""``data/boundaries/manifest.toml``: the boundary editions that can be fetched, and their sums."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from districts.completing import Completion
from districts.reading import combined
from districts.records import AreaFields, EditionFacts
from gis_core.errors import N_, DomainError


class UnknownSource(DomainError):
    """The manifest has no such edition."""

    code = "boundaries.unknown_source"
    status = 404
    message = N_('The manifest has no edition "%(name)s". It has: %(known)s.')


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of an edition: its path below the source's folder, its size and its SHA-256."""

    path: str
    bytes: int
    sha256: str

    @property
    def name(self) -> str:
        """The file's own name, under which it is kept."""
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Approximation:
    """The edition that stands in while the source does not answer, and the province it covers."""

    name: str
    province: str
    licence: str
    attribution: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where the files of an edition come from, and what they are."""

    facts: EditionFacts
    city: str
    url: str
    """An address with ``{path}``; "" where the files are not published and have to be given."""
    folder: str
    files: tuple[SourceFile, ...]
    fields: AreaFields
    approximation: Approximation | None = None
    completions: Mapping[str, Completion] = field(default_factory=dict)
    """By area code: what the source draws too small."""

    @property
    def name(self) -> str:
        """The edition's name."""
        return self.facts.name

    def path_of(self, file: SourceFile) -> str:
        """Return the file's path within the source."""
        return f"{self.folder}/{file.path}" if self.folder else file.path

    def facts_of(self, stand_in: Approximation) -> EditionFacts:
        """Return the facts of the edition that stands in."""
        return EditionFacts(
            name=stand_in.name,
            level=self.facts.level,
            valid_from=self.facts.valid_from,
            valid_to=self.facts.valid_to,
            licence=stand_in.licence,
            attribution=stand_in.attribution,
            approximate=True,
        )


def read_manifest(path: Path) -> dict[str, Source]:
    """Return every edition of a manifest by its name."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: _source(name, entry) for name, entry in content["editions"].items()}


def find_source(manifest: Mapping[str, Source], name: str) -> Source:
    """Return one edition's source. Raises UnknownSource, which lists those there are."""
    if name not in manifest:
        raise UnknownSource(name=name, known=", ".join(sorted(manifest)))
    return manifest[name]


def _source(name: str, entry: Mapping[str, Any]) -> Source:
    files = tuple(
        SourceFile(path, facts["bytes"], facts["sha256"]) for path, facts in entry["files"].items()
    )
    approximate = entry.get("approximate")
    return Source(
        facts=_facts(name, entry, files),
        city=entry["city"],
        url=entry.get("url", ""),
        folder=entry.get("folder", ""),
        files=files,
        fields=AreaFields(**entry["fields"]),
        approximation=Approximation(**approximate) if approximate else None,
        completions={
            code: Completion(one["edition"], tuple(one["areas"]))
            for code, one in entry.get("completed", {}).items()
        },
    )


def _facts(name: str, entry: Mapping[str, Any], files: tuple[SourceFile, ...]) -> EditionFacts:
    valid_from: date | None = entry.get("valid_from")
    valid_to: date | None = entry.get("valid_to")
    return EditionFacts(
        name=name,
        level=entry["level"],
        valid_from=valid_from,
        valid_to=valid_to,
        source=f"{entry['repository']}/tree/{entry['commit']}/{entry.get('folder', '')}",
        licence=entry["licence"],
        attribution=entry["attribution"],
        sha256=combined((file.name, file.sha256) for file in files),
    )
