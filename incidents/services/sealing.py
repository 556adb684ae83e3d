"""Seal events in the order in which they can be followed, and each day when it is over."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from gis_core import sql
from incidents.ledger import FIRST, Entry, Head, digest_of_day, rolled
from incidents.models import DayDigest, Seal, Sealing

AT_A_TIME: Final = 2_000
MADE_UP: Final = "demo"
"""The channel of what is made up for a demonstration. It can be taken away, so it has no seals."""
log = logging.getLogger(__name__)


@transaction.atomic
def seal_events() -> int:
    """Seal the next events that nothing can still come before; return how many were looked at.

    Whoever else seals waits for the row that says how far it has come. Where somebody set that row
    back nothing is sealed: ``verify_events`` tells of it.
    """
    so_far = _so_far()
    after = {"transaction": so_far.transaction, "event": so_far.event}
    rows = sql.rows("incidents", "unsealed", {**after, "made_up": MADE_UP, "count": AT_A_TIME})
    if not rows:
        return 0
    entries = [_entry(row[1:10]) for row in rows if not row[10]]
    if Seal.objects.filter(event__in=[entry.id for entry in entries]).exists():
        log.error("Events are sealed beyond the place that is kept. Run: manage.py verify_events")
        return 0
    seals = _seals(entries)
    Seal.objects.bulk_create(seals)
    for seal in seals:
        so_far.rolled = rolled(bytes(so_far.rolled), bytes(seal.digest))
    so_far.seals += len(seals)
    so_far.transaction, so_far.event = rows[-1][:2]
    so_far.save()
    return len(rows)


def _so_far() -> Sealing:
    Sealing.objects.get_or_create(pk=1, defaults={"rolled": FIRST})
    return Sealing.objects.select_for_update().get(pk=1)


def _entry(row: tuple[Any, ...]) -> Entry:
    pk, incident, report, kind, at, actor, actor_kind, reason, data = row
    said = json.loads(data)
    return Entry(pk, incident, report, kind, at, actor, actor_kind, reason, said)


def _seals(entries: Iterable[Entry]) -> list[Seal]:
    entries = list(entries)
    chains = sorted({entry.chain for entry in entries})
    known = sql.rows("incidents", "heads", {"chains": chains})
    heads = {chain: Head(number, bytes(digest)) for chain, number, digest in known}
    made = []
    for entry in entries:
        head = heads.get(entry.chain, Head()).followed_by(entry)
        heads[entry.chain] = head
        made.append(
            Seal(event_id=entry.id, chain=entry.chain, number=head.number, digest=head.digest)
        )
    return made


@transaction.atomic
def seal_day(now: datetime) -> DayDigest | None:
    """Make the digest of the day that is over, once; ``now`` is in the city's time zone.

    To be called when nothing is left to seal. None where it is made already, or nothing happened.
    """
    so_far, day = _so_far(), now.date() - timedelta(days=1)
    last = DayDigest.objects.order_by("-day").first()
    if (last and last.day >= day) or so_far.seals == (last.seals if last else 0):
        return None
    heads = heads_between(last, so_far)
    return DayDigest.objects.create(
        day=day,
        transaction=so_far.transaction,
        event=so_far.event,
        chains=len(heads),
        seals=so_far.seals,
        digest=digest_of_day(bytes(last.digest) if last else FIRST, day, heads),
    )


def heads_between(last: DayDigest | None, until: DayDigest | Sealing) -> list[tuple[str, bytes]]:
    """Return the heads of the chains that grew after one place in the order and up to another."""
    asked = {
        "since_transaction": last.transaction if last else 0,
        "since_event": last.event if last else 0,
        "until_transaction": until.transaction,
        "until_event": until.event,
    }
    rows = sql.rows("incidents", "heads_between", asked)
    return [(chain, bytes(digest)) for chain, digest in rows]
