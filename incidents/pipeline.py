"""The whole way of a report, on one screen; no step knows the next.

    store  ->  place  ->  route, explain  ->  open
    commit     one SQL    pure                commit

What is stored and not opened is *waiting*: a crash between two steps leaves it so, and a retry
under the same key, or ``resume``, goes on from there. Opening locks the report first, so however
many try, one incident comes of it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from districts import city, explanation, rulebook
from districts.explanation import Explanation
from districts.many_pins import Pin, place_many
from districts.placement import NullIsland, OutsideCity, SwappedPosition, place
from districts.routing import Decision, NoRule, route
from districts.rulebook import Rulebook, UnknownCategory
from districts.territory import Placement
from gis_core.errors import DomainError
from gis_core.positions import Position
from incidents import selectors, services
from incidents.errors import AlreadyRefused
from incidents.report import ReportState, Statement
from incidents.services import Stored

REFUSALS = (OutsideCity, SwappedPosition, NullIsland)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a statement: the report's code and state are read by ``selectors``."""

    report_id: int
    new: bool
    """False where the same key had brought the same statement before."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a pin would lead to; nothing is stored. Without a category nobody is chosen."""

    placement: Placement
    rulebook: Rulebook
    decision: Decision | None = None
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a statement would lead to."""

    placement: Placement
    decision: Decision
    explanation: Explanation


def receive(statement: Statement) -> Receipt:
    """Store a statement, then take it as far as it goes.

    Raises IdempotencyReused before anything is stored; OutsideCity, SwappedPosition and NullIsland
    after the report was stored and refused; NoRule with the report kept waiting.
    """
    stored = services.store_report(statement)
    if stored.state is ReportState.REJECTED:
        _refuse_again(statement, stored)
    if stored.state is ReportState.WAITING and statement.position:
        go_on(stored.report_id, statement.category, statement.position, statement.reported_at)
    return Receipt(stored.report_id, stored.new)


def go_on(report_id: int, category: str, position: Position, at: datetime) -> None:
    """Place, route and open a report that is waiting; refuse it where its place cannot be taken."""
    try:
        placement = place(position, local_day(at))
    except REFUSALS as refusal:
        services.reject_report(report_id, refusal.code)
        raise
    book = rulebook.current(placement.version)
    decision = route(placement, book.category(category), book.rules_for[category])
    why = explanation.explain(decision, placement, book)
    services.open_incident(report_id, placement, decision, why)


def preview(position: Position, category: str | None, at: datetime) -> Preview:
    """Return what ``receive`` would do with a pin, and store nothing.

    Raises OutsideCity, SwappedPosition, NullIsland, UnknownCategory, NoRule.
    """
    placement = place(position, local_day(at))
    book = rulebook.current(placement.version)
    if category is None:
        return Preview(placement, book)
    decision = route(placement, book.category(category), book.rules_for[category])
    return Preview(placement, book, decision, explanation.explain(decision, placement, book))


def foresee(statements: Sequence[Statement]) -> list[Foreseen | DomainError]:
    """Return for each statement what ``receive`` would decide, or what it would raise; in order.

    For many at once: one statement places them all. Every one must have a position.
    """
    pins = [Pin(said.position, local_day(said.reported_at)) for said in statements if said.position]
    book = rulebook.current()
    return [
        _foreseen(said.category, placement, book)
        for said, placement in zip(statements, place_many(pins), strict=True)
    ]


def _foreseen(
    category: str, placement: Placement | DomainError, book: Rulebook
) -> Foreseen | DomainError:
    if isinstance(placement, DomainError):
        return placement
    try:
        decision = route(placement, book.category(category), book.rules_for[category])
    except (NoRule, UnknownCategory) as fault:
        return fault
    return Foreseen(placement, decision, explanation.explain(decision, placement, book))


def resume() -> tuple[int, int]:
    """Take every waiting report that has a position as far as it goes: (went on, still waiting)."""
    done, left = 0, 0
    for report in selectors.waiting_with_position():
        try:
            go_on(report.report_id, report.category, report.position, report.reported_at)
        except REFUSALS:
            done += 1
        except DomainError as fault:
            left += 1
            log.warning("Report %s stays waiting: %s", report.report_id, fault.code)
        else:
            done += 1
    return done, left


def local_day(at: datetime) -> date:
    """Return the city's calendar day of a moment: boundaries and contracts begin on days."""
    return at.astimezone(ZoneInfo(city.current().time_zone)).date()


def _refuse_again(statement: Statement, stored: Stored) -> None:
    """Raise for a retry what the first try raised; its answer may have been lost on the way."""
    if statement.position:
        place(statement.position, local_day(statement.reported_at))
    raise AlreadyRefused(reason=stored.reason)
