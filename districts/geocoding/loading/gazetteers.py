"""A gazetteer's files, read, assembled and stored; left alone where nothing changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

from districts import city, reading
from districts.geocoding.loading.assembling import assembled
from districts.geocoding.loading.features import Feature, GazetteerFacts
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
    metric_srid = city.current().metric_srid
    records = assembled(features, metric_srid)
    return store(facts, records, metric_srid=metric_srid, fingerprint=fingerprint, actor=actor)


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
