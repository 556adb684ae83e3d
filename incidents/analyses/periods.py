"""Periods that analyses name, and the days that they are on a day. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

Days = tuple[date, date]
"""The first and the last day, both included."""


def last_month(today: date) -> Days:
    """Return the month that ended."""
    until = today.replace(day=1) - timedelta(days=1)
    return until.replace(day=1), until


def _last(days: int) -> Callable[[date], Days]:
    return lambda today: (today - timedelta(days=days - 1), today)


def _year_before(today: date) -> Days:
    return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)


PERIODS: Final[Mapping[str, Callable[[date], Days]]] = MappingProxyType({
    "last_30_days": _last(30),
    "last_90_days": _last(90),
    "last_365_days": _last(365),
    "last_month": last_month,
    "year_to_date": lambda today: (today.replace(month=1, day=1), today),
    "last_year": _year_before,
})  # fmt: skip


def before(days: Days) -> Days:
    """Return the period of the same length that ended the day before; for a month, the month."""
    since, until = days
    if since.day == 1 and (until + timedelta(days=1)).day == 1 and _months(days) == 1:
        return last_month(since)
    length = until - since
    return since - timedelta(days=1) - length, since - timedelta(days=1)


def _months(days: Days) -> int:
    since, until = days
    return (until.year - since.year) * 12 + until.month - since.month + 1
