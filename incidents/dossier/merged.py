"""What was merged into an incident, for the office that may undo it."""

from __future__ import annotations

from django.contrib.auth.models import User

from incidents.actors import Actor
from incidents.dossier.answers import MergedIn
from incidents.dossier.history import name_of
from incidents.families import below, mergings
from incidents.models import Incident
from incidents.naming import named
from incidents.permissions import Act


def merged_in(actor: Actor, incident: Incident, language: str) -> tuple[MergedIn, ...]:
    """Return what an incident stands for besides itself, the latest merging first."""
    ids = below(incident.pk)
    if not ids:
        return ()
    events = mergings(ids)
    who = {event.actor_id for event in events.values()} - {None}
    people = User.objects.in_bulk(who) if actor.may(Act.SEE_LEDGER, incident) else {}
    rows = Incident.objects.filter(pk__in=events).select_related("category")
    found = [
        MergedIn(
            id=one.pk,
            category=named(one.category, language),
            icon=one.category.icon,
            at=events[one.pk].at,
            by=name_of(people.get(events[one.pk].actor_id or 0)),
            reports=len(events[one.pk].data.get("reports", ())),
        )
        for one in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.at, one.id), reverse=True))
