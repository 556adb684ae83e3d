"""The outbox: notices are written with what they tell, claimed, and marked when they are sent.

Of all clocks only the database's counts here: workers on several machines share it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from gis_core import sql
from incidents.models import Incident, Notice, PushSubscription
from incidents.models.notice import NoticeState
from incidents.notifications import quiet, recipients, texts
from incidents.notifications.message import CarrierFault
from incidents.notifications.quiet import Hours
from incidents.notifications.recipients import Way

NOW: Final = timedelta(0)
LEASE: Final = timedelta(seconds=120)
"""Begins anew before each message of a batch; longer than any message may take (``in_time``)."""
BATCH: Final = 10
MOST_ATTEMPTS: Final = 8
_FIRST_WAIT_S: Final = 15
_LONGEST_WAIT_S: Final = 3600
_URGENT: Final = Q(login__isnull=False) | Q(user__isnull=False, incident__category__danger=True)
"""Told at any hour: codes that somebody waits for, and dangers to whoever is on duty."""


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell. ``about`` is part of what must not be told twice."""

    kind: str
    about: str = ""
    incident: Incident | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def put(ways: Iterable[Way], news: News) -> None:
    """Write the notices of one piece of news, one for each way to somebody.

    They belong to the caller's transaction. An audience that the texts have nothing for is not
    told; what was told is not told again.
    """
    told = [way for way in ways if texts.known(way.audience, news.kind)]
    hours = quiet.hours_of(told)
    Notice.objects.bulk_create(
        [_notice(way, news, hours) for way in told], ignore_conflicts=True, batch_size=1000
    )


def _notice(way: Way, news: News, hours: Mapping[Way, Hours]) -> Notice:
    to = f"{way.audience}-{way.id}"
    browser = f":{way.carrier}-{way.subscription}" if way.subscription else ""
    notice = Notice(
        kind=news.kind,
        carrier=way.carrier,
        subscription_id=way.subscription,
        incident=news.incident,
        data=dict(news.data),
        dedupe=f"{news.kind}:{to}{browser}:{news.about}",
        **{f"{way.audience}_id": way.id},
    )
    notice.due_at = Now() + _rest(notice, hours)
    return notice


def _rest(notice: Notice, hours: Mapping[Way, Hours], wait: timedelta = NOW) -> timedelta:
    """Return how long a notice rests: at least ``wait``, and to the end of the quiet hours."""
    if _is_urgent(notice):
        return wait
    now = timezone.now()
    return quiet.not_before(now + wait, recipients.way_of(notice), hours) - now


def still_quiet(notice: Notice) -> bool:
    """Put a claimed notice back to the end of the quiet hours where they have begun meanwhile.

    It may have waited for a worker that was away, or for a batch. Costs it no attempt.
    """
    rest = _rest(notice, quiet.hours_of([recipients.way_of(notice)]))
    if rest > NOW:
        _mine(notice).update(due_at=Now() + rest, attempts=notice.attempts - 1)
    return rest > NOW


def _is_urgent(notice: Notice) -> bool:
    """Say of one notice what ``_URGENT`` says of rows."""
    if notice.user_id is None or notice.incident is None:
        return notice.login_id is not None
    return notice.incident.category.danger


def claim() -> Sequence[Notice]:
    """Return notices that are due, leased to the caller; must not run inside a transaction."""
    with transaction.atomic(durable=True):
        sql.run("incidents", "bury_notices", {"most": MOST_ATTEMPTS})
        parameters = {"lease": LEASE, "most": MOST_ATTEMPTS, "count": BATCH}
        claimed = [pk for (pk,) in sql.rows("incidents", "claim_notices", parameters)]
    return list(Notice.objects.filter(pk__in=claimed).order_by("pk"))


def renewed(notice: Notice) -> bool:
    """Begin a claimed notice's lease anew; False where it ran out and somebody else took it."""
    return _mine(notice).update(due_at=Now() + LEASE) == 1


def _mine(notice: Notice) -> QuerySet[Notice]:
    """The row of a claimed notice, unless somebody else claimed it since."""
    ready = Notice.objects.filter(pk=notice.pk, state=NoticeState.READY)
    return ready.filter(attempts=notice.attempts)


def sent(notice: Notice) -> None:
    """Remember that the carrier has it."""
    _end(notice, NoticeState.SENT)


def dropped(notice: Notice) -> None:
    """Remember that there is nobody to tell."""
    _end(notice, NoticeState.DROPPED)


def gone(notice: Notice, fault: CarrierFault) -> None:
    """Forget a browser that takes nothing any more, and with it what was still to go there.

    Anything else is given up like what was refused for good.
    """
    if notice.subscription_id is None:
        failed(notice, fault)
        return
    PushSubscription.objects.filter(pk=notice.subscription_id).delete()


def failed(notice: Notice, fault: CarrierFault) -> None:
    """Try again later, ever later; give up after the last attempt or where it is of no use.

    What somebody else claimed meanwhile is theirs: it is neither given up nor due before they end.
    """
    if fault.permanent or notice.attempts >= MOST_ATTEMPTS:
        dead = {"state": NoticeState.DEAD.value, "ended_at": Now()}
        _mine(notice).update(last_error=str(fault)[:200], **dead)
        return
    rest = _rest(notice, quiet.hours_of([recipients.way_of(notice)]), _wait(notice.attempts))
    _mine(notice).update(due_at=Now() + rest, last_error=str(fault)[:200])


def send_again(notice_id: int) -> bool:
    """Give a dead letter new attempts; False where there is no such one."""
    return _revive(Notice.objects.filter(pk=notice_id)) == 1


def send_all_again() -> int:
    """Give every dead letter new attempts; return how many there were."""
    return _revive(Notice.objects.all())


def _revive(letters: QuerySet[Notice]) -> int:
    fresh = {"state": NoticeState.READY.value, "attempts": 0, "ended_at": None, "last_error": ""}
    dead = letters.filter(state=NoticeState.DEAD)
    silent = ~Q(carrier__in=quiet.RINGING)
    at_once = dead.filter(silent | _URGENT).update(due_at=Now(), **fresh)
    now = timezone.now()
    rest = quiet.night().ended(now) - now
    return at_once + dead.update(due_at=Now() + rest, **fresh)


def _end(notice: Notice, state: NoticeState) -> None:
    """End a notice whoever holds it now: it was sent, or there is nobody to send it to."""
    ready = Notice.objects.filter(pk=notice.pk, state=NoticeState.READY)
    ready.update(state=state.value, ended_at=Now(), last_error="")


def _wait(attempts: int) -> timedelta:
    wait = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** (attempts - 1))
    spread = 0.5 + random.random()  # noqa: S311  so that many do not come back at one moment
    return timedelta(seconds=wait * spread)
