"""What happened to an incident, in sentences that offices read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext

from districts.rulebook import AgencyNames
from gis_core.errors import N_
from gis_core.languages import begun
from incidents import deadline_rules
from incidents.models import Event
from incidents.timeline import day_written

SENTENCES: Final[Mapping[str, str]] = {
    "received": N_("A report came in."),
    "refused": N_("A report could not be taken: its place is not in the area of this service."),
    "located": N_("The place of the report was found."),
    "not_located": N_("The words did not say surely enough where it is."),
    "inquiry": N_("Taken as a question."),
    "opened": N_("The incident was opened."),
    "imported": N_("Taken over from another system."),
    "verified": N_("Checked: there is something to repair."),
    "assigned": N_("Given to %(agency)s."),
    "triage": N_("Nobody was sure enough whose it is: a person decides."),
    "accepted": N_("Accepted."),
    "declined": N_("%(agency)s declined it."),
    "in_progress": N_("Work began."),
    "paused": N_("Paused."),
    "resumed": N_("Work goes on."),
    "claimed_done": N_("Reported fixed."),
    "closed": N_("Closed."),
    "rejected": N_("Closed without work."),
    "reopened": N_("Reopened: back to %(agency)s."),
    "split": N_("Divided among several agencies."),
    "delegated": N_("A link was made for %(agency)s."),
    "part_reopened": N_("A part of it was opened again."),
    "link_ended": N_("The contractor's link was ended."),
    "moved": N_("The pin was moved."),
    "recategorised": N_("The category was changed."),
    "noted": N_("A note was written."),
    "escalated": N_("The limit came near or passed: those above were told."),
    "not_forwarded": N_("It waited too long to be given to an agency."),
    "promised": N_("A new date was promised: %(promised)s."),
    "confirmed": N_("A reporter says that it is fixed."),
    "disputed": N_("A reporter says that it is not fixed."),
    "rated": N_("A reporter rated the result: %(stars)s of 5."),
    "followed": N_("Somebody follows the case."),
    "following_confirmed": N_("Somebody who follows the case proved their address."),
    "unfollowed": N_("Somebody follows the case no longer."),
    "contact_erased": N_("A reporter had their address erased."),
    "merged": N_("Merged into case %(other)s: they are one."),
    "joined": N_("Case %(other)s was merged into this one."),
    "unmerged": N_("Not merged into case %(other)s any more: they are two."),
    "parted": N_("Case %(other)s, which had been merged into this one, stands by itself again."),
    "taken_out": N_("Reports were taken out; they are case %(other)s now."),
    "kept_apart": N_("Compared with case %(other)s: they are two."),
    "compared_again": N_("To be compared with case %(other)s once more."),
    "words_approved": N_("Words and photos were approved."),
    "words_declined": N_("Words and photos stay private."),
}
_OTHER: Final = ("into", "from", "to", "other")
"""Where an event names the other incident."""
OTHERWISE: Final = N_("Recorded: %(kind)s.")


ESCALATED: Final = (
    N_("%(share)s of the limit was used up: those concerned were told."),
    N_("The limit passed: those concerned were told."),
    N_("%(share)s of the limit was used up, and it is not done: those above were told."),
)
"""A rung of the ladder before the limit, at it, and beyond."""


def sentence_of(event: Event, agencies: Mapping[str, AgencyNames], language: str) -> str:
    """Return an event in the language that is active now; names of agencies in ``language``."""
    agency = agencies.get(str(event.data.get("contractor") or event.data.get("agency")))
    facts = {
        "agency": agency.in_sentence(language) if agency else gettext("an agency"),
        "promised": day_written(event.data.get("promised")),
        "share": "",
        "stars": event.data.get("stars", "–"),
        "kind": event.kind,
        "other": next((event.data[key] for key in _OTHER if key in event.data), "–"),
    }
    said = SENTENCES.get(event.kind, OTHERWISE)
    if event.kind == "escalated" and (share := _share_of(event)):
        said = ESCALATED[(share >= 1) + (share > 1)]
        facts["share"] = f"{number_format(round(share * 100))}%"
    return begun(gettext(said) % facts)


def _share_of(event: Event) -> float | None:
    """Return at which share of the limit a rung stands; None for one that is no more."""
    rungs = {rung.code: rung.share for rung in deadline_rules.rules().ladder}
    return rungs.get(str(event.data.get("step")))
