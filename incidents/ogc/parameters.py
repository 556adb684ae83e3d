"""The parameters of a question for features, read as OGC 17-069r4, 7.15, asks. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from gis_core.errors import listed
from incidents.ogc.errors import BadParameter, UnknownParameter

DEFAULT: Final = 100
MOST: Final = 1_000
"""Features of one page; whoever asks for more gets so many."""
COMMON: Final = ("bbox", "datetime", "limit", "cursor", "f", "lang")
OPEN_ENDS: Final = {"", ".."}

Box = tuple[float, float, float, float]
Query = Mapping[str, Sequence[str]]

_NUMBER: Final = re.compile(
    r"[+-]?(\d{1,20}\.?\d{0,30}|\.\d{1,30})(e[+-]?\d{1,3})?", re.ASCII | re.I
)
"""As programs write numbers: with all digits that they have, or with an exponent."""


@dataclass(frozen=True, slots=True)
class Asked:
    """``boxes`` are two where the one asked for passes the antimeridian. Moments are included."""

    boxes: tuple[Box, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    limit: int = DEFAULT
    cursor: str = ""
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By queryable: what it may be; none, where everything is asked for."""


def read(query: Query, queryables: Mapping[str, Collection[str]]) -> Asked:
    """Return what a query asks for. Raises UnknownParameter, BadParameter.

    ``queryables`` are the properties that may be filtered by, and the values there are.
    """
    known = (*COMMON, *queryables)
    for name in query:
        if name not in known:
            raise UnknownParameter(parameter=name[:40], known=", ".join(known))
    given = {name: values[-1] for name, values in query.items() if values}
    since, until = read_datetime(given.get("datetime", ""))
    return Asked(
        boxes=read_boxes(given.get("bbox", "")),
        since=since,
        until=until,
        limit=_limit(given.get("limit", "")),
        cursor=given.get("cursor", "")[:200],
        words={
            name: _words(name, query[name], possible)
            for name, possible in queryables.items()
            if name in query
        },
    )


def read_boxes(text: str) -> tuple[Box, ...]:
    """Return the box of four numbers, or of six with heights, which are not looked at."""
    parts = [part.strip() for part in text[:300].split(",")] if text else []
    if not parts:
        return ()
    if len(parts) in {4, 6} and all(_NUMBER.fullmatch(part) for part in parts):
        numbers = [float(part) for part in parts]
        half = len(numbers) // 2
        west, south, east, north = *numbers[:2], *numbers[half : half + 2]
        on_globe = all(abs(one) <= 180 for one in (west, east)) and -90 <= south <= north <= 90
        if on_globe and west <= east:
            return ((west, south, east, north),)
        if on_globe:
            return ((west, south, 180.0, north), (-180.0, south, east, north))
    raise BadParameter(parameter="bbox", value=text[:60], possible="west,south,east,north")


def read_datetime(text: str) -> tuple[datetime | None, datetime | None]:
    """Return the first and the last moment of an instant or interval; None is an open end."""
    if not text:
        return None, None
    ends = text[:100].split("/")
    moments = [_moment(end, text) for end in ends]
    if len(ends) == 1 and moments[0] and ends[0] not in OPEN_ENDS:
        last = moments[0] + timedelta(days=1, microseconds=-1) if _is_day(ends[0]) else moments[0]
        return moments[0], last
    if len(ends) != 2 or (all(moments) and moments[0] > moments[1]):  # type: ignore[operator]
        raise _bad_datetime(text)
    first, last_said = moments
    if last_said and _is_day(ends[1]):
        last_said += timedelta(days=1, microseconds=-1)
    return first, last_said


def _is_day(text: str) -> bool:
    return len(text) == 10


def _moment(text: str, whole: str) -> datetime | None:
    if text in OPEN_ENDS:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise _bad_datetime(whole) from None


def _bad_datetime(text: str) -> BadParameter:
    possible = "2026-11-23, 2026-11-23T00:00:00Z, 2026-01-01/2026-06-30, 2026-01-01/.."
    return BadParameter(parameter="datetime", value=text[:60], possible=possible)


def _limit(text: str) -> int:
    if not text:
        return DEFAULT
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or int(text) < 1:
        raise BadParameter(parameter="limit", value=text[:20], possible=f"1 … {MOST}")
    return min(int(text), MOST)


def _words(name: str, given: Sequence[str], possible: Collection[str]) -> frozenset[str]:
    words = {word.strip() for part in given for word in part.split(",") if word.strip()}
    if unknown := sorted(words.difference(possible)):
        choices = listed(sorted(possible))
        raise BadParameter(parameter=name, value=unknown[0][:60], possible=choices)
    return frozenset(words)
