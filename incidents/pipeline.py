"""The whole way of a report, on one screen; no step knows the next.

    store  ->  locate        ->  place  ->  route, explain  ->  open
    commit     words only        one SQL    pure                commit

What is stored and not opened is *waiting*: a crash between two steps leaves it so, and a retry
under the same key, or ``resume``, goes on from there. A report in words alone whose place is not
found surely enough waits for an operator, who ``put``s it. Opening locks the report first, so
however many try, one incident comes of it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from districts import city, explanation, rulebook
from districts.explanation import Explanation
from districts.many_pins import Pin, place_many
from districts.placement import NullIsland, OutsideCity, SwappedPosition, place
from districts.routing import NOBODY, Decision, NoRule, route
from districts.rulebook import Rulebook, UnknownCategory
from districts.territory import Placement
from gis_core.errors import DomainError
from gis_core.positions import LonLat, Position
from incidents import locating, selectors, services, unplaced
from incidents.actors import Actor
from incidents.errors import AlreadyRefused
from incidents.models import Incident
from incidents.permissions import Act
from incidents.report import ReportState, Statement
from incidents.said import NOTHING_SAID, Said
from incidents.services import Change, Choice, Routed, Stored
from incidents.workflow import Step

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
    if stored.state is ReportState.WAITING:
        where = statement.position or locate(stored.report_id, statement.place_words)
        if where:
            go_on(stored.report_id, statement.category, where, statement.reported_at)
    return Receipt(stored.report_id, stored.new)


def locate(report_id: int, words: str) -> Position | None:
    """Find the place of a stored report in its words; None where an operator has to."""
    found = locating.look(words)
    sure = locating.is_sure(found.best)
    keep = services.locate_report if sure else services.leave_to_operator
    return keep(report_id, found.candidates, found.version)


def put(actor: Actor, report_id: int, choice: Choice) -> None:
    """Put a report that waits for a place where an operator says, and go on with it.

    Raises PermissionDenied, AlreadyDealtWith and, with nothing changed, what ``place`` refuses.
    """
    actor.must(Act.LOCATE)
    place(choice.position, local_day(timezone.now()))
    services.locate_by_hand(actor, report_id, choice)
    if waiting := unplaced.waiting_report(report_id):
        go_on(report_id, waiting.category, waiting.position, waiting.reported_at)


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


@transaction.atomic
def decline(actor: Actor, incident_id: int, said: Said = NOTHING_SAID) -> Incident:
    """Let an agency give an incident back, and give it to whoever the rules name without it.

    Left out is everyone who declined it since its place and category are what they are; where
    nobody is left, or nobody is sure, a person decides. Raises what ``services.take`` raises.
    """
    incident = services.take(actor, incident_id, Step.DECLINE, said)
    services.hand_on(incident, _rerouted(incident, services.declined_by(incident)))
    return incident


def _rerouted(incident: Incident, without: frozenset[str]) -> Routed | None:
    try:
        return _routed(_position_of(incident), incident.category_id, without)
    except (*REFUSALS, NoRule, UnknownCategory) as fault:
        log.info("Incident %s needs a person: %s", incident.pk, fault.code)
        return None


@transaction.atomic
def change(
    actor: Actor,
    incident_id: int,
    said: Said = NOTHING_SAID,
    *,
    position: Position | None = None,
    category: str | None = None,
    agency: str | None = None,
) -> Incident:
    """Move an incident's pin, or give it another category, and route it again.

    Its ward is that of its own day, its agency today's. ``agency`` is the one that the actor was
    shown and agrees to. Raises AgencyWouldChange, naming both, where it would be another one;
    IncidentNotFound, PermissionDenied, IncidentChanged, NotChangeable, and what ``preview`` raises.
    """
    act = Act.MOVE if position else Act.RECATEGORISE
    incident = services.locked_incident(actor, act, incident_id, said.version)
    _must_change(actor, incident, position, category)
    where, what = position or _position_of(incident), category or incident.category_id
    home = place(position, local_day(incident.opened_at)) if position else None
    wanted = Change(_routed(where, what), home, category, agency)
    return services.change(actor, incident, said, wanted)


@transaction.atomic
def take_out(
    actor: Actor, incident_id: int, report_ids: Collection[int], said: Said = NOTHING_SAID
) -> Incident:
    """Make an incident of its own of some of an incident's reports, and return it.

    It is placed and routed as the first of them would be: its pin, its category, its day.
    Raises IncidentNotFound, PermissionDenied, IncidentChanged, ReportsMissing, and what
    ``preview`` raises.
    """
    going = services.leaving(actor, incident_id, report_ids, said)
    placement = place(going.position, local_day(going.reported_at))
    book, what = rulebook.current(placement.version), going.category.code
    decision = route(placement, book.category(what), book.rules_for[what])
    why = explanation.explain(decision, placement, book)
    return services.open_apart(actor, going, said, (placement, decision, why))


def _must_change(
    actor: Actor, incident: Incident, position: Position | None, category: str | None
) -> None:
    for act, new in ((Act.MOVE, position), (Act.RECATEGORISE, category)):
        if new is not None:
            actor.must(act, incident)


def _routed(where: Position, category: str, without: frozenset[str] = NOBODY) -> Routed:
    placement = place(where, local_day(timezone.now()))
    book = rulebook.current(placement.version)
    decision = route(placement, book.category(category), book.rules_for[category], without)
    return Routed(placement, decision, explanation.explain(decision, placement, book), without)


def _position_of(incident: Incident) -> Position:
    place_ = incident.position
    return Position(LonLat(place_.x, place_.y), incident.accuracy_m)


def resume() -> tuple[int, int]:
    """Take every waiting report as far as it goes: (went on, still waiting).

    One that an operator has to place is neither: it is where it belongs.
    """
    done, left = 0, 0
    for report_id, words in unplaced.not_looked_for():
        locate(report_id, words)
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
