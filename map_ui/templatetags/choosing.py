"""The options of a list to choose from: agencies and wards are hundreds of them."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from map_ui.agency_choices import Choice, ChoiceGroup

register = template.Library()


@register.simple_tag
def options(choices: Iterable[Choice], chosen: str = "") -> SafeString:
    """Return an option for each word of an address with its name; the one chosen is marked."""
    return format_html_join("", '<option value="{}"{}>{}</option>', _options(choices, chosen))


@register.simple_tag
def option_groups(groups: Iterable[ChoiceGroup], chosen: str = "") -> SafeString:
    """Return options under the names of their groups; those of a group without a name alone."""
    return format_html_join("", "{}", ((_group(*group, chosen),) for group in groups))


def _group(name: str | Promise, choices: Iterable[Choice], chosen: str) -> SafeString:
    inside = options(choices, chosen)
    return format_html('<optgroup label="{}">{}</optgroup>', name, inside) if name else inside


def _options(choices: Iterable[Choice], chosen: str) -> Iterable[tuple[str, str, str | Promise]]:
    return ((code, " selected" if code == chosen else "", name) for code, name in choices)
