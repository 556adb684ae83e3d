"""What one person said: the states of a report and the statement as it arrives. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gis_core.positions import Position


class ReportState(StrEnum):
    """A report is in exactly one of these."""

    WAITING = "waiting"
    REJECTED = "rejected"
    INQUIRY = "inquiry"
    INCIDENT = "incident"


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """How to reach the reporter; kept apart and never logged."""

    name: str = ""
    phone: str = ""
    email: str = ""

    def __bool__(self) -> bool:
        return bool(self.name or self.phone or self.email)

    def __repr__(self) -> str:
        return "ContactDetails(…)"


@dataclass(frozen=True, slots=True)
class CleanPhoto:
    """A photo that was decoded, stripped of metadata and encoded again (JPEG bytes)."""

    jpeg: bytes = field(repr=False)
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What one person said, once, on one channel; checked in form, not yet placed."""

    channel: str
    key: str
    """The channel's own identifier or the client's idempotency key; unique within the channel."""
    category: str
    text: str
    position: Position | None
    reported_at: datetime
    language: str = "vi"
    contact: ContactDetails = ContactDetails()
    photos: tuple[CleanPhoto, ...] = ()
    address: str = ""
    """Where it is, in words: for who knows no position."""

    @property
    def place_words(self) -> str:
        """What says where it is: the address, else the whole text."""
        return self.address or self.text
