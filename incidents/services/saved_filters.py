"""Views of the desk under a name: kept, shared with the office, taken away."""

from __future__ import annotations

from typing import Final

from incidents.actors import Actor
from incidents.models import SavedFilter
from incidents.services.own_things import keep, remove

LONGEST_QUERY: Final = 1000


def save_filter(actor: Actor, name: str, query: str, *, shared: bool) -> int:
    """Keep the address of a desk under a name; one of the same name is replaced. Return its id.

    Raises PermissionDenied, NameMissing, TooManyKept.
    """
    return keep(SavedFilter, actor, name, {"query": query[:LONGEST_QUERY], "shared": shared})


def remove_filter(actor: Actor, filter_id: int) -> None:
    """Take an own view away. Raises NothingKept, also for another's."""
    remove(SavedFilter, actor, filter_id)
