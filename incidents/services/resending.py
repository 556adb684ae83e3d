"""Dead letters, given new attempts by a person."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from incidents.actors import Actor
from incidents.notifications import outbox
from incidents.permissions import Act


@transaction.atomic
def send_again(actor: Actor, notices: Collection[int]) -> int:
    """Give dead letters new attempts; return how many there were. Raises PermissionDenied."""
    actor.must(Act.SEE_NOTICES)
    return sum(outbox.send_again(pk) for pk in sorted(set(notices)))


@transaction.atomic
def send_all_again(actor: Actor) -> int:
    """Give every dead letter new attempts; return how many there were. Raises PermissionDenied."""
    actor.must(Act.SEE_NOTICES)
    return outbox.send_all_again()
