"""How alike two texts are, whatever marks, case and order they are typed in. Pure.

Words weigh by how rare they are among the reports of their category: what everybody writes of a
pothole tells nothing about which one (inverse document frequency: Spärck Jones, "A statistical
interpretation of term specificity", Journal of Documentation 28, 1972).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from gis_core.names import folded

MOST_WORDS: Final = 80
"""Of one text; a longer one is cut, so that no report costs more than another."""
LEAST_WEIGHT: Final = 2.5
"""What a text must say at least to be compared, in units of ``rarity``: one word in twelve has."""


def words(text: str) -> frozenset[str]:
    """Return the folded words of a text, those of one letter left out unless they are digits."""
    found = folded(text).split()[:MOST_WORDS]
    return frozenset(word for word in found if len(word) > 1 or word.isdigit())


def rarity(texts: Iterable[frozenset[str]]) -> dict[str, float]:
    """Return for each word ln((texts + 1) / (texts with it)): near 0 for what all of them hold."""
    found: Counter[str] = Counter()
    count = 0
    for one in texts:
        found.update(one)
        count += 1
    return {word: math.log((count + 1) / many) for word, many in found.items()}


def alike(
    one: frozenset[str], other: frozenset[str], weights: Mapping[str, float] | None = None
) -> float | None:
    """Return the weighted Jaccard index, 0 to 1; None where either says next to nothing.

    Without ``weights`` every word weighs 1; a word that they do not know does so too.
    """
    least = LEAST_WEIGHT
    if weights is None:
        least = 2.0
        both, either = float(len(one & other)), float(len(one | other))
        sizes = float(min(len(one), len(other)))
    else:
        both, either = _weight(one & other, weights), _weight(one | other, weights)
        sizes = min(_weight(one, weights), _weight(other, weights))
    return both / either if sizes >= least else None


def rarest(one: frozenset[str], other: frozenset[str], weights: Mapping[str, float]) -> float:
    """Return the weight of the rarest word that two texts share; 0 where they share none."""
    return max((weights.get(word, 1.0) for word in one & other), default=0.0)


def _weight(found: frozenset[str], weights: Mapping[str, float]) -> float:
    return sum(weights.get(word, 1.0) for word in found)
