"""What a citizen may expect: how long cases of a category took."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from gis_core import sql

FEWEST: Final = 20
"""Of fewer cases nothing is said."""
LOOKS_BACK: Final = timedelta(days=365)
KEPT_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Promise:
    """From opening to closing, over ``cases`` of the last year, in calendar time."""

    cases: int
    median: timedelta
    ninth_tenth: timedelta


_kept: dict[str, tuple[float, Promise | None]] = {}


def promise(category: str) -> Promise | None:
    """Return how long half and nine tenths of a category's cases took; None of too few.

    Linear between ranks (percentile_cont). What was read is kept for an hour.
    """
    read_at, known = _kept.get(category, (-KEPT_S, None))
    if time.monotonic() - read_at > KEPT_S:
        known = _read(category)
        _kept[category] = (time.monotonic(), known)
    return known


def forget() -> None:
    """Read all anew at the next question."""
    _kept.clear()


def _read(category: str) -> Promise | None:
    asked = {"category": category, "looks_back": LOOKS_BACK}
    [(cases, median, ninth_tenth)] = sql.rows("incidents", "promise", asked)
    if cases < FEWEST:
        return None
    return Promise(cases, timedelta(seconds=median), timedelta(seconds=ninth_tenth))
