"""How good the geocoder's answers are: rows with the truth, beside what it said. Pure.

A strict reading. Rows of kind none must get no answer and are counted apart; else a missing answer
is a wrong one. Where the tolerance is 0 only the ward counts, so such rows say nothing about
distances: ``within_tolerance`` and the median error are those of rows with a tolerance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from gis_core.positions import LonLat, distance_m

NONE: Final = "none"
BINS: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)
"""Edges of the bins of confidence; a bin holds its lower edge, the last one both."""


@dataclass(frozen=True, slots=True)
class Truth:
    """A text, and what would be right."""

    id: str
    text: str
    kind: str
    """house, alley, …; "none" where there is no place in the city."""
    lonlat: LonLat | None = None
    tolerance_m: float = 0.0
    """Within how many metres an answer is right; 0 where only the ward counts."""
    wards: frozenset[str] = frozenset()
    """Codes of the wards in force that are accepted."""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the geocoder said first."""

    lonlat: LonLat
    radius_m: float
    confidence: float
    ward: str = ""
    label: str = ""


@dataclass(frozen=True)
class Marked:
    """A row beside the answer, None where there was none."""

    truth: Truth
    answer: Answer | None

    @property
    def is_none(self) -> bool:
        """Whether the row wants no answer."""
        return self.truth.kind == NONE

    @property
    def has_distance(self) -> bool:
        """Whether the row says how far an answer may be."""
        return not self.is_none and self.truth.tolerance_m > 0

    @cached_property
    def error_m(self) -> float:
        """Metres from the true position; infinite where one of the two is missing."""
        if self.answer is None or self.truth.lonlat is None:
            return math.inf
        return distance_m(self.answer.lonlat, self.truth.lonlat)

    @property
    def in_ward(self) -> bool:
        """Whether the answer lies in an accepted ward."""
        return self.answer is not None and self.answer.ward in self.truth.wards

    @property
    def within_tolerance(self) -> bool:
        """Whether the answer lies near enough; never where only the ward counts."""
        return self.has_distance and self.error_m <= self.truth.tolerance_m

    @property
    def right(self) -> bool:
        """Whether all that the row asks for is right."""
        if self.is_none:
            return self.answer is None
        return self.in_ward and (self.within_tolerance or not self.has_distance)

    @property
    def within_radius_twice(self) -> bool:
        """Whether the true position lies within twice the stated radius."""
        return self.answer is not None and self.error_m <= 2 * self.answer.radius_m


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares from 0 to 1 and metres; None where no row asks for it."""

    rows: int
    answered: int
    """Of rows that are not of kind none."""
    ward_right: float | None
    within_tolerance: float | None
    median_error_m: float | None
    """Over rows with a tolerance; a missing answer is infinitely far. None where that decides."""
    none_right: float | None
    within_radius_twice: float | None
    """Over answered rows that have a true position."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same confidence; an answer where none was wanted is wrong."""

    low: float
    high: float
    answers: int
    stated: float
    """Mean confidence."""
    true: float
    """Share that was right."""


def figures(marked: Sequence[Marked]) -> Figures:
    """Return what the rows come to."""
    placed = [one for one in marked if not one.is_none]
    measured = [one for one in marked if one.has_distance]
    answered = [one for one in placed if one.answer is not None]
    return Figures(
        rows=len(marked),
        answered=len(answered),
        ward_right=_share(placed, lambda one: one.in_ward),
        within_tolerance=_share(measured, lambda one: one.within_tolerance),
        median_error_m=_median([one.error_m for one in measured]),
        none_right=_share([one for one in marked if one.is_none], lambda one: one.right),
        within_radius_twice=_share(answered, lambda one: one.within_radius_twice),
    )


def by_kind(marked: Iterable[Marked]) -> dict[str, Figures]:
    """Return kind -> figures, by name."""
    return _grouped((one.truth.kind, one) for one in marked)


def by_tag(marked: Iterable[Marked]) -> dict[str, Figures]:
    """Return tag -> figures, by name; a row counts under each of its tags."""
    return _grouped((tag, one) for one in marked for tag in one.truth.tags)


def calibration(marked: Iterable[Marked]) -> list[Bin]:
    """Return the bins of confidence that hold an answer, lowest first."""
    answers = [(one.answer.confidence, one.right) for one in marked if one.answer is not None]
    return [
        Bin(low, high, len(inside), _mean(inside, 0), _mean(inside, 1))
        for low, high in pairwise(BINS)
        if (inside := [one for one in answers if low <= one[0] < high or one[0] == high == 1.0])
    ]


def _grouped(named: Iterable[tuple[str, Marked]]) -> dict[str, Figures]:
    groups: dict[str, list[Marked]] = {}
    for name, one in named:
        groups.setdefault(name, []).append(one)
    return {name: figures(groups[name]) for name in sorted(groups)}


def _share(rows: Sequence[Marked], holds: Callable[[Marked], bool]) -> float | None:
    return sum(map(holds, rows)) / len(rows) if rows else None


def _mean(pairs: Sequence[tuple[float, bool]], which: int) -> float:
    return sum(pair[which] for pair in pairs) / len(pairs)


def _median(values: Sequence[float]) -> float | None:
    if not values:
        return None
    ordered = sorted(values)
    middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    return middle if math.isfinite(middle) else None


def summary(told: Figures) -> Mapping[str, float | None]:
    """Return what one line of JSON says."""
    return {
        "rows": told.rows,
        "ward_right": told.ward_right,
        "within_tolerance": told.within_tolerance,
        "none_right": told.none_right,
        "median_error_m": told.median_error_m,
    }
