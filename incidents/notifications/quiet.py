"""Hours in which nobody's telephone shall ring."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from districts import city

RINGING: Final = frozenset({"sms", "push"})
"""Carriers that wake people; e-mail waits by itself until it is read."""
BEGIN_HOUR: Final = 21
END_HOUR: Final = 7


def not_before(moment: datetime, carrier: str) -> datetime:
    """Return when a message may go out at the earliest: at once, or when the quiet hours end."""
    here = moment.astimezone(ZoneInfo(city.current().time_zone))
    if carrier not in RINGING or END_HOUR <= here.hour < BEGIN_HOUR:
        return moment
    morning = here.replace(hour=END_HOUR, minute=0, second=0, microsecond=0)
    return morning + timedelta(days=1 if here.hour >= BEGIN_HOUR else 0)
