"""Planners' analyses: asked, saved, shared, run again, cancelled, taken away.

The only writer of analyses; of runs, together with ``reckoning``.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from gis_core.errors import DomainError
from incidents.actors import Actor
from incidents.analyses import files, kept, question
from incidents.analyses.errors import TooManyRuns
from incidents.analyses.methods import terms
from incidents.analyses.periods import Days, last_month
from incidents.analyses.question import Question
from incidents.errors import PermissionDenied
from incidents.models import Analysis, Run
from incidents.models.analysis import RunState
from incidents.services.own_things import kept_name

MOST_WAITING: Final = 5
TO_DO: Final = (RunState.WAITING, RunState.RUNNING)
AT_ONCE: Final = 200


@transaction.atomic
def ask(actor: Actor, asked: Question, name: str) -> Run:
    """Write a question down under a name that may change, and a run of it that waits.

    Raises PermissionDenied, TooManyRuns.
    """
    _not_too_many(kept.planners(actor))
    analysis = Analysis.objects.create(
        owner_id=_user(actor),
        name=kept_name(name),
        question=asked.as_json(),
        token=secrets.token_urlsafe(16),
    )
    return _run(analysis, actor, asked.settled(timezone.localdate()))


@transaction.atomic
def ask_again(actor: Actor, token: str, days: tuple[date, date] | None = None) -> Run:
    """Write another run of an analysis down: over its period as it is today, or these days.

    Raises PermissionDenied, AnalysisNotFound, TooManyRuns.
    """
    analysis = kept.opened(actor, token)
    _not_too_many(actor)
    settled = question.read(analysis.question).settled(timezone.localdate())
    return _run(analysis, actor, settled.over(days) if days else settled)


def save(
    actor: Actor, token: str, name: str, *, shared: bool = False, monthly: bool = False
) -> Analysis:
    """Keep an own analysis. Raises PermissionDenied, AnalysisNotFound, NameMissing."""
    analysis = kept.own(actor, token)
    analysis.name, analysis.saved = kept_name(name), True
    analysis.shared, analysis.monthly = shared, monthly
    analysis.save(update_fields=["name", "saved", "shared", "monthly"])
    return analysis


def remove(actor: Actor, token: str) -> None:
    """Take an own analysis with its results away. Raises PermissionDenied, AnalysisNotFound."""
    _forget(kept.own(actor, token))


def cancel(actor: Actor, token: str, run_id: int) -> None:
    """Ask a run to stop; one that waits stops at once. Raises PermissionDenied, AnalysisNotFound.

    Whoever asked for it, or owns the analysis, may.
    """
    analysis = kept.opened(actor, token)
    runs = analysis.runs.filter(pk=run_id)
    if analysis.owner_id != actor.user_id:
        runs = runs.filter(asked_by=actor.user_id)
    now = timezone.now()
    runs.filter(state=RunState.WAITING).update(state=RunState.CANCELLED, ended_at=now)
    runs.filter(state=RunState.RUNNING).update(cancel=True)


def ask_monthly(now: datetime) -> int:
    """Write the month's runs down, of the month that ended; return how many. Once a month each.

    What cannot be asked any more, as of wards that are gone, is written down as failed.
    """
    since, until = last_month(timezone.localdate(now))
    asked = 0
    for pk in Analysis.objects.filter(monthly=True, saved=True).values_list("pk", flat=True):
        with transaction.atomic():
            mine = Analysis.objects.select_for_update(skip_locked=True, of=("self",))
            analysis = mine.select_related("owner").filter(pk=pk).first()
            days = {"question__since": since.isoformat(), "question__until": until.isoformat()}
            if analysis is None or analysis.runs.filter(monthly=True, **days).exists():
                continue
            _ask_for_month(analysis, (since, until), now)
            asked += 1
    return asked


def _ask_for_month(analysis: Analysis, days: Days, now: datetime) -> None:
    owner = Actor(analysis.owner_id)
    try:
        _run(analysis, owner, question.read(analysis.question).over(days), monthly=True)
    except DomainError as fault:
        period = {"period": "", "since": days[0].isoformat(), "until": days[1].isoformat()}
        Run.objects.create(
            analysis=analysis,
            asked_by_id=owner.user_id,
            question={**analysis.question, **period},
            monthly=True,
            state=RunState.FAILED,
            ended_at=now,
            error=fault.code,
            error_facts={name: str(value) for name, value in fault.facts.items()},
        )


def forget_old(now: datetime) -> int:
    """Take away what nobody saved, and results, after their terms; return how many rows."""
    bounds = terms()
    old = Analysis.objects.filter(saved=False, made_at__lt=now - timedelta(bounds.unsaved_days))
    unsaved = list(old.exclude(runs__state__in=TO_DO)[:AT_ONCE])
    for analysis in unsaved:
        _forget(analysis)
    done = Run.objects.exclude(result="")
    late = list(done.filter(ended_at__lt=now - timedelta(bounds.result_days))[:AT_ONCE])
    for run in late:
        files.remove(run.result)
    Run.objects.filter(pk__in=[one.pk for one in late]).update(result="")
    return len(unsaved) + len(late)


def _forget(analysis: Analysis) -> None:
    names = list(analysis.runs.exclude(result="").values_list("result", flat=True))
    analysis.delete()
    for name in names:
        files.remove(name)


def _user(actor: Actor) -> int:
    if actor.user_id is None:
        raise PermissionDenied
    return actor.user_id


def _not_too_many(actor: Actor) -> None:
    waiting = Run.objects.filter(asked_by=actor.user_id, state__in=TO_DO).count()
    if waiting >= MOST_WAITING:
        raise TooManyRuns(waiting=waiting)


def _run(analysis: Analysis, actor: Actor, asked: Question, *, monthly: bool = False) -> Run:
    told: Mapping[str, Any] = asked.as_json()
    return Run.objects.create(
        analysis=analysis, asked_by_id=actor.user_id, question=told, monthly=monthly
    )
