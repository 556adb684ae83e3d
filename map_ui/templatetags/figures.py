"""Figures in templates: numbers as the reader writes them, and the addresses behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.urls import reverse

from incidents.figures import By, Case, Interval, Pair, Scope
from map_ui import figure_words
from map_ui.figure_addresses import address

register = template.Library()
NARROWS = {By.AGENCY: "agency", By.SECTOR: "sector", By.CATEGORY: "category"}
"""The filter by which a line of each group is found; of wards and districts it is ``area``."""

register.filter("whole", figure_words.whole)
register.filter("decimal", figure_words.decimal)
register.filter("percent_one", figure_words.percent)


@register.filter
def as_percent(share: float) -> str:
    """Return a share of one in whole percent."""
    return f"{figure_words.decimal(share * 100, 0)}%"


@register.filter
def at(values: Sequence[Any], position: int) -> object:
    """Return one of several values."""
    return values[position]


@register.filter
def interval(bounds: Interval) -> str:
    """Return an interval of shares."""
    return figure_words.between(bounds)


@register.filter
def star_interval(bounds: Interval) -> str:
    """Return an interval of stars."""
    return figure_words.between(bounds, stars=True)


@register.simple_tag
def group_name(by: By) -> str:
    """Return what lines are for."""
    return str(figure_words.GROUPS[by])


@register.simple_tag
def group_address(scope: Scope, by: By) -> str:
    """Return the address of the same figures with lines for something else."""
    return address(scope, by)


@register.simple_tag
def line_address(scope: Scope, by: By, key: str) -> str:
    """Return the address of one line's own figures."""
    narrows = {NARROWS.get(by, "area"): key}
    return address(scope, by, **narrows)


@register.simple_tag
def cases_address(scope: Scope, by: str, key: str, figure: str) -> str:
    """Return the address of what a line's figure counts."""
    changes = {NARROWS.get(By(by), "area"): key, "figure": figure}
    if by == By.AGENCY:
        changes["only"] = "1"
    narrowed = address(scope, By.AGENCY, **changes)
    return f"{reverse('pages:overview_cases')}?{narrowed}"


@register.simple_tag
def pair_address(scope: Scope, pair: Pair) -> str:
    """Return the address of what one agency passed on to another."""
    taker = pair.taker.code if pair.taker else "-"
    narrowed = address(scope, agency=pair.giver.code, only="1", taker=taker, figure="declined")
    return f"{reverse('pages:overview_cases')}?{narrowed}"


@register.simple_tag
def faults(case: Case) -> str:
    """Return what was wrong with a case, in words; "" where nothing was."""
    return " · ".join(figure_words.faults(case))
