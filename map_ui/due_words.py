"""A due clock in words, with the shape that stands before them."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext, ngettext

from incidents.due_clocks import DueClock, Standing, Unit

ICONS: Final = {
    Standing.LEFT: "clock",
    Standing.SOON: "clock-exclamation",
    Standing.LATE: "alert-triangle",
    Standing.PAUSED: "clock-pause",
    Standing.NONE: "minus",
}
"""Each standing has a shape of its own: colour only helps."""


def due_words(clock: DueClock) -> str:
    """Return how much is left, or how late it is: "2 working days left", "3 hours late"."""
    if clock.standing is Standing.PAUSED:
        return gettext("clock stopped")
    if clock.standing is Standing.NONE:
        return gettext("no limit runs")
    if clock.standing is Standing.LATE:
        return _late(clock)
    return _left(clock)


def _left(clock: DueClock) -> str:
    n = clock.amount
    words = {
        Unit.MINUTES: ngettext("%(n)s minute left", "%(n)s minutes left", n),
        Unit.HOURS: ngettext("%(n)s hour left", "%(n)s hours left", n),
        Unit.WORKING_DAYS: ngettext("%(n)s working day left", "%(n)s working days left", n),
        Unit.DAYS: ngettext("%(n)s day left", "%(n)s days left", n),
    }
    return words[clock.unit] % {"n": n}


def _late(clock: DueClock) -> str:
    n = clock.amount
    words = {
        Unit.MINUTES: ngettext("%(n)s minute late", "%(n)s minutes late", n),
        Unit.HOURS: ngettext("%(n)s hour late", "%(n)s hours late", n),
        Unit.WORKING_DAYS: ngettext("%(n)s working day late", "%(n)s working days late", n),
        Unit.DAYS: ngettext("%(n)s day late", "%(n)s days late", n),
    }
    return words[clock.unit] % {"n": n}
