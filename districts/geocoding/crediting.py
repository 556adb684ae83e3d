"""Whose work the places of an answer are, from memory: every answer is asked for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gis_core import sql

SQL = "districts.geocoding"


@dataclass(frozen=True, eq=False, slots=True)
class Gazetteer:
    """Whose work the places of a gazetteer are."""

    attribution: str
    places: NDArray[np.int64]
    """Ids, ascending: eight bytes a place."""

    def holds(self, wanted: NDArray[np.int64]) -> bool:
        at = np.searchsorted(self.places, wanted)
        inside = at < len(self.places)
        return bool((self.places[at[inside]] == wanted[inside]).any())


def attributions(places: Iterable[int], version: int) -> tuple[str, ...]:
    """Return whose work the places are, to be shown wherever they are, in order of letters.

    ``version`` is the gazetteer's; what was read once of a version is kept.
    """
    wanted = np.array(sorted(set(places)), dtype=np.int64)
    found = {one.attribution for one in read(version) if one.holds(wanted)}
    return tuple(sorted(found))


@lru_cache(maxsize=2)
def read(version: int) -> tuple[Gazetteer, ...]:  # noqa: ARG001  read anew when it moves
    """Return whose work the places of all gazetteers are."""
    rows = sql.rows(SQL, "places_of_gazetteers", {})
    return tuple(Gazetteer(text, np.array(ids, dtype=np.int64)) for text, ids in rows)
