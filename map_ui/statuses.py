"""The words and shapes of an incident's status; the shape tells it without colour."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents.report import ReportState
from incidents.workflow import Status


@dataclass(frozen=True, slots=True)
class StatusMark:
    """How a status is shown."""

    code: str
    name: str | Promise
    standing: str | Promise
    """Where it stands, in one line."""
    next: str | Promise
    """What comes next."""

    @property
    def icon(self) -> str:
        """The shape's name in the sprite."""
        return f"status-{self.code}"


_MARKS = (
    StatusMark(
        Status.RECEIVED,
        _("Received"),
        _("We have it; an operator is deciding who takes it."),
        _("An operator chooses the agency, as a rule within one working day."),
    ),
    StatusMark(
        Status.VERIFIED,
        _("Verified"),
        _("It was checked; the agency that takes it is being chosen."),
        _("It goes to the agency that answers for the place."),
    ),
    StatusMark(
        Status.ASSIGNED,
        _("Assigned"),
        _("The agency has it."),
        _("The agency looks at the place and begins the work."),
    ),
    StatusMark(
        Status.ACCEPTED,
        _("Accepted"),
        _("The agency has accepted it."),
        _("The agency begins the work."),
    ),
    StatusMark(
        Status.IN_PROGRESS,
        _("In progress"),
        _("The agency is working on it."),
        _("When the work is done the agency says so, and you can say whether it is true."),
    ),
    StatusMark(
        Status.PAUSED,
        _("Paused"),
        _("The work is paused for a named reason."),
        _("The work goes on when the reason has gone."),
    ),
    StatusMark(
        Status.CLAIMED_DONE,
        _("Reported fixed"),
        _("The agency says that it is fixed; nobody has confirmed it yet."),
        _("Tell us whether it is fixed; without an answer it is closed after some days."),
    ),
    StatusMark(
        Status.SPLIT,
        _("Divided"),
        _("Several agencies work on it, each on its part."),
        _("It is closed when the last part is done."),
    ),
    StatusMark(
        Status.CLOSED,
        _("Closed"),
        _("The agency says that it is fixed."),
        _("Nothing more, if it is fixed. If not, report it again and name the code."),
    ),
    StatusMark(
        Status.REJECTED,
        _("Rejected"),
        _("It was not taken up."),
        _("Nothing more. The reason stands below."),
    ),
    StatusMark(
        Status.MERGED,
        _("Merged"),
        _("It was reported before; both reports are followed together."),
        _("Follow the incident that it belongs to."),
    ),
)
MARKS = {mark.code: mark for mark in _MARKS}
WAITING = StatusMark(
    Status.RECEIVED,
    _("Received"),
    _("We have it; its place is still being looked for."),
    _("An operator reads it and finds the place."),
)


INQUIRY = StatusMark(
    Status.CLOSED,
    _("Taken as a question"),
    _("It was taken as a question."),
    _("Nothing more here. Call 1022 for an answer."),
)


def mark(status: str) -> StatusMark:
    """Return how a status is shown; a report without an incident is waiting, or a question."""
    return INQUIRY if status == ReportState.INQUIRY else MARKS.get(status, WAITING)
