"""Areas that members of staff draw for themselves: kept, told of, taken away."""

from __future__ import annotations

from django.contrib.gis.geos import MultiPolygon
from django.db import transaction

from incidents.actors import Actor
from incidents.desk.reach import desks
from incidents.models import OwnArea
from incidents.services.saved_filters import MOST, NothingKept, TooManyKept, kept_name


@transaction.atomic
def keep_area(actor: Actor, name: str, shape: MultiPolygon, *, tells: bool) -> int:
    """Keep an area under a name; one of the same name is replaced. Return its id.

    Raises PermissionDenied, NameMissing, TooManyKept.
    """
    mine = OwnArea.objects.filter(owner=desks(actor).user_id)
    kept, _new = mine.select_for_update().update_or_create(
        owner_id=actor.user_id,
        name=kept_name(name),
        defaults={"shape": shape, "tells": tells},
    )
    if mine.count() > MOST:
        raise TooManyKept(most=MOST)
    return kept.pk


def tell_of_area(actor: Actor, area_id: int, *, tells: bool) -> None:
    """Begin or end to be told of new incidents in an own area. Raises NothingKept."""
    if not OwnArea.objects.filter(pk=area_id, owner=actor.user_id).update(tells=tells):
        raise NothingKept


def remove_area(actor: Actor, area_id: int) -> None:
    """Take an own area away. Raises NothingKept, also for another's."""
    if not OwnArea.objects.filter(pk=area_id, owner=actor.user_id).delete()[0]:
        raise NothingKept
