"""The filters of the map's own form, as the pages that it leads to read them."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import QueryDict
from django.utils import timezone

from incidents.errors import BadFilter
from incidents.filters import Filters, read_day, read_filters


def map_filters(asked: QueryDict) -> Filters:
    """Return the filters of the form. Raises BadFilter, BadBox."""
    days = read_day("since", asked.get("since", "")), read_day("until", asked.get("until", ""))
    return read_filters(
        bbox=asked.get("bbox", ""),
        sector=asked.getlist("sector"),
        category=asked.getlist("category"),
        status=asked.getlist("status"),
        agency=asked.getlist("agency"),
        ward=asked.getlist("ward"),
        days=_period(asked.get("period", "dates"), days),
    )


def _period(said: str, days: tuple[date | None, date | None]) -> tuple[date | None, date | None]:
    """Return the days of a period: the last so many, any time, or those that were given."""
    if said == "dates":
        return days
    if said.isdecimal() and len(said) <= 4:
        return timezone.localdate() - timedelta(days=int(said)), None
    if said:
        raise BadFilter(field="period", value=said[:60], possible="dates, 7, 30, 365")
    return None, None
