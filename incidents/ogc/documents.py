"""The API's own documents: landing page, conformance, collections, queryables. Values for JSON."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext

from districts import city
from incidents.ogc import collections as offers
from incidents.ogc.collections import Offered

Document = dict[str, Any]

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GREGORIAN: Final = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
QUERYABLES: Final = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
JSON: Final = "application/json"
GEOJSON: Final = "application/geo+json"
HTML: Final = "text/html"
OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"

_FEATURES: Final = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
_TILES: Final = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"
CONFORMS_TO: Final = (
    f"{_FEATURES}/core",
    f"{_FEATURES}/geojson",
    f"{_FEATURES}/oas30",
    f"{_TILES}/core",
    f"{_TILES}/tileset",
    f"{_TILES}/tilesets-list",
    f"{_TILES}/geodata-tilesets",
    f"{_TILES}/mvt",
)


def link(href: str, rel: str, media_type: str = JSON, title: str = "") -> Document:
    """Return a link as all documents write it."""
    told = {"href": href, "rel": rel, "type": media_type}
    return told | {"title": title} if title else told


def landing(root: str) -> Document:
    """Return the landing page; ``root`` is its address, without a slash at the end."""
    return {
        "title": "Wardwise",
        "description": gettext("Incidents and wards as features and vector tiles, open to all."),
        "links": [
            link(f"{root}/", "self", JSON, gettext("This document")),
            link(f"{root}/?f=html", "alternate", HTML),
            link(f"{root}/api", "service-desc", OPENAPI, gettext("The API's description")),
            link(f"{root}/api?f=html", "service-doc", HTML, gettext("The API's description")),
            link(f"{root}/conformance", "conformance", JSON, gettext("What it conforms to")),
            link(f"{root}/collections", "data", JSON, gettext("Collections")),
        ],
    }


def conformance() -> Document:
    """Return what the API conforms to."""
    return {"conformsTo": list(CONFORMS_TO)}


def collections(root: str) -> Document:
    """Return all collections."""
    return {
        "links": [link(f"{root}/collections", "self")],
        "collections": [collection(root, one) for one in offers.collections().values()],
    }


def collection(root: str, offered: Offered) -> Document:
    """Return what a collection is, and where its features are."""
    here = f"{root}/collections/{offered.id}"
    extent: Document = {"spatial": {"bbox": [list(city.current().extent)], "crs": CRS84}}
    if since := offered.since():
        extent["temporal"] = {"interval": [[since, None]], "trs": GREGORIAN}
    return {
        "id": offered.id,
        "title": str(offered.title),
        "description": str(offered.description),
        "extent": extent,
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            link(here, "self"),
            link(f"{here}/items", "items", GEOJSON, str(offered.title)),
            link(f"{here}/items?f=html", "items", HTML, str(offered.title)),
            link(f"{here}/queryables", QUERYABLES, "application/schema+json"),
        ],
    }


def queryables(root: str, offered: Offered) -> Document:
    """Return the properties to filter by, as a JSON Schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{root}/collections/{offered.id}/queryables",
        "type": "object",
        "title": str(offered.title),
        "properties": {
            name: {"type": "string", "enum": list(values)}
            for name, values in offered.queryables().items()
        },
        "additionalProperties": False,
    }
