"""What leaves an analysis: the layer that its map draws, and its files."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from incidents.actors import actor_of
from incidents.analyses import files, kept
from incidents.analyses.kept import Run
from incidents.exports.formats import format_of
from map_ui.pages.console import number


@login_required
@never_cache
@require_safe
def drawn(request: HttpRequest, token: str) -> HttpResponse:
    """Return a result as its map draws it. Raises PermissionDenied, AnalysisNotFound, NoResult."""
    return HttpResponse(files.drawn(_run(request, token).result), "application/geo+json")


@login_required
@never_cache
@require_safe
def file(request: HttpRequest, token: str, form: str) -> HttpResponse:
    """Return a result's layer in a format. Raises NoSuchFormat and what ``drawn`` raises."""
    from incidents.exports.frames import write_frame  # noqa: PLC0415  heavy: geopandas

    kind, run = format_of(form), _run(request, token)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"result.{form}"
        write_frame(files.layer(run.result), form, path, name="analysis")
        answer = HttpResponse(path.read_bytes(), kind.media_type)
    answer["Content-Disposition"] = f'attachment; filename="wardwise-analysis-{run.pk}.{form}"'
    return answer


def _run(request: HttpRequest, token: str) -> Run:
    analysis = kept.opened(actor_of(request.user), token)
    return kept.done(analysis, number(request.GET.get("run")))
