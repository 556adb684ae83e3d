"""How a row of the desk is told: its place, its clock, its age, its marks, its place in the order.

A list has fifty rows and a template's every question of an object costs more than its answer here:
what a row shows is made ready, and the template only puts it in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from incidents.desk.rows import DeskRow, Mark
from incidents.due_clocks import DueClock
from map_ui.due_words import ICONS, due_moment, due_words
from map_ui.signs import icon, place_of, status

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


def told(rows: Sequence[DeskRow]) -> list[dict[str, Any]]:
    """Return what ``desk_row.html`` shows of rows, in the reader's language."""
    return [told_of(row) for row in rows]


def told_of(row: DeskRow) -> dict[str, Any]:
    """Return what ``desk_row.html`` shows of a row: numbers as machines read them, words."""
    number, name = str(row.id), row.category.name
    return {
        "id": number,
        "version": str(row.version),
        "lon": str(row.lon),
        "lat": str(row.lat),
        "order": order_of(row),
        "due": (row.forward or row.clock).standing.value,
        "category": row.category.code,
        "status": row.status,
        "steps": " ".join(sorted(step.value for step in row.steps)),
        "select": gettext("Select %(name)s, number %(id)s") % {"name": name, "id": number},
        "address": reverse("pages:case", args=[row.id]),
        "icon": icon(row.icon),
        "name": name,
        "clock": clock_of(row.forward or row.clock),
        "place": " · ".join(filter(None, (row.street, place_of(row)))),
        "standing": status(row.status),
        "marks": format_html_join("", "{}", ((_mark(mark),) for mark in row.marks)),
        "age": age_of(row.opened),
        "reports": _reports(row.reports),
        "agency": row.agency.name if row.agency else "",
    }


def clock_of(clock: DueClock) -> SafeString:
    """Return a clock as a shape, words, and the moment itself for those who ask for it."""
    shape, words = icon(ICONS[clock.standing]), due_words(clock)
    if clock.due is None:
        return format_html(
            '<span class="due due-{}">{}{}</span>', clock.standing.value, shape, words
        )
    at = timezone.localtime(clock.due)
    return format_html(
        '<time class="due due-{}" datetime="{}" title="{}">{}{}</time>',
        clock.standing.value, at.isoformat(), due_moment(at),
        shape, words,
    )  # fmt: skip


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


def order_of(row: DeskRow) -> str:
    """Return the row's place in the list, to be compared as text: due, opened, number."""
    due = _stamp(row.clock.due) if row.clock.due else NEVER
    return f"{due}-{_stamp(row.opened)}-{row.id:019d}"


def _mark(mark: Mark) -> SafeString:
    shape, words = MARKS[mark]
    return format_html('<span class="row-mark mark-{}">{}{}</span>', mark, icon(shape), words)


def _reports(many: int) -> str:
    """Return how many reports there are; nothing of a single one."""
    if many < 2:
        return ""
    return ngettext("%(n)s report", "%(n)s reports", many) % {"n": localize(many)}


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S%f")
