"""Views of the desk under a name: kept, shared with the office, taken away."""

from __future__ import annotations

from django.db import transaction

from gis_core.errors import N_, DomainError
from incidents.actors import Actor
from incidents.desk.reach import desks
from incidents.models import SavedFilter

MOST = 50
LONGEST_QUERY = 1000


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
def save_filter(actor: Actor, name: str, query: str, *, shared: bool) -> int:
    """Keep the address of a desk under a name; one of the same name is replaced. Return its id.

    Raises PermissionDenied, NameMissing, TooManyKept.
    """
    mine = SavedFilter.objects.filter(owner=desks(actor).user_id)
    kept, _new = mine.select_for_update().update_or_create(
        owner_id=actor.user_id,
        name=kept_name(name),
        defaults={"query": query[:LONGEST_QUERY], "shared": shared},
    )
    if mine.count() > MOST:
        raise TooManyKept(most=MOST)
    return kept.pk


def remove_filter(actor: Actor, filter_id: int) -> None:
    """Take an own view away. Raises NothingKept, also for another's."""
    if not SavedFilter.objects.filter(pk=filter_id, owner=actor.user_id).delete()[0]:
        raise NothingKept


def kept_name(text: str) -> str:
    """Return a name as it is kept. Raises NameMissing."""
    name = " ".join(text.split())[:80]
    if not name:
        raise NameMissing
    return name
