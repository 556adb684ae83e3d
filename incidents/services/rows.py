"""A statement, its incident and the decision as rows: values by column, for one or for many."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from districts.explanation import Explanation
from districts.models import Category
from districts.routing import Decision as Route
from districts.territory import Placement
from gis_core.positions import LonLat
from gis_core.tiles import cell_code
from incidents import evidence
from incidents.report import Statement
from incidents.workflow import Status

Row = dict[str, Any]
"""Values by the column's name, as a model takes them and ``COPY`` writes them."""

NO_POSITION = "no_position"


def report_row(statement: Statement, fingerprint: str, code: str) -> Row:
    """Return the row of a statement that waits."""
    where = statement.position
    return {
        "code": code,
        "channel": statement.channel,
        "key": statement.key,
        "fingerprint": fingerprint,
        "state_reason": "" if where else NO_POSITION,
        "category_id": statement.category,
        "text": statement.text,
        "address": statement.address,
        "language": statement.language,
        "position": ewkt(where.lonlat) if where else None,
        "accuracy_m": where.accuracy_m if where else 0,
        "position_method": where.method if where else "none",
        "reported_at": statement.reported_at,
    }


def incident_row(
    category: Category, opened_at: datetime, placement: Placement, route: Route, agency_id: int
) -> Row:
    """Return the row of a new incident, without its decision."""
    here, where = placement.here, placement.position
    return {
        "category_id": category.code,
        "status": (Status.RECEIVED if route.needs_triage else Status.ASSIGNED).value,
        "agency_id": None if route.needs_triage else agency_id,
        "ward_id": here.ward.id if here.ward else None,
        "district_id": here.district.id if here.district else None,
        "position": ewkt(where.lonlat),
        "accuracy_m": where.accuracy_m,
        "cell": cell_code(where.lonlat),
        "needs_triage": route.needs_triage,
        "check_after": route.check_after,
        "public": category.public and not category.sensitive,
        "opened_at": opened_at,
    }


def decision_row(
    placement: Placement, route: Route, explanation: Explanation, agency_id: int
) -> Row:
    """Return the row that says why, without its incident."""
    return {
        "agency_id": agency_id,
        "rule_id": route.claim.rule_id or None,
        "basis": route.claim.basis.value,
        "certainty": route.certainty,
        "threshold": route.threshold,
        "needs_triage": route.needs_triage,
        "because": explanation.because["vi"],
        "because_en": explanation.because["en"],
        "question": explanation.question["vi"],
        "question_en": explanation.question["en"],
        "candidates": [evidence.of_candidate(claim) for claim in route.candidates],
        "inputs": evidence.of_placement(placement),
    }


def ewkt(lonlat: LonLat) -> str:
    """Return a position as PostGIS reads it."""
    return f"SRID=4326;POINT({lonlat.lon!r} {lonlat.lat!r})"
