"""Asking an external geocoder with manners: kept answers first, and in turn."""

from __future__ import annotations

import hashlib
import logging
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from districts.geocoding.external.services import NoAnswer, Service, Told, ask
from districts.models import ExternalAnswer
from gis_core import sql

SQL = "districts.geocoding"
LONGEST_WAIT_S = 2.0
"""A turn that comes later than this is not waited for: somebody waits for the page."""
PAUSE_S = 30.0
"""How long a service that failed is left alone, where it does not say itself."""
LONGEST_PAUSE_S = 3600.0
EMPTY_DAYS = 1
"""How long "nothing found" is believed: maps grow."""

log = logging.getLogger(__name__)


def places(service: Service, words: str) -> list[Told]:
    """Return what the service knows of these words; empty where it fails or its turn is far off.

    Call it outside a transaction: the turn is taken by a row that all processes share. Failures are
    logged without the words.
    """
    key = hashlib.sha256(f"{service.name}\n{words.casefold()}".encode()).hexdigest()
    kept = ExternalAnswer.objects.filter(key=key, expires_at__gt=timezone.now()).first()
    if kept is not None:
        return [Told(**one) for one in kept.places]
    wait_s = _turn(service)
    if wait_s is None:
        return []
    time.sleep(wait_s)
    try:
        found = ask(service, words)
    except NoAnswer as error:
        pause_s = min(error.retry_after_s or PAUSE_S, LONGEST_PAUSE_S)
        log.warning("%s gave no answer (%s); not asked for %d s", service.kind, error, pause_s)
        _run("pause_external", service, pause_s)
        return []
    _keep(key, found)
    return found


def _turn(service: Service) -> float | None:
    """Take the next turn; return in how many seconds it is, None where that is too far off."""
    rows = sql.rows(
        SQL,
        "take_external_turn",
        {"service": service.name, "interval_s": service.interval_s, "longest_s": LONGEST_WAIT_S},
    )
    return float(rows[0][0]) if rows else None


def _run(statement: str, service: Service, seconds: float) -> None:
    sql.run(SQL, statement, {"service": service.name, "seconds": seconds})


def _keep(key: str, found: list[Told]) -> None:
    now = timezone.now()
    days = settings.WARDWISE_GEOCODER_CACHE_DAYS if found else EMPTY_DAYS
    facts: dict[str, Any] = {
        "places": [one.as_json() for one in found],
        "expires_at": now + timedelta(days=days),
    }
    ExternalAnswer.objects.filter(expires_at__lte=now).delete()
    ExternalAnswer.objects.update_or_create(key=key, defaults=facts)
