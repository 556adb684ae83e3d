"""How the demo's cases go: through whose hands, how well, and over how many days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Final

from gis_core.positions import LonLat
from incidents import pipeline, services
from incidents.actors import Actor
from incidents.models import Event, Incident
from incidents.permissions import Role
from incidents.said import CheckIn, Said
from incidents.services.dating import date_back
from incidents.workflow import Step


class Turn(StrEnum):
    """What somebody does."""

    DECLINE = "decline"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CLAIM = "claim"
    CLAIM_ON_SPOT = "claim_on_spot"
    DISPUTE = "dispute"
    CONFIRM = "confirm"
    RATE = "rate"
    REJECT = "reject"


_DONE: Final = (Turn.START, Turn.CLAIM_ON_SPOT, Turn.CONFIRM)
STORIES: Final[Sequence[tuple[Sequence[Turn], int]]] = (
    ((), 14),
    ((Turn.START,), 14),
    ((Turn.START, Turn.CLAIM), 6),
    (_DONE, 14),
    ((*_DONE, Turn.RATE), 16),
    ((Turn.START, Turn.CLAIM, Turn.CONFIRM, Turn.RATE), 8),
    ((Turn.START, Turn.CLAIM, Turn.DISPUTE), 3),
    ((Turn.START, Turn.CLAIM, Turn.DISPUTE, Turn.CLAIM_ON_SPOT, Turn.CONFIRM, Turn.RATE), 5),
    ((Turn.START, Turn.PAUSE), 4),
    ((Turn.START, Turn.PAUSE, Turn.RESUME, *_DONE[1:], Turn.RATE), 4),
    ((Turn.DECLINE,), 3),
    ((Turn.DECLINE, *_DONE), 4),
    ((Turn.REJECT,), 5),
)
"""How a case goes that has an agency, and in how many of a hundred."""

DAYS: Final = {
    "words_approved": 0.2, "declined": 0.8, "in_progress": 1.2, "claimed_done": 3.0,
    "paused": 1.0, "resumed": 2.5, "disputed": 1.5, "confirmed": 1.0, "rated": 0.7, "rejected": 1.0,
}  # fmt: skip
"""How long about before each of these events; what is not named follows at once."""
BY_HAND_DAYS: Final = 0.012
"""How long about an operator looks for the agency: a quarter of an hour."""


def live(incident: Incident, report_id: int, operator: Actor, chance: Random, words: str) -> None:
    """Let a case go its way, by the verbs of those who take part."""
    [story] = chance.choices([story for story, _ in STORIES], [share for _, share in STORIES])
    for turn in story:
        incident.refresh_from_db()
        if incident.agency_id is None:
            return
        _take(turn, incident, report_id, (operator, chance, words))


def find_agency(incident: Incident, operator: Actor, chance: Random, words: str) -> None:
    """Let an operator choose, mostly, among those who may have a case that nobody has."""
    offered = incident.decision.candidates if incident.decision else []
    if offered and chance.random() < 0.7:
        services.assign(operator, incident.pk, offered[0]["agency"], words)
        incident.refresh_from_db()


def _take(turn: Turn, incident: Incident, report_id: int, told: tuple[Actor, Random, str]) -> None:
    operator, chance, words = told
    agency = Actor(operator.user_id, Role.AGENCY_STAFF, frozenset({incident.agency_id or 0}))
    reporter, pk = Actor(incident=incident.pk), incident.pk
    here = CheckIn(LonLat(incident.position.x, incident.position.y), 5.0)
    if turn is Turn.DECLINE:
        pipeline.decline(agency, pk, Said("not_ours", words))
    elif turn is Turn.REJECT:
        services.take(operator, pk, Step.REJECT, Said("nothing_found", words))
    elif turn in {Turn.START, Turn.RESUME}:
        services.take(agency, pk, Step(turn.value), Said("", words))
    elif turn is Turn.PAUSE:
        services.take(agency, pk, Step.PAUSE, Said("weather", words))
    elif turn in {Turn.CLAIM, Turn.CLAIM_ON_SPOT}:
        spot = here if turn is Turn.CLAIM_ON_SPOT else None
        services.take(agency, pk, Step.CLAIM_DONE, Said("", words, check_in=spot))
    else:
        _answer(turn, reporter, pk, report_id, (chance, words))


def _answer(
    turn: Turn, reporter: Actor, incident_id: int, report_id: int, told: tuple[Random, str]
) -> None:
    chance, words = told
    if turn is Turn.DISPUTE:
        services.dispute(reporter, incident_id, report_id, Said("", words))
    elif turn is Turn.CONFIRM:
        services.confirm(reporter, incident_id, report_id)
    else:
        [stars] = chance.choices(range(1, 6), (4, 8, 18, 35, 35))
        services.rate(reporter, report_id, stars)


def tell_as_past(
    report_id: int, incident_id: int, began: datetime, now: datetime, chance: Random
) -> None:
    """Spread what was written a moment ago over the days from ``began`` on, none after ``now``."""
    events = list(
        (Event.objects.filter(report=report_id) | Event.objects.filter(incident=incident_id))
        .order_by("pk")
        .values_list("pk", "kind")
    )
    gaps = [
        _about(kind, earlier) * chance.lognormvariate(0, 0.9)
        for (_, kind), (_, earlier) in zip(events, [(0, ""), *events], strict=False)
    ]
    most = (now - began) / timedelta(days=1) * 0.95
    pace = min(1.0, most / sum(gaps)) if sum(gaps) else 1.0
    times, at = {}, began
    for (pk, _), gap in zip(events, gaps, strict=True):
        at += timedelta(days=gap * pace)
        times[pk] = at
    date_back(report_id, incident_id, times)


def _about(kind: str, earlier: str) -> float:
    """Return about how many days lie before an event."""
    by_hand = (earlier, kind) == ("triage", "assigned")
    return BY_HAND_DAYS if by_hand else DAYS.get(kind, 0.0)
