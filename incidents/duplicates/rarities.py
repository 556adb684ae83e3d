"""What words weigh among the latest reports: what everybody writes of a pothole names none."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from incidents.duplicates import wording
from incidents.models import Report

LATEST: Final = 3_000
"""Reports that are read."""
LEAST: Final = 100
"""Of fewer reports of a category nothing is learnt."""
KEPT_S: Final = 3_600.0


class _Rarity(dict[str, float]):
    """Weights of words; one that nobody wrote lately weighs what the rarest does."""

    def __init__(self, texts: list[frozenset[str]]) -> None:
        super().__init__(wording.rarity(texts))
        self.rarest = max(self.values(), default=1.0)

    def get(self, key: str, default: float | None = None) -> float:  # type: ignore[override]  # noqa: ARG002
        return super().get(key, self.rarest)


@dataclass(frozen=True, slots=True)
class _Kept:
    until: float
    weights: Mapping[str, Mapping[str, float]]


_kept: dict[str, _Kept] = {}


def weights_of(category: str) -> Mapping[str, float] | None:
    """Return what words weigh in a category; None where too little was written of it.

    Read anew once an hour in each process: one query.
    """
    now = time.monotonic()
    kept = _kept.get("latest")
    if kept is None or kept.until < now:
        kept = _kept["latest"] = _Kept(now + KEPT_S, _read())
    return kept.weights.get(category)


def weights(said: Iterable[tuple[str, str]]) -> dict[str, Mapping[str, float]]:
    """Return by category what words weigh among texts, given with their categories."""
    by: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for category, text in said:
        by[category].append(wording.words(text))
    return {category: _Rarity(texts) for category, texts in by.items() if len(texts) >= LEAST}


def _read() -> dict[str, Mapping[str, float]]:
    latest = Report.objects.order_by("-pk").values_list("category_id", "text")[:LATEST]
    return weights(latest)
