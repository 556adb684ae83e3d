"""What readers are told, as plain values, already in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gis_core.positions import Position
from incidents.citizen_clock import Lived
from incidents.due_clocks import DueClock


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with a code and the name people know it by."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class AreaName:
    """A ward or a district; ``former`` when no area of its level is in force any more."""

    code: str
    name: str
    full_name: str
    kind: str
    former: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What one reporter wrote and photographed; photos by hash."""

    at: datetime
    text: str
    photos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One incident as a reader may see it; ``words`` holds only what was approved."""

    id: int
    category: Named
    sector: Named
    icon: str
    status: str
    lon: float
    lat: float
    ward: AreaName | None
    district: AreaName | None
    agency: Named | None
    because: str
    needs_triage: bool
    opened: datetime
    updated: datetime
    report_count: int
    words: tuple[Words, ...]
    accuracy_m: float = 0.0
    """Radius in metres within which the position is believed to lie."""
    too_count: int = 0
    """How many people said: me too."""
    repaired: tuple[str, ...] = ()
    """Photos of the finished work, by hash, once the case is closed."""
    office: bool = False
    """Whether it is the reader's office's, which has a page of its own for it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One entry of a timeline, in a sentence."""

    at: datetime
    kind: str
    text: str
    said: str = ""
    """What the office wrote for the reporter."""
    photos: tuple[str, ...] = ()
    """Photos that came with it, by hash."""


@dataclass(frozen=True, slots=True)
class Tracked:
    """A report as the holder of its code sees it; never with contact details.

    ``status`` is the incident's, or the report's own state while there is no incident.
    """

    code: str
    status: str
    state: str
    incident: int | None
    category: Named
    icon: str
    lon: float | None
    lat: float | None
    ward: AreaName | None
    district: AreaName | None
    agency: Named | None
    because: str
    needs_triage: bool
    reported: datetime
    timeline: tuple[Moment, ...]
    words: Words
    words_public: bool
    accuracy_m: float = 0.0
    lived: Lived | None = None
    """How long the reporter has waited, or had to; None of what is no case."""


@dataclass(frozen=True, slots=True)
class ToApprove:
    """A report whose words or photos an operator has to look at."""

    report_id: int
    incident_id: int | None
    category: Named
    icon: str
    ward: AreaName | None
    received: datetime
    lon: float | None
    lat: float | None
    text: str
    photos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToTriage:
    """An incident whose agency a person has to choose, or look at afterwards (``check_after``)."""

    card: Card
    check_after: bool
    question: str
    candidates: tuple[tuple[Named, float], ...]
    version: int
    clock: DueClock | None = None
    """How long the service may still take, or how late it is, while no agency has had it."""


@dataclass(frozen=True, slots=True)
class ToLocate:
    """A report in words alone, whose place an operator has to find; photos by hash."""

    report_id: int
    category: Named
    icon: str
    danger: bool
    received: datetime
    address: str
    text: str
    photos: tuple[str, ...]
    clock: DueClock | None = None
    """How long the service may still take to hand it to an agency."""

    @property
    def place_words(self) -> str:
        """What says where it is: the address, else the whole text."""
        return self.address or self.text


@dataclass(frozen=True, slots=True)
class WaitingReport:
    """A stored report that has a position and was not taken on."""

    report_id: int
    category: str
    position: Position
    reported_at: datetime
