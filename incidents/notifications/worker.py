"""Sends what the outbox holds: claim, write the message, hand it over, mark it."""

from __future__ import annotations

import logging
import select
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from gis_core import logs, sql
from incidents.models import Notice
from incidents.notifications import digests, outbox
from incidents.notifications.carriers import carrier
from incidents.notifications.composing import compose
from incidents.notifications.in_time import LONGEST_S, in_time
from incidents.notifications.message import AddressGone, CarrierFault

IDLE_S: Final = 5.0
RETRY_S: Final = 1.0
log = logging.getLogger(__name__)


def drain() -> int:
    """Send all that is due; return how many notices were handled, whatever became of them."""
    handled = 0
    while claimed := outbox.claim():
        for notice in claimed:
            handle(notice)
        handled += len(claimed)
    return handled


def serve(go_on: Callable[[], bool]) -> None:
    """Send as notices come, while ``go_on`` says so; a database that goes away is waited for."""
    while go_on():
        try:
            _listen(go_on)
        except DatabaseError as fault:
            log.warning("The database is away: %s", type(fault).__name__)
            close_old_connections()
            time.sleep(RETRY_S)


def _listen(go_on: Callable[[], bool]) -> None:
    """Drain, then wait for the next notice or the next look at what has become due."""
    mornings = digests.Mornings()
    with sql.listening("outbox") as connection:
        while go_on():
            mornings.look(timezone.now())
            drain()
            select.select([connection], [], [], IDLE_S)
            connection.poll()
            connection.notifies.clear()


def handle(notice: Notice) -> None:
    """Send one claimed notice and mark it; what nobody foresaw costs this one notice an attempt.

    Raises OperationalError and InterfaceError where the database is away.
    """
    try:
        if not outbox.still_quiet(notice) and outbox.renewed(notice):
            _send(notice)
    except (OperationalError, InterfaceError):
        raise
    except AddressGone as fault:
        log.info("Notice %s: %s", notice.pk, fault)
        outbox.gone(notice, fault)
    except CarrierFault as fault:
        log.warning("Notice %s, attempt %s: %s", notice.pk, notice.attempts, fault)
        outbox.failed(notice, fault)
    except Exception as fault:  # noqa: BLE001  the notices behind it are not to wait for its mending
        log.error("Notice %s: %s", notice.pk, logs.told(fault))  # noqa: TRY400  without its words
        outbox.failed(notice, CarrierFault(type(fault).__name__))


def _send(notice: Notice) -> None:
    message = compose(notice)
    if message is None:
        outbox.dropped(notice)
        return
    in_time(partial(carrier(notice.carrier).send, message), LONGEST_S)
    outbox.sent(notice)
