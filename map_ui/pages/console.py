"""The operators' minimal console: words and photos one at a time, and whose an incident is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_core.errors import DomainError
from gis_core.http import sentence
from incidents import selectors, services, unplaced
from incidents.actors import Actor, actor_of
from incidents.answers import ToApprove, ToTriage
from incidents.duplicates.waiting import how_many
from incidents.intake.web import refuse_nul
from map_ui import catalogue
from map_ui.page_setup import page_setup

REASONS = (
    gettext_noop("Shows a person, a number plate or a name"),
    gettext_noop("Not about this place"),
    gettext_noop("Insulting"),
)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest) -> HttpResponse:
    """Show the report at ``at`` in the queue; with a verdict, act on it and show the next."""
    told = _judge(request) if request.method == "POST" else {}
    return _queue(request, "words", told)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def triage(request: HttpRequest) -> HttpResponse:
    """List incidents without a sure agency; with an agency, give one away."""
    told = _assign(request) if request.method == "POST" else {}
    return _queue(request, "triage", told)


def _judge(request: HttpRequest) -> dict[str, str]:
    said = request.POST
    actor, report, first = actor_of(request.user), number(said.get("report")), "first" in said
    try:
        refuse_nul(said.dict())
        if said.get("verdict") == "approve":
            services.approve_report(actor, report, first=first)
            return {"message": gettext("Approved: everybody can read it now.")}
        services.decline_words(actor, report, said.get("reason", ""), first=first)
    except DomainError as error:
        return {"error": sentence(error)}
    return {"message": gettext("Kept private.")}


def _assign(request: HttpRequest) -> dict[str, str]:
    chosen = request.POST.get("agency", "")
    reason = gettext("Chosen by an operator among the candidates")
    try:
        refuse_nul(request.POST.dict())
        incident, version = (number(request.POST.get(name)) for name in ("incident", "version"))
        services.assign(actor_of(request.user), incident, chosen, reason, version)
    except DomainError as error:
        return {"error": sentence(error)}
    return {"message": gettext("Given to the agency.")}


def _queue(request: HttpRequest, queue: str, told: dict[str, str]) -> HttpResponse:
    actor, spoken = actor_of(request.user), catalogue.language()
    words = selectors.waiting_for_approval(actor, spoken)
    unsure = selectors.waiting_for_triage(actor, spoken)
    at = min(number(request.GET.get("at") or request.POST.get("at")), max(len(words) - 1, 0))
    context: dict[str, Any] = {
        "queue": queue,
        "item": words[at] if words else None,
        "at": at,
        "position": at + 1,
        "previous": at - 1 if at else None,
        "following": at + 1 if at + 1 < len(words) else None,
        **counts(actor, spoken, words=words, unsure=unsure),
        "triage": unsure,
        "reasons": [gettext(reason) for reason in REASONS],
        "setup": page_setup(),
        **told,
    }
    return render(request, "map_ui/approve.html", context)


def counts(
    actor: Actor,
    spoken: str,
    words: Sequence[ToApprove] | None = None,
    unsure: Sequence[ToTriage] | None = None,
) -> dict[str, int]:
    """Return how many wait in each queue; lists that were read already are not read again."""
    read = selectors.waiting_for_approval(actor, spoken) if words is None else words
    asked = selectors.waiting_for_triage(actor, spoken) if unsure is None else unsure
    return {
        "words_waiting": len(read),
        "triage_waiting": len(asked),
        "places_waiting": unplaced.how_many(actor),
        "duplicates_waiting": how_many(actor),
    }


def number(text: str | None) -> int:
    """Return a whole number from a form; 0, which names nothing, for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
