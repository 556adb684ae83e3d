"""An icon, a status, a place: the signs that templates show and that other words are made with."""

from __future__ import annotations

from functools import lru_cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from incidents.answers import AreaName, Card, Tracked
from incidents.desk.rows import DeskRow
from map_ui import statuses


def icon(name: str, label: str = "") -> SafeString:
    """Return the icon ``name`` of the sprite; silent to screen readers unless it has a label."""
    return _drawn(name, str(label))


@lru_cache(maxsize=512)
def _drawn(name: str, label: str) -> SafeString:
    """A list of fifty rows has hundreds of icons, and few that differ."""
    sprite = static("map_ui/vendor/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            label,
            sprite,
            name,
        )
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name
    )


def status(code: str) -> SafeString:
    """Return a status as a shape and a word."""
    mark = statuses.mark(code)
    return format_html(
        '<span class="status status-{}">{}{}</span>', mark.code, icon(mark.icon), mark.name
    )


def place_of(thing: Card | Tracked | DeskRow) -> str:
    """Return ward and district of a card or report; the district of old is called former."""
    district: AreaName | None = thing.district
    parts = [thing.ward.full_name] if thing.ward else []
    if district and district.former:
        parts.append(gettext("formerly %(name)s") % {"name": district.full_name})
    elif district:
        parts.append(district.full_name)
    return " · ".join(parts)
