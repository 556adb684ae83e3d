"""How a row of the desk is told: its clock, its age, its marks, its place in the order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from incidents.desk.rows import DeskRow, Mark
from incidents.due_clocks import DueClock
from map_ui.due_words import ICONS, due_words
from map_ui.templatetags.wardwise import icon

register = template.Library()

NEVER: Final = "9"
"""Sorts behind every moment."""

MARKS: Final[dict[Mark, tuple[str, str | Promise]]] = {
    Mark.DANGER: ("alert-triangle", _("danger")),
    Mark.TRIAGE: ("users", _("whose is it?")),
    Mark.CHECK: ("search", _("agency to be checked")),
    Mark.CAME_BACK: ("rotate", _("came back")),
    Mark.PART: ("arrows-split", _("part of a divided case")),
    Mark.PRIVATE: ("eye-off", _("not public")),
}


@register.simple_tag(name="due_clock")
def due_clock_tag(clock: DueClock) -> SafeString:
    """Return a clock as a shape, words, and the moment itself for those who ask for it."""
    shape, words = icon(ICONS[clock.standing]), due_words(clock)
    if clock.due is None:
        return format_html(
            '<span class="due due-{}">{}{}</span>', clock.standing.value, shape, words
        )
    at = timezone.localtime(clock.due)
    return format_html(
        '<time class="due due-{}" datetime="{}" title="{}">{}{}</time>',
        clock.standing.value, at.isoformat(), date_format(at, "SHORT_DATETIME_FORMAT"),
        shape, words,
    )  # fmt: skip


@register.simple_tag
def row_mark(mark: Mark) -> SafeString:
    """Return a mark as a shape and a word."""
    shape, words = MARKS[mark]
    return format_html('<span class="row-mark mark-{}">{}{}</span>', mark, icon(shape), words)


@register.simple_tag
def age_of(opened: datetime) -> str:
    """Return how long ago something was, in minutes, hours or days."""
    minutes = int((timezone.now() - opened).total_seconds() // 60)
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)s hour ago", "%(n)s hours ago", hours) % {"n": hours}
    days = hours // 24
    return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}


@register.simple_tag
def row_order(row: DeskRow) -> str:
    """Return the row's place in the list, to be compared as text: due, opened, number."""
    due = _stamp(row.clock.due) if row.clock.due else NEVER
    return f"{due}-{_stamp(row.opened)}-{row.id:019d}"


@register.simple_tag
def row_steps(row: DeskRow) -> str:
    """Return the steps that the reader may take from the list."""
    return " ".join(sorted(step.value for step in row.steps))


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S%f")
