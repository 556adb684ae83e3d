"""Kilometres of street by ward, reckoned in the background and kept in a file for the pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from districts import street_lengths
from incidents.analyses.files import folder

NONE: Mapping[str, float] = MappingProxyType({})


def keep() -> bool:
    """Reckon the lengths of today's wards and gazetteers, unless they are kept; tell whether."""
    mark = street_lengths.mark()
    if not mark or _path(mark).is_file():
        return False
    written = json.dumps(street_lengths.street_km())
    folder().mkdir(parents=True, exist_ok=True)
    part = _path(mark).with_suffix(".part")
    part.write_text(written, encoding="ascii")
    part.replace(_path(mark))
    for old in folder().glob("streets-*.json"):
        if old != _path(mark):
            old.unlink(missing_ok=True)
    return True


def kept() -> Mapping[str, float]:
    """Return the kilometres by ward code; nothing where none are known, or not reckoned yet."""
    mark = street_lengths.mark()
    if not mark:
        return NONE
    try:
        return _read(_path(mark))
    except FileNotFoundError:
        return NONE


@lru_cache(maxsize=2)
def _read(path: Path) -> Mapping[str, float]:
    return MappingProxyType(json.loads(path.read_text(encoding="ascii")))


def _path(mark: str) -> Path:
    return folder() / f"streets-{mark}.json"
