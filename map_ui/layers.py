"""What the map can show: one frozen entry a layer. A new layer is a new entry here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
from incidents.columns import reading
from incidents.columns.rows import Columns
from incidents.desk import tiles as desk_tiles
from incidents.desk.filters import read_desk_filter
from incidents.filters import Filters, read_day, read_filters
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
    empty where there is nothing. ``revision`` names what a tile is made of, "" where that is not
    cheaper to ask than the tile is to make; what else stands in the address need not be in it.
    """

    title: str | Promise
    tile: Callable[[Tile, QueryDict, Actor], bytes]
    min_zoom: int = 0
    max_zoom: int
    max_age_s: int
    """How long a browser need not ask again."""
    revision: Callable[[Tile, Actor], str] | None = None
    same_for_all: bool = False
    """Whoever asks gets the same tiles."""


def _incidents(place: Tile, query: QueryDict, actor: Actor) -> bytes:
    columns, filters = _columns(actor), filters_of(query)
    if columns is None:
        return incidents.tile(place, filters, actor)
    from incidents.columns import tiles  # noqa: PLC0415  heavy: its compiler, half a second and 65 MB

    return tiles.tile(columns, place, filters, actor)


def _incidents_revision(place: Tile, actor: Actor) -> str:
    columns = _columns(actor)
    if columns is None:
        return ""
    from incidents.columns import tiles  # noqa: PLC0415  heavy, as above

    return tiles.revision(columns, place)


def _columns(actor: Actor) -> Columns | None:
    """Return the columns for whoever sees what is public, or everything; an office asks PostGIS."""
    return reading.current() if actor.is_nobody or actor.sees_everything else None


def _wards_revision(_place: Tile, _actor: Actor) -> str:
    return areas.ward_revision()


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
            revision=_wards_revision,
            same_for_all=True,
        ),
        "incidents": Layer(
            title=_("Incidents"),
            tile=_incidents,
            max_zoom=incidents.DEEPEST_ZOOM,
            max_age_s=5,
            revision=_incidents_revision,
        ),
        "desk": Layer(title=_("Desk"), tile=_desk, max_zoom=desk_tiles.DEEPEST_ZOOM, max_age_s=0),
    }
)


def layer(name: str) -> Layer:
    """Return the layer of this name. Raises NoSuchLayer."""
    if name not in LAYERS:
        raise NoSuchLayer(layer=name[:60], known=", ".join(LAYERS))
    return LAYERS[name]


def filters_of(query: QueryDict) -> Filters:
    """Return the filters of a tile's query; most tiles have none. Raises BadFilter."""
    if not query:
        return Filters()
    return read_filters(
        sector=query.getlist("sector"),
        category=query.getlist("category"),
        status=query.getlist("status"),
        agency=query.getlist("agency"),
        ward=query.getlist("ward"),
        days=(read_day("since", query.get("since", "")), read_day("until", query.get("until", ""))),
    )
