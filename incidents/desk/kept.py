"""What a member of staff keeps at the desk, and what colleagues share."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from incidents.actors import Actor
from incidents.models import OwnArea, SavedFilter, Staff


def filters_of(actor: Actor) -> QuerySet[SavedFilter]:
    """Return the actor's own views and those that the office shares, by name.

    An office is an agency; whoever has none shares with those of the same role who have none.
    """
    me = Staff.objects.filter(pk=actor.user_id)
    same_agency = Q(owner__staff__agency__in=me.values("agency"))
    same_role = Q(
        owner__staff__agency=None, owner__staff__role__in=me.filter(agency=None).values("role")
    )
    rows = SavedFilter.objects.filter(
        Q(owner=actor.user_id) | (Q(shared=True) & (same_agency | same_role))
    )
    return rows.annotate(of=F("owner__username")).order_by("name", "pk")


def areas_of(actor: Actor) -> QuerySet[OwnArea]:
    """Return the actor's own areas by name."""
    return OwnArea.objects.filter(owner=actor.user_id)
