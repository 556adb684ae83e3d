"""Which categories of a file are filed for one another, learnt without anybody's labels. Pure.

Two reports at one place within days are often about one thing; two at one place months apart are
what the place has anyway. The pairs of two categories in excess of that, beside the excess within
each of the two, say how often one thing gets both names (a cosine, between 0 and 1).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from gis_core.positions import EARTH_RADIUS_M, LonLat
from incidents.duplicates.terms import Terms

CELL_M: Final = 30.0
SOON: Final = timedelta(days=7)
LATER: Final = (timedelta(days=30), timedelta(days=120))
MOST_IN_CELL: Final = 30
"""Earlier reports that one is held against: default points must not take over."""

Pairs = Counter[tuple[str, str]]
Seen = deque[tuple[datetime, str]]


def learnt(
    found: Iterable[tuple[LonLat, datetime, str]], terms: Terms
) -> dict[frozenset[str], float]:
    """Return the shares above the terms' unknown, of reports in time order."""
    soon, later = _pairs(found)
    ratio = SOON / (LATER[1] - LATER[0])
    excess = {pair: count - ratio * later[pair] for pair, count in soon.items()}
    shares: dict[frozenset[str], float] = {}
    for (one, other), count in excess.items():
        if one == other:
            continue
        own = [max(excess.get((c, c), 0.0), 0.0) + terms.category.least_learnt
               for c in (one, other)]  # fmt: skip
        share = min(count / math.sqrt(own[0] * own[1]), terms.category.most_learnt)
        if share > terms.category.unknown:
            shares[frozenset((one, other))] = share
    return shares


def _pairs(found: Iterable[tuple[LonLat, datetime, str]]) -> tuple[Pairs, Pairs]:
    cells: defaultdict[tuple[int, int], Seen] = defaultdict(lambda: deque(maxlen=MOST_IN_CELL))
    soon, later = Pairs(), Pairs()
    for lonlat, when, category in found:
        seen = cells[_cell(lonlat)]
        for before, other in seen:
            pair = (category, other) if category <= other else (other, category)
            gap = when - before
            soon[pair] += gap <= SOON
            later[pair] += LATER[0] <= gap < LATER[1]
        seen.append((when, category))
    return soon, later


def _cell(lonlat: LonLat) -> tuple[int, int]:
    degree = math.radians(EARTH_RADIUS_M)
    # Rows of a tenth of a degree share the width of a cell, so that cells stay cells.
    width = degree * math.cos(math.radians(round(lonlat.lat, 1)))
    return math.floor(lonlat.lon * width / CELL_M), math.floor(lonlat.lat * degree / CELL_M)
