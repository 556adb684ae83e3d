"""Cases that agencies pass on: who says "not ours", and who gets them then."""

from __future__ import annotations

from collections import Counter
from typing import Final

from django.db.models import Count

from incidents.figures.counting import told_in
from incidents.figures.measures import DECLINED, next_holder
from incidents.figures.naming import agencies
from incidents.figures.scope import Scope
from incidents.figures.tallies import Pair
from incidents.models import Custody

PAIRS: Final = 60


def pairs(scope: Scope, language: str) -> tuple[Pair, ...]:
    """Return who passed cases on to whom in the period, by the share that surely went so.

    The taker is who had the case next. Ranked by the interval's lower bound, then by number; those
    last whose giver had few cases.
    """
    ended = told_in(scope, Custody, "ended_at")
    declined = ended.filter(DECLINED).annotate(taker=next_holder("agency"))
    counted = Counter(declined.values_list("agency", "taker"))
    had = dict(ended.order_by().values_list("agency").annotate(had=Count("*")))
    names = agencies({one for pair in counted for one in pair if one}, language)
    made = [
        Pair(names[giver], names.get(taker), cases, had[giver])
        for (giver, taker), cases in counted.items()
    ]
    made.sort(key=_rank)
    return tuple(made[:PAIRS])


def _rank(pair: Pair) -> tuple[bool, float, int, str, str]:
    taker = pair.taker.name if pair.taker else ""
    return pair.few, -pair.share.interval.low, -pair.cases, pair.giver.name, taker
