"""A due clock in words, with the shape that stands before them."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext, ngettext_lazy

from incidents.due_clocks import DueClock, Standing, Unit

ICONS: Final = {
    Standing.LEFT: "clock",
    Standing.SOON: "clock-exclamation",
    Standing.LATE: "alert-triangle",
    Standing.PAUSED: "clock-pause",
    Standing.NONE: "minus",
}
"""Each standing has a shape of its own: colour only helps."""


_LEFT: Final = {
    Unit.MINUTES: ngettext_lazy("%(n)s minute left", "%(n)s minutes left", "n"),
    Unit.HOURS: ngettext_lazy("%(n)s hour left", "%(n)s hours left", "n"),
    Unit.WORKING_DAYS: ngettext_lazy("%(n)s working day left", "%(n)s working days left", "n"),
    Unit.DAYS: ngettext_lazy("%(n)s day left", "%(n)s days left", "n"),
}
_LATE: Final = {
    Unit.MINUTES: ngettext_lazy("%(n)s minute late", "%(n)s minutes late", "n"),
    Unit.HOURS: ngettext_lazy("%(n)s hour late", "%(n)s hours late", "n"),
    Unit.WORKING_DAYS: ngettext_lazy("%(n)s working day late", "%(n)s working days late", "n"),
    Unit.DAYS: ngettext_lazy("%(n)s day late", "%(n)s days late", "n"),
}


def due_words(clock: DueClock) -> str:
    """Return how much is left, or how late it is: "2 working days left", "3 hours late"."""
    if clock.standing is Standing.PAUSED:
        return gettext("clock stopped")
    if clock.standing is Standing.NONE:
        return gettext("no limit runs")
    words = (_LATE if clock.standing is Standing.LATE else _LEFT)[clock.unit]
    return str(words % {"n": clock.amount})
