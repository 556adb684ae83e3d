"""Numbers beside the map: wards by how much there is, and how much each day, week or month had."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from districts import rulebook
from districts.explanation import area_name
from districts.outlines import ward_edition
from incidents.actors import actor_of
from incidents.errors import BadFilter
from map_ui import catalogue, ward_measures
from map_ui.documents.grading import graded
from map_ui.layers import filters_of
from map_ui.short_lived import json_answer

MOST_BARS: Final = 80
PERIODS: Final[Mapping[str, int]] = {"day": 1, "week": 7, "month": 31}


@require_safe
def wards(request: HttpRequest) -> HttpResponseBase:
    """Answer which step each ward is in by a measure, and what steps say. Raises BadFilter.

    By a ward's code: its step, incidents and value, to two decimals. ``unknown`` has the
    incidents of the wards whose value is not known.
    """
    measure, offered = request.GET.get("measure", ward_measures.COUNT), ward_measures.offered()
    if measure not in offered:
        raise BadFilter(field="measure", value=measure[:60], possible=", ".join(offered))
    from incidents.columns import spread  # noqa: PLC0415  heavy: its compiler, half a second and 65 MB

    counts = spread.by_ward(filters_of(request.GET), actor_of(request.user))
    values = ward_measures.measured(counts, measure)
    found = graded(list(values.values()), places=ward_measures.places(measure))
    return json_answer(
        request,
        {
            "steps": [step.said for step in found.steps],
            "empty": bool(found.steps) and found.steps[0].said == "0",
            "wards": {
                code: [step, counts.get(code, 0), round(value, 2)]
                for (code, value), step in zip(values.items(), found.of, strict=True)
            },
            "unknown": {code: counts.get(code, 0) for code in ward_measures.not_known(measure)},
            "names": _names(),
            "total": sum(counts.values()),
        },
    )


def _names() -> dict[str, str]:
    today, spoken = ward_edition(), catalogue.language()
    areas = rulebook.kept().areas.values()
    return {ref.code: area_name(ref, spoken) for of, ref in areas if today and of == today.id}


@require_safe
def days(request: HttpRequest) -> HttpResponseBase:
    """Answer how many incidents each day had, or each week or month where days are too many.

    Bars without gaps: their first days, and how many. Raises BadFilter.
    """
    from incidents.columns import spread  # noqa: PLC0415  heavy, as above

    counts = spread.by_day(filters_of(request.GET), actor_of(request.user))
    by, starts = _periods(min(counts), max(counts)) if counts else ("day", [])
    bars = dict.fromkeys(starts, 0)
    for day, many in counts.items():
        bars[_start(day, by)] += many
    told = {"by": by, "starts": [day.isoformat() for day in bars], "counts": list(bars.values())}
    return json_answer(request, told)


def _periods(first: date, last: date) -> tuple[str, list[date]]:
    """Return the shortest period with few enough bars, and the first day of each."""
    span = (last - first).days + 1
    fitting = (by for by, length in PERIODS.items() if span / length <= MOST_BARS)
    by = next(fitting, "month")
    starts, day = [], _start(first, by)
    while day <= last:
        starts.append(day)
        day = _start(day + timedelta(days=PERIODS[by]), by)
    return by, starts


def _start(day: date, by: str) -> date:
    if by == "month":
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if by == "week" else day
