"""What members of staff keep under a name of their own: views of the desk, areas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from gis_core.errors import N_, DomainError
from incidents.actors import Actor
from incidents.desk.reach import desks
from incidents.models import OwnArea, SavedFilter

OwnThing = SavedFilter | OwnArea

MOST: Final = 50


class NameMissing(DomainError):
    """What is to be kept has no name."""

    code = "desk.name_missing"
    status = 422
    message = N_("Give it a name by which you and your colleagues find it again.")


class TooManyKept(DomainError):
    """Somebody keeps as many as anybody may."""

    code = "desk.too_many"
    status = 409
    message = N_("You keep %(most)s of them already. Remove one that you no longer need.")


class NothingKept(DomainError):
    """There is no such view or area of the asker's own."""

    code = "desk.not_found"
    status = 404
    message = N_("This is not among what you keep: it may have been removed. Load the page again.")


@transaction.atomic
def keep(model: type[OwnThing], actor: Actor, name: str, values: Mapping[str, Any]) -> int:
    """Keep a view or an area of an actor's own; one of the same name is replaced. Return its id.

    Raises PermissionDenied, NameMissing, TooManyKept.
    """
    mine = model.objects.filter(owner=desks(actor).user_id)
    kept, _new = mine.select_for_update().update_or_create(
        owner_id=actor.user_id, name=kept_name(name), defaults=values
    )
    if mine.count() > MOST:
        raise TooManyKept(most=MOST)
    return kept.pk


def remove(model: type[OwnThing], actor: Actor, key: int) -> None:
    """Take a view or an area of an actor's own away. Raises NothingKept, also for another's."""
    if not model.objects.filter(pk=key, owner=actor.user_id).delete()[0]:
        raise NothingKept


def kept_name(text: str) -> str:
    """Return a name as it is kept. Raises NameMissing."""
    name = " ".join(text.split())[:80]
    if not name:
        raise NameMissing
    return name
