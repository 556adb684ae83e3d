"""What a desk's list and map are asked for, read from the address and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from districts import city, rulebook
from gis_core import sql
from gis_core.errors import listed
from incidents.errors import BadFilter
from incidents.filters import Filters, read_filters
from incidents.workflow import ENDED, OPEN, Status

WHOLE_SECTOR: Final = "sector:"
"""Before a sector's code among the categories of an address."""

LONGEST_TEXT: Final = 40


class Tab(StrEnum):
    """The groups that a desk is divided into."""

    OPEN = "open"
    NEW = "new"
    WORKING = "working"
    LATE = "late"
    DONE = "done"
    ENDED = "ended"


class Due(StrEnum):
    """When it is due, in the city's time."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    """Within seven days, and what is late already."""


_NEW = frozenset({Status.RECEIVED, Status.VERIFIED, Status.ASSIGNED})
_DONE = frozenset({Status.CLAIMED_DONE})
STATUSES: Mapping[Tab, frozenset[Status]] = MappingProxyType({
    Tab.OPEN: OPEN,
    Tab.NEW: _NEW,
    Tab.WORKING: OPEN - _NEW - _DONE,
    Tab.LATE: OPEN,
    Tab.DONE: _DONE,
    Tab.ENDED: ENDED,
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFilter:
    """What is asked for; empty sets and None ask for everything.

    ``agencies`` are ids: the agency chosen and all below it; ``ward`` is an area's id, ``own_area``
    an own area's, ``text`` an incident's number or a report's code.
    """

    tab: Tab = Tab.OPEN
    sectors: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    agencies: frozenset[int] = frozenset()
    ward: int | None = None
    due: Due | None = None
    text: str = ""
    own_area: int | None = None

    @property
    def statuses(self) -> list[str]:
        """The statuses of its tab, in the order in which the indexes name them."""
        return [one.value for one in Status if one in STATUSES[self.tab]]

    def due_before(self, now: datetime) -> datetime | None:
        """Return the first moment that is no longer asked for as due; None for any."""
        if self.tab is Tab.LATE or self.due is Due.LATE:
            return now
        if self.due is None:
            return None
        days = 1 if self.due is Due.TODAY else 7
        # A limit in days ends at midnight, and is due on the day that ends then.
        return _midnight_after(now, days) + timedelta(microseconds=1)

    def at(self, tab: Tab) -> DeskFilter:
        """Return the same filter on another tab."""
        return replace(self, tab=tab)


def read_desk_filter(query: Mapping[str, Any]) -> DeskFilter:
    """Return the filter of an address' query, its values as text. Raises BadFilter."""
    kinds = _words(query, "category")
    sectors = [kind.removeprefix(WHOLE_SECTOR) for kind in kinds if kind.startswith(WHOLE_SECTOR)]
    categories = [kind for kind in kinds if not kind.startswith(WHOLE_SECTOR)]
    # Most tiles ask for no kind, and then nobody has to read the catalogue.
    checked = read_filters(sector=sectors, category=categories) if kinds else Filters()
    due = str(query.get("due", ""))
    return DeskFilter(
        tab=Tab(_among("tab", str(query.get("tab", "")) or Tab.OPEN, Tab)),
        sectors=checked.sectors,
        categories=checked.categories,
        agencies=_agencies(str(query.get("agency", ""))),
        ward=_number(query, "ward"),
        due=Due(_among("due", due, Due)) if due else None,
        text=str(query.get("q", "")).strip()[:LONGEST_TEXT],
        own_area=_number(query, "area"),
    )


def _agencies(code: str) -> frozenset[int]:
    """Return the agency of this code and all below it; none where none was asked for."""
    if not code:
        return frozenset()
    ids = {name: pk for pk, name in rulebook.current().agency_codes.items()}
    if code not in ids:
        raise BadFilter(field="agency", value=code[:60], possible=listed(sorted(ids)))
    below = sql.rows("incidents", "agencies_under", {"agency": ids[code]})
    return frozenset(pk for (pk,) in below)


def _words(query: Mapping[str, Any], field: str) -> Sequence[str]:
    return [word for word in str(query.get(field, "")).split(",") if word]


def _number(query: Mapping[str, Any], field: str) -> int | None:
    written = str(query.get(field, ""))
    if not written:
        return None
    if not (written.isascii() and written.isdigit() and len(written) < 19):
        raise BadFilter(field=field, value=written[:60], possible="1, 2, …")
    return int(written)


def _among(field: str, word: str, possible: Iterable[StrEnum]) -> str:
    choices = [one.value for one in possible]
    if word not in choices:
        raise BadFilter(field=field, value=word[:60], possible=", ".join(choices))
    return word


def _midnight_after(now: datetime, days: int) -> datetime:
    zone = ZoneInfo(city.current().time_zone)
    day = timezone.localdate(now, zone) + timedelta(days=days)
    return datetime.combine(day, time(), zone)
