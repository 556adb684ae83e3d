"""An office's reach as ids of agencies and areas: what hand-written statements ask by."""

from __future__ import annotations

from incidents.actors import Actor
from incidents.errors import PermissionDenied
from incidents.permissions import Act, Reach

OFFICES = frozenset({Reach.AREA, Reach.AGENCY, Reach.OFFICE, Reach.ALL})
"""Whoever sees so far has a desk."""


def desks(actor: Actor) -> Actor:
    """Return the actor; raises PermissionDenied for whoever has no desk."""
    if actor.reach(Act.SEE) not in OFFICES:
        raise PermissionDenied
    return actor


def reached_ids(actor: Actor) -> tuple[list[int], list[int]]:
    """Return the agencies and the areas whose incidents an actor sees; none for no office.

    Neither says anything of whoever sees everything.
    """
    reach = actor.reach(Act.SEE)
    held = sorted(actor.agencies) if reach in {Reach.AGENCY, Reach.OFFICE} else []
    inside = sorted(actor.areas) if reach in {Reach.AREA, Reach.OFFICE} else []
    return held, inside
