"""What the map can show: one frozen entry a layer. A new layer is a new entry here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from districts import tiles as areas
from gis_core.errors import N_, DomainError
from gis_core.tiles import Tile
from incidents import tile_selectors as incidents
from incidents.actors import Actor
from incidents.desk import tiles as desk_tiles
from incidents.desk.filters import read_desk_filter
from incidents.errors import BadFilter
from incidents.filters import Filters, read_filters
from map_ui.desk_queries import desk_query


class NoSuchLayer(DomainError):
    """No layer has this name."""

    code = "tile.no_such_layer"
    status = 404
    message = N_("There is no layer %(layer)s. The map has: %(known)s.")


class ZoomNotServed(DomainError):
    """The tile exists, but this layer is not drawn so near or so far."""

    code = "tile.zoom_not_served"
    status = 404
    message = N_(
        "The layer %(layer)s has tiles from zoom %(first)s to %(last)s, not for zoom %(z)s. "
        "Nearer ones are drawn from those of zoom %(last)s."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One source of tiles.

    ``tile`` gets the place, the request's query and the asker, and returns a Mapbox vector tile,
    empty where there is nothing. ``revision`` names what a layer's tiles are made of, where they
    are the same for everybody and that is cheaper to ask than a tile is to make.
    """

    title: str | Promise
    tile: Callable[[Tile, QueryDict, Actor], bytes]
    min_zoom: int = 0
    max_zoom: int
    max_age_s: int
    """How long a browser need not ask again."""
    revision: Callable[[], str] | None = None


def _incidents(place: Tile, query: QueryDict, actor: Actor) -> bytes:
    return incidents.tile(place, _filters(query), actor)


def _desk(place: Tile, query: QueryDict, actor: Actor) -> bytes:
    return desk_tiles.tile(place, read_desk_filter(desk_query(query)), actor)


def _wards(place: Tile, _query: QueryDict, _actor: Actor) -> bytes:
    return areas.ward_tile(place)


LAYERS: Final[Mapping[str, Layer]] = MappingProxyType(
    {
        "areas": Layer(
            title=_("Wards"),
            tile=_wards,
            max_zoom=areas.DEEPEST_ZOOM,
            max_age_s=300,
            revision=areas.ward_revision,
        ),
        "incidents": Layer(
            title=_("Incidents"), tile=_incidents, max_zoom=incidents.DEEPEST_ZOOM, max_age_s=5
        ),
        "desk": Layer(title=_("Desk"), tile=_desk, max_zoom=desk_tiles.DEEPEST_ZOOM, max_age_s=0),
    }
)


def layer(name: str) -> Layer:
    """Return the layer of this name. Raises NoSuchLayer."""
    if name not in LAYERS:
        raise NoSuchLayer(layer=name[:60], known=", ".join(LAYERS))
    return LAYERS[name]


def _filters(query: QueryDict) -> Filters:
    """Return the filters of a tile's query; most tiles have none. Raises BadFilter."""
    if not query:
        return Filters()
    return read_filters(
        sector=query.getlist("sector"),
        category=query.getlist("category"),
        status=query.getlist("status"),
        days=(_day(query, "since"), _day(query, "until")),
    )


def _day(query: QueryDict, field: str) -> date | None:
    written = query.get(field, "")
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise BadFilter(field=field, value=written[:60], possible="YYYY-MM-DD") from None
