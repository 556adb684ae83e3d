"""How sure a share or a mean is. Pure.

What is counted is a sample of how an office works, so that ten of ten says less than 990 of 1000.
Tables are ranked by the bound that is against the claim, and lines of fewer than ``FEWEST_RANKED``
stand behind all others: four of four are surely more than half, and would top most tables.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

Z: Final = 1.959964
"""Of the normal distribution, for 95 %."""
WORST, BEST = 1, 5
"""Stars."""
FEWEST_RANKED: Final = 10
"""Our choice: around a half, the interval of nine still holds more than half of the scale."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the truth lies with 95 % certainty; None bounds where nothing is known."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None of nothing."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> Interval:
        """Its interval; 0 to 1 of nothing."""
        return wilson(self.hits, self.of)


@dataclass(frozen=True, slots=True)
class Stars:
    """The sum of so many ratings of 1 to 5."""

    total: int
    count: int

    @property
    def value(self) -> float | None:
        """The mean; None of nothing."""
        return self.total / self.count if self.count else None

    @property
    def interval(self) -> Interval:
        """The mean's interval; 1 to 5 of nothing.

        The Wilson interval of the mean's place between worst and best. No variable in [0, 1] with
        mean p varies more than p (1 - p) (Bhatia and Davis 2000, A Better Bound on the Variance,
        The American Mathematical Monthly 107), so it is rather too wide than too narrow.
        """
        reach = BEST - WORST
        place = wilson((self.total - WORST * self.count) / reach, self.count)
        return Interval(WORST + reach * place.low, WORST + reach * place.high)


def wilson(hits: float, of: int) -> Interval:
    """Return the Wilson score interval of ``hits`` of ``of``.

    (p + z²/2n ± z √(p (1 - p)/n + z²/4n²)) / (1 + z²/n), with p = hits/n: Wilson 1927, Probable
    Inference, the Law of Succession, and Statistical Inference, JASA 22.
    """
    if of == 0:
        return Interval(0.0, 1.0)
    p, rest = hits / of, Z * Z / of
    middle = (p + rest / 2) / (1 + rest)
    half = Z * math.sqrt(max(p * (1 - p), 0) / of + rest / (4 * of)) / (1 + rest)
    low, high = max(middle - half, 0.0), min(middle + half, 1.0)
    # Exact at the ends, where rounding would leave a trace.
    return Interval(0.0 if hits <= 0 else low, 1.0 if hits >= of else high)


def median_rank(of: int) -> float:
    """Return which share of so many values surely holds their median, 0.5 to 1; 1 of nothing.

    The upper end of the median's interval from order statistics, 1/2 + z / (2 √n): Conover 1999,
    Practical Nonparametric Statistics, 3.2.
    """
    return min(0.5 + Z / (2 * math.sqrt(of)), 1.0) if of else 1.0
