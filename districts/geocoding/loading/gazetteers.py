"""A gazetteer's files, read, assembled and stored; left alone where nothing changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

from django.conf import settings

from districts import city, reading
from districts.geocoding.loading.assembling import assembled
from districts.geocoding.loading.features import Feature, GazetteerFacts
from districts.geocoding.loading.former_names import read_former_names
from districts.geocoding.loading.storing import is_stored, store
from districts.geocoding.loading.tables import read_mapping, read_tables
from districts.loading.superseding import Reloaded

Progress = Callable[[int, int, str], None]


def load_tables(
    paths: Sequence[Path], mapping: Path, *, actor: str, again: bool = False
) -> Reloaded | None:
    """Load GeoJSON and CSV files as one gazetteer; None where they are loaded already.

    Raises BadMapping, NotMapped, and what ``districts.reading.read`` does.
    """
    described = read_mapping(mapping)
    fingerprint = _fingerprint([*paths, mapping])
    if is_stored(described.facts.code, fingerprint) and not again:
        return None
    return _load(described.facts, read_tables(paths, described), fingerprint, actor)


def _load(
    facts: GazetteerFacts, features: Iterable[Feature], fingerprint: str, actor: str
) -> Reloaded:
    here = city.current()
    former = read_former_names(former_names_of(here.code))
    assembly = assembled(features, here.metric_srid, former)
    return store(facts, assembly, fingerprint=fingerprint, actor=actor)


def former_names_of(city_code: str) -> Path:
    """Return where a city's former street names stand, if it has such a file."""
    return settings.BASE_DIR / "data" / "gazetteers" / f"{city_code}-former-streets.toml"


def _fingerprint(paths: Sequence[Path]) -> str:
    """Return one number for the files and for the rules that make places of them."""
    files = reading.fingerprint(paths)
    return hashlib.sha256(f"{files} {_rules()}".encode()).hexdigest()


@cache
def _rules() -> str:
    """Return a number for this package and the modules it rests on, as they are written now."""
    here = Path(__file__).parent
    rules = [here.parent / f"{name}.py" for name in ("alley_names", "keys", "typos")]
    sources = [*sorted(here.glob("*.py")), *rules]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
