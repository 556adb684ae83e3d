"""Incidents that wait to be held against what is known, compared in their turn.

Those whose report could not be compared when it arrived, and those that became something else
since: moved, renamed, merged, parted.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from incidents.models import Membership, ToCompare
from incidents.services.weighing_again import OPEN_NOW, weigh_again

REST: Final = timedelta(minutes=1)
LONGEST_REST: Final = timedelta(hours=6)
log = logging.getLogger(__name__)


def compare_waiting(now: datetime) -> bool:
    """Compare the incident of the report that waits longest; tell whether there was one.

    What fails again is put off, twice as long each time. Several may work at once.
    """
    row = _claimed(now)
    if row is None:
        return False
    try:
        with transaction.atomic():
            _compare(row.report_id)
            _forget(row)
    except Exception:
        log.exception("Report %s is compared later", row.report_id)
    return True


@transaction.atomic
def _claimed(now: datetime) -> ToCompare | None:
    """Put off what waits longest before it is tried, so that whoever asks meanwhile is heard."""
    waiting = ToCompare.objects.select_for_update(skip_locked=True).filter(next_at__lte=now)
    row = waiting.order_by("next_at", "pk").first()
    if row:
        row.next_at = now + min(REST * 2**row.tries, LONGEST_REST)
        row.tries = min(row.tries + 1, 20)
        row.save()
    return row


def _compare(report_id: int) -> None:
    members = Membership.objects.select_related("incident__decision")
    now_in = members.filter(report=report_id, to_event=None).first()
    if now_in and now_in.incident.status in OPEN_NOW:
        weigh_again(now_in.incident)


def _forget(row: ToCompare) -> None:
    """Take the row away, unless somebody asked again, or does so at this moment."""
    same = ToCompare.objects.filter(pk=row.pk, next_at=row.next_at)
    for done in same.select_for_update(skip_locked=True):
        done.delete()
