"""The permissions' reaches as filters of rows; ``Actor.may`` asks the same of one incident."""

from __future__ import annotations

from django.db.models import Q

from incidents.actors import Actor
from incidents.models import Incident
from incidents.permissions import Act, Reach
from incidents.workflow import Status

HIDDEN = (Status.REJECTED.value, Status.MERGED.value)
NOBODYS = Q(pk__in=[])
EVERY = ~NOBODYS
"""Not ``Q()``, which vanishes beside an ``|``."""


def reached(actor: Actor, act: Act, to: str = "") -> Q:
    """Return the condition that an incident lies within the actor's reach for an act.

    ``to`` is the path to the incident from the rows that are filtered: "incident__".
    """
    return within(actor, act, to) & ~Q(**{f"{to}status": Status.MERGED.value})


def merged(to: str = "") -> Q:
    """Return the condition that an incident was merged into another one.

    It is asked of the few merged ones, which have an index of their own: rows that point at
    incidents need not be joined with a million of them for it.
    """
    return _among(Q(status=Status.MERGED.value), to)


def hidden(to: str = "") -> Q:
    """Return the opposite of ``public``, asked of the few that are hidden, as ``merged`` is."""
    return _among(Q(public=False) | Q(status__in=HIDDEN), to)


def _among(few: Q, to: str) -> Q:
    return Q(**{f"{to}pk__in": Incident.objects.filter(few).values("pk")})


def within(actor: Actor, act: Act, to: str = "") -> Q:
    """Return the condition of ``reached`` for any incident, merged or not."""
    reach = actor.reach(act)
    mine = Q(**{f"{to}pk": actor.incident}) if actor.incident else NOBODYS
    held = Q(**{f"{to}agency__in": actor.agencies})
    inside = Q(**{f"{to}ward__in": actor.areas}) | Q(**{f"{to}district__in": actor.areas})
    return {
        Reach.NONE: NOBODYS,
        Reach.PUBLIC: public(to),
        Reach.OWN_REPORT: mine,
        Reach.THIS: mine,
        Reach.AREA: inside,
        Reach.AGENCY: held,
        Reach.OFFICE: held | inside,
        Reach.ALL: EVERY,
    }[reach]


def public(to: str = "") -> Q:
    """Return the condition that everybody may see an incident."""
    return Q(**{f"{to}public": True}) & ~Q(**{f"{to}status__in": HIDDEN})
