"""Look at rows whose moment has come: each by itself, so that one that fails stops no other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.db import InterfaceError, OperationalError, transaction

from gis_core import logs
from incidents.models import Incident, Report

Row = TypeVar("Row", Incident, Report)

AT_A_TIME: Final = 100
SOONEST: Final = timedelta(seconds=1)
PUT_OFF: Final = timedelta(minutes=10)
"""Until a row that a fault stopped is looked at again."""
log = logging.getLogger(__name__)


def look_at_due(model: type[Row], look: Callable[[Row, datetime], None], now: datetime) -> int:
    """Look at the rows whose ``next_step_at`` has come; return how many, 0 when all is done.

    Each is locked in a transaction of its own; one that somebody works on right now is left for
    the next time, and one that a fault stops is put off. ``look`` saves when the next step is.
    """
    due = model.objects.filter(next_step_at__lte=now).order_by("next_step_at")
    keys = due.values_list("pk", flat=True)[:AT_A_TIME]
    return sum(_look_or_put_off(model, key, look, now) for key in keys)


def not_at_once(following: datetime | None, now: datetime) -> datetime | None:
    """Return the next moment: what is due by rounding alone is not looked at without end."""
    return following and max(following, now + SOONEST)


def _look_or_put_off(
    model: type[Row], key: int, look: Callable[[Row, datetime], None], now: datetime
) -> bool:
    try:
        return _look(model, key, look, now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:  # noqa: BLE001  those behind it are not to wait for its mending
        log.error("%s %s: %s", model.__name__, key, logs.told(fault))  # noqa: TRY400  no words
        due = model.objects.filter(pk=key, next_step_at__lte=now)
        return due.update(next_step_at=now + PUT_OFF) > 0


@transaction.atomic
def _look(model: type[Row], key: int, look: Callable[[Row, datetime], None], now: datetime) -> bool:
    free = model.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    row = free.filter(pk=key, next_step_at__lte=now).first()
    if row is None:
        return False
    look(row, now)
    return True
