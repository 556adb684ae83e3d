"""Figures in templates: numbers as the reader writes them, and the addresses behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template

from incidents.figures import By, Case, Interval, Scope
from map_ui import figure_words
from map_ui.figure_addresses import NARROWS, address, listed_of_line, listed_of_pair

register = template.Library()
register.filter("whole", figure_words.whole)
register.filter("decimal", figure_words.decimal)
register.filter("percent_one", figure_words.percent)
register.simple_tag(listed_of_pair, name="pair_address")


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
    return listed_of_line(scope, By(by), key, figure)


@register.simple_tag
def faults(case: Case) -> str:
    """Return what was wrong with a case, in words; "" where nothing was."""
    return " · ".join(figure_words.faults(case))
