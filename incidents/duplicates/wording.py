"""How alike two texts are, whatever marks, case and order they are typed in. Pure.

Words weigh by how rare they are among the reports of their category: what everybody writes of a
pothole tells nothing about which one (inverse document frequency: Spärck Jones, "A statistical
interpretation of term specificity", Journal of Documentation 28, 1972).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from gis_core.names import folded

MOST_WORDS: Final = 80
"""Of one text; a longer one is cut, so that no report costs more than another."""
TOTALS_KEPT: Final = 2_000
LEAST_WEIGHT: Final = 2.5
"""What a text must say at least to be compared, in units of ``rarity``: one word in twelve has."""


def words(text: str) -> frozenset[str]:
    """Return the folded words of a text, those of one letter left out unless they are digits."""
    found = folded(text).split()[:MOST_WORDS]
    return frozenset(word for word in found if len(word) > 1 or word.isdigit())


class Weights(dict[str, float]):
    """What each word weighs; one that is not known weighs ``unknown``. Not changed once made."""

    def __init__(self, known: Mapping[str, float], unknown: float = 1.0) -> None:
        super().__init__(known)
        self.unknown = unknown
        self._totals: dict[frozenset[str], float] = {}

    def __missing__(self, word: str) -> float:
        return self.unknown

    def total(self, said: frozenset[str]) -> float:
        """Return what a text weighs; reckoned once for each of the last many texts."""
        found = self._totals.get(said)
        if found is None:
            if len(self._totals) >= TOTALS_KEPT:
                self._totals.clear()
            found = self._totals[said] = sum([self[word] for word in said])
        return found


def rarity(texts: Iterable[frozenset[str]]) -> Weights:
    """Return for each word ln((texts + 1) / (texts with it)): near 0 for what all of them hold."""
    found: Counter[str] = Counter()
    count = 0
    for one in texts:
        found.update(one)
        count += 1
    return Weights({word: math.log((count + 1) / many) for word, many in found.items()})


class SharedWords(NamedTuple):
    """The weighted Jaccard index of two texts, 0 to 1, and the weight of their rarest word."""

    share: float
    rarest: float = 0.0


NOTHING_SHARED: Final = SharedWords(0.0)


def alike(
    one: frozenset[str], other: frozenset[str], weights: Weights | None = None
) -> SharedWords | None:
    """Return how alike two texts are; None where either says next to nothing.

    Without ``weights`` every word weighs 1, and no word is rare.
    """
    both = one & other
    if weights is None:
        return SharedWords(len(both) / len(one | other)) if min(len(one), len(other)) >= 2 else None
    first, second = weights.total(one), weights.total(other)
    if min(first, second) < LEAST_WEIGHT:
        return None
    if not both:
        return NOTHING_SHARED
    shared = [weights[word] for word in both]
    met = sum(shared)
    return SharedWords(met / (first + second - met), max(shared))
