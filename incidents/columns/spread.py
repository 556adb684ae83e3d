"""How incidents are spread over wards and days, as the columns have it, or where not, PostGIS.

Whoever sees everything has all counted; others, an office too, what everybody sees one by one.
What is sensitive is not among it: the difference of two such counts would be a small one.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import numpy as np
from django.db.models import Count
from django.db.models.functions import TruncDate

from districts import rulebook
from incidents.actors import ANYBODY, Actor
from incidents.columns import reading
from incidents.columns.counting import count_by
from incidents.columns.rows import FIRST_DAY, NOWHERE
from incidents.columns.tiles import question
from incidents.filters import Filters
from incidents.listing import filtered
from incidents.selectors import visible_to


def by_ward(filters: Filters, actor: Actor) -> dict[str, int]:
    """Return how many incidents each of today's wards has, by its code; none of it where none."""
    found = _counted("ward", filters, actor)
    if found is None:
        rows = filtered(visible_to(_seen_as(actor)), filters).exclude(ward=None)
        counted = rows.order_by().values_list("ward__code").annotate(many=Count("pk"))
        return dict(counted)
    counts, wards = found
    return {wards[n]: many for n, many in counts.items() if n != NOWHERE}


def by_day(filters: Filters, actor: Actor) -> dict[date, int]:
    """Return how many incidents were opened each day, in the order of days."""
    found = _counted("day", filters, actor)
    if found is None:
        rows = filtered(visible_to(_seen_as(actor)), filters).order_by()
        days = rows.annotate(day=TruncDate("opened_at")).values_list("day")
        return dict(sorted(days.annotate(many=Count("pk"))))
    return {FIRST_DAY + timedelta(days=day): many for day, many in found[0].items()}


def _seen_as(actor: Actor) -> Actor:
    return actor if actor.sees_everything else ANYBODY


def _counted(
    by: Literal["ward", "day"], filters: Filters, actor: Actor
) -> tuple[dict[int, int], tuple[str, ...]] | None:
    """Return {number: incidents}, those that are not 0, and the wards that numbers stand for."""
    columns = reading.current()
    if columns is None:
        return None
    version = rulebook.kept().version
    asked = question(columns.words, filters, version, all_of_it=actor.sees_everything)
    counts = count_by(columns, by, asked)
    some = np.flatnonzero(counts).tolist()
    return {number: int(counts[number]) for number in some}, columns.words.wards
