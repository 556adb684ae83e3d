"""The month in one screen."""

from __future__ import annotations

from dataclasses import dataclass

from incidents.figures import cases, counting, grouping, measures, passing
from incidents.figures.cases import Case
from incidents.figures.naming import By
from incidents.figures.scope import Scope
from incidents.figures.service_time import Waiting, waiting
from incidents.figures.tallies import Ages, Bucket, Line, Pair

SLOWEST = 10


@dataclass(frozen=True, slots=True)
class Overview:
    """All figures of a scope."""

    scope: Scope
    trend: tuple[Bucket, ...]
    """Oldest first; the last one is the period asked for."""
    ages: Ages
    overdue: int
    again: int
    """Cases passed on that had been passed on before."""
    by: By
    lines: tuple[Line, ...]
    pairs: tuple[Pair, ...]
    slowest: tuple[Case, ...]
    waiting: tuple[Waiting, Waiting, Waiting]
    """What reporters lived through: in the period, in the one before, a year before."""

    @property
    def now(self) -> Bucket:
        """The period asked for."""
        return self.trend[-1]

    @property
    def before(self) -> Bucket:
        """The period before."""
        return self.trend[-2]

    @property
    def year_before(self) -> Bucket:
        """The same period a year before."""
        wanted = self.scope.period.year_before
        return next(bucket for bucket in self.trend if bucket.period == wanted)


def overview(scope: Scope, by: By, language: str) -> Overview:
    """Return the figures of a scope, with a line for each of ``by``, the slowest first.

    Lines are ranked by the lower bound of the share that was not honestly on time, behind those
    of enough cases the others.
    """
    lines = grouping.lines(scope, by, language)
    return Overview(
        scope=scope,
        trend=counting.trend(scope),
        ages=counting.ages(scope),
        overdue=measures.behind(scope, "overdue").count(),
        again=measures.behind(scope, "again").count(),
        by=by,
        lines=ranked(lines),
        pairs=passing.pairs(scope, language),
        slowest=cases.oldest(scope, SLOWEST, language),
        waiting=waiting(scope),
    )


def ranked(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return lines with the one first of which it is surest that it is slow, those of few last."""
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                line.tally.few,
                -line.tally.failed_share.interval.low if line.tally.handled else 1,
                -line.tally.backlog,
                line.name,
            ),
        )
    )
