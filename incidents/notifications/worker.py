"""Sends what the outbox holds: claim, write the message, hand it over, mark it."""

from __future__ import annotations

import logging
import select
import time
from collections.abc import Callable, Mapping
from typing import Final

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.urls import reverse

from districts import rulebook
from gis_core import sql
from incidents import selectors
from incidents.models import Contact, Notice
from incidents.notifications import outbox
from incidents.notifications.carriers import carrier
from incidents.notifications.message import CarrierFault, Message
from incidents.notifications.texts import text

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
    with sql.listening("outbox") as connection:
        while go_on():
            drain()
            select.select([connection], [], [], IDLE_S)
            connection.poll()
            connection.notifies.clear()


def handle(notice: Notice) -> None:
    """Send one claimed notice and mark it."""
    message = compose(notice)
    if message is None:
        outbox.dropped(notice)
        return
    try:
        carrier(notice.carrier).send(message)
    except CarrierFault as fault:
        log.warning("Notice %s, attempt %s: %s", notice.pk, notice.attempts, fault)
        outbox.failed(notice, fault)
    else:
        outbox.sent(notice)


def compose(notice: Notice) -> Message | None:
    """Return the message in its reader's language; None where the contact is gone."""
    if notice.report is None:
        return None
    contact = Contact.objects.filter(report=notice.report_id).first()
    to = (contact.email if notice.carrier == "email" else contact.phone) if contact else ""
    if not to:
        return None
    language = notice.report.language
    said = text(notice.kind, language).filled(facts(notice, notice.report.pk, language))
    key = f"notice-{notice.pk}"
    return Message(to, said.subject, said.body, said.short, language, key)


def facts(notice: Notice, report_id: int, language: str) -> Mapping[str, str]:
    """Return what the texts may name, in a language; what is not known is a dash."""
    tracked = selectors.tracked_report(report_id, language)
    agency = rulebook.current().agencies.get(str(notice.data.get("agency")))
    path = reverse("pages:track", args=[tracked.code])
    return {
        "code": tracked.code,
        "category": tracked.category.name,
        "agency": agency.in_language(language) if agency else "–",
        "place": tracked.ward.full_name if tracked.ward else "–",
        "due": str(notice.data.get("due", "–")),
        "link": f"{settings.WARDWISE_PUBLIC_URL.rstrip('/')}{path}",
    }
