"""What leaves an analysis: the layer that its map draws, and its files."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from incidents.actors import actor_of
from incidents.analyses import comparing, files, kept
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
    run = _run(request, token)
    return _sent(files.layer(run.result), form, f"wardwise-analysis-{run.pk}")


@login_required
@never_cache
@require_safe
def changes(request: HttpRequest, token: str) -> HttpResponse:
    """Return where two runs differ, as a map draws it. Raises what ``file`` raises."""
    return HttpResponse(files.as_drawn(_changes(request, token)), "application/geo+json")


@login_required
@never_cache
@require_safe
def changes_file(request: HttpRequest, token: str, form: str) -> HttpResponse:
    """Return where two runs differ in a format. Raises what ``file`` raises, NotComparable."""
    return _sent(_changes(request, token), form, "wardwise-changes")


def _changes(request: HttpRequest, token: str) -> Any:  # noqa: ANN401  a GeoDataFrame
    analysis = kept.opened(actor_of(request.user), token)
    before, after = (number(request.GET.get(name)) for name in ("with", "run"))
    return comparing.compared(kept.done(analysis, before), kept.done(analysis, after))


def _sent(layer: Any, form: str, name: str) -> HttpResponse:  # noqa: ANN401  a GeoDataFrame
    from incidents.exports.frames import write_frame  # noqa: PLC0415  heavy: geopandas

    kind = format_of(form)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"result.{form}"
        write_frame(layer, form, path, name="analysis")
        answer = HttpResponse(path.read_bytes(), kind.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def _run(request: HttpRequest, token: str) -> Run:
    analysis = kept.opened(actor_of(request.user), token)
    return kept.done(analysis, number(request.GET.get("run")))
