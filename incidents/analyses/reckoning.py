"""Runs of analyses, reckoned one by one: claimed by a lease, told how far, ended once.

A worker that dies leaves its run running; when the lease is over another one begins it anew.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gis_core import logs
from gis_core.errors import DomainError
from gis_core.http import DATABASE_GONE, ServerError
from incidents.actors import actor_of
from incidents.analyses import files, kept, question
from incidents.analyses.errors import GaveUp
from incidents.analyses.methods import terms
from incidents.analyses.results import Result
from incidents.columns import reading
from incidents.models import Run
from incidents.models.analysis import RunState

TOLD_EVERY_S: Final = 0.5
Ready = Callable[[], bool]
log = logging.getLogger(__name__)


class Stopped(Exception):
    """The run was cancelled, or is another worker's now."""


def reckon_at_once(run: Run) -> None:
    """Reckon a run while its asker waits, where that takes less than a second.

    All else is a worker's, as is what another worker was quicker with.
    """
    if question.read(run.question).asked_of.quick and reading.current() is not None:
        reckon_next(timezone.now(), run.pk)


def reckon_next(now: datetime, run_id: int | None = None) -> bool:
    """Reckon the run that waits longest, or this one; tell whether there was one."""
    run = _claimed(now, run_id)
    if run is None:
        return False
    try:
        result = _reckon(run)
        name = secrets.token_hex(16)
        files.keep(name, result.layer)
        _end(run, RunState.DONE, told=result.told(), result=name, progress=100)
    except Stopped:
        _end(run, RunState.CANCELLED)
    except DomainError as fault:
        _fail(run, fault)
    except DATABASE_GONE:
        # Whoever comes when the lease is over begins anew.
        raise
    except Exception as fault:  # noqa: BLE001  whatever it was, the asker hears of it
        log.error("Run %s failed: %s", run.pk, logs.told(fault))  # noqa: TRY400  no words
        _fail(run, ServerError())
    return True


def _claimed(now: datetime, run_id: int | None) -> Run | None:
    """Take a run that waits, or whose worker says nothing any more, for the length of a lease."""
    free = Q(state=RunState.WAITING) | Q(state=RunState.RUNNING, leased_until__lt=now)
    with transaction.atomic():
        rows = Run.objects.select_for_update(skip_locked=True, of=("self",)).filter(free)
        if run_id is not None:
            rows = rows.filter(pk=run_id)
        run = rows.order_by("asked_at", "pk").first()
        if run is None:
            return None
        if run.tries >= terms().most_tries:
            _give_up(run, now)
            return None
        run.state, run.progress = RunState.RUNNING, 0
        run.tries, run.began_at = run.tries + 1, now
        run.leased_until = now + timedelta(seconds=terms().lease_s)
        run.save()
    return run


def _give_up(run: Run, now: datetime) -> None:
    run.state, run.error, run.ended_at = RunState.FAILED, GaveUp.code, now
    run.error_facts = {"tries": run.tries}
    run.save()


def _reckon(run: Run) -> Result:
    from incidents.analyses import running  # noqa: PLC0415  heavy: scipy, geopandas

    asker = actor_of(run.asked_by) if run.asked_by else actor_of(run.analysis.owner)
    asked = question.read(run.question)
    return running.run(kept.planners(asker), asked, _Teller(run))


class _Teller:
    """Writes how far a run is and holds its lease; now and then, for each is a commit."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._next = 0.0

    def __call__(self, share: float) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + TOLD_EVERY_S
        until = timezone.now() + timedelta(seconds=terms().lease_s)
        held = _held(self._run).filter(cancel=False)
        if not held.update(progress=round(share * 100), leased_until=until):
            raise Stopped


def _held(run: Run) -> Any:  # noqa: ANN401  a query of one row at most
    """The run, as long as it is this worker's: each claim counts one try more."""
    return Run.objects.filter(pk=run.pk, state=RunState.RUNNING, tries=run.tries)


def _fail(run: Run, fault: DomainError) -> None:
    facts = {name: str(value) for name, value in fault.facts.items()}
    _end(run, RunState.FAILED, error=fault.code, error_facts=facts)


def _end(run: Run, state: RunState, **told: Any) -> None:
    """End a run that is still this worker's; another's result is not kept twice."""
    now = timezone.now()
    if not _held(run).update(state=state, ended_at=now, leased_until=None, **told):
        files.remove(told.get("result", "")) if told.get("result") else None
