"""What a page hands to its JavaScript: words, the city, how things look, where things are."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.templatetags.static import static

from districts import city, rulebook
from districts.models import Gazetteer
from incidents import photos
from map_ui import boundaries, catalogue, statuses
from map_ui.content_policy import basemaps
from map_ui.words import words


def _gazetteers() -> tuple[str, ...]:
    """Return whose names of places the pages show, in searches and where a pin is told in words."""
    return _attributions(rulebook.newest_version())


@lru_cache(maxsize=2)
def _attributions(_version: int) -> tuple[str, ...]:
    rows = Gazetteer.objects.exclude(attribution="").order_by("code")
    return tuple(dict.fromkeys(rows.values_list("attribution", flat=True)))


def page_setup(*word_sets: str) -> dict[str, Any]:
    """Return the page's setup as JSON can carry it, in the reader's language."""
    here = city.current()
    edition = boundaries.in_force()
    light, dark = basemaps()
    drawn_by = edition.attribution if edition else ""
    return {
        "words": words(*word_sets),
        "sprite": static("map_ui/vendor/icons.svg"),
        "map_styles": static("map_ui/vendor/maplibre-gl.css"),
        "city": {
            "name": here.called(catalogue.language()),
            "extent": here.extent,
            "centre": here.view.centre,
            "zoom": here.view.zoom,
            "time_zone": here.time_zone,
        },
        "accuracy": dict(here.accuracy_m),
        "basemap": {"light": light, "dark": dark},
        "attribution": " · ".join(filter(None, (drawn_by, *_gazetteers()))),
        "limits": {"photos": photos.MOST_PHOTOS},
        "statuses": {
            mark.code: {"name": str(mark.name), "icon": mark.icon}
            for mark in statuses.MARKS.values()
        },
        "categories": {
            one["code"]: {"name": one["name"], "icon": one["icon"]}
            for group in catalogue.sectors()
            for one in group["categories"]
        },
    }
