"""Figures of many cases: counts, shares with their intervals, ages. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from incidents.answers import Named
from incidents.figures.intervals import FEWEST_RANKED, Share, Stars
from incidents.figures.periods import Period

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted in one period; the names are those of ``measures.MEASURES``."""

    reported: int = 0
    ended: int = 0
    """Custodies that ended, however they did."""
    handled: int = 0
    on_time: int = 0
    honest: int = 0
    late: int = 0
    unproven: int = 0
    reopened: int = 0
    declined: int = 0
    rated: int = 0
    stars: int = 0
    """All stars together."""
    backlog: int = 0

    @property
    def few(self) -> bool:
        """Whether too little was handled to rank it among others."""
        return self.handled < FEWEST_RANKED

    @property
    def raw_share(self) -> Share:
        """Of what was handled, what was within its limit."""
        return Share(self.on_time, self.handled)

    @property
    def honest_share(self) -> Share:
        """Of what was handled, what was within its limit, proven, and did not come back."""
        return Share(self.honest, self.handled)

    @property
    def failed_share(self) -> Share:
        """Of what was handled, what was not honestly on time."""
        return Share(self.handled - self.honest, self.handled)

    @property
    def unproven_share(self) -> Share:
        """Of what was handled, what came without photo or check-in."""
        return Share(self.unproven, self.handled)

    @property
    def reopened_share(self) -> Share:
        """Of what was handled, what came back."""
        return Share(self.reopened, self.handled)

    @property
    def declined_share(self) -> Share:
        """Of all custodies that ended, those that the agency gave back as not its own."""
        return Share(self.declined, self.ended)

    @property
    def satisfaction(self) -> Stars:
        """What reporters thought of the result."""
        return Stars(self.stars, self.rated)


@dataclass(frozen=True, slots=True)
class Ages:
    """How long what stood open had been open, in days; None of nothing."""

    median: float | None = None
    ninetieth: float | None = None
    oldest: float | None = None


@dataclass(frozen=True, slots=True)
class Bucket:
    """One period of a trend."""

    period: Period
    tally: Tally


@dataclass(frozen=True, slots=True)
class Line:
    """One agency's, sector's, category's or area's figures; ``key`` narrows an address to it."""

    key: str
    name: str
    tally: Tally
    ages: Ages = Ages()
    median_days: float | None = None
    """Half of what was handled took no longer than so many days, nights and holidays with it."""
    median_at_most: float | None = None
    """What that half surely took no longer than, at 95 %; the longest of few."""


@dataclass(frozen=True, slots=True)
class Pair:
    """How many cases went from one agency, which said that they are not its own, to another."""

    giver: Named
    taker: Named | None
    """None: nobody has them yet."""
    cases: int
    of: int
    """Custodies of the giver that ended in the period."""

    @property
    def few(self) -> bool:
        """Whether the giver had too little to rank it among others."""
        return self.of < FEWEST_RANKED

    @property
    def share(self) -> Share:
        """Of what the giver had, what went this way."""
        return Share(self.cases, self.of)
