"""Forgetting addresses that nobody confirmed, login codes that are over, and old notices."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from incidents.keys import CONFIRM_WITHIN
from incidents.models import AreaAlert, Follower, LoginCode, Notice
from incidents.models.notice import OVER
from incidents.services.alerting import forget_alert
from incidents.services.following import end_following

AT_ONCE: Final = 500
CODES_KEPT: Final = timedelta(hours=2)
"""Longer than the hour over which they are counted."""


@transaction.atomic
def forget_stale(now: datetime) -> int:
    """Forget what nobody confirmed in time, and old login codes; return how many rows that were.

    Rows that somebody else holds are left for the next time; at most AT_ONCE of a kind.
    """
    late = {"ended_at": None, "confirmed_at": None, "made_at__lt": now - CONFIRM_WITHIN}
    followers = Follower.objects.filter(**late).exclude(email="", phone="")
    ended = list(followers.select_for_update(skip_locked=True)[:AT_ONCE])
    for follower in ended:
        end_following(follower)
    alerts = list(AreaAlert.objects.select_for_update(skip_locked=True).filter(**late)[:AT_ONCE])
    for alert in alerts:
        forget_alert(alert)
    over = LoginCode.objects.filter(expires_at__lt=now - CODES_KEPT).values("pk")[:AT_ONCE]
    codes, _ = LoginCode.objects.filter(pk__in=over).delete()
    return len(ended) + len(alerts) + codes


def forget_notices(now: datetime) -> int:
    """Forget the oldest notices that ended before WARDWISE_NOTICES_KEPT_DAYS; return how many.

    At most AT_ONCE. Dead letters stay, for somebody may send them again. 0 days: all are kept.
    """
    days = settings.WARDWISE_NOTICES_KEPT_DAYS
    if not days:
        return 0
    over = Notice.objects.filter(OVER, ended_at__lt=now - timedelta(days=days))
    oldest = over.order_by("ended_at").values("pk")[:AT_ONCE]
    return Notice.objects.filter(pk__in=oldest).delete()[0]
