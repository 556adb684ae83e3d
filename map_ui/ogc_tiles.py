"""Where the vector tiles are, as OGC API – Tiles (OGC 20-057) and TileJSON 3.0 tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from districts import city
from gis_core.positions import LonLat
from gis_core.tiles import tile_of
from incidents.ogc.collections import Offered
from incidents.ogc.documents import CRS84, Document, link
from map_ui.boundaries import in_force
from map_ui.layers import layer

MATRICES: Final = "WebMercatorQuad"
MATRICES_AT: Final = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{MATRICES}"
MERCATOR: Final = "http://www.opengis.net/def/crs/EPSG/0/3857"
TILESETS: Final = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
SCHEME: Final = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
MVT: Final = "application/vnd.mapbox-vector-tile"

LAYERS: Final[Mapping[str, str]] = {"incidents": "incidents", "wards": "areas"}
"""Collection -> the map's layer."""
INSIDE: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "incidents": {
        "heat": {"count": "Number"},
        "clusters": {"count": "Number", "open": "Number"},
        "incidents": {
            "id": "Number", "category": "String", "sector": "String", "status": "String",
            "opened": "String",
        },
    },
    "wards": {
        "wards": {"code": "String", "name": "String", "full_name": "String"},
        "ward_labels": {"code": "String", "name": "String", "full_name": "String"},
    },
}  # fmt: skip
"""What the layers of a tile hold."""


def links(root: str, name: str) -> list[Document]:
    """Return a collection's links to its tiles."""
    here = f"{root}/collections/{name}"
    told = [link(f"{here}/tiles", TILESETS), link(f"{here}/tilejson", "describedby")]
    return told if name in LAYERS else []


def tilesets(root: str, offered: Offered) -> Document:
    """Return the one set of tiles that a collection has."""
    here = f"{root}/collections/{offered.id}/tiles"
    return {
        "links": [link(here, "self")],
        "tilesets": [
            {
                **_about(offered),
                "links": [link(f"{here}/{MATRICES}", "self"), link(MATRICES_AT, SCHEME)],
            }
        ],
    }


def tileset(root: str, site: str, offered: Offered) -> Document:
    """Return the set's description; ``site`` is the address of the site without a slash."""
    here = f"{root}/collections/{offered.id}/tiles/{MATRICES}"
    source = layer(LAYERS[offered.id])
    address = _address(site, offered, "{tileMatrix}", "{tileCol}", "{tileRow}")
    extent = city.current().extent
    zooms = range(source.min_zoom, source.max_zoom + 1)
    return {
        **_about(offered),
        "layers": [
            {"id": name, "dataType": "vector", "geometryDimension": 2 if name == "wards" else 0}
            for name in INSIDE[offered.id]
        ],
        "boundingBox": {
            "lowerLeft": list(extent[:2]),
            "upperRight": list(extent[2:]),
            "crs": CRS84,
        },
        "tileMatrixSetLimits": [_limits(extent, z) for z in zooms],
        "links": [
            link(here, "self"),
            link(MATRICES_AT, SCHEME),
            link(address, "item", MVT) | {"templated": True},
        ],
    }


def tilejson(site: str, offered: Offered) -> Document:
    """Return what map libraries and QGIS read."""
    source, boundaries = layer(LAYERS[offered.id]), in_force()
    return {
        "tilejson": "3.0.0",
        "name": str(offered.title),
        "description": str(offered.description),
        "attribution": boundaries.attribution if boundaries else "",
        "tiles": [_address(site, offered, "{z}", "{x}", "{y}")],
        "minzoom": source.min_zoom,
        "maxzoom": source.max_zoom,
        "bounds": list(city.current().extent),
        "vector_layers": [
            {"id": name, "fields": dict(fields)} for name, fields in INSIDE[offered.id].items()
        ],
    }


def _about(offered: Offered) -> Document:
    return {
        "title": str(offered.title),
        "dataType": "vector",
        "crs": MERCATOR,
        "tileMatrixSetURI": MATRICES_AT,
    }


def _address(site: str, offered: Offered, z: str, x: str, y: str) -> str:
    return f"{site}/tiles/{LAYERS[offered.id]}/{z}/{x}/{y}.mvt"


def _limits(extent: Sequence[float], z: int) -> Document:
    """Return the rows and columns in which there may be anything (OGC 17-083r4)."""
    west, south, east, north = extent
    first, last = tile_of(LonLat(west, north), z), tile_of(LonLat(east, south), z)
    return {
        "tileMatrix": str(z),
        "minTileRow": first.y,
        "maxTileRow": last.y,
        "minTileCol": first.x,
        "maxTileCol": last.x,
    }
