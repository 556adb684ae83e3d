"""What of sensitive categories leaves the house: the counts of the public map, a row a cell.

They are those of ``incidents.coarse``: whole cells, none below the small count, and nothing where
a filter by day, status, agency or ward is set, since the difference of two such answers would be a
small count.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from districts import rulebook
from incidents import coarse
from incidents.exports.names import Names
from incidents.exports.table import Row, point
from incidents.filters import Box, Filters

WORLD: Final[Box] = (-180.0, -90.0, 180.0, 90.0)
_OF_NO_ONE: Final = (None,) * 14
"""From status to too_count: of no single incident."""


def cells(filters: Filters) -> list[coarse.Cell]:
    """Return the cells that the box touches, each whole, of the categories that are asked for."""
    if coarse.are_left_out(filters):
        return []
    return [one for one in coarse.cells(filters.box or WORLD) if _asked(one[0], filters)]


def rows(filters: Filters) -> Sequence[Row]:
    """Return them as rows: no id, the cell's middle, ``blurred``, how many incidents it counts."""
    names = Names()
    return [
        (None, *names.category(category), *_OF_NO_ONE, True, count, point(lon, lat))
        for category, lon, lat, count in cells(filters)
    ]


def _asked(category: str, filters: Filters) -> bool:
    sector = rulebook.current().category(category).sector
    return (not filters.categories or category in filters.categories) and (
        not filters.sectors or sector in filters.sectors
    )
