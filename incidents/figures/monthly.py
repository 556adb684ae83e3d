"""All that a monthly report tells."""

from __future__ import annotations

from dataclasses import dataclass

from incidents.figures import grouping
from incidents.figures.naming import By
from incidents.figures.overview import Overview, overview, ranked
from incidents.figures.scope import Scope
from incidents.figures.tallies import Line


@dataclass(frozen=True, slots=True)
class MonthlyReport:
    """A month's figures with all of their lines, the slowest first."""

    overview: Overview
    sectors: tuple[Line, ...]
    wards: tuple[Line, ...]


def monthly_report(scope: Scope, language: str) -> MonthlyReport:
    """Return a month's report."""
    return MonthlyReport(
        overview(scope, By.AGENCY, language),
        ranked(grouping.lines(scope, By.SECTOR, language)),
        ranked(grouping.lines(scope, By.WARD, language)),
    )
