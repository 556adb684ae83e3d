"""Analyses that somebody may open: one's own, and those that their owners share."""

from __future__ import annotations

from django.db.models import F, Prefetch, QuerySet

from incidents.actors import Actor
from incidents.analyses.errors import AnalysisNotFound, NoResult
from incidents.models import Analysis, Run
from incidents.models.analysis import RunState
from incidents.permissions import Act

__all__ = [
    "Analysis",
    "Run",
    "RunState",
    "done",
    "mine",
    "opened",
    "own",
    "planners",
    "recent",
    "run_of",
    "shared",
]
RECENT = 8


def planners(actor: Actor) -> Actor:
    """Return the actor; raises PermissionDenied for whoever sees no figures of the whole city."""
    return actor.must(Act.SEE_FIGURES)


def mine(actor: Actor) -> QuerySet[Analysis]:
    """Return what the actor saved, newest first, each with its newest runs."""
    return _listed(Analysis.objects.filter(owner=planners(actor).user_id, saved=True))


def shared(actor: Actor) -> QuerySet[Analysis]:
    """Return what others share."""
    rows = Analysis.objects.filter(saved=True, shared=True)
    return _listed(rows.exclude(owner=planners(actor).user_id))


def recent(actor: Actor) -> QuerySet[Analysis]:
    """Return what the actor asked lately without saving it."""
    return _listed(Analysis.objects.filter(owner=planners(actor).user_id, saved=False))[:RECENT]


def _listed(rows: QuerySet[Analysis]) -> QuerySet[Analysis]:
    runs = Run.objects.order_by("-asked_at", "-pk")
    return rows.annotate(of=F("owner__username")).prefetch_related(Prefetch("runs", queryset=runs))


def opened(actor: Actor, token: str) -> Analysis:
    """Return an analysis by its token. Raises PermissionDenied, AnalysisNotFound."""
    found = Analysis.objects.select_related("owner").filter(token=token[:32]).first()
    planners(actor)
    if found is None or not (found.shared or found.owner_id == actor.user_id):
        raise AnalysisNotFound
    return found


def own(actor: Actor, token: str) -> Analysis:
    """Return an own analysis. Raises PermissionDenied, AnalysisNotFound, also for another's."""
    found = opened(actor, token)
    if found.owner_id != actor.user_id:
        raise AnalysisNotFound
    return found


def run_of(analysis: Analysis, number: int = 0) -> Run | None:
    """Return a run by its id; the newest where none is named. Raises AnalysisNotFound."""
    if not number:
        return analysis.runs.first()
    found = analysis.runs.filter(pk=number).first()
    if found is None:
        raise AnalysisNotFound
    return found


def done(analysis: Analysis, number: int = 0) -> Run:
    """Return a run that has its result; the newest such where none is named. Raises NoResult."""
    ready = analysis.runs.filter(state=RunState.DONE).exclude(result="")
    found = ready.filter(pk=number).first() if number else ready.first()
    if found is None:
        raise NoResult
    return found
