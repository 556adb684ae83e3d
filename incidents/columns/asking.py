"""Filters -> what the columns are asked."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from incidents.columns.rows import LAST_DAY, NOWHERE, Asked, Words, day_of, kinds
from incidents.filters import Filters
from incidents.visibility import HIDDEN
from incidents.workflow import Status

NEVER_SHOWN = frozenset({Status.MERGED.value})
"""What is merged counts with what it was merged into."""


def asked(
    words: Words,
    filters: Filters,
    *,
    public: bool | None = True,
    wards: Iterable[str] | None = None,
) -> Asked:
    """Return filters as tables; ``filters.box`` is not read, the tile is the box.

    ``public``: True for what everybody may see, False for the rest, None for both; what was merged
    is in neither. ``wards`` are codes, asked for instead of those of the filters.
    """
    return Asked(
        kinds=_kinds(words, _categories(words, filters), filters.statuses, public),
        first_day=day_of(filters.since) if filters.since else 0,
        last_day=day_of(filters.until) if filters.until else LAST_DAY,
        agencies=_numbers(words.agencies, filters.agencies or None),
        wards=_numbers(words.wards, filters.wards or None if wards is None else wards),
    )


def _categories(words: Words, filters: Filters) -> frozenset[str] | None:
    """Return the categories that sector and category filters leave; None for all of them."""
    if not filters.sectors:
        return filters.categories or None
    pairs = zip(words.categories, words.sectors, strict=True)
    within = frozenset(code for code, sector in pairs if sector in filters.sectors)
    return within & filters.categories if filters.categories else within


@lru_cache(maxsize=256)
def _kinds(
    words: Words,
    categories: frozenset[str] | None,
    statuses: frozenset[str],
    public: bool | None,  # noqa: FBT001  a key of the cache
) -> NDArray[np.uint8]:
    wanted = (statuses or frozenset(words.statuses)) - NEVER_SHOWN
    names = None if categories is None else sorted(categories)
    seen = kinds(words, categories=names, statuses=sorted(wanted - set(HIDDEN)), public=True)
    if public:
        table = seen
    else:
        everything = kinds(words, categories=names, statuses=sorted(wanted))
        table = everything if public is None else everything - seen
    table.setflags(write=False)
    return table


def _numbers(known: tuple[str, ...], wanted: Iterable[str] | None) -> NDArray[np.bool_] | None:
    if wanted is None:
        return None
    table = np.zeros(NOWHERE + 1, np.bool_)
    chosen = set(wanted)
    numbers = [number for number, code in enumerate(known) if code in chosen]
    table[np.array(numbers, np.int64)] = True
    return table
