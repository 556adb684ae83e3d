"""Who may see and do what, as one table. Pure.

A role's word for an act is a reach: how far it goes. ``reaches`` asks whether an incident lies in
it; the same words, as filters of rows, are ``selectors.visible_to``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What somebody is to the service."""

    CITIZEN = "citizen"
    """Anybody; with a report's code, that report's reporter."""
    CONTRACTOR = "contractor"
    """Whoever holds the link to one incident."""
    WARD_STAFF = "ward_staff"
    AGENCY_STAFF = "agency_staff"
    DISTRICT_OPERATOR = "district_operator"
    OPERATOR = "operator"
    PLANNER = "planner"
    LEADER = "leader"
    OVERSIGHT = "oversight"
    ADMINISTRATOR = "administrator"


class Reach(StrEnum):
    """How far a permission goes."""

    NONE = "none"
    PUBLIC = "public"
    """What everybody sees on the public map."""
    OWN_REPORT = "own_report"
    THIS = "this"
    """The one incident of the link."""
    AREA = "area"
    """Incidents in one's areas."""
    AGENCY = "agency"
    """Incidents held by one's agency or one below it."""
    OFFICE = "office"
    """Either of these two."""
    ALL = "all"


class Act(StrEnum):
    """What can be done; steps of the workflow bear their own names."""

    SEE = "see"
    SEE_CONTACTS = "see_contacts"
    READ_WORDS = "read_words"
    """Words and photos before they were approved."""
    APPROVE_WORDS = "approve_words"
    NOTE = "note"
    """Internal notes: write and read."""
    MOVE = "move"
    RECATEGORISE = "recategorise"
    DELEGATE = "delegate"
    VERIFY = "verify"
    REJECT = "reject"
    ASSIGN = "assign"
    ACCEPT = "accept"
    DECLINE = "decline"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CLAIM_DONE = "claim_done"
    CLOSE = "close"
    REOPEN = "reopen"
    SPLIT = "split"
    MERGE = "merge"
    """Say that two incidents are one, that they are not, and undo either; take reports out."""
    PROMISE = "promise"
    """Say how far the work is, and by when it will be done."""
    LOCATE = "locate"
    """Say where a report is that came in words alone."""
    RATE = "rate"
    FOLLOW = "follow"
    SEE_FIGURES = "see_figures"
    """Dashboards, and the incidents behind each figure."""
    SEE_LEDGER = "see_ledger"
    """Every event with its actor."""
    SEE_NOTICES = "see_notices"
    """What became of notices, and sending again what was given up."""


_WORK = (Act.ACCEPT, Act.DECLINE, Act.START, Act.PAUSE, Act.RESUME, Act.CLAIM_DONE, Act.PROMISE)
_DESK = (Act.READ_WORDS, Act.NOTE, Act.MOVE, Act.SEE_LEDGER)


def _row(*parts: tuple[tuple[Act, ...], Reach]) -> Mapping[Act, Reach]:
    return MappingProxyType({act: reach for acts, reach in parts for act in acts})


PERMISSIONS: Mapping[Role, Mapping[Act, Reach]] = MappingProxyType({
    Role.CITIZEN: _row(
        ((Act.SEE, Act.FOLLOW), Reach.PUBLIC),
        ((Act.RATE, Act.REOPEN, Act.CLOSE), Reach.OWN_REPORT),
    ),
    Role.CONTRACTOR: _row(
        ((Act.SEE, Act.READ_WORDS, Act.NOTE, Act.START, Act.CLAIM_DONE), Reach.THIS),
    ),
    Role.WARD_STAFF: _row(
        ((Act.SEE, *_DESK), Reach.OFFICE),
        ((Act.VERIFY, Act.REJECT), Reach.AREA),
        ((*_WORK, Act.DELEGATE, Act.SPLIT, Act.SEE_CONTACTS), Reach.AGENCY),
        ((Act.MERGE,), Reach.AGENCY),
    ),
    Role.AGENCY_STAFF: _row(
        ((Act.SEE, *_DESK, *_WORK, Act.DELEGATE, Act.SPLIT, Act.SEE_CONTACTS), Reach.AGENCY),
        ((Act.MERGE,), Reach.AGENCY),
    ),
    Role.DISTRICT_OPERATOR: _row(
        ((Act.SEE, *_DESK, Act.SEE_CONTACTS, Act.APPROVE_WORDS, Act.RECATEGORISE), Reach.AREA),
        ((Act.VERIFY, Act.REJECT, Act.ASSIGN, Act.SPLIT, Act.REOPEN), Reach.AREA),
        ((Act.MERGE,), Reach.AREA),
    ),
    Role.OPERATOR: _row(
        ((Act.SEE, *_DESK, Act.SEE_CONTACTS, Act.APPROVE_WORDS, Act.RECATEGORISE), Reach.ALL),
        ((Act.VERIFY, Act.REJECT, Act.ASSIGN, Act.SPLIT, Act.REOPEN, Act.CLOSE), Reach.ALL),
        ((Act.LOCATE, Act.MERGE, Act.SEE_FIGURES, Act.SEE_NOTICES), Reach.ALL),
    ),
    Role.PLANNER: _row(((Act.SEE, Act.SEE_FIGURES), Reach.ALL)),
    Role.LEADER: _row(((Act.SEE, Act.READ_WORDS, Act.SEE_FIGURES, Act.SEE_LEDGER), Reach.ALL)),
    Role.OVERSIGHT: _row(((Act.SEE, Act.READ_WORDS, Act.SEE_FIGURES, Act.SEE_LEDGER), Reach.ALL)),
    Role.ADMINISTRATOR: _row((tuple(Act), Reach.ALL)),
})  # fmt: skip


def reach_of(role: Role, act: Act) -> Reach:
    """Return how far a role's permission for an act goes."""
    return PERMISSIONS[role].get(act, Reach.NONE)
