"""Areas that members of staff draw for themselves: kept, told of, taken away."""

from __future__ import annotations

from django.contrib.gis.geos import MultiPolygon

from incidents.actors import Actor
from incidents.models import OwnArea
from incidents.services.own_things import NothingKept, keep, remove


def keep_area(actor: Actor, name: str, shape: MultiPolygon, *, tells: bool) -> int:
    """Keep an area under a name; one of the same name is replaced. Return its id.

    Raises PermissionDenied, NameMissing, TooManyKept.
    """
    return keep(OwnArea, actor, name, {"shape": shape, "tells": tells})


def tell_of_area(actor: Actor, area_id: int, *, tells: bool) -> None:
    """Begin or end to be told of new incidents in an own area. Raises NothingKept."""
    if not OwnArea.objects.filter(pk=area_id, owner=actor.user_id).update(tells=tells):
        raise NothingKept


def remove_area(actor: Actor, area_id: int) -> None:
    """Take an own area away. Raises NothingKept, also for another's."""
    remove(OwnArea, actor, area_id)
