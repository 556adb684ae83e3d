"""What happened to a report, in sentences that the person who sent it reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.translation import gettext

from districts.rulebook import AgencyNames
from gis_core.errors import N_
from incidents.answers import Moment
from incidents.models import Event

SENTENCES: Final[Mapping[str, str]] = {
    "received": N_("We received your report."),
    "refused": N_("We could not take your report: its place is not in the area of this service."),
    "located": N_("The place was found."),
    "not_located": N_("Your words do not say surely enough where it is: an operator looks for it."),
    "inquiry": N_("This was taken as a question, not as something to be repaired."),
    "opened": N_("Your report is on the map."),
    "assigned": N_("Given to %(agency)s."),
    "triage": N_("A person is finding out which agency answers for this place."),
    "in_progress": N_("The agency is working on it."),
    "closed": N_("The agency says that it is fixed."),
    "rejected": N_("This was closed without work: it is not a case for this service."),
    "words_approved": N_("Your words and photos were checked and are now public."),
    "words_declined": N_("Your words and photos were checked and stay private."),
}
"""Kinds that are not listed here are not shown: an event is private until it has a sentence."""


def moments(
    events: Iterable[Event], agencies: Mapping[str, AgencyNames], language: str
) -> tuple[Moment, ...]:
    """Return the events that people are told of, in the order given."""
    return tuple(
        Moment(event.at, event.kind, _told(event, agencies, language))
        for event in events
        if event.kind in SENTENCES
    )


def _told(event: Event, agencies: Mapping[str, AgencyNames], language: str) -> str:
    agency = agencies.get(str(event.data.get("agency")))
    name = agency.in_language(language) if agency else ""
    return gettext(SENTENCES[event.kind]) % {"agency": name}
