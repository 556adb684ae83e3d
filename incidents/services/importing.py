"""Store what was reported elsewhere: many reports with their incidents in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from districts.explanation import Explanation
from districts.models import Agency, Category
from districts.routing import Decision as Route
from districts.territory import Placement
from gis_core import sql
from incidents import codes
from incidents.models import Decision, Event, Incident, Membership, Report
from incidents.report import ReportState, Statement
from incidents.services.receiving import as_decision, as_incident, as_report, fingerprint_of
from incidents.workflow import Status

IMPORTED = "imported"
TAKEN = frozenset({Status.ASSIGNED, Status.IN_PROGRESS, Status.CLOSED})
OVER = frozenset({Status.CLOSED, Status.REJECTED})


@dataclass(frozen=True, slots=True)
class Past:
    """What the other system says became of a report; None where it does not say."""

    status: Status | None = None
    agency: str | None = None
    """Code of the agency that had it there."""
    closed_at: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.status or self.agency or self.closed_at)


@dataclass(frozen=True, slots=True)
class Opening:
    """A statement, placed and routed as one report would be, with its past."""

    statement: Statement
    placement: Placement
    route: Route
    explanation: Explanation
    past: Past


class _Case(NamedTuple):
    """The rows of one opening, numbered before they are stored."""

    opening: Opening
    report: Report
    incident: Incident
    decisions: list[Decision]
    events: list[Event]
    membership: Membership


def earlier(channel: str, keys: Iterable[str]) -> dict[str, str]:
    """Return the fingerprints of what is stored under these keys of one channel."""
    stored = Report.objects.filter(channel=channel, key__in=list(keys))
    return dict(stored.values_list("key", "fingerprint"))


@transaction.atomic(durable=True)
def import_batch(openings: Sequence[Opening]) -> None:
    """Store reports with their incidents, decisions, events and memberships, all or none.

    What the other system says of status and agency is recorded beside our own decision, which is
    kept. Raises IntegrityError where a key was stored in the meantime: look again, then retry.
    """
    book = _Book.read(openings)
    cases = [_case(one, book) for one in openings]
    Report.objects.bulk_create(case.report for case in cases)
    # Incident and decision name each other; the database asks only when the transaction ends.
    Incident.objects.bulk_create(case.incident for case in cases)
    Decision.objects.bulk_create(one for case in cases for one in case.decisions)
    Event.objects.bulk_create(one for case in cases for one in case.events)
    Membership.objects.bulk_create(case.membership for case in cases)


@dataclass(frozen=True, slots=True)
class _Book:
    """What every case of a batch looks up: ids not yet used, codes not yet taken."""

    categories: Mapping[str, Category]
    agencies: Mapping[str, Agency]
    ids: Mapping[str, list[int]]
    codes: list[str]

    @staticmethod
    def read(openings: Sequence[Opening]) -> _Book:
        named = {one.route.agency for one in openings} | {one.past.agency for one in openings}
        return _Book(
            categories=Category.objects.in_bulk({one.statement.category for one in openings}),
            agencies={one.code: one for one in Agency.objects.filter(code__in=named - {None})},
            ids={
                "report": _next_ids("incidents_report", len(openings)),
                "incident": _next_ids("incidents_incident", len(openings)),
                "decision": _next_ids("incidents_decision", 2 * len(openings)),
                "event": _next_ids("incidents_event", 4 * len(openings)),
            },
            codes=_free_codes(len(openings)),
        )


def _next_ids(table: str, count: int) -> list[int]:
    """Return ids of a table in ascending order, handed out for good."""
    rows = sql.rows("incidents", "next_ids", {"table": table, "count": count})
    return sorted((row[0] for row in rows), reverse=True)


def _free_codes(count: int) -> list[str]:
    free: set[str] = set()
    while len(free) < count:
        drawn = {codes.new_code() for _ in range(count - len(free))}
        free |= drawn - set(Report.objects.filter(code__in=drawn).values_list("code", flat=True))
    return list(free)


def _case(opening: Opening, book: _Book) -> _Case:
    report = as_report(opening.statement, fingerprint_of(opening.statement), book.codes.pop())
    report.pk, report.state = book.ids["report"].pop(), ReportState.INCIDENT.value
    decided = book.agencies[opening.route.agency]
    incident = as_incident(
        book.categories[opening.statement.category],
        opening.statement.reported_at,
        opening.placement,
        opening.route,
        decided.pk,
    )
    incident.pk = book.ids["incident"].pop()
    decision = as_decision(
        incident, opening.placement, opening.route, opening.explanation, decided.pk
    )
    decision.pk = book.ids["decision"].pop()
    decisions = [decision]
    if opening.past.agency:
        decisions.append(_told(incident, book.agencies[opening.past.agency], book))
    incident.decision_id = decisions[-1].pk
    _apply(opening, incident, decisions[-1])
    events = _events(opening, report, incident, decision, book)
    membership = Membership(report=report, incident=incident, from_event=events[1])
    return _Case(opening, report, incident, decisions, events, membership)


def _told(incident: Incident, agency: Agency, book: _Book) -> Decision:
    return Decision(
        pk=book.ids["decision"].pop(),
        incident=incident,
        agency=agency,
        basis=IMPORTED,
        certainty=1,
        threshold=0,
        needs_triage=False,
        because=f"Theo hồ sơ đã nhập, {agency.name} phụ trách việc này.",
        because_en=f"The imported record says that {agency.name_en or agency.name} had it.",
    )


def _apply(opening: Opening, incident: Incident, decision: Decision) -> None:
    """Let the incident stand where the other system left it; what is over needs nobody.

    What was only received there goes the way that it would go here.
    """
    past = opening.past
    if past.agency or past.status in TAKEN:
        stands = past.status if past.status in TAKEN else None
        incident.status = (stands or Status.ASSIGNED).value
        incident.agency_id, incident.needs_triage = decision.agency_id, False
    if past.status is Status.REJECTED:
        incident.status = past.status.value
    if past.agency or past.status in OVER:
        incident.needs_triage = incident.check_after = False
    incident.closed_at = past.closed_at


def _events(
    opening: Opening, report: Report, incident: Incident, decision: Decision, book: _Book
) -> list[Event]:
    route, past = opening.route, opening.past
    assigned = {"agency": route.agency, "decision": decision.pk}
    told: list[tuple[str, Incident | None, dict[str, Any]]] = [
        ("received", None, {"channel": report.channel}),
        ("opened", incident, {}),
        ("triage" if route.needs_triage else "assigned", incident, assigned),
    ]
    if past:
        told.append((IMPORTED, incident, _as_data(past)))
    return [
        Event(
            pk=book.ids["event"].pop(),
            kind=kind,
            incident=of,
            report=report,
            actor_kind="system",
            data=data,
        )
        for kind, of, data in told
    ]


def _as_data(past: Past) -> dict[str, Any]:
    return {
        "status": past.status.value if past.status else None,
        "agency": past.agency,
        "closed_at": past.closed_at.isoformat() if past.closed_at else None,
    }
