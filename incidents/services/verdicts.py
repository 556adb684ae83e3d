"""What a person says of two incidents that may be one: they are not, or: ask again later.

A verdict stands until there is new evidence. Merging and undoing leave pairs as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from incidents.actors import Actor
from incidents.duplicates.compared import compared
from incidents.errors import PermissionDenied
from incidents.merge_errors import BadMoment, PairNotFound
from incidents.models import Pair, Verdict
from incidents.permissions import Act, Reach
from incidents.said import NOTHING_SAID, Said
from incidents.services.events import Happening, record

KEPT_APART: Final = "kept_apart"
COMPARED_AGAIN: Final = "compared_again"
LONGEST: Final = timedelta(days=90)


@transaction.atomic
def apart(actor: Actor, pair_id: int, said: Said = NOTHING_SAID) -> Pair:
    """Say that the two are two things; said again, nothing changes.

    Raises PairNotFound, PermissionDenied.
    """
    pair = _locked(actor, pair_id)
    if pair.verdict == Verdict.APART:
        return pair
    data = {"pair": pair.pk, "probability": pair.probability}
    _record(KEPT_APART, pair, actor, said, data)
    return _keep(pair, actor, Verdict.APART)


@transaction.atomic
def later(actor: Actor, pair_id: int, until: datetime) -> Pair:
    """Put a pair off until a moment. Raises PairNotFound, PermissionDenied, BadMoment."""
    now = timezone.now()
    if not now < until <= now + LONGEST:
        raise BadMoment(most=LONGEST.days)
    return _keep(_locked(actor, pair_id), actor, Verdict.LATER, until)


@transaction.atomic
def look_again(actor: Actor, pair_id: int, said: Said = NOTHING_SAID) -> Pair:
    """Take a verdict back, so that the pair waits again. Raises PairNotFound, PermissionDenied."""
    pair = _locked(actor, pair_id)
    if pair.verdict == Verdict.APART:
        _record(COMPARED_AGAIN, pair, actor, said, {"pair": pair.pk})
    return _keep(pair, actor, Verdict.NONE)


def _locked(actor: Actor, pair_id: int) -> Pair:
    if actor.reach(Act.MERGE) is Reach.NONE:
        raise PermissionDenied
    rows = Pair.objects.select_for_update(of=("self",), no_key=True)
    pair = rows.select_related("newer", "older").filter(pk=pair_id).first()
    if pair is None:
        raise PairNotFound(id=pair_id)
    both = (pair.newer, pair.older)
    if not all(actor.sees(one) or actor.may(Act.MERGE, one) for one in both):
        raise PairNotFound(id=pair_id)
    for one in both:
        actor.must(Act.MERGE, one)
    return pair


def _record(kind: str, pair: Pair, actor: Actor, said: Said, data: Mapping[str, Any]) -> None:
    """One event on each of the two, that names the other."""
    for one, other in ((pair.older, pair.newer), (pair.newer, pair.older)):
        happened = Happening(kind, one, reason=said.sentence, data={**data, "other": other.pk})
        record(happened, actor)


def _keep(pair: Pair, actor: Actor, verdict: Verdict, until: datetime | None = None) -> Pair:
    said, both = verdict is not Verdict.NONE, (pair.newer_id, pair.older_id)
    pair.verdict, pair.again_at = verdict.value, until
    if verdict is Verdict.APART:
        # What is there when it is said: only what comes after it is new evidence.
        pair.evidence = sorted({fact for one in compared(both).values() for fact in one})
    pair.said_by_id, pair.said_at = (actor.user_id, timezone.now()) if said else (None, None)
    pair.save(update_fields=["verdict", "again_at", "said_by", "said_at", "evidence"])
    return pair
