"""What words weigh among the latest reports: what everybody writes of a pothole names none."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from incidents.duplicates import wording
from incidents.duplicates.wording import Weights
from incidents.models import Report

LATEST: Final = 3_000
"""Reports that are read."""
LEAST: Final = 100
"""Of fewer reports of a category nothing is learnt."""
KEPT_S: Final = 3_600.0


@dataclass(frozen=True, slots=True)
class _Kept:
    until: float
    weights: Mapping[str, Weights]


_kept: dict[str, _Kept] = {}


def weights_of(category: str) -> Weights | None:
    """Return what words weigh in a category; None where too little was written of it.

    Read anew once an hour in each process: one query.
    """
    now = time.monotonic()
    kept = _kept.get("latest")
    if kept is None or kept.until < now:
        kept = _kept["latest"] = _Kept(now + KEPT_S, _read())
    return kept.weights.get(category)


def weights(said: Iterable[tuple[str, str]]) -> dict[str, Weights]:
    """Return by category what words weigh among texts, given with their categories."""
    by: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for category, text in said:
        by[category].append(wording.words(text))
    return {category: _rarity(texts) for category, texts in by.items() if len(texts) >= LEAST}


def _rarity(texts: Sequence[frozenset[str]]) -> Weights:
    """Return weights in which a word that nobody wrote lately weighs what the rarest does."""
    found = wording.rarity(texts)
    return Weights(found, max(found.values(), default=1.0))


def _read() -> dict[str, Weights]:
    latest = Report.objects.order_by("-pk").values_list("category_id", "text")[:LATEST]
    return weights(latest)
