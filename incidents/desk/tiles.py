"""The desk's list as vector tiles: what the list holds, no more and no less."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from gis_core import sql
from gis_core.tiles import LEVEL, Tile
from incidents.actors import Actor
from incidents.desk import queue as desk
from incidents.desk.filters import DeskFilter, Tab
from incidents.desk.reach import desks, reached_ids

DEEPEST_ZOOM: Final = 16
SINGLE_FROM_ZOOM: Final = 15
SINGLE_UP_TO: Final = 200
"""So few in one tile are single points at any zoom."""

ENDED_SHOWN: Final = timedelta(days=90)
"""The map shows what has ended only where it was opened within this."""

_FINE_LEVELS: Final = 7


def tile(place: Tile, wanted: DeskFilter, actor: Actor) -> bytes:
    """Return the Mapbox vector tile of a desk; empty where there is nothing.

    Layers: ``incidents`` (id, category, status, late) where they are few, or from zoom 15 on; else
    ``clusters`` (count, late) as ``tile_selectors`` has them. Raises PermissionDenied.
    """
    asked = _asked(place, wanted, desks(actor))
    [(total, clusters)] = sql.rows("incidents", "desk_tile", asked)
    if total > SINGLE_UP_TO and place.z < SINGLE_FROM_ZOOM:
        return bytes(clusters)
    if not total:
        return b""
    [(points,)] = sql.rows("incidents", "desk_tile_points", asked)
    return bytes(points)


def _asked(place: Tile, wanted: DeskFilter, actor: Actor) -> dict[str, Any]:
    first, last = place.cells()
    agencies, areas = reached_ids(actor)
    now = timezone.now()
    return {
        "z": place.z,
        "x": place.x,
        "y": place.y,
        "first": first,
        "last": last,
        "fine_shift": 2 * (LEVEL - place.z - _FINE_LEVELS),
        "now": now,
        "everything": actor.sees_everything,
        "agencies": agencies,
        "areas": areas,
        "statuses": wanted.statuses,
        "due_before": wanted.due_before(now),
        "opened_from": now - ENDED_SHOWN if wanted.tab is Tab.ENDED else None,
        "categories": sorted(wanted.categories) or None,
        "sectors": sorted(wanted.sectors) or None,
        "only_agencies": sorted(wanted.agencies) or None,
        "ward": wanted.ward,
        "ids": list(desk.page(actor, wanted).ids) if wanted.text else None,
        "own_area": wanted.own_area,
        "owner": actor.user_id,
    }
