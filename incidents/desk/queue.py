"""The desk's list: what an office has before it, in the order in which it is due.

A page is read from indexes in this very order, one for each way in which an actor reaches incidents
(an agency, a ward, a district), and merged: its cost does not grow with the table.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import User
from django.contrib.gis.db.models import MultiPolygonField
from django.db.models import (
    BooleanField,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.utils import timezone

from incidents import codes
from incidents.actors import Actor
from incidents.desk.filters import DeskFilter, Tab
from incidents.desk.reach import desks, reached_ids
from incidents.errors import BadCode, BadCursor
from incidents.models import Incident, Membership, OwnArea
from incidents.models.incident import URGENCY, past_due
from incidents.permissions import Act
from incidents.visibility import EVERY, reached

PAGE: Final = 50
COUNTED_TO: Final = 1_000
"""More than this is said to be more than this."""

PARTS_OF_OPEN: Final = (Tab.NEW, Tab.WORKING, Tab.DONE)
"""What is open is in one of these."""

COUNTED_APART: Final = (*PARTS_OF_OPEN, Tab.LATE)

Place = tuple[Any, ...]
"""Where a row stands in the order of its tab."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of ids in order, and where the next one begins; None at the end."""

    ids: tuple[int, ...]
    following: str | None


def page(actor: Actor, wanted: DeskFilter, cursor: str | None = None, size: int = PAGE) -> Found:
    """Return a page of what ``actor``'s desk holds. Raises PermissionDenied, BadCursor.

    Open incidents by what is due first, then by age; ended ones the newest first.
    """
    order = _Order.of(wanted.tab)
    arms = [order.sorted(rows, cursor)[: size + 1] for rows in _arms(actor, wanted)]
    rows = list(_merged(arms, order)[: size + 1])
    following = order.write(rows[size - 1]) if len(rows) > size else None
    return Found(tuple(row[-1] for row in rows[:size]), following)


def among(actor: Actor, wanted: DeskFilter, ids: Sequence[int]) -> frozenset[int]:
    """Return those of ``ids`` that this desk holds and the filter asks for."""
    desks(actor)
    mine = reached(actor, Act.SEE) & Q(pk__in=ids)
    rows = Incident.objects.annotate(urgency=URGENCY).filter(mine & _asked(wanted, actor))
    return frozenset(rows.values_list("pk", flat=True))


def count(actor: Actor, wanted: DeskFilter) -> int:
    """Return how many there are, at most ``COUNTED_TO + 1``."""
    return _at_most(actor, wanted).count()


def counts(actor: Actor, wanted: DeskFilter) -> dict[Tab, int]:
    """Return how many each tab holds under the same filter, in one query.

    What has ended is not counted: to find a thousand of a rare kind all of it would be read.
    """
    if not actor.sees_everything and not any(reached_ids(desks(actor))):
        # Nothing is within reach: a query of nothing is no query that can be counted.
        return dict.fromkeys((Tab.OPEN, *COUNTED_APART), 0)
    asked = {tab: _Counted(Subquery(_at_most(actor, wanted.at(tab)))) for tab in COUNTED_APART}
    # Some row has to be asked beside: the reader's own.
    [told] = User.objects.filter(pk=actor.user_id or 0).values_list(*asked.values())
    found = dict(zip(asked, told, strict=True))
    found[Tab.OPEN] = min(sum(found[part] for part in PARTS_OF_OPEN), COUNTED_TO + 1)
    return found


def _at_most(actor: Actor, wanted: DeskFilter) -> QuerySet[Any, Any]:
    """Return what the filter asks for, ``COUNTED_TO + 1`` of it at most, in no order."""
    most = COUNTED_TO + 1
    arms = [rows.order_by().values("pk")[:most] for rows in _arms(actor, wanted)]
    first, *others = arms
    return first.union(*others)[:most] if others else first


def _arms(actor: Actor, wanted: DeskFilter) -> list[QuerySet[Incident]]:
    """Return what the filter asks for in as many parts as there are indexes to read it from."""
    mine = reached(desks(actor), Act.SEE)
    if wanted.ward is not None:
        ways = [mine & Q(ward=wanted.ward)]
    elif wanted.agencies:
        ways = [mine & Q(agency=one) for one in sorted(wanted.agencies)]
    elif actor.sees_everything:
        ways = [EVERY]
    else:
        held, inside = reached_ids(actor)
        ways = [Q(agency=one) for one in held]
        ways += [Q(**{level: one}) for level in ("ward", "district") for one in inside]
    asked = _asked(wanted, actor)
    rows = Incident.objects.annotate(urgency=URGENCY)
    return [rows.filter(way & asked) for way in ways or [mine]]


