"""What a contract can be held to: everything of one agency or contractor that went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Count

from incidents.figures import cases
from incidents.figures.cases import Case
from incidents.figures.counting import counts, told_in
from incidents.figures.measures import BACK, BROKEN, LATE, UNPROVEN
from incidents.figures.scope import Scope
from incidents.figures.tallies import Tally
from incidents.models import Custody

MOST: Final = 2_000
"""Lines of one file; whoever has more is asked for a shorter period."""


@dataclass(frozen=True, slots=True)
class SanctionFile:
    """One holder's faults in a period, with how much they handled beside."""

    scope: Scope
    tally: Tally
    broken: int
    """Promised dates that passed."""
    lines: tuple[Case, ...]
    """What was late, broke a promise, came back, or came without proof; oldest first."""
    left_out: int


def sanction_file(scope: Scope, language: str) -> SanctionFile:
    """Return the file of the scope's contractor, or else of its agency and all below it."""
    ended = told_in(scope, Custody, "ended_at")
    told = ended.aggregate(**counts(), broken=Count("pk", filter=BROKEN))
    broken = told.pop("broken")
    faulty = ended.filter(LATE | BROKEN | BACK | UNPROVEN).order_by("ended_at", "pk")
    lines = cases.read(faulty[:MOST], language)
    left_out = faulty.count() - len(lines) if len(lines) == MOST else 0
    return SanctionFile(scope, Tally(**told), broken, lines, left_out)
