"""What everybody may read of how cases are dealt with, per agency and ward, unless they are few."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from incidents.actors import ANYBODY
from incidents.figures import grouping
from incidents.figures.naming import By
from incidents.figures.periods import Period
from incidents.figures.scope import Scope
from incidents.figures.tallies import Ages, Line

FEWEST: Final = 5
"""Lines of fewer handled cases, and satisfaction of fewer ratings, are not told."""


@dataclass(frozen=True, slots=True)
class PublicResults:
    """A period's results, over public incidents that were not rejected."""

    period: Period
    agencies: tuple[Line, ...]
    wards: tuple[Line, ...]
    hidden: int
    """Lines left out because they had too few cases."""


def public_results(period: Period, language: str) -> PublicResults:
    """Return a period's results per agency and per ward, in order of name.

    A line's ``tally.rated`` is 0 where fewer than FEWEST people rated, and its backlog and ages are
    left out, for these tell of single cases.
    """
    scope = Scope(ANYBODY, period, public=True)
    agencies, wards = grouping.lines_by(scope, (By.AGENCY, By.WARD), language).values()
    shown = [[_told(line) for line in lines if _enough(line)] for lines in (agencies, wards)]
    hidden = len(agencies) + len(wards) - sum(map(len, shown))
    return PublicResults(period, tuple(shown[0]), tuple(shown[1]), hidden)


def _enough(line: Line) -> bool:
    return line.tally.handled >= FEWEST


def _told(line: Line) -> Line:
    tally = line.tally
    if tally.rated < FEWEST:
        tally = replace(tally, rated=0, stars=0)
    return replace(line, tally=replace(tally, backlog=0), ages=Ages())
