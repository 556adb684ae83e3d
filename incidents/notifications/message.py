"""A message as a carrier takes it, and what can go wrong with sending. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Browser:
    """Where web push reaches a browser, and the keys that only it can read with (RFC 8291)."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


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
    link: str = field(default="", repr=False)
    """The page that a push opens."""
    stop: str = field(default="", repr=False)
    """The page that ends what brings it, also where a mail program asks it to; "" for none."""
    browser: Browser | None = None
    """Where the carrier is web push; ``to`` is empty then."""


class CarrierFault(Exception):
    """The carrier did not take a message. The text goes to the log: it names no address."""

    def __init__(self, what: str, *, permanent: bool = False) -> None:
        super().__init__(what)
        self.permanent = permanent
        """Whether trying again is of no use."""


class AddressGone(CarrierFault):
    """The address exists no more: it is forgotten, and nothing is sent there again."""

    def __init__(self, what: str) -> None:
        super().__init__(what, permanent=True)


class Carrier(Protocol):
    """A way to people."""

    def send(self, message: Message) -> None:
        """Hand the message over; returning means that the carrier has it. Raises CarrierFault."""
