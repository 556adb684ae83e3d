"""A message as a carrier takes it, and what can go wrong with sending. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one address. ``key`` is the same at every attempt."""

    to: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)
    short: str = field(repr=False)
    """The same in one breath, for SMS."""
    language: str
    key: str


class CarrierFault(Exception):
    """The carrier did not take a message. The text goes to the log: it names no address."""

    def __init__(self, what: str, *, permanent: bool = False) -> None:
        super().__init__(what)
        self.permanent = permanent
        """Whether trying again is of no use."""


class Carrier(Protocol):
    """A way to people."""

    def send(self, message: Message) -> None:
        """Hand the message over; returning means that the carrier has it. Raises CarrierFault."""
