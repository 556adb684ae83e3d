"""What incidents are compared by: as long as it is the same, a verdict on two of them stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from gis_core import sql

MOST: Final = 50
"""Of an incident's reports the latest so many are named, with their photos."""
Compared = Mapping[int, tuple[str, ...]]


def compared(ids: Collection[int]) -> Compared:
    """Return by incident its place, its category, its reports and their photos; one query."""
    rows = sql.prepared("incidents", "compared", (list(ids), MOST))
    return {pk: tuple(facts) for pk, facts in rows}
