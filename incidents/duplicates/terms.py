"""The numbers that likeness is reckoned with, from ``terms.toml``. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class PositionTerms:
    """How far apart two positions of one thing come to lie; metres, shares of 1."""

    floor_m: float
    unsaid_m: float
    exact_share: float
    exact_m: float
    stray_share: float
    stray_m: float
    search_m: float
    other_search_m: float
    chance_per_km2: float
    streets_km_per_km2: float


@dataclass(frozen=True, slots=True)
class TimeTerms:
    """How interest in reporting fades, while a thing is open and after it was closed."""

    floor: float
    fresh: float
    closed_half_life_days: float
    closed_least: float
    closed_days: float


@dataclass(frozen=True, slots=True)
class CategoryTerms:
    """What another category weighs; ``unknown`` is a share, ``other_kind`` log odds."""

    other_kind: float
    unknown: float
    least_learnt: float
    most_learnt: float


@dataclass(frozen=True, slots=True)
class WordingTerms:
    """Log odds of words that share nothing, of equal ones, and of one address.

    ``common`` is what a shared word's rarity loses, for not everybody who saw a thing writes it.
    """

    least: float
    most: float
    common: float
    same_address: float


@dataclass(frozen=True, slots=True)
class OtherTerms:
    """Log odds of what else two reports may share."""

    photo_same: float
    photo_near: float
    photo_other: float
    same_asset: float
    other_asset: float
    same_reporter: float


@dataclass(frozen=True, slots=True)
class Showing:
    """From which probability on a person is asked, and what is left out beside better ones."""

    review: float
    behind: float
    least: float


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything in the file; categories that it does not list have the default's numbers."""

    review: float
    behind: float
    least: float
    automatic: float
    same: float
    stands: float
    most: int
    share: float
    position: PositionTerms
    time: TimeTerms
    category: CategoryTerms
    wording: WordingTerms
    other: OtherTerms
    extent_m: Mapping[str, float]
    half_life_days: Mapping[str, float]
    default_extent_m: float
    default_half_life_days: float
    default_showing: Showing
    attach: Mapping[str, float] = field(default_factory=dict)
    """By category: from which probability on a report is attached unasked; not listed: never."""
    confused: Mapping[frozenset[str], float] = field(default_factory=dict)

    def showing(self, category: str) -> Showing:
        """Return what is shown: of a category that the file does not list, sooner and more."""
        if category in self.extent_m or category in self.half_life_days:
            return Showing(self.review, self.behind, self.least)
        return self.default_showing

    def extent(self, category: str) -> float:
        """Return how long a thing of the category is, in metres."""
        return self.extent_m.get(category, self.default_extent_m)

    def half_life(self, category: str) -> float:
        """Return after how many days half of the interest in reporting it is gone."""
        return self.half_life_days.get(category, self.default_half_life_days)

    def confusion(self, one: str, other: str) -> float:
        """Return how often a thing of the one is filed under the other."""
        return self.confused.get(frozenset((one, other)), self.category.unknown)

    def mixed_up_with(self, category: str) -> list[str]:
        """Return the category and those that its things are filed under by mistake."""
        others = {one for pair in self.confused if category in pair for one in pair}
        return [category, *sorted(others - {category})]

    def knowing(self, learnt: Mapping[frozenset[str], float]) -> Terms:
        """Return the same with confusions that a file taught, where the table says less."""
        merged = dict(self.confused)
        for pair, share in learnt.items():
            merged[pair] = max(share, merged.get(pair, 0.0))
        return replace(self, confused=merged)


@cache
def current() -> Terms:
    """Return the terms of the package's own file."""
    path = resources.files("incidents.duplicates") / "terms.toml"
    return read(path.read_text(encoding="utf-8"))


def read(text: str) -> Terms:
    """Return the terms of a TOML document. Raises ValueError, KeyError, TypeError."""
    table: dict[str, Any] = tomllib.loads(text)
    return Terms(
        review=table["review"],
        behind=table["behind"],
        least=table["least"],
        automatic=table["automatic"],
        same=table["same"],
        stands=table["stands"],
        most=table["most"],
        share=table["share"],
        position=PositionTerms(**table["position"]),
        time=TimeTerms(**table["time"]),
        category=CategoryTerms(**table["category"]),
        wording=WordingTerms(**table["wording"]),
        other=OtherTerms(**table["other"]),
        extent_m=table["extent_m"],
        half_life_days=table["half_life_days"],
        default_extent_m=table["default"]["extent_m"],
        default_half_life_days=table["default"]["half_life_days"],
        default_showing=Showing(
            table["default"]["review"], table["default"]["behind"], table["default"]["least"]
        ),
        attach=table.get("attach", {}),
        confused={frozenset(row["categories"]): row["share"] for row in table["confused"]},
    )
