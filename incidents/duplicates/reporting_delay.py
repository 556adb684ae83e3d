"""How fast people report, learnt from what they report twice. Pure.

A thing that nobody has reported yet is not in any table, so few reports may mean few things or few
who tell. Repeated reports tell the two apart: from a thing's first report on it is known to be
there, and if people come upon it and report it at a steady rate, the reports that follow until it
is mended are Poisson with that rate times the time; the same rate ruled before the first report,
which therefore came after 1 / rate days on average (Z. Liu, U. Bhandaram and N. Garg, "Quantifying
spatial under-reporting disparities in resident crowdsourcing", Nature Computational Science 4,
2024; first as "Equity in Resident Crowdsourcing", EC 2022). That watching begins with a report does
no harm, for it begins anew whatever came before; it must end by what does not look at reports to
come: the repair, or a fixed number of days.

Groups differ in what they report, so each is held against what its mix of categories would bring
anywhere: a Poisson model of the rate by category, with a factor for each group. Factors of groups
that little was seen of are drawn to 1, as far as the others lie together (gamma prior fitted to all
of them: D. Clayton and J. Kaldor, "Empirical Bayes Estimates of Age-Standardized Relative Risks",
Biometrics 43, 1987).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

Z: Final = 1.959964
"""Of the normal distribution, for 95 %."""
SHAPES: Final = (0.5, 100.0)
"""Of the prior: from groups that have nothing in common to groups a tenth apart. Nearer than that
they are never taken to be, for then nothing that a group does would tell."""
NO_PRIOR: Final = 0.5
"""Jeffreys' for a Poisson rate."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What was seen of the incidents of one group and category after their first reports."""

    group: Hashable
    category: Hashable
    incidents: int
    days: float
    """All times together from a first report to the repair, or to the end of watching."""
    repeats: int
    """Reports in these times, the first ones not counted."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast a group reports; the bounds hold the truth with 95 % certainty."""

    incidents: int
    repeats: int
    days: float
    expected: float
    """Repeats that its mix of categories would have brought anywhere."""
    factor: float
    """Times the city's rate for the same mix, drawn to 1."""
    low: float
    high: float
    usual: float
    """Reports a day that the city has of one incident of the mix."""

    @property
    def per_incident(self) -> float:
        """Reports of one incident, the first one counted."""
        return 1 + self.repeats / self.incidents if self.incidents else 0.0

    @property
    def per_day(self) -> float:
        """Reports a day while a thing is there."""
        return self.factor * self.usual

    @property
    def delay_days(self) -> float:
        """Days on average until a thing is reported, if it stays; inf where none is repeated."""
        return _inverse(self.per_day)

    @property
    def delay_bounds(self) -> tuple[float, float]:
        """Within which days the delay lies."""
        return _inverse(self.high * self.usual), _inverse(self.low * self.usual)

    def heard(self, days: float) -> float:
        """Return the share of things lasting so many days of which anybody reports."""
        return -math.expm1(-self.per_day * days)


def rates(watched: Iterable[Watched]) -> dict[Hashable, Rate]:
    """Return each group's rate, in the order in which the groups come."""
    seen = list(watched)
    usual = city_rates(seen)
    groups: defaultdict[Hashable, list[Watched]] = defaultdict(list)
    for one in seen:
        groups[one.group].append(one)
    sums = {group: _summed(rows, usual) for group, rows in groups.items()}
    shape = prior_shape((repeats, expected) for _, _, repeats, expected in sums.values())
    return {group: _rate(*told, shape) for group, told in sums.items()}


def whole(watched: Iterable[Watched]) -> Rate | None:
    """Return the rate of everything together; None of nothing."""
    seen = list(watched)
    if not seen:
        return None
    incidents, days, repeats, expected = _summed(seen, city_rates(seen))
    low, high = gamma_bounds(repeats + NO_PRIOR, 1 / expected) if expected else (0.0, 0.0)
    usual = expected / days if days > 0 else 0.0
    return Rate(incidents, repeats, days, expected, 1.0, low, high, usual)


def city_rates(watched: Iterable[Watched]) -> Mapping[Hashable, float]:
    """Return the reports a day of one incident by category, all groups together."""
    days: defaultdict[Hashable, float] = defaultdict(float)
    repeats: defaultdict[Hashable, int] = defaultdict(int)
    for one in watched:
        days[one.category] += one.days
        repeats[one.category] += one.repeats
    return {category: repeats[category] / d if d > 0 else 0.0 for category, d in days.items()}


def prior_shape(counts: Iterable[tuple[int, float]]) -> float:
    """Return the shape of the gamma prior with mean 1 of factors, by the method of moments.

    The squares of counted less expected add up to the expected ones, for chance, and what the
    factors vary times the squares of the expected ones (a negative binomial's variance).
    """
    chance = excess = squares = 0.0
    for counted, expected in counts:
        chance += expected
        excess += (counted - expected) ** 2
        squares += expected**2
    if squares == 0 or excess <= chance:
        return SHAPES[1]
    return min(max(squares / (excess - chance), SHAPES[0]), SHAPES[1])


def gamma_bounds(shape: float, scale: float) -> tuple[float, float]:
    """Return what holds 95 % of a gamma distribution.

    By its cube root, which is nearly normal: E. B. Wilson and M. M. Hilferty, "The Distribution of
    Chi-Square", PNAS 17, 1931.
    """
    middle, spread = 1 - 1 / (9 * shape), Z / (3 * math.sqrt(shape))
    low, high = (shape * scale * max(middle + z, 0.0) ** 3 for z in (-spread, spread))
    return low, high


def _summed(
    rows: Iterable[Watched], usual: Mapping[Hashable, float]
) -> tuple[int, float, int, float]:
    told = [(w.incidents, w.days, w.repeats, w.days * usual[w.category]) for w in rows]
    incidents, days, repeats, expected = zip(*told, strict=True)
    return sum(incidents), math.fsum(days), sum(repeats), math.fsum(expected)


def _rate(incidents: int, days: float, repeats: int, expected: float, shape: float) -> Rate:
    low, high = gamma_bounds(shape + repeats, 1 / (shape + expected))
    return Rate(
        incidents=incidents,
        repeats=repeats,
        days=days,
        expected=expected,
        factor=(shape + repeats) / (shape + expected),
        low=low,
        high=high,
        usual=expected / days if days > 0 else 0.0,
    )


def _inverse(per_day: float) -> float:
    return 1 / per_day if per_day > 0 else math.inf
