"""What happened to an incident and who had it when, as an office reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override

from districts import rulebook
from incidents import deadline_rules
from incidents.actors import Actor
from incidents.deadlines import Clock, Runs, is_late
from incidents.dossier.answers import Due, Happened, Hold, Picture, Stretch
from incidents.dossier.casebook import sentence_of
from incidents.due_clocks import due_clock
from incidents.models import Custody, Event, Incident, WorkPhoto
from incidents.naming import agency_of, named
from incidents.permissions import Act
from incidents.services import clocks


@dataclass(frozen=True, slots=True)
class History:
    """What the events, custodies and photos of an incident tell."""

    clock: Clock | None
    """Of the agency that has it, or had it last."""
    due: Due
    late_needs_more: bool
    timeline: tuple[Happened, ...]
    holds: tuple[Hold, ...]
    pictures: tuple[Picture, ...]


def read(actor: Actor, incident: Incident, reports: Sequence[int], language: str) -> History:
    """Return the history, oldest first; ``reports`` are the ids of those that belong to it."""
    concerned = Q(incident=incident) | Q(incident=None, report__in=reports)
    events = list(Event.objects.filter(concerned).select_related("actor").order_by("at", "id"))
    pictures = _pictures(incident) if _reads(actor, incident) else []
    custodies = Custody.objects.filter(incident=incident).select_related("agency", "contractor")
    held = list(custodies.order_by("began_at", "pk"))
    clock = clocks.clock_from(event for event in events if event.kind in clocks.TELLING)
    due = _due(incident, clock, held)
    return History(
        clock=clock,
        due=due,
        late_needs_more=_late_needs_more(due),
        timeline=tuple(_timeline(actor, incident, events, pictures, language)),
        holds=tuple(_hold(one, events, due, language) for one in held),
        pictures=tuple(picture for _, picture in pictures),
    )


def _pictures(incident: Incident) -> list[tuple[int, Picture]]:
    """Photos of the work by event, those of incidents that were merged into it among them."""
    rows = WorkPhoto.objects.filter(incident=incident).select_related("event").order_by("pk")
    return [(photo.event_id, Picture(photo.sha256, photo.shows, photo.event.at)) for photo in rows]


def name_of(user: AbstractBaseUser | None) -> str:
    """Return what colleagues call somebody; "" for nobody."""
    return (user.get_full_name() or user.username) if isinstance(user, User) else ""


def _reads(actor: Actor, incident: Incident) -> bool:
    return actor.may(Act.READ_WORDS, incident)


def _timeline(
    actor: Actor,
    incident: Incident,
    events: Iterable[Event],
    pictures: Sequence[tuple[int, Picture]],
    language: str,
) -> Iterator[Happened]:
    agencies, reasons = rulebook.current().agencies, _reasons(language)
    names, words = actor.may(Act.SEE_LEDGER, incident), _reads(actor, incident)
    with override(language):
        for event in events:
            yield Happened(
                at=event.at,
                kind=event.kind,
                text=sentence_of(event, agencies, language),
                role=event.actor_kind,
                name=name_of(event.actor) if names else "",
                reason=reasons.get(str(event.data.get("reason", "")), ""),
                words=event.reason if words else "",
                photos=tuple(picture for at, picture in pictures if at == event.pk),
            )


def _reasons(language: str) -> Mapping[str, str]:
    return {one.code: one.names[language] for one in deadline_rules.rules().reasons}


def _due(incident: Incident, clock: Clock | None, held: Sequence[Custody]) -> Due:
    """Return the clock that runs now, reckoned as the services do."""
    now = timezone.now()
    calendar = deadline_rules.calendar()
    running = clock if incident.held_since else None
    share = running.share(now, calendar) if running else None
    paused = running is not None and running.paused_at(now)
    runs = running.limit.runs if running else Runs.ALWAYS
    open_one = next((one for one in held if one.to_event_id is None), None)
    return Due(
        clock=due_clock(incident.due_at, runs, now, calendar, paused=paused),
        since=incident.held_since,
        at=incident.due_at,
        share=share,
        late=is_late(incident.due_at, now),
        paused=paused,
        promised=open_one.promised_at if open_one else None,
        rule=running.limit.rule if running else "",
    )


def _late_needs_more(due: Due) -> bool:
    """As ``services.proving`` asks: late, and no promised day that is still to come."""
    return due.late and not (due.promised and timezone.now() <= due.promised)


def _hold(custody: Custody, events: Sequence[Event], due: Due, language: str) -> Hold:
    share = custody.used if custody.to_event_id else due.share
    agency, contractor = custody.agency, custody.contractor
    return Hold(
        agency=named(agency, language),
        contractor=agency_of(contractor, language),
        began=custody.began_at,
        ended=custody.ended_at,
        ended_by=custody.ended_by,
        due=custody.due_at,
        share=share,
        late=share is not None and share > 1,
        pauses=tuple(_pauses(custody, events, language)),
        proven=custody.proven,
        reopened=custody.reopened_at,
        promised=custody.promised_at,
        rule=custody.rule,
    )


def _pauses(custody: Custody, events: Sequence[Event], language: str) -> Iterator[Stretch]:
    last = custody.to_event_id or max((event.pk for event in events), default=0)
    inside = [event for event in events if custody.from_event_id <= event.pk <= last]
    reasons, begun = _reasons(language), None
    for event in inside:
        if event.kind == clocks.PAUSED:
            begun = event
        elif event.kind == clocks.RESUMED and begun:
            yield Stretch(begun.at, event.at, reasons.get(begun.data.get("reason", ""), ""))
            begun = None
    if begun:
        yield Stretch(begun.at, custody.ended_at, reasons.get(begun.data.get("reason", ""), ""))
