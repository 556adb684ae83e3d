"""The record of events as auditors read it: every event with its actor and its seal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet

from gis_core import sql
from incidents.actors import Actor
from incidents.errors import IncidentNotFound, PermissionDenied
from incidents.families import as_before
from incidents.feed import Cursor
from incidents.models import DayDigest, Event, Incident, Sealing
from incidents.permissions import Act, Reach
from incidents.visibility import reached

PAGE: Final = 50
MOST: Final = 1_000
"""Events in one answer of the feed."""
DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Asked:
    """Which events to list; what is empty asks for all."""

    incident: int | None = None
    kind: str = ""
    role: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None
    """The id of the last event of the page before."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event. ``seal`` is empty while it has none."""

    id: int
    at: datetime
    kind: str
    incident: int | None
    report: int | None
    role: str
    actor: str
    reason: str
    data: dict[str, Any]
    chain: str
    number: int | None
    seal: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How far events are sealed, and the last days' digests."""

    seals: int
    days: tuple[tuple[date, str], ...]
    """Newest first."""


def ledger(actor: Actor, asked: Asked) -> list[Line]:
    """Return the events that ``actor`` may read, newest first, a page of them.

    Raises PermissionDenied.
    """
    rows = _asked(_readable(actor), asked).select_related("actor", "seal")
    return [_line(event) for event in rows.order_by("-id")[:PAGE]]


def chain(actor: Actor, incident_id: int) -> list[Line]:
    """Return all events of one incident, oldest first.

    Raises PermissionDenied, IncidentNotFound.
    """
    incident = incident_of_record(actor, incident_id)
    rows = Event.objects.filter(incident=incident).select_related("actor", "seal")
    return [_line(event) for event in rows.order_by("id")]


def incident_of_record(actor: Actor, incident_id: int) -> Incident:
    """Return an incident whose record ``actor`` may read.

    Raises PermissionDenied, IncidentNotFound.
    """
    incident = Incident.objects.filter(pk=incident_id).select_related("category").first()
    held = as_before(incident) if incident else None
    if incident is None or held is None or not actor.sees(held):
        raise IncidentNotFound(id=incident_id)
    actor.must(Act.SEE_LEDGER, held)
    return incident


def standing(actor: Actor) -> Standing:
    """Return how far the record is sealed. Raises PermissionDenied."""
    _readable(actor)
    so_far = Sealing.objects.first()
    days = DayDigest.objects.order_by("-day").values_list("day", "digest")[:DAYS]
    told = tuple((day, bytes(digest).hex()) for day, digest in days)
    return Standing(so_far.seals if so_far else 0, told)


def kinds() -> list[str]:
    """Return the kinds of events that there can be to filter by, as the newest tell them."""
    newest = Event.objects.order_by("-id").values_list("kind", flat=True)[:5_000]
    return sorted(set(newest))


def feed(actor: Actor, after: Cursor, limit: int) -> Iterator[bytes]:
    """Return sealed events after a cursor, in the order of sealing, as lines of JSON.

    Each line's ``cursor`` asks for what follows it. Raises PermissionDenied for whoever may not
    read all events.
    """
    if actor.reach(Act.SEE_LEDGER) is not Reach.ALL:
        raise PermissionDenied
    place = {"transaction": after.transaction, "event": after.event, "count": min(limit, MOST)}
    return (_as_json(row) for row in sql.rows("incidents", "sealed_after", place))


def _readable(actor: Actor) -> QuerySet[Event]:
    reach = actor.reach(Act.SEE_LEDGER)
    if reach is Reach.NONE:
        raise PermissionDenied
    if reach is Reach.ALL:
        return Event.objects.all()
    return Event.objects.filter(reached(actor, Act.SEE_LEDGER, "incident__"))


def _asked(rows: QuerySet[Event], asked: Asked) -> QuerySet[Event]:
    wanted = {
        "incident": asked.incident,
        "kind": asked.kind,
        "actor_kind": asked.role,
        "at__date__gte": asked.since,
        "at__date__lte": asked.until,
        "id__lt": asked.before,
    }
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def _line(event: Event) -> Line:
    seal = getattr(event, "seal", None)
    return Line(
        event.pk,
        event.at,
        event.kind,
        event.incident_id,
        event.report_id,
        event.actor_kind,
        event.actor.get_username() if event.actor else "",
        event.reason,
        event.data,
        seal.chain if seal else "",
        seal.number if seal else None,
        bytes(seal.digest).hex() if seal else "",
    )


def _as_json(row: tuple[Any, ...]) -> bytes:
    transaction, pk, chain, number, digest, *said, data = row
    names = ("incident", "report", "kind", "at", "actor", "actor_kind", "reason")
    facts = dict(zip(names, said, strict=True)) | {"data": json.loads(data)}
    seal = {"chain": chain, "number": number, "seal": bytes(digest).hex()}
    whole = {"cursor": f"{transaction}-{pk}", "id": pk, **facts, **seal}
    return json.dumps(whole, ensure_ascii=False, default=datetime.isoformat).encode() + b"\n"
