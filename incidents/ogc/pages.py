"""A page of features, and what a box is as a condition on rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.contrib.gis.geos import Polygon
from django.db.models import Q

from incidents.ogc.parameters import Box

DIGITS: Final = 6
"""Of a degree."""
LARGEST_ID: Final = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Page:
    """Features as GeoJSON text; ``next`` is the cursor of the page after it, "" on the last."""

    features: list[str]
    next: str = ""


def within(boxes: tuple[Box, ...], column: str) -> Q:
    """Return the condition that a geometry touches one of the boxes; everything, without any."""
    wanted = Q()
    for box in boxes:
        wanted |= Q(**{f"{column}__intersects": Polygon.from_bbox(box)})
    return wanted
