"""Store what was reported elsewhere: many reports with their incidents in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from districts.explanation import Explanation
from districts.models import Agency, Category
from districts.routing import Decision as Route
from districts.territory import Placement
from gis_core import sql
from incidents import codes
from incidents.models import Report
from incidents.report import ReportState, Statement
from incidents.services.clocks import IMPORTED
from incidents.services.imported_clocks import ImportedClocks
from incidents.services.receiving import fingerprint_of
from incidents.services.rows import Row, decision_row, incident_row, report_row
from incidents.workflow import OPEN, Status

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

    report: Row
    incident: Row
    decisions: list[Row]
    events: list[Row]
    membership: Row
    custody: Row | None
    """Of what is open, and an agency's."""


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
    write = partial(sql.copy_rows, "incidents")
    write("copy_reports", (case.report for case in cases))
    # Incident and decision name each other; the database asks only when the transaction ends.
    write("copy_incidents", (case.incident for case in cases))
    write("copy_decisions", (one for case in cases for one in case.decisions))
    write("copy_events", (one for case in cases for one in case.events))
    write("copy_memberships", (case.membership for case in cases))
    write("copy_custodies", (case.custody for case in cases if case.custody))


@dataclass(frozen=True, slots=True)
class _Book:
    """What every case of a batch looks up: ids not yet used, codes not yet taken."""

    categories: Mapping[str, Category]
    agencies: Mapping[str, Agency]
    ids: Mapping[str, list[int]]
    codes: list[str]
    now: datetime
    clocks: ImportedClocks

    @staticmethod
    def read(openings: Sequence[Opening]) -> _Book:
        now = timezone.now()
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
            now=now,
            clocks=ImportedClocks(now),
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
    statement, agency = opening.statement, book.agencies[opening.route.agency].pk
    report = {
        **report_row(statement, fingerprint_of(statement), book.codes.pop()),
        "id": book.ids["report"].pop(),
        "state": ReportState.INCIDENT.value,
        "received_at": book.now,
    }
    incident = _incident(opening, agency, book)
    decisions = _decisions(opening, incident["id"], agency, book)
    incident["decision_id"] = decisions[-1]["id"]
    _apply(opening, incident, decisions[-1])
    events = _events(opening, report["id"], incident["id"], decisions[0]["id"], book)
    custody = _held(opening, incident, events, book)
    membership = {
        "report_id": report["id"],
        "incident_id": incident["id"],
        "from_event_id": events[1]["id"],
    }
    return _Case(report, incident, decisions, events, membership, custody)


def _incident(opening: Opening, agency_id: int, book: _Book) -> Row:
    statement = opening.statement
    category = book.categories[statement.category]
    row = incident_row(category, statement.reported_at, opening.placement, opening.route, agency_id)
    row |= {"id": book.ids["incident"].pop(), "report_count": 1, "version": 1}
    clock = {"held_since": None, "due_at": None, "next_step_at": None}
    return row | clock | {"closed_at": None, "updated_at": book.now}


def _decisions(opening: Opening, incident_id: int, agency_id: int, book: _Book) -> list[Row]:
    """Return our decision, and after it the one that the other system tells of."""
    rows = [decision_row(opening.placement, opening.route, opening.explanation, agency_id)]
    if opening.past.agency:
        rows.append(_told(book.agencies[opening.past.agency]))
    given = {"incident_id": incident_id, "decided_at": book.now}
    return [{**row, **given, "id": book.ids["decision"].pop()} for row in rows]


def _told(agency: Agency) -> Row:
    return {
        "agency_id": agency.pk,
        "rule_id": None,
        "basis": IMPORTED,
        "certainty": 1.0,
        "threshold": 0.0,
        "needs_triage": False,
        "because": f"Theo hồ sơ đã nhập, {agency.name} phụ trách việc này.",
        "because_en": f"The imported record says that {agency.in_sentence('en')} had it.",
        "question": "",
        "question_en": "",
        "candidates": [],
        "inputs": {},
    }


def _apply(opening: Opening, incident: Row, decision: Row) -> None:
    """Let the incident stand where the other system left it; what is over needs nobody.

    What was only received there goes the way that it would go here.
    """
    past = opening.past
    if past.agency or past.status in TAKEN:
        stands = past.status if past.status in TAKEN else None
        incident["status"] = (stands or Status.ASSIGNED).value
        incident |= {"agency_id": decision["agency_id"], "needs_triage": False}
    if past.status is Status.REJECTED:
        incident["status"] = past.status.value
    if past.agency or past.status in OVER:
        incident["needs_triage"] = incident["check_after"] = False
    incident["closed_at"] = past.closed_at


def _events(
    opening: Opening, report_id: int, incident_id: int, decision_id: int, book: _Book
) -> list[Row]:
    route, past = opening.route, opening.past
    assigned = {"agency": route.agency, "decision": decision_id}
    told: list[tuple[str, int | None, dict[str, Any]]] = [
        ("received", None, {"channel": opening.statement.channel}),
        ("opened", incident_id, {}),
        ("triage" if route.needs_triage else "assigned", incident_id, assigned),
    ]
    if past:
        told.append((IMPORTED, incident_id, _as_data(past)))
    return [
        {
            "id": book.ids["event"].pop(),
            "kind": kind,
            "incident_id": of,
            "report_id": report_id,
            "at": book.now,
            "actor_kind": "system",
            "reason": "",
            "data": data,
        }
        for kind, of, data in told
    ]


def _held(opening: Opening, incident: Row, events: list[Row], book: _Book) -> Row | None:
    """Begin the clock of a case that an agency has; its event is the one that names the agency."""
    if incident["agency_id"] is None or Status(incident["status"]) not in OPEN:
        return None
    begun = book.clocks.begin(book.categories[incident["category_id"]], incident["opened_at"])
    ours = opening.past.agency is None and not opening.route.needs_triage
    event = events[2] if ours else events[-1]
    event["data"] |= begun.said
    incident |= {
        "held_since": begun.since,
        "due_at": begun.due,
        "next_step_at": begun.next_step_at,
    }
    return {
        "incident_id": incident["id"],
        "agency_id": incident["agency_id"],
        "from_event_id": event["id"],
        "began_at": begun.since,
        "due_at": begun.due,
        "limit_s": begun.limit.amount.total_seconds(),
        "runs": begun.limit.runs.value,
        "rule": begun.limit.rule,
        "rule_version": begun.limit.version,
        "steps": "{" + ",".join(begun.steps) + "}",
    }


def _as_data(past: Past) -> dict[str, Any]:
    return {
        "status": past.status.value if past.status else None,
        "agency": past.agency,
        "closed_at": past.closed_at.isoformat() if past.closed_at else None,
    }