def _asked(wanted: DeskFilter, actor: Actor) -> Q:
    """Return the condition that the filter asks for an incident, whose ``urgency`` is known."""
    asked = Q(status__in=wanted.statuses)
    if before := wanted.due_before(timezone.now()):
        asked &= past_due(before, "urgency")
    if wanted.sectors or wanted.categories:
        asked &= Q(category__in=wanted.categories) | Q(category__sector__in=wanted.sectors)
    if wanted.agencies:
        asked &= Q(agency__in=wanted.agencies)
    if wanted.ward is not None:
        asked &= Q(ward=wanted.ward)
    if wanted.text:
        asked &= _named(wanted.text)
    if wanted.own_area is not None:
        asked &= Q(position__intersects=_shape(actor, wanted.own_area))
    return asked


def _named(text: str) -> Q:
    """Return the condition that an incident has this number, or a report with this code."""
    try:
        code = codes.read_code(text)
    except BadCode:
        code = ""
    members = Membership.objects.filter(report__code=code, to_event=None).values("incident")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    return Q(pk=number) | Q(pk__in=members)


def _shape(actor: Actor, area: int) -> Subquery:
    """Return the shape of an own area; another's has none, and so nothing lies in it."""
    mine = OwnArea.objects.filter(pk=area, owner=actor.user_id)
    return Subquery(mine.values("shape"), output_field=MultiPolygonField(srid=4326))


def _merged(arms: Sequence[QuerySet[Any, Any]], order: _Order) -> QuerySet[Any, Any]:
    first, *others = arms
    return first.union(*others).order_by(*order.names) if others else first


class _Counted(Func):
    """How many rows a query finds."""

    template = "(SELECT COUNT(*) FROM %(expressions)s AS found)"
    output_field = IntegerField()


class _Row(Func):
    """Several values as one, compared from the left: what an index in their order is entered by."""

    template = "(%(expressions)s)"
    output_field = TextField()


class _Compared(Func):
    """Two rows of values compared."""

    template = "%(expressions)s"
    output_field = BooleanField()


@dataclass(frozen=True, slots=True)
class _Order:
    """In what order a tab is read, and how a place in it is written."""

    columns: tuple[str, ...]
    falling: bool = False

    @classmethod
    def of(cls, tab: Tab) -> _Order:
        return _NEWEST if tab is Tab.ENDED else _URGENT

    @property
    def names(self) -> list[str]:
        return [f"-{column}" if self.falling else column for column in self.columns]

    def sorted(self, rows: QuerySet[Incident], cursor: str | None) -> QuerySet[Any, Any]:
        """Return the values that order rows, in order, from the cursor on."""
        if cursor:
            here = _Row(*(F(column) for column in self.columns))
            there = _Row(*(Value(value) for value in self.read(cursor)))
            rows = rows.filter(_Compared(here, there, arg_joiner=" < " if self.falling else " > "))
        return rows.order_by(*self.names).values_list(*self.columns)

    def write(self, place: Place) -> str:
        """Return a place as an opaque word."""
        *moments, pk = place
        text = "|".join([*(moment.isoformat() for moment in moments), str(pk)])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def read(self, cursor: str) -> Place:
        """Return the place that ``write`` wrote. Raises BadCursor."""
        try:
            padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
            *written, number = base64.urlsafe_b64decode(padded).decode().split("|")
            moments, pk = [datetime.fromisoformat(moment) for moment in written], int(number)
        except (ValueError, binascii.Error):
            raise BadCursor from None
        aware = all(moment.tzinfo for moment in moments)
        if len(moments) + 1 != len(self.columns) or not aware or not 0 <= pk < 1 << 63:
            raise BadCursor
        return (*moments, pk)


_URGENT: Final = _Order(("urgency", "opened_at", "id"))
_NEWEST: Final = _Order(("opened_at", "id"), falling=True)
