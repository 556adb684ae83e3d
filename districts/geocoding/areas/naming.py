"""A name that stands alone, of today or of before -> the areas that bear it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from districts.geocoding.areas.book import AreaBook, known
from districts.geocoding.areas.known import KnownArea
from districts.names import FAMILY, agree, kind_and_name
from gis_core.names import folded

_LONGEST = 80


def named(name: str, level: str | None = None, on: date | None = None) -> list[KnownArea]:
    """Return the areas that bear ``name``, of all levels or of one.

    With ``on`` only areas in force that day. Marks count where they were written ("Thanh An" is not
    "Thạnh An"), else not; a kind counts where it was written. "Phường 1, Quận 3" narrows the first
    name by the next. Ordered: in force today first, then the newest; empty where nothing fits.
    """
    book = known()
    first, *within = [part for part in name[:_LONGEST].split(",") if part.strip()] or [""]
    asked = [
        one
        for one in book.areas
        if level in {None, one.level} and (on is None or one.in_force_on(on))
    ]
    found = _bearing(first, asked)
    for part in within:
        # What narrows nothing ("TP.HCM") says nothing.
        found = _inside(found, _bearing(part, book.areas), book) or found
    return found


def _bearing(text: str, areas: Sequence[KnownArea]) -> list[KnownArea]:
    kind, typed = kind_and_name(text)
    bearing = [(*kind_and_name(one.full_name), one) for one in areas]
    same = [one for one in bearing if agree(typed, one[1])]
    if typed != folded(typed):
        same = [one for one in same if one[1] == typed] or same
    if kind:
        alike = [one for one in same if FAMILY.get(one[0]) == FAMILY[kind]]
        same = [one for one in same if one[0] == kind] or alike
    return [one[2] for one in sorted(same, key=lambda one: one[1] != typed)]


def _inside(
    found: Sequence[KnownArea], around: Sequence[KnownArea], book: AreaBook
) -> list[KnownArea]:
    return [one for one in found if any(book.fits(one, outer) for outer in around)]
