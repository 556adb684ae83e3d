"""The outbox: notices are written with what they tell, claimed, and marked when they are sent.

Of all clocks only the database's counts here: workers on several machines share it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from gis_core import sql
from incidents.models import Contact, Incident, Notice, Report
from incidents.models.notice import NoticeState
from incidents.notifications import quiet
from incidents.notifications.message import CarrierFault

LEASE: Final = timedelta(seconds=120)
"""Longer than the slowest batch: ``BATCH`` messages of eight seconds each."""
BATCH: Final = 10
MOST_ATTEMPTS: Final = 8
_FIRST_WAIT_S: Final = 15
_LONGEST_WAIT_S: Final = 3600


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell a reporter. ``about`` is part of what must not be told twice."""

    kind: str
    about: str = ""
    incident: Incident | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def put(report: Report, news: News) -> None:
    """Write the notice for a report's reporter; none where nothing was given to reach them by.

    It belongs to the caller's transaction. E-mail goes before SMS where both were given.
    """
    contact = Contact.objects.filter(report=report).first()
    carrier = _way_to(contact)
    if carrier is None:
        return
    Notice.objects.bulk_create(
        [
            Notice(
                kind=news.kind,
                carrier=carrier,
                report=report,
                incident=news.incident,
                data=dict(news.data),
                dedupe=f"{news.kind}:{report.pk}:{news.about}",
                due_at=Now() + _rest(carrier),
            )
        ],
        ignore_conflicts=True,
    )


def _rest(carrier: str) -> timedelta:
    now = timezone.now()
    return quiet.not_before(now, carrier) - now


def _way_to(contact: Contact | None) -> str | None:
    if contact is None or not (contact.email or contact.phone):
        return None
    return "email" if contact.email else "sms"


def claim() -> Sequence[Notice]:
    """Return notices that are due, leased to the caller; must not run inside a transaction."""
    with transaction.atomic(durable=True):
        sql.run("incidents", "bury_notices", {"most": MOST_ATTEMPTS})
        parameters = {"lease": LEASE, "most": MOST_ATTEMPTS, "count": BATCH}
        claimed = [pk for (pk,) in sql.rows("incidents", "claim_notices", parameters)]
    found = Notice.objects.select_related("report__category", "incident__ward", "incident__agency")
    return list(found.filter(pk__in=claimed).order_by("pk"))


def sent(notice: Notice) -> None:
    """Remember that the carrier has it."""
    _end(notice, NoticeState.SENT)


def dropped(notice: Notice) -> None:
    """Remember that there is nobody to tell."""
    _end(notice, NoticeState.DROPPED)


def failed(notice: Notice, fault: CarrierFault) -> None:
    """Try again later, ever later; give up after the last attempt or where it is of no use."""
    if fault.permanent or notice.attempts >= MOST_ATTEMPTS:
        _end(notice, NoticeState.DEAD, str(fault))
        return
    Notice.objects.filter(pk=notice.pk, state=NoticeState.READY).update(
        due_at=Now() + _wait(notice.attempts), last_error=str(fault)[:200]
    )


def send_again(notice_id: int) -> bool:
    """Give a dead letter new attempts; False where there is no such one."""
    dead = Notice.objects.filter(pk=notice_id, state=NoticeState.DEAD)
    fresh = {"state": NoticeState.READY.value, "attempts": 0, "ended_at": None}
    return dead.update(due_at=Now(), **fresh) == 1


def _end(notice: Notice, state: NoticeState, error: str = "") -> None:
    ready = Notice.objects.filter(pk=notice.pk, state=NoticeState.READY)
    ready.update(state=state.value, ended_at=Now(), last_error=error[:200])


def _wait(attempts: int) -> timedelta:
    wait = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** (attempts - 1))
    spread = 0.5 + random.random()  # noqa: S311  so that many do not come back at one moment
    return timedelta(seconds=wait * spread)
