"""What comes next for a report, in sentences: the step, by when, and how long others took."""

from __future__ import annotations

from datetime import timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext

from incidents.answers import Tracked
from incidents.citizen_clock import Lived
from incidents.outlook import Outlook
from incidents.workflow import Status
from map_ui import catalogue, statuses
from map_ui.due_words import due_moment, last_day

LIMITED = frozenset({Status.ASSIGNED, Status.ACCEPTED, Status.IN_PROGRESS})
DAY = timedelta(days=1)


def what_comes_next(report: Tracked, outlook: Outlook | None = None) -> str:
    """Return the sentence; with the limit where an agency has the case."""
    if outlook and outlook.silent_until:
        day = date_format(localtime(outlook.silent_until), "SHORT_DATE_FORMAT")
        return gettext(
            "Tell us whether it is fixed; without an answer it is closed on %(day)s."
        ) % {"day": day}
    if outlook and outlook.may_dispute:
        return gettext("Nothing more, if it is fixed. If it is not, tell us here.")
    sentence = str(statuses.mark(report.status).next)
    return " ".join(part for part in (sentence, _limit(report, outlook)) if part)


def how_long(lived: Lived | None) -> str:
    """Return how long a reporter has waited, and how much of that was paused; "" of no case."""
    if lived is None:
        return ""
    if not lived.days:
        return _less_than_a_day(lived)
    if lived.ended:
        said = ngettext(
            "It took %(n)s working day from your report on",
            "It took %(n)s working days from your report on",
            lived.days,
        )
    else:
        said = ngettext(
            "You reported it %(n)s working day ago",
            "You reported it %(n)s working days ago",
            lived.days,
        )
    parts = [said % {"n": lived.days}]
    if lived.paused:
        parts.append(gettext("of which the work was paused for %(n)s") % {"n": lived.paused})
    return f"{', '.join(parts)}."


def _less_than_a_day(lived: Lived) -> str:
    if lived.ended:
        return gettext("It took less than one working day from your report on.")
    return gettext("You reported it less than one working day ago.")


def what_others_took(outlook: Outlook | None) -> str:
    """Return how long past cases of the category took; "" where too few are known."""
    if outlook is None or outlook.promise is None:
        return ""
    known = outlook.promise
    return gettext(
        "Half of the last %(cases)s cases of this kind were done within %(median)s, "
        "nine of ten within %(most)s."
    ) % {
        "cases": known.cases,
        "median": _length(known.median),
        "most": _length(known.ninth_tenth),
    }


def _limit(report: Tracked, outlook: Outlook | None) -> str:
    if outlook and outlook.promised and outlook.late:
        said = gettext("The limit has passed; the agency promises %(day)s.")
        return said % {"day": last_day(outlook.promised)}
    if outlook and outlook.due:
        said = (
            gettext("The limit was %(due)s: it is late.")
            if outlook.late
            else gettext("The limit is %(due)s.")
        )
        return said % {"due": due_moment(outlook.due)}
    return _usual_limit(report)


def _usual_limit(report: Tracked) -> str:
    days = catalogue.category(report.category.code)["working_days"]
    if report.status not in LIMITED or not days:
        return ""
    limit = ngettext(
        "The limit for this kind of case is %(days)s working day.",
        "The limit for this kind of case is %(days)s working days.",
        days,
    )
    return limit % {"days": days}


def _length(time: timedelta) -> str:
    """Return a time as people say it: hours below two days, else whole days, rounded up."""
    if time < 2 * DAY:
        hours = max(1, -(-time // timedelta(hours=1)))
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    days = -(-time // DAY)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
