"""Assets beside the map, by how many incidents were about each."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import formats, timezone
from django.views.decorators.http import require_safe

from incidents.actors import actor_of
from incidents.asset_layer import SeenAsset, assets_in
from incidents.filters import read_box
from map_ui.documents.grading import graded
from map_ui.layers import filters_of
from map_ui.short_lived import json_answer


@require_safe
def assets(request: HttpRequest) -> HttpResponseBase:
    """Answer with the assets of a box and what their steps say; ``too_many`` where they are.

    Raises BadBox, BadFilter, PermissionDenied.
    """
    box = read_box(request.GET.get("bbox", ""))
    seen = assets_in(box, filters_of(request.GET), actor_of(request.user))
    found = graded([one.count for one in seen or []])
    features = [
        feature
        for one, step in zip(seen or [], found.of, strict=True)
        for feature in _features(one, step)
    ]
    return json_answer(
        request,
        {
            "too_many": seen is None,
            "steps": [step.said for step in found.steps],
            "empty": bool(found.steps) and found.steps[0].said == "0",
            "shapes": {"type": "FeatureCollection", "features": features},
        },
    )


def _features(one: SeenAsset, step: int) -> list[dict[str, Any]]:
    """Return an asset's shape, and a point: from afar most shapes are too small to be seen."""
    day = ""
    if one.last:
        day = formats.date_format(timezone.localtime(one.last), "SHORT_DATE_FORMAT")
    told = {"name": one.name or f"{one.kind} {one.code}", "count": one.count, "last": day}
    shapes = (json.loads(one.shape), {"type": "Point", "coordinates": one.at})
    return [
        {"type": "Feature", "geometry": shape, "properties": {**told, "step": step}}
        for shape in shapes
    ]
