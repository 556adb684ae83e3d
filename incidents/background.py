"""What is looked at again and again: moments, what is not sealed, stale, waits, or is new."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

from incidents.analyses import asking, reckoning, street_km
from incidents.columns.folder import home
from incidents.columns.keeping import only_writer
from incidents.services import comparing_later, escalating, forgetting, forward_watch, sealing

DEADLINES_S: Final = 10.0
"""A rung may be taken so much late; asking costs one read of an index."""
SEALS_S: Final = 5.0
STALE_S: Final = 600.0
PAIRS_S: Final = 5.0
COLUMNS_S: Final = 0.2
UNWRITTEN_S: Final = 10.0
RUNS_S: Final = 0.4
STREETS_S: Final = 20.0
TICK_S: Final = 0.2
GoOn = Callable[[], bool]
log = logging.getLogger(__name__)


def deadlines(go_on: GoOn) -> None:
    """Look at the cases and waiting reports whose moment has come, while ``go_on`` says so."""
    _repeat(_look, DEADLINES_S, go_on)


def seals(go_on: GoOn) -> None:
    """Seal events, and each day when it is over, while ``go_on`` says so."""
    _repeat(_seal, SEALS_S, go_on)


def stale(go_on: GoOn) -> None:
    """Forget what nobody confirmed, and notices and analyses whose term is over."""
    _repeat(_forget, STALE_S, go_on)


def pairs(go_on: GoOn) -> None:
    """Compare reports that could not be when they arrived, while ``go_on`` says so."""
    _repeat(lambda: comparing_later.compare_waiting(timezone.now()), PAIRS_S, go_on)


def analyses(go_on: GoOn) -> None:
    """Reckon planners' analyses, the monthly ones of themselves, while ``go_on`` says so."""
    _repeat(lambda: reckoning.reckon_next(timezone.now()), RUNS_S, go_on)


def columns(go_on: GoOn) -> None:
    """Keep the incident columns up with events, once no other process does.

    Where they cannot be written it tries again later: without them all else goes on.
    """
    while go_on():
        try:
            with only_writer(home(), go_on) as keeper:
                if keeper:
                    _repeat(keeper.look, COLUMNS_S, go_on)
        except OSError as fault:
            log.warning("The columns cannot be written: %s", fault.strerror)
            _rest(UNWRITTEN_S, go_on)


def streets(go_on: GoOn) -> None:
    """Keep how much street each ward has, as often as wards or gazetteers change."""
    _repeat(_keep_streets, STREETS_S, go_on)


def _keep_streets() -> bool:
    try:
        return street_km.keep()
    except OSError as fault:
        log.warning("The streets' lengths cannot be written: %s", fault.strerror)
        return False


def _look() -> int:
    now = timezone.now()
    return escalating.look_at_deadlines(now) + forward_watch.look_at_forwarding(now)


def _forget() -> int:
    now = timezone.now()
    asking.ask_monthly(now)
    return forgetting.forget_stale(now) + forgetting.forget_notices(now) + asking.forget_old(now)


def _seal() -> bool:
    if sealing.seal_events():
        return True
    sealing.seal_day(timezone.localtime())
    return False


def _repeat(work: Callable[[], object], rest_s: float, go_on: GoOn) -> None:
    """Work until nothing is left, rest, and begin again; wait for a database that is away."""
    while go_on():
        try:
            while go_on() and work():
                pass
        except (DatabaseError, InterfaceError) as fault:
            log.warning("The database is away: %s", type(fault).__name__)
            close_old_connections()
        _rest(rest_s, go_on)


def _rest(seconds: float, go_on: GoOn) -> None:
    until = time.monotonic() + seconds
    while go_on() and time.monotonic() < until:
        time.sleep(TICK_S)
