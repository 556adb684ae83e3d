"""What a reader of incidents may ask for, checked; the same for lists, tiles and exports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from districts import city, rulebook
from districts.wards_today import wards_today
from gis_core.errors import DomainError, listed
from gis_core.positions import LonLat
from incidents.errors import BadBox, BadFilter
from incidents.workflow import Status

Box = tuple[float, float, float, float]
"""West, south, east, north in WGS 84 degrees, west below east and south below north."""

_NUMBER = re.compile(r"[+-]?\d{1,3}(\.\d{1,15})?")


@dataclass(frozen=True, slots=True)
class Filters:
    """Empty sets and None ask for everything. ``since`` and ``until`` are days, both included."""

    box: Box | None = None
    sectors: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()
    """Codes; those below an agency are among them."""
    wards: frozenset[str] = frozenset()
    """Codes of wards in force today: what lies there, whatever ward it was reported in."""
    since: date | None = None
    until: date | None = None

    def opened_from(self) -> datetime | None:
        """The first moment asked for, in the city's time."""
        return _midnight(self.since)

    def opened_before(self) -> datetime | None:
        """The first moment no longer asked for, in the city's time."""
        return _midnight(self.until + timedelta(days=1) if self.until else None)


def read_filters(  # noqa: PLR0913  an address has as many
    *,
    bbox: str = "",
    sector: Sequence[str] = (),
    category: Sequence[str] = (),
    status: Sequence[str] = (),
    agency: Sequence[str] = (),
    ward: Sequence[str] = (),
    days: tuple[date | None, date | None] = (None, None),
) -> Filters:
    """Return the filters of a request; each list may be repeated or comma-separated.

    An agency stands for all below it too; a ward for what lies in it as its borders are today.

    Raises BadBox, BadFilter: a filter that nothing can match is a mistake worth saying.
    """
    book = rulebook.current()
    known = book.categories
    since, until = days
    if since and until and until < since:
        raise BadFilter(field="until", value=until, possible=f">= {since}")
    if until == date.max:
        raise BadFilter(field="until", value=until, possible="< 9999-12-31")
    return Filters(
        box=read_box(bbox) if bbox else None,
        sectors=_among("sector", sector, {one.sector for one in known.values()}),
        categories=_among("category", category, known),
        statuses=_among("status", status, [one.value for one in Status]),
        agencies=book.agencies_under(_among("agency", agency, book.agencies)),
        wards=_among("ward", ward, wards_today()) if ward else frozenset(),
        since=since,
        until=until,
    )


def read_day(field: str, text: str) -> date | None:
    """Return the day written ``YYYY-MM-DD``, None for nothing. Raises BadFilter."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadFilter(field=field, value=text[:60], possible="YYYY-MM-DD") from None


def read_box(text: str) -> Box:
    """Return the box written ``west,south,east,north``. Raises BadBox."""
    parts = [part.strip() for part in text[:200].split(",")]
    if len(parts) == 4 and all(_NUMBER.fullmatch(part) for part in parts):
        west, south, east, north = (float(part) for part in parts)
        if west < east and south < north and _on_globe((west, south), (east, north)):
            return west, south, east, north
    raise BadBox(example=",".join(str(degree) for degree in city.current().extent))


def _on_globe(*corners: tuple[float, float]) -> bool:
    try:
        return all(LonLat(*corner) for corner in corners)
    except DomainError:
        return False


def _among(field: str, given: Iterable[str], possible: Iterable[Any]) -> frozenset[str]:
    """Return the words given, comma lists taken apart. Raises BadFilter for an unknown one."""
    words = {word.strip() for part in given for word in part.split(",") if word.strip()}
    choices = sorted(possible)
    if unknown := sorted(words.difference(choices)):
        raise BadFilter(field=field, value=unknown[0][:60], possible=listed(choices))
    return frozenset(words)


def _midnight(day: date | None) -> datetime | None:
    zone = ZoneInfo(city.current().time_zone)
    return datetime.combine(day, time(), zone) if day else None
