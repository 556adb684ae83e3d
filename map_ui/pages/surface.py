"""The answer to a planner's question while its sliders still move: a picture for the map."""

from __future__ import annotations

import json
import time
from typing import Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_core.hotspots.grid import Grid
from incidents.actors import actor_of
from incidents.analyses import kept, picture, question
from incidents.filters import read_box
from incidents.intake.web import refuse_nul
from map_ui import analysis_form, catalogue, paletted
from map_ui import analysis_words as words
from map_ui.analysis_colours import COLOURS
from map_ui.pages.console import number

SMALLEST: Final = 16


@require_safe
@login_required
@never_cache
def surface(request: HttpRequest) -> HttpResponse:
    """Answer the form's fields as a PNG, one colour a class, straight on a Web-Mercator map.

    ``bbox`` (west,south,east,north) and ``pixels`` (its longer side) say what is shown; the
    statistic is always of the whole area. The header ``Wardwise-Surface`` holds as JSON the bounds,
    the legend, how many incidents were counted, and the milliseconds. Raises PermissionDenied,
    BadBox, BadQuestion, TooManyCells, UnknownMethod.
    """
    from incidents.analyses import interactive  # noqa: PLC0415  heavy: its compiler, 65 MB

    began = time.perf_counter()
    actor = kept.planners(actor_of(request.user))
    refuse_nul(request.GET.dict())
    asked = question.read(analysis_form.fields(request.GET))
    told = interactive.answer(actor, asked, timezone.localdate())
    view = _view(request, told.grid)
    colours = [COLOURS[code] for code in told.codes]
    drawn = paletted.png(picture.pixels(told.kind, told.grid, view), colours)
    legend = words.legend(asked.asked_of, [*told.legend()], catalogue.language())
    facts = {
        "box": view.box,
        "incidents": told.incidents,
        "source": told.source,
        "legend": [{**step, "colour": COLOURS[step["code"]]} for step in legend],
        "ms": round((time.perf_counter() - began) * 1e3, 1),
    }
    return HttpResponse(
        drawn, content_type="image/png", headers={"Wardwise-Surface": json.dumps(facts)}
    )


def _view(request: HttpRequest, grid: Grid) -> picture.View:
    said = request.GET.get("bbox", "")
    if not said:
        return picture.view_of(grid)
    pixels = number(request.GET.get("pixels")) or picture.LARGEST
    return picture.sized(read_box(said), min(max(pixels, SMALLEST), picture.LARGEST))
