"""The API's description in OpenAPI 3.0 (conformance class oas30)."""

from __future__ import annotations

from typing import Any, Final

from incidents.ogc.collections import Offered, collections
from incidents.ogc.documents import GEOJSON, HTML, JSON, Document
from incidents.ogc.parameters import DEFAULT, MOST

_PROBLEM: Final = {
    "description": "What was wrong and what to do",
    "content": {"application/problem+json": {"schema": {"type": "object"}}},
}


def description(root: str) -> Document:
    """Return the whole description."""
    paths: Document = {
        "/": _get("The landing page", "landing", JSON),
        "/conformance": _get("What the API conforms to", "conformance", JSON),
        "/collections": _get("The collections", "collections", JSON),
        "/api": _get("This description", "description", JSON),
    }
    for one in collections().values():
        paths |= _collection(one)
    return {
        "openapi": "3.0.3",
        "info": {"title": "Wardwise: OGC API", "version": "1.0.0"},
        "servers": [{"url": root}],
        "paths": paths,
    }


def _collection(one: Offered) -> Document:
    here = f"/collections/{one.id}"
    feature = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}
    tiles = {f"{here}/tiles": _get("Sets of vector tiles", f"{one.id}.tilesets", JSON)}
    return {
        here: _get(str(one.title), f"{one.id}.describe", JSON),
        f"{here}/queryables": _get(str(one.title), f"{one.id}.queryables", JSON),
        f"{here}/items": _get(str(one.description), f"{one.id}.items", GEOJSON, _asked(one)),
        f"{here}/items/{{featureId}}": _get("A feature", f"{one.id}.item", GEOJSON, [feature]),
        **(tiles if one.tiled else {}),
    }


def _get(summary: str, name: str, media_type: str, parameters: Any = ()) -> Document:  # noqa: ANN401
    answer = {"schema": {"type": "object"}}
    shown = {"description": summary, "content": {media_type: answer, HTML: {"schema": {}}}}
    return {
        "get": {
            "summary": summary,
            "operationId": name,
            "parameters": [*parameters, _query("f", {"type": "string", "enum": ["json", "html"]})],
            "responses": {"200": shown, "400": _PROBLEM, "404": _PROBLEM},
        }
    }


def _asked(one: Offered) -> list[Document]:
    box = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
    limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT}
    return [
        _query("bbox", box) | {"style": "form", "explode": False},
        _query("datetime", {"type": "string"}),
        _query("limit", limit),
        _query("cursor", {"type": "string"}),
        *(
            _query(name, {"type": "array", "items": {"type": "string", "enum": sorted(values)}})
            | {"style": "form", "explode": False}
            for name, values in one.queryables().items()
        ),
    ]


def _query(name: str, schema: Document) -> Document:
    return {"name": name, "in": "query", "required": False, "schema": schema}
