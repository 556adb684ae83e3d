"""Fetch an edition that the manifest knows, store it and put it into use."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from districts import reading
from districts.completing import completed
from districts.loading import Loaded, load_edition, publish_edition
from districts.manifest import Source, find_source, read_manifest
from districts.models import Edition
from districts.records import area_records


def manifest() -> dict[str, Source]:
    """Return the manifest of this checkout."""
    return read_manifest(Path(settings.BASE_DIR) / "data" / "boundaries" / "manifest.toml")


def known_source(name: str) -> Source:
    """Return one edition of the manifest. Raises UnknownSource."""
    return find_source(manifest(), name)


def folder_of(source: Source) -> Path:
    """Return where an edition's files are kept."""
    return Path(settings.VAR) / "boundaries" / source.name


def is_published(name: str, level: str) -> bool:
    """Tell whether the edition is in use."""
    return Edition.objects.filter(name=name, level=level, published=True).exists()


def load_source(source: Source, paths: list[Path], *, actor: str) -> Loaded:
    """Store the fetched files as one edition, unpublished; the files were proved by their sums."""
    rows = reading.read(paths, source.fields.columns())
    records = completed(area_records(rows, source.fields), source.completions)
    return load_edition(records, source.facts, actor=actor)


def put_into_use(source: Source, paths: list[Path], *, actor: str) -> Loaded:
    """Store the fetched files and publish them; an approximate edition goes out of use."""
    loaded = load_source(source, paths, actor=actor)
    publish_edition(source.name, source.facts.level, actor=actor)
    return loaded
