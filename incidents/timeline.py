"""What happened to a report, in sentences that the person who sent it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext

from districts.rulebook import AgencyNames
from gis_core.errors import N_
from gis_core.languages import begun
from incidents import deadline_rules
from incidents.answers import Moment
from incidents.models import Event

SENTENCES: Final[Mapping[str, str]] = {
    "received": N_("We received your report."),
    "refused": N_("We could not take your report: its place is not in the area of this service."),
    "located": N_("The place was found."),
    "not_located": N_("Your words do not say surely enough where it is: an operator looks for it."),
    "inquiry": N_("This was taken as a question, not as something to be repaired."),
    "opened": N_("Your report is on the map."),
    "verified": N_("It was checked: there is something to be repaired."),
    "assigned": N_("Given to %(agency)s."),
    "triage": N_("A person is finding out which agency answers for this place."),
    "accepted": N_("The agency has accepted it."),
    "declined": N_("%(agency)s gave it back; another agency is being looked for."),
    "in_progress": N_("The agency is working on it."),
    "paused": N_("The work is paused."),
    "resumed": N_("The work goes on."),
    "promised": N_("The agency promises to be done by %(promised)s."),
    "split": N_("It was divided: several agencies work on it, each on its part."),
    "moved": N_("The pin was moved to the right place."),
    "recategorised": N_("The category was corrected."),
    "claimed_done": N_("The agency says that it is fixed."),
    "confirmed": N_("You confirmed that it is fixed. Thank you."),
    "disputed": N_("You said that it is not fixed."),
    "reopened": N_("It was opened again and went back to the agency."),
    "rated": N_("You rated the result. Thank you."),
    "closed": N_("The case was closed."),
    "rejected": N_("This was closed without work: it is not a case for this service."),
    "merged": N_("Others reported the same: your report was joined with theirs."),
    "joined": N_("Others reported the same: their reports were joined with this one."),
    "unmerged": N_("They are two things after all: your report is dealt with by itself again."),
    "parted": N_("Some reports that were joined turned out to be about something else."),
    "taken_out": N_("Your report turned out to be about something else than the others."),
    "words_approved": N_("Your words and photos were checked and are now public."),
    "words_declined": N_("Your words and photos were checked and stay private."),
    "contact_erased": N_("Your contact was erased: we cannot reach you any more."),
}
"""Kinds that are not listed here are not shown: an event is private until it has a sentence."""

WRITTEN_FOR_ALL: Final = frozenset({"claimed_done", "rejected", "promised"})
"""Kinds whose words an office writes for the reporter; those of others are among offices."""

LISTED_FOR_ALL: Final = frozenset({"rejected", "paused"})
"""Kinds whose reason of the closed list the reporter reads."""


def moments(
    events: Iterable[Event],
    agencies: Mapping[str, AgencyNames],
    language: str,
    photos: Mapping[int, Sequence[str]],
) -> tuple[Moment, ...]:
    """Return the events that people are told of, in the order given; ``photos`` by event."""
    return tuple(
        Moment(
            event.at,
            event.kind,
            _told(event, agencies, language),
            _why(event, language),
            tuple(photos.get(event.pk, ())),
        )
        for event in events
        if event.kind in SENTENCES
    )


def _told(event: Event, agencies: Mapping[str, AgencyNames], language: str) -> str:
    agency = agencies.get(str(event.data.get("agency")))
    facts = {
        "agency": agency.in_sentence(language) if agency else "",
        "promised": day_written(event.data.get("promised")),
    }
    return begun(gettext(SENTENCES[event.kind]) % facts)


def _why(event: Event, language: str) -> str:
    """The reason of the closed list, by its name, and what was written with it."""
    known = {one.code: one.names for one in deadline_rules.rules().reasons}
    listed = known.get(str(event.data.get("reason"))) if event.kind in LISTED_FOR_ALL else None
    written = event.reason if event.kind in WRITTEN_FOR_ALL else ""
    return " – ".join(part for part in (listed[language] if listed else "", written) if part)


def day_written(said: object) -> str:
    """Return an event's day as the reader's language writes it; "–" for none."""
    try:
        return date_format(date.fromisoformat(str(said)[:10]), "SHORT_DATE_FORMAT")
    except ValueError:
        return "–"
