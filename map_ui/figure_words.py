"""Figures as people read them: names, numbers, changes, periods."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from incidents.figures import By, Case, Interval, Kind, Period, Share

FIGURES: Final[Mapping[str, str | Promise]] = MappingProxyType({
    "reported": _("Newly reported"),
    "ended": _("Left an agency's hands"),
    "handled": _("Said to be done"),
    "on_time": _("On time by the clock"),
    "honest": _("Honestly on time"),
    "late": _("Late"),
    "unproven": _("Without proof"),
    "reopened": _("Came back"),
    "declined": _("Passed on: not ours"),
    "again": _("Passed on more than once"),
    "broken": _("Promised date broken"),
    "rated": _("Rated"),
    "displeased": _("Rated 1 or 2 stars"),
    "backlog": _("Still open"),
    "overdue": _("Open and overdue"),
    "forwarded": _("Given to an agency"),
    "forwarded_in_time": _("Given to an agency in time"),
    "forwarded_late": _("Given to an agency late"),
    "solved": _("Solved"),
})  # fmt: skip

MEANINGS: Final[Mapping[str, str | Promise]] = MappingProxyType({
    "reported": _("Incidents opened in the period."),
    "ended": _("Hand-overs that ended in the period, however they did."),
    "handled": _("Work that an agency said in the period to be done."),
    "on_time": _("Said to be done before the limit was used up; pauses do not count."),
    "honest": _("On time, proven by a photo or on the spot, and it did not come back."),
    "late": _("Said to be done after the limit was used up."),
    "unproven": _("Said to be done without a photo or a check-in on the spot."),
    "reopened": _("Said to be done, and opened again later."),
    "declined": _("Given back by an agency as not its own."),
    "again": _("Given back by an agency although another had given it back before."),
    "broken": _("It took longer than the agency had promised."),
    "rated": _("What reporters said of the result in the period."),
    "displeased": _("Reporters who gave one or two stars in the period."),
    "backlog": _("Incidents open at the end of the period, or now."),
    "forwarded": _("Reports of the period that the service has given to an agency."),
    "forwarded_in_time": _(
        "Given to an agency within the service's own limit from the receipt on: five minutes."
    ),
    "forwarded_late": _("Given to an agency after the service's own limit, from the receipt on."),
    "solved": _("Closed in the period as done; parts of divided cases count with their whole."),
    "overdue": _("In an agency's hands at the end of the period, or now, with the limit used up."),
})  # fmt: skip

GROUPS: Final[Mapping[By, str | Promise]] = MappingProxyType({
    By.AGENCY: _("Agency"),
    By.SECTOR: _("Sector"),
    By.CATEGORY: _("Category"),
    By.WARD: _("Ward"),
    By.DISTRICT: _("District"),
})  # fmt: skip


def period_name(period: Period) -> str:
    """Return a period as people say it."""
    year = period.first.year
    if period.kind is Kind.YEAR:
        return gettext("Year %(year)s") % {"year": year}
    if period.kind is Kind.QUARTER:
        quarter = period.first.month // 3 + 1
        return gettext("Quarter %(quarter)s of %(year)s") % {"quarter": quarter, "year": year}
    month = {"name": formats.date_format(period.first, "F"), "number": period.first.month}
    # English names its months, Vietnamese counts them.
    return pgettext("a month", "%(name)s %(year)s") % {**month, "year": year}


def short_name(period: Period) -> str:
    """Return a period as an axis has room for it."""
    if period.kind is Kind.YEAR:
        return str(period.first.year)
    part = period.first.month if period.kind is Kind.MONTH else f"Q{period.first.month // 3 + 1}"
    return f"{part}/{period.first.year % 100:02}"


def whole(number: int) -> str:
    """Return a count with its thousands apart."""
    return formats.number_format(number, 0, use_l10n=True, force_grouping=True)


def decimal(number: float | None, places: int = 1) -> str:
    """Return a number with so many decimal places; a dash for none."""
    if number is None:
        return "–"
    return formats.number_format(round(number, places), places, use_l10n=True, force_grouping=True)


def percent(share: float | None) -> str:
    """Return a share of one as percent with one decimal place; a dash for none."""
    return "–" if share is None else f"{decimal(share * 100)}%"


def share_of(share: Share) -> str:
    """Return of how many a share is."""
    return gettext("%(hits)s of %(of)s") % {"hits": whole(share.hits), "of": whole(share.of)}


def between(interval: Interval, *, stars: bool = False) -> str:
    """Return an interval of shares, or of stars."""
    if stars:
        return f"{decimal(interval.low)}–{decimal(interval.high)}"
    return f"{decimal(interval.low * 100)}–{percent(interval.high)}"


def faults(case: Case) -> tuple[str, ...]:
    """Return what was wrong with a case, and what was thought of it."""
    words = {
        gettext("late"): case.late,
        gettext("came back"): case.reopened is not None,
        gettext("without proof"): case.ended_by == "claimed_done" and not case.proven,
        gettext("promised date broken"): case.promise_broken,
        gettext("not ours"): case.ended_by == "declined",
        f"{case.stars} ★": case.stars is not None,
    }
    return tuple(word for word, true in words.items() if true)


def change(now: float | None, before: float | None, *, points: bool) -> str:
    """Return how a figure changed: in percent of what it was, or, of shares, in points."""
    if now is None or before is None or (not points and not before):
        return "–"
    by = (now - before) * 100 if points else (now - before) / before * 100
    sign = "+" if by > 0 else ("−" if by < 0 else "±")
    size = decimal(abs(by))
    return gettext("%(by)s points") % {"by": f"{sign}{size}"} if points else f"{sign}{size}%"
