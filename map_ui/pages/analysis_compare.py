"""Two runs of an analysis side by side: where it became worse, better, or stayed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from incidents.actors import actor_of
from incidents.analyses import comparing, kept, question
from incidents.analyses.kept import Run
from incidents.analyses.results import Row
from incidents.exports.formats import FORMATS
from map_ui import analysis_words as words
from map_ui.analysis_colours import COLOURS
from map_ui.page_setup import page_setup
from map_ui.pages.console import number


@login_required
@never_cache
@require_safe
def compare(request: HttpRequest, token: str) -> HttpResponse:
    """Show where two runs differ. Raises AnalysisNotFound, NoResult, NotComparable."""
    analysis = kept.opened(actor_of(request.user), token)
    before, after = (kept.done(analysis, number(request.GET.get(name))) for name in ("with", "run"))
    layer = comparing.compared(before, after)
    asked = question.read(after.question, gone=True)
    form = asked.asked_of.form
    changes = words.CLUSTER_CHANGES if form == "areas" else words.CHANGES
    query = f"?run={after.pk}&with={before.pk}"
    context: dict[str, Any] = {
        "analysis": analysis,
        "before": _days(before),
        "after": _days(after),
        "then": before.told["facts"]["incidents"],
        "now": after.told["facts"]["incidents"],
        "rows": [_row(row, changes) for row in comparing.table(layer)],
        "rule": words.COMPARED[form],
        "per_km": form == "lines",
        "fewest": asked.parameters.get("fewest", 1),
        "legend": [
            {"name": name, "colour": COLOURS[code], "places": int((layer["kind"] == code).sum())}
            for code, name in changes.items()
        ],
        "query": query,
        "formats": [(one.extension, one.title) for one in FORMATS.values()],
        "setup": {
            **page_setup("analysis"),
            "analysis": {
                "drawn": reverse("pages:analysis_changes", args=[token]) + query,
                "colours": dict(COLOURS),
            },
        },
    }
    return render(request, "map_ui/analysis_compare.html", context)


def _row(row: Row, changes: Mapping[str, Any]) -> dict[str, Any]:
    between = words.days(row["first"], row["last"]) if row.get("first") else ""
    named = {"kind": changes[row["kind"]], "colour": COLOURS[row["kind"]]}
    return {**row, **named, "between": between}


def _days(run: Run) -> str:
    return words.days(run.question["since"], run.question["until"])
