"""The rows of a desk's list: what somebody has to know to choose the next thing to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.utils import timezone

from districts.models import Category
from gis_core import sql
from incidents import deadline_rules, forward_clocks
from incidents.actors import Actor
from incidents.answers import AreaName, Named
from incidents.desk import known
from incidents.desk.known import Known
from incidents.due_clocks import DueClock, due_clock
from incidents.models import Custody, Incident
from incidents.naming import area_of, named
from incidents.permissions import Act
from incidents.workflow import Status, Step, steps_from
from incidents.working_time import WorkingCalendar

STREET_WITHIN_M: Final = 35
"""A street further off is not said to be where it is."""

KNOWN_WITHIN_M: Final = 60
"""Nor is one said where the position itself is known less well."""

AT_THE_DESK: Final = (Step.ACCEPT, Step.DECLINE, Step.PAUSE, Step.CLAIM_DONE, Step.ASSIGN)
"""Steps that a desk takes without opening the case."""


class Mark(StrEnum):
    """Why a row asks for attention, besides its clock."""

    DANGER = "danger"
    TRIAGE = "triage"
    """Nobody knows whose it is."""
    CHECK = "check"
    """Assigned at once although unsure."""
    CAME_BACK = "came_back"
    """It was closed, or said to be done, and is open again."""
    PART = "part"
    """A part of an incident that was divided."""
    PRIVATE = "private"
    """Not on the public map."""


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One incident in the list. ``steps`` are those that the reader may take from here."""

    id: int
    version: int
    category: Named
    icon: str
    status: str
    ward: AreaName | None
    district: AreaName | None
    street: str
    agency: Named | None
    clock: DueClock
    forward: DueClock | None
    """The service's own clock, while no agency has had it yet."""
    reports: int
    """Reports, and people who said: me too."""
    opened: datetime
    marks: tuple[Mark, ...]
    steps: frozenset[Step]
    lon: float
    lat: float


def rows(actor: Actor, ids: Sequence[int], language: str) -> tuple[DeskRow, ...]:
    """Return the rows of these incidents, in their order. Whether they may be read was asked."""
    by_id = Incident.objects.in_bulk(ids)
    streets = _streets(ids)
    back = Custody.objects.filter(incident__in=ids, reopened_at__isnull=False)
    returned = frozenset(back.values_list("incident", flat=True))
    calendar = deadline_rules.calendar()
    waits = [pk for pk, one in by_id.items() if one.agency_id is None]
    forward = forward_clocks.of_incidents(waits) if waits else {}
    facts = _Facts(actor, language, timezone.now(), calendar, returned, known.known(), forward)
    return tuple(facts.row(by_id[pk], streets.get(pk, "")) for pk in ids if pk in by_id)


def _streets(ids: Sequence[int]) -> dict[int, str]:
    asked = {"ids": list(ids), "reach_m": STREET_WITHIN_M, "most_m": KNOWN_WITHIN_M}
    return dict(sql.rows("incidents", "nearest_streets", asked))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What all rows of one page share."""

    actor: Actor
    language: str
    now: datetime
    calendar: WorkingCalendar
    returned: frozenset[int]
    """Incidents that came back after somebody had said that they were done."""
    known: Known
    forward: Mapping[int, DueClock]

    def row(self, incident: Incident, street: str) -> DeskRow:
        category = self.known.category(incident.category_id)
        return DeskRow(
            id=incident.pk,
            version=incident.version,
            category=named(category, self.language),
            icon=category.icon,
            status=incident.status,
            ward=self._area(incident.ward_id, incident),
            district=self._area(incident.district_id, incident),
            street=street,
            agency=self._agency(incident.agency_id),
            forward=self.forward.get(incident.pk),
            clock=self._clock(incident, category),
            reports=incident.report_count + incident.too_count,
            opened=incident.opened_at,
            marks=self._marks(incident, category),
            steps=self._steps(incident),
            lon=incident.position.x,
            lat=incident.position.y,
        )

    def _area(self, area: int | None, incident: Incident) -> AreaName | None:
        return area_of(self.known.area(area), incident, self.language) if area else None

    def _agency(self, agency: int | None) -> Named | None:
        return named(self.known.agency(agency), self.language) if agency else None

    def _clock(self, incident: Incident, category: Category) -> DueClock:
        since = timezone.localdate(incident.held_since or incident.opened_at, self.calendar.zone)
        runs = deadline_rules.rules().limit(category, since).runs
        paused = incident.status == Status.PAUSED
        return due_clock(incident.due_at, runs, self.now, self.calendar, paused=paused)

    def _steps(self, incident: Incident) -> frozenset[Step]:
        possible = steps_from(Status(incident.status)).intersection(AT_THE_DESK)
        return frozenset(step for step in possible if self.actor.may(Act(step.value), incident))

    def _marks(self, incident: Incident, category: Category) -> tuple[Mark, ...]:
        told = {
            Mark.DANGER: category.danger,
            Mark.TRIAGE: incident.needs_triage,
            Mark.CHECK: incident.check_after,
            Mark.CAME_BACK: incident.pk in self.returned,
            Mark.PART: incident.parent_id is not None,
            Mark.PRIVATE: not incident.public,
        }
        return tuple(mark for mark, holds in told.items() if holds)
