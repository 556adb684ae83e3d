"""A due clock in words, with the shape that stands before them; and when a limit ends."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from django.utils.formats import date_format
from django.utils.timezone import localtime
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


def due_moment(due: datetime) -> str:
    """Return when a limit ends as people say it: a day's last moment by that day, not the next."""
    if localtime(due).time() == time.min:
        return gettext("the end of %(day)s") % {"day": last_day(due)}
    return date_format(localtime(due), "SHORT_DATETIME_FORMAT")


def last_day(end: datetime) -> str:
    """Return the last day before a moment: what ends at midnight ends with the day before."""
    return date_format(localtime(end - timedelta(seconds=1)), "SHORT_DATE_FORMAT")
