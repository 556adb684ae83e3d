"""What comes next for a report, in one sentence."""

from __future__ import annotations

from django.utils.translation import ngettext

from incidents.answers import Tracked
from incidents.workflow import Status
from map_ui import catalogue, statuses

LIMITED = frozenset({Status.ASSIGNED, Status.ACCEPTED, Status.IN_PROGRESS})


def what_comes_next(report: Tracked) -> str:
    """Return the sentence; with the category's limit where an agency has the case."""
    sentence = str(statuses.mark(report.status).next)
    days = catalogue.category(report.category.code)["working_days"]
    if report.status not in LIMITED or not days:
        return sentence
    limit = ngettext(
        "The limit for this kind of case is %(days)s working day.",
        "The limit for this kind of case is %(days)s working days.",
        days,
    )
    return f"{sentence} {limit % {'days': days}}"
