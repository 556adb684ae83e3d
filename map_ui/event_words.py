"""What each kind of event is called in the record that auditors read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: Final[Mapping[str, Promise | str]] = {
    "received": _("Report received"),
    "refused": _("Report refused"),
    "located": _("Place found"),
    "not_located": _("Place left to an operator"),
    "inquiry": _("Taken as a question"),
    "imported": _("Taken over from another system"),
    "opened": _("Case opened"),
    "triage": _("A person has to choose the agency"),
    "not_forwarded": _("Not handed on in time"),
    "assigned": _("Given to an agency"),
    "verified": _("Verified"),
    "rejected": _("Rejected"),
    "accepted": _("Accepted"),
    "declined": _("Declined"),
    "in_progress": _("Work begun"),
    "paused": _("Paused"),
    "resumed": _("Resumed"),
    "promised": _("New day promised"),
    "claimed_done": _("Reported fixed"),
    "confirmed": _("Confirmed by the reporter"),
    "disputed": _("Disputed by the reporter"),
    "closed": _("Closed"),
    "reopened": _("Reopened"),
    "rated": _("Rated"),
    "escalated": _("Escalated"),
    "split": _("Divided"),
    "part_reopened": _("A part was reopened"),
    "delegated": _("Lent to a contractor"),
    "link_ended": _("Contractor's link ended"),
    "moved": _("Pin moved"),
    "recategorised": _("Category changed"),
    "noted": _("Note written"),
    "merged": _("Merged into another case"),
    "joined": _("Another case was merged into it"),
    "unmerged": _("Merging undone"),
    "parted": _("A merged case left it again"),
    "taken_out": _("Reports taken out"),
    "words_approved": _("Words approved"),
    "words_declined": _("Words kept private"),
    "followed": _("Somebody follows it"),
    "following_confirmed": _("Following confirmed"),
    "unfollowed": _("Following ended"),
    "contact_erased": _("Contact erased"),
}


def kind_name(kind: str) -> str | Promise:
    """Return what a kind of event is called; what has no name yet by its code."""
    return KINDS.get(kind, kind)
