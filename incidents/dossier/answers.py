"""What an office reads about one incident, as plain values in the reader's language.

What the reader may not see is empty here: no words, no names, no contacts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from incidents.answers import AreaName, Named, Words
from incidents.due_clocks import DueClock
from incidents.permissions import Act


@dataclass(frozen=True, slots=True)
class Due:
    """The clock of the agency that has it; ``share`` is how much of the limit is used up."""

    clock: DueClock
    """How much time is left, or how late it is."""
    since: datetime | None
    at: datetime | None
    """None where no clock runs, or a pause holds it."""
    share: float | None
    late: bool
    paused: bool
    promised: datetime | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agency that answers for a share of the position's circle."""

    agency: Named
    share: float
    rule: str


@dataclass(frozen=True, slots=True)
class Reasoning:
    """Why this agency: the sentence, and what it rests on."""

    because: str
    basis: str
    rule: str
    certainty: float
    threshold: float
    question: str
    candidates: tuple[Candidate, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo of the work, by hash; ``shows`` is before, after or disputed."""

    sha256: str
    shows: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Happened:
    """One event in a sentence: in which role it was done, by whom, why."""

    at: datetime
    kind: str
    text: str
    role: str
    name: str
    reason: str
    """The reason of the step's closed list, in words."""
    words: str
    photos: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A pause within a custody; ``end`` None while it lasts."""

    begin: datetime
    end: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Hold:
    """One agency's custody, from a hand-over to what ended it."""

    agency: Named
    contractor: Named | None
    began: datetime
    ended: datetime | None
    ended_by: str
    """How it ended, in words."""
    due: datetime | None
    share: float | None
    late: bool
    pauses: tuple[Stretch, ...]
    proven: bool | None
    reopened: datetime | None
    promised: datetime | None
    rule: str


@dataclass(frozen=True, slots=True)
class ContactSeen:
    """How to reach a reporter."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Told:
    """One report of the incident, with what the reader may know of it."""

    report_id: int
    at: datetime
    channel: str
    words: Words | None
    """None where the reader may not read them."""
    address: str
    approved: bool
    waits: bool
    """Nobody has looked at the words yet."""
    contact: ContactSeen | None


@dataclass(frozen=True, slots=True)
class Nearby:
    """Another incident in the neighbourhood, or at the same thing."""

    id: int
    category: Named
    icon: str
    status: str
    opened: datetime
    closed: datetime | None
    metres: float
    same_category: bool
    office: bool
    """Whether the reader may open its dossier too, not its public card alone."""


@dataclass(frozen=True, slots=True)
class AssetHistory:
    """What else happened to an asset; ``same_category`` counts those of this incident's kind."""

    kind: str
    code: str
    name: str
    cases: tuple[Nearby, ...]
    same_category: int


@dataclass(frozen=True, slots=True)
class OtherReport:
    """Another report of the same person."""

    report_id: int
    incident: int | None
    category: Named
    icon: str
    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoteSeen:
    """A sentence among colleagues."""

    at: datetime
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Relative:
    """The incident that was divided, or one of its parts."""

    id: int
    category: Named
    status: str
    agency: Named | None
    office: bool
    """Whether the reader may open its dossier too, not its public card alone."""


@dataclass(frozen=True, slots=True)
class MergedIn:
    """An incident that was merged into this one, directly or with another."""

    id: int
    category: Named
    icon: str
    at: datetime
    by: str
    """Who did it, where the reader may know; else ""."""
    reports: int
    """How many reports came with it."""


@dataclass(frozen=True, slots=True)
class Delegation:
    """A contractor's link; ``open`` while it still works."""

    id: int
    contractor: Named | None
    made: datetime
    expires: datetime
    ended: datetime | None
    open: bool


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the top. Has what the pages' tags ask of a card."""

    id: int
    version: int
    category: Named
    sector: Named
    icon: str
    danger: bool
    status: str
    public: bool
    lon: float
    lat: float
    accuracy_m: float
    ward: AreaName | None
    district: AreaName | None
    agency: Named | None
    needs_triage: bool
    check_after: bool
    opened: datetime
    updated: datetime
    closed: datetime | None
    report_count: int
    too_count: int
    followers: int
    due: Due


@dataclass(frozen=True, slots=True)
class Dossier:
    """All of one incident that the reader may see, and what the reader may do now."""

    head: Head
    why: Reasoning | None
    timeline: tuple[Happened, ...]
    holds: tuple[Hold, ...]
    reports: tuple[Told, ...]
    reads_words: bool
    nearby: tuple[Nearby, ...]
    assets: tuple[AssetHistory, ...]
    others: tuple[OtherReport, ...]
    pictures: tuple[Picture, ...]
    notes: tuple[NoteSeen, ...]
    parent: Relative | None
    parts: tuple[Relative, ...]
    merged_in: tuple[MergedIn, ...]
    """The latest first."""
    merges: bool
    """Whether the reader may merge it, undo that, and take reports out."""
    delegations: tuple[Delegation, ...]
    late_needs_more: bool
    """Whoever keeps it now has to say how far it is, show it, and promise a day."""
    approves: bool
    """Whether the reader decides what of the words is public."""
    offered: tuple[Act, ...]
