"""The page behind the one-time link of a notice: is it fixed, and how was it?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gis_core.http import sentence
from incidents import codes, outlook, selectors
from incidents.outlook import Answering
from incidents.work_errors import LinkExpired, LinkNotFound, LinkUsed
from map_ui import catalogue, statuses
from map_ui.page_setup import page_setup
from map_ui.pages import answering


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show the buttons; act when one is pressed. Opening the link changes nothing."""
    try:
        opened = outlook.answering(token)
    except (LinkNotFound, LinkUsed, LinkExpired) as error:
        over = {"error": sentence(error), "code": outlook.code_behind(token)}
        return render(request, "map_ui/answer_over.html", over, status=error.status)
    told: dict[str, Any] = {}
    if request.method == "POST" and opened.outlook:
        told = answering.answer(request, opened.outlook, opened.actor)
        if "error" not in told:
            return HttpResponseRedirect(_on(request, token, opened))
    report = selectors.track(codes.read_code(opened.code), catalogue.language())
    claims = [moment for moment in report.timeline if moment.kind == "claimed_done"]
    context = {
        "report": report,
        "mark": statuses.mark(report.status),
        "last": claims[-1] if claims else None,
        "outlook": opened.outlook,
        "action": reverse("pages:answer", args=[token]),
        "setup": page_setup("answer"),
        **answering.choices(),
        **answering.thanks(request),
        **told,
    }
    return render(request, "map_ui/answer.html", context, status=told.get("status_code", 200))


def _on(request: HttpRequest, token: str, opened: Answering) -> str:
    """After "fixed" the same link still takes the stars; any other answer has used it."""
    said = request.POST.get("answer", "")
    confirmed = said == "confirm" and not request.POST.get("stars")
    page = reverse("pages:answer", args=[token]) if confirmed else None
    return f"{page or reverse('pages:track', args=[opened.code])}?thanks={said}"
