"""No carrier is configured: nothing goes out, and the inbox page shows what would have."""

from __future__ import annotations

from incidents.notifications.message import Message


class Kept:
    """Takes every message and does nothing with it."""

    def send(self, message: Message) -> None:
        """Take it."""
