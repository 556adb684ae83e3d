"""Base and delta together as a new base, without asking the database. Pure but for the mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from incidents.columns.image import Image
from incidents.columns.rows import COLUMNS, ENTRY, Entries, Rows

Weights = NDArray[np.int8]


def standing(delta: Rows, weight: Weights) -> tuple[NDArray[np.int64], Entries]:
    """Return the ids that a delta names, in order, and the entries that stand after all of it."""
    ids = np.asarray(delta.id)
    named, last = np.unique(ids[::-1], return_index=True)
    places = len(ids) - 1 - last
    return named, delta.entries(places[weight[places] > 0])


class Merged(Mapping[str, NDArray[Any]]):
    """The columns of base and delta in the base's order, each made when it is asked for."""

    def __init__(self, base: Image, delta: Rows, weight: Weights) -> None:
        named, stands = standing(delta, weight)
        places = base.places(named)
        self._rows = base.rows
        self._gone = places[places >= 0]
        self._new = np.sort(stands, order=("code", "id")) if len(stands) else np.empty(0, ENTRY)
        self._where = self._places_of_new()

    def _places_of_new(self) -> NDArray[np.int64]:
        """Return before which of those that stay each new entry comes."""
        codes, ids = np.delete(self._rows.code, self._gone), np.delete(self._rows.id, self._gone)
        first = np.searchsorted(codes, self._new["code"], "left")
        last = np.searchsorted(codes, self._new["code"], "right")
        [shared] = np.nonzero(last > first)
        for n in shared.tolist():
            first[n] += np.searchsorted(ids[first[n] : last[n]], self._new["id"][n])
        return first

    def __getitem__(self, name: str) -> NDArray[Any]:
        stays = np.delete(getattr(self._rows, name), self._gone)
        return np.insert(stays, self._where, self._new[name])

    def __iter__(self) -> Iterator[str]:
        return iter(COLUMNS)

    def __len__(self) -> int:
        return len(COLUMNS)
