"""Incidents as vector tiles: counted from afar, one by one when near; as ``visible_to`` has it."""

from __future__ import annotations

from typing import Final

from districts.wards_today import asked_wards
from gis_core import sql
from gis_core.tiles import LEVEL, Tile
from incidents.actors import Actor
from incidents.coarse import are_left_out
from incidents.desk.reach import reached_ids
from incidents.filters import Filters

DEEPEST_ZOOM: Final = 16
SINGLE_FROM_ZOOM: Final = 15
"""From this zoom on incidents are single points, and no longer clusters."""

SMALLEST_SENSITIVE: Final = 5
"""Fewer sensitive incidents of one category than this, in one coarse cell, are not shown."""

COARSE_LEVEL: Final = 17
"""Zoom of the coarse cells: 306 m wide at the equator, inside one tile at every zoom served."""

_FINE_LEVELS: Final = 7
_STEP_LEVELS: Final = 12
_COARSE_SHIFT: Final = 2 * (LEVEL - COARSE_LEVEL)


def tile(place: Tile, filters: Filters, actor: Actor) -> bytes:
    """Return the Mapbox vector tile of what ``actor`` may see; empty where there is nothing.

    Layers: ``heat`` (count) on a 64 by 64 grid; below zoom 15 ``clusters`` (count, open) on an 8 by
    8 grid at the mean position of their incidents, to 1/128 of the tile; from zoom 15 on
    ``incidents`` (id, category, sector, status, opened), each in the step of 1/4096 of the tile
    that holds it. Counts are exact. ``filters.box`` is not read: the tile is the box. For
    ``place.z`` up to ``DEEPEST_ZOOM``.
    """
    asked = _asked(place, filters, actor)
    grid = {
        "single": place.z >= SINGLE_FROM_ZOOM,
        "smallest": SMALLEST_SENSITIVE,
        "fine_shift": 2 * (LEVEL - place.z - _FINE_LEVELS),
        "coarse_shift": _COARSE_SHIFT,
        "coarse_centre": 3 << (_COARSE_SHIFT - 2),
        "step_shift": 2 * (LEVEL - place.z - _STEP_LEVELS),
    }
    [(heat, clusters_or_points)] = sql.rows("incidents", "incident_tile", asked | grid)
    return bytes(heat) + bytes(clusters_or_points)


def _asked(place: Tile, filters: Filters, actor: Actor) -> dict[str, object]:
    first, last = place.cells()
    agencies, areas = reached_ids(actor)
    return {
        "first": first,
        "last": last,
        "everything": actor.sees_everything,
        "office": bool(agencies or areas),
        "agencies": agencies,
        "areas": areas,
        "grouped": not are_left_out(filters),
        "sectors": _listed(filters.sectors),
        "categories": _listed(filters.categories),
        "statuses": _listed(filters.statuses),
        "asked_agencies": _listed(filters.agencies),
        **_wards(filters.wards),
        "since": filters.opened_from(),
        "before": filters.opened_before(),
    }


def _wards(codes: frozenset[str]) -> dict[str, object]:
    asked = asked_wards(codes) if codes else None
    return {
        # Of no edition there are no wards: none of them holds anything.
        "asked_wards": list(asked.ids) if asked else [] if codes else None,
        "other_wards": list(asked.others) if asked else [],
        "wards_box": asked.box if asked else None,
        "edition": asked.edition if asked else None,
        "metric_srid": asked.metric_srid if asked else None,
        "sliver_m": asked.sliver_m if asked else None,
    }


def _listed(words: frozenset[str]) -> list[str] | None:
    return sorted(words) or None
