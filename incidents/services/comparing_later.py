"""Reports that were not compared when they arrived, compared in their turn."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from incidents.models import Membership, ToCompare
from incidents.services.pairing import look_for_pairs

REST: Final = timedelta(minutes=1)
LONGEST_REST: Final = timedelta(hours=6)
log = logging.getLogger(__name__)


def compare_waiting(now: datetime) -> bool:
    """Look for the pairs of the report that waits longest; tell whether there was one.

    What fails again is put off, twice as long each time. Several may work at once.
    """
    with transaction.atomic():
        waiting = ToCompare.objects.select_for_update(skip_locked=True).filter(next_at__lte=now)
        row = waiting.order_by("next_at", "pk").first()
        if row is None:
            return False
        try:
            with transaction.atomic():
                _compare(row.report_id)
        except Exception:
            log.exception("Report %s is compared later", row.report_id)
            row.next_at = now + min(REST * 2**row.tries, LONGEST_REST)
            row.tries = min(row.tries + 1, 20)
            row.save()
        else:
            row.delete()
    return True


def _compare(report_id: int) -> None:
    members = Membership.objects.select_related("report", "incident__decision")
    now_in = members.filter(report=report_id, to_event=None).first()
    if now_in:
        look_for_pairs(now_in.report, now_in.incident)
