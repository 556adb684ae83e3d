"""Channels: each turns its own payload into a Statement, checked in form, not yet placed.

A new channel is one file here and one line in ``CHANNELS``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Protocol

from django.utils.module_loading import import_string

from incidents.errors import UnknownChannel
from incidents.report import Statement


class Channel(Protocol):
    """One way in. ``code`` is its key in ``CHANNELS`` and is stored with every report."""

    code: ClassVar[str]

    def statement(self, payload: Any) -> Statement:  # noqa: ANN401  each has its own
        """Return what was said. Raises a DomainError that names what is wrong and the cure."""
        ...


CHANNELS: Final[Mapping[str, str]] = {
    "web": "incidents.intake.web.WebForm",
}


def channel(code: str) -> Channel:
    """Return the channel of this code. Raises UnknownChannel."""
    if code not in CHANNELS:
        raise UnknownChannel(channel=code, known=", ".join(CHANNELS))
    made: Channel = import_string(CHANNELS[code])()
    return made
