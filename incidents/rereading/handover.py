"""What would change hands if an edition were published: tried, listed, rolled back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from districts import city, rulebook
from districts.loading import Publication, publish_edition
from districts.many_pins import Pin, place_many
from districts.models import Edition
from districts.routing import route
from districts.rulebook import Rulebook
from districts.territory import AreaRef, Placement
from gis_core.positions import LonLat, Position
from incidents.models import Incident
from incidents.pipeline import local_day
from incidents.workflow import OPEN

AT_A_TIME = 2_000
EXAMPLES = 3
NOBODY = "-"
"""Stands for no area, or for an agency that a person has yet to choose."""


@dataclass(frozen=True, slots=True)
class Move:
    """Open incidents that would go from one area or agency to another, with some of their ids."""

    before: str
    after: str
    count: int
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Handover:
    """What publishing would do to the open incidents, most frequent moves first."""

    looked_at: int
    """Open incidents whose day the edition covers, or that are open while it is in force."""
    areas: tuple[Move, ...]
    agencies: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    id: int
    pin: Pin
    category: str
    area: str
    agency: str


def try_publication(
    name: str, level: str = "", *, replaces: Sequence[str] = (), actor: str = ""
) -> tuple[Publication, Handover]:
    """Publish an edition, see what would change hands, and roll everything back.

    An area counts as another when its code or its name is. Raises what publishing raises.
    """
    with transaction.atomic():
        done = publish_edition(name, level, replaces=replaces, actor=actor)
        handover = _handover(done.edition)
        transaction.set_rollback(True)
    return done, handover


def _handover(edition: Edition) -> Handover:
    book, looked_at = rulebook.current(), 0
    areas: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    agencies: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for cases in _in_parts(_cases(edition)):
        looked_at += len(cases)
        placements = place_many([case.pin for case in cases])
        for case, placement in zip(cases, placements, strict=True):
            found = placement if isinstance(placement, Placement) else None
            area = _shown(_area_of(found, edition))
            if area == case.area:
                continue
            areas[case.area, area].append(case.id)
            agency = _agency_of(found, case.category, book)
            if agency != case.agency:
                agencies[case.agency, agency].append(case.id)
    return Handover(looked_at, _moves(areas), _moves(agencies))


def _cases(edition: Edition) -> Iterator[_Case]:
    """Yield the open incidents that the edition concerns; none for a level nobody is placed in."""
    town, today = city.current(), timezone.localdate()
    layers = {town.ward_level: "ward", town.district_level: "district"}
    if edition.level not in layers:
        return
    layer = layers[edition.level]
    open_ones = Incident.objects.filter(status__in=[status.value for status in OPEN])
    rows = open_ones.order_by("pk").values_list(
        "pk", "position", "accuracy_m", "category", "opened_at", "agency__code",
        f"{layer}__code", f"{layer}__kind", f"{layer}__name",
    )  # fmt: skip
    for pk, place, accuracy_m, category, opened_at, agency, code, kind, name in rows.iterator():
        day = _day(edition, opened_at, today)
        if day is not None:
            where = Position(LonLat(place.x, place.y), accuracy_m)
            area = f"{code} {kind} {name}" if code else NOBODY
            yield _Case(pk, Pin(where, day), category, area, agency or NOBODY)


def _day(edition: Edition, opened_at: datetime, today: date) -> date | None:
    """Return the day to place an incident on: its own, else the first on which it is concerned."""
    begins, ends = edition.valid.lower or date.min, edition.valid.upper or date.max
    opened = local_day(opened_at)
    if begins <= opened < ends:
        return opened
    later = max(begins, today)
    return later if opened < begins and later < ends else None


def _area_of(placement: Placement | None, edition: Edition) -> AreaRef | None:
    if placement is None:
        return None
    ward = edition.level == city.current().ward_level
    return placement.here.ward if ward else placement.here.district


def _shown(area: AreaRef | None) -> str:
    return f"{area.code} {area.kind} {area.name}" if area else NOBODY


def _agency_of(placement: Placement | None, category: str, book: Rulebook) -> str:
    facts = book.categories.get(category)
    if placement is None or facts is None:
        return NOBODY
    decision = route(placement, facts, book.rules_for[category])
    return NOBODY if decision.needs_triage else decision.agency


def _moves(found: dict[tuple[str, str], list[int]]) -> tuple[Move, ...]:
    moves = [Move(*pair, len(ids), tuple(ids[:EXAMPLES])) for pair, ids in found.items()]
    return tuple(sorted(moves, key=lambda move: (-move.count, move.before, move.after)))


def _in_parts(cases: Iterator[_Case]) -> Iterator[list[_Case]]:
    part: list[_Case] = []
    for case in cases:
        part.append(case)
        if len(part) == AT_A_TIME:
            yield part
            part = []
    if part:
        yield part
