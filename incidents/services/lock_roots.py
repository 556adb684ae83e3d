"""Locks on several incidents at once, got in one order, so that nobody waits in a circle.

Incidents are locked in the order of their ids. While somebody else merges or undoes, what stood may
stand no more when its lock is got; and whoever stops following holds the follower's row and waits
for the incident's. Then all locks are let go and it begins anew.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Final

from django.db import OperationalError, transaction

from incidents.errors import IncidentChanged, IncidentNotFound
from incidents.families import root_of
from incidents.models import Follower, Incident

TRIES: Final = 50
PAUSE_S: Final = 0.02
_NOT_FREE: Final = "55P03"
"""PostgreSQL's code for a lock that cannot be had at once."""


class _AnewError(Exception):
    """What was locked is not what is wanted any more."""


def locked_roots(ids: Collection[int], *, also: Collection[int] = ()) -> list[Incident]:
    """Return what stands for the incidents, each once, locked with its followers, in order of id.

    ``also`` are locked with them as they are, merged or not. Part of the caller's transaction.
    Raises IncidentNotFound; IncidentChanged where there was no end of changes.
    """
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return _locked(ids, also)
        except _AnewError:
            time.sleep(PAUSE_S)
        except OperationalError as fault:
            if getattr(fault.__cause__, "pgcode", "") != _NOT_FREE:
                raise
            time.sleep(PAUSE_S)
    raise IncidentChanged


def _locked(ids: Collection[int], also: Collection[int]) -> list[Incident]:
    wanted = {root_of(one) for one in ids} | set(also)
    # Without category and agency: a join would lose a row that gets another one at this moment.
    rows = Incident.objects.select_for_update(no_key=True).filter(pk__in=wanted)
    locked = list(rows.order_by("pk"))
    if missing := wanted - {one.pk for one in locked}:
        raise IncidentNotFound(id=min(missing))
    if {root_of(one) for one in ids} | set(also) != wanted:
        raise _AnewError
    followers = Follower.objects.filter(incident__in=wanted).order_by("pk")
    list(followers.select_for_update(nowait=True).values_list("pk", flat=True))
    return locked
