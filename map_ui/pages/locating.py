"""The operators' page of reports in words whose place was not found surely enough."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_core.errors import DomainError
from gis_core.http import sentence
from incidents import locating, pipeline, selectors, services, unplaced
from incidents.actors import actor_of
from incidents.answers import ToLocate
from incidents.errors import AlreadyDealtWith, CandidateGone
from incidents.intake.web import refuse_nul
from incidents.permissions import Act
from incidents.services import Choice
from map_ui import candidates, catalogue
from map_ui.page_setup import page_setup
from map_ui.pages.case_acts import read_pin
from map_ui.pages.console import counts, number

REASONS = (
    gettext_noop("A question, not something to be repaired"),
    gettext_noop("Says no place, and the sender cannot be reached"),
    gettext_noop("Not in this city"),
)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def locate(request: HttpRequest) -> HttpResponse:
    """Show the report at ``at`` in the queue and where it may be; with a verdict, act on it."""
    told = _decide(request) if request.method == "POST" else {}
    actor, spoken = actor_of(request.user), catalogue.language()
    waiting = unplaced.waiting_for_place(actor, spoken)
    at = min(number(request.GET.get("at") or request.POST.get("at")), max(len(waiting) - 1, 0))
    context: dict[str, Any] = {
        **counts(actor, spoken),
        "queue": "place",
        "at": at,
        "position": at + 1,
        "previous": at - 1 if at else None,
        "following": at + 1 if at + 1 < len(waiting) else None,
        "places_waiting": len(waiting),
        "reasons": [gettext(reason) for reason in REASONS],
        "setup": page_setup(),
        **(_item(waiting[at]) if waiting else {}),
        **told,
    }
    return render(request, "map_ui/locate.html", context)


def _item(item: ToLocate) -> dict[str, Any]:
    found = locating.look(item.place_words)
    best = found.best
    return {
        "item": item,
        "candidates": candidates.shown(found),
        "attributions": found.attributions,
        "said": list(candidates.marked(found.text, best.parts if best else ())),
    }


def _decide(request: HttpRequest) -> dict[str, str]:
    actor, report = actor_of(request.user), number(request.POST.get("report"))
    try:
        actor.must(Act.LOCATE)
        refuse_nul(request.POST.dict())
        if request.POST.get("verdict") == "inquiry":
            services.take_as_inquiry(actor, report, request.POST.get("reason", ""))
            return {"message": gettext("Taken as a question: it is no incident.")}
        pipeline.put(actor, report, _choice(request, report))
    except DomainError as error:
        return {"error": sentence(error)}
    tracked = selectors.tracked_report(report, catalogue.language())
    where = tracked.ward.full_name if tracked.ward else ""
    return {"message": gettext("On the map now: %(where)s.") % {"where": where}}


def _choice(request: HttpRequest, report: int) -> Choice:
    token = request.POST.get("candidate", "")
    if not token:
        return Choice(read_pin(request.POST), gettext("Pinned by an operator"))
    item = unplaced.one_waiting(report, catalogue.language())
    if item is None:
        raise AlreadyDealtWith
    candidate = candidates.chosen(locating.look(item.place_words), token)
    if candidate is None:
        raise CandidateGone
    reason = gettext("Chosen by an operator among the candidates")
    return Choice(candidate.position, reason, candidate)
