"""Streets under a map to keep, so that it is read without a basemap."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.utils.translation import gettext

from districts.street_sketch import street_sketch
from map_ui.documents.map_document import Box, MapDocument

AROUND: Final = 0.5
"""Of its longer side beyond each side of the box: a sheet has its paper's shape."""
LEAST: Final = 0.02
"""Degrees: what a sheet shows at least."""


def with_streets(document: MapDocument) -> MapDocument:
    """Return a map with the streets around what is in view, and who is to be named for them."""
    seen = document.view()
    sketch = street_sketch(_widened(seen)) if seen else None
    if sketch is None or (sketch.main.is_empty and sketch.other.is_empty):
        return document
    named = gettext("streets: %(source)s") % {"source": ", ".join(sketch.attributions)}
    return replace(
        document,
        streets=sketch.main,
        small_streets=sketch.other,
        source="; ".join([document.source, *([named] if sketch.attributions else [])]),
    )


def _widened(box: Box) -> Box:
    west, south, east, north = box
    more = max(east - west, north - south, LEAST) * AROUND
    return west - more, south - more, east + more, north + more
