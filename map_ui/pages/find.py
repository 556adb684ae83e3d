"""Finding a place without JavaScript: what was typed, and the places it may mean as links."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_core.errors import DomainError
from gis_core.http import sentence
from incidents.api.places import find
from map_ui import candidates

MOST = 8


@require_safe
@never_cache
def find_place(request: HttpRequest) -> HttpResponse:
    """List the places that ``q`` may mean, each with a way to report from there."""
    typed = request.GET.get("q", "").strip()
    context: dict[str, object] = {"typed": typed}
    if typed:
        try:
            found = find(typed, limit=MOST)
        except DomainError as error:
            return render(
                request, "map_ui/find.html", {**context, "error": sentence(error)}, status=422
            )
        context["candidates"] = candidates.shown(found)
        context["attributions"] = found.attributions
    return render(request, "map_ui/find.html", context)
