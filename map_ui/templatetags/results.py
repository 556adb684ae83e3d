"""What the page of public results draws."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from incidents.figures.intervals import Interval

register = template.Library()
WIDTH: Final = 96
"""Pixels."""


@register.simple_tag
def interval_bar(interval: Interval, value: float, worst: float, best: float) -> SafeString:
    """Return a bar with the interval and its middle; the numbers stand beside it in words."""
    low, high, point = (
        round((one - worst) / (best - worst) * WIDTH, 1)
        for one in (interval.low, interval.high, value)
    )
    return format_html(
        '<svg class="interval-bar" viewBox="0 0 {0} 20" aria-hidden="true">'
        '<rect class="track" y="9" width="{0}" height="2"></rect>'
        '<rect class="span" x="{1}" y="5" width="{2}" height="10" rx="2"></rect>'
        '<rect class="point" x="{3}" y="2" width="4" height="16" rx="2"></rect></svg>',
        WIDTH,
        low,
        max(round(high - low, 1), 1),
        round(min(max(point - 2, 0), WIDTH - 4), 1),
    )
