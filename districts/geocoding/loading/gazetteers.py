"""A gazetteer's files, read, assembled and stored; left alone where nothing changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from django.conf import settings

from districts import city
from districts.geocoding.loading.assembling import assembled
from districts.geocoding.loading.features import Feature, GazetteerFacts
from districts.geocoding.loading.former_names import read_former_names
from districts.geocoding.loading.manifest import former_names_of, well_known_of
from districts.geocoding.loading.osm import read_extract
from districts.geocoding.loading.storing import is_stored, store
from districts.geocoding.loading.surroundings import surroundings
from districts.geocoding.loading.tables import read_mapping, read_tables
from districts.geocoding.loading.well_known import read_well_known
from districts.loading.superseding import Reloaded
from districts.reading import combined

Progress = Callable[[int, str], None]
"""Told (how many, what was done with them): "read" now and then, "stored" at the end."""

TOLD_EVERY = 5000
OPENSTREETMAP = GazetteerFacts(
    code="openstreetmap",
    title="OpenStreetMap",
    attribution="© OpenStreetMap contributors",
    licence="ODbL-1.0",
    source="https://www.openstreetmap.org/copyright",
)


def silent(_count: int, _done: str) -> None:
    """Tell nobody."""


def load_tables(
    paths: Sequence[Path],
    mapping: Path,
    *,
    actor: str,
    again: bool = False,
    tell: Progress = silent,
) -> Reloaded | None:
    """Load GeoJSON and CSV files as one gazetteer; None where they are loaded already.

    Raises BadMapping, NotMapped, and what ``districts.reading.read`` does.
    """
    described = read_mapping(mapping)
    features = read_tables(paths, described)
    load = _Load(described.facts, features, _fingerprint([*paths, mapping]), actor, tell)
    return load.run(again=again)


def load_extracts(
    paths: Sequence[Path],
    *,
    actor: str,
    again: bool = False,
    tell: Progress = silent,
) -> Reloaded | None:
    """Load OpenStreetMap extracts as one gazetteer, clipped to the city's extent.

    None where they are loaded already. Raises UnreadableExtract.
    """
    scratch = Path(settings.VAR)
    scratch.mkdir(parents=True, exist_ok=True)
    extent = city.current().extent
    features = (one for path in paths for one in read_extract(path, extent, scratch))
    return _Load(OPENSTREETMAP, features, _fingerprint(paths), actor, tell).run(again=again)


def load_well_known(*, actor: str) -> Reloaded | None:
    """Load the current city's file of well-known places; None where there is nothing to do."""
    path = well_known_of(city.current().code)
    if not path.is_file():
        return None
    facts, features = read_well_known(path)
    return _Load(facts, features, _fingerprint([path]), actor, silent).run(again=False)


@dataclass(frozen=True, slots=True)
class _Load:
    """One gazetteer to be loaded."""

    facts: GazetteerFacts
    features: Iterable[Feature]
    fingerprint: str
    actor: str
    tell: Progress

    def run(self, *, again: bool) -> Reloaded | None:
        if is_stored(self.facts.code, self.fingerprint) and not again:
            return None
        here = city.current()
        former = read_former_names(former_names_of(here.code))
        elsewhere = partial(surroundings, self.facts.code)
        assembly = assembled(self._told(), here.metric_srid, former, elsewhere)
        self.tell(len(assembly.records), "stored")
        return store(self.facts, assembly, fingerprint=self.fingerprint, actor=self.actor)

    def _told(self) -> Iterator[Feature]:
        for count, feature in enumerate(self.features, start=1):
            if count % TOLD_EVERY == 0:
                self.tell(count, "read")
            yield feature


def _fingerprint(paths: Sequence[Path]) -> str:
    """Return one number for the files, the city, and the rules that make places of them."""
    here = city.current().code
    former = former_names_of(here)
    files = [*paths, former] if former.is_file() else paths
    sums = combined((path.name, sum_of(path)) for path in files)
    return hashlib.sha256(f"{here} {sums} {_rules()}".encode()).hexdigest()


def sum_of(path: Path) -> str:
    """Return a file's SHA-256, "" where there is none; read in pieces."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def _rules() -> str:
    """Return a number for this package and the modules it rests on, as they are written now."""
    here = Path(__file__).parent
    rules = [here.parent / f"{name}.py" for name in ("alley_names", "keys", "typos")]
    sources = [*sorted(here.glob("*.py")), *rules]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
