"""Words of the pages that compare incidents, and how many wait to be compared."""

from __future__ import annotations

from django import template

from map_ui import factor_words

register = template.Library()
register.filter("percent_words", factor_words.percent_words)
register.filter("metres_words", factor_words.metres_words)
