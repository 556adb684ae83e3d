"""An analysis as a map to keep: HTML that opens without a network, PNG and PDF sheets."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from incidents.actors import actor_of
from incidents.analyses import kept
from map_ui.analysis_map_document import document
from map_ui.pages.console import number
from map_ui.pages.map_exports import sent, written


@login_required
@never_cache
@require_safe
def map_file(request: HttpRequest, token: str, form: str) -> HttpResponse:
    """Give a run's map. Raises PermissionDenied, AnalysisNotFound, NoResult, MapTooLarge."""
    analysis = kept.opened(actor_of(request.user), token)
    run = kept.done(analysis, number(request.GET.get("run")))
    return sent(written(document(run), form, request.GET), form, f"wardwise-analysis-{run.pk}")
