"""The OGC API over HTTP: /ogc/. JSON for programs, a small page for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from incidents.ogc import description, documents, parameters
from incidents.ogc.collections import collection, tiled_collection
from incidents.ogc.documents import GEOJSON, HTML, JSON, OPENAPI, Document, link
from incidents.ogc.errors import BadParameter, NoSuchFeature, UnknownParameter
from map_ui import ogc_tiles

app_name = "ogc"
FORMS: Final[Mapping[str, str]] = {"json": JSON, "html": HTML}
KEPT_S: Final = 60


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The landing page."""
    _plain(request)
    return _answer(request, documents.landing(_root(request)))


@require_safe
def conformance(request: HttpRequest) -> HttpResponse:
    """What the API conforms to."""
    _plain(request)
    return _answer(request, documents.conformance())


@require_safe
def api(request: HttpRequest) -> HttpResponse:
    """The description in OpenAPI."""
    _plain(request)
    return _answer(request, description.description(_root(request)), OPENAPI)


@require_safe
def collections(request: HttpRequest) -> HttpResponse:
    """All collections."""
    _plain(request)
    root = _root(request)
    told = documents.collections(root)
    told["links"].append(_as_page(f"{root}/collections"))
    for one in told["collections"]:
        one["links"] += ogc_tiles.links(root, one["id"])
    return _answer(request, told)


@require_safe
def one_collection(request: HttpRequest, name: str) -> HttpResponse:
    """One collection. Raises NoSuchCollection."""
    _plain(request)
    root = _root(request)
    told = documents.collection(root, collection(name))
    told["links"] += [_as_page(f"{root}/collections/{name}"), *ogc_tiles.links(root, name)]
    return _answer(request, told)


@require_safe
def queryables(request: HttpRequest, name: str) -> HttpResponse:
    """What a collection's features may be filtered by. Raises NoSuchCollection."""
    _plain(request)
    told = documents.queryables(_root(request), collection(name))
    return _answer(request, told, "application/schema+json")


@require_safe
def items(request: HttpRequest, name: str) -> HttpResponse:
    """A page of features. Raises NoSuchCollection, BadParameter."""
    offered = collection(name)
    asked = parameters.read(dict(request.GET.lists()), offered.queryables())
    page = offered.page(asked)
    here = f"{_root(request)}/collections/{name}"
    links = [
        link(_with(f"{here}/items", request.GET), "self", GEOJSON),
        _as_page(f"{here}/items", request.GET),
        link(here, "collection"),
    ]
    if page.next:
        following = _with(f"{here}/items", request.GET, cursor=page.next)
        links.append(link(following, "next", GEOJSON, gettext("Next page")))
    told: Document = {
        "type": "FeatureCollection",
        "links": links,
        "timeStamp": timezone.now().isoformat(timespec="seconds").replace("+00:00", "Z"),
        "numberReturned": len(page.features),
    }
    if _wants_html(request):
        features = [json.loads(one) for one in page.features]
        return _answer(request, told | {"title": str(offered.title), "features": features})
    body = f'{json.dumps(told, ensure_ascii=False)[:-1]}, "features": [{",".join(page.features)}]}}'
    return _kept(HttpResponse(body, GEOJSON))


@require_safe
def item(request: HttpRequest, name: str, feature_id: str) -> HttpResponse:
    """One feature. Raises NoSuchCollection, NoSuchFeature."""
    _plain(request)
    written = collection(name).one(feature_id)
    if written is None:
        raise NoSuchFeature(feature=feature_id[:60], collection=name)
    here = f"{_root(request)}/collections/{name}"
    mine = f"{here}/items/{feature_id}"
    links = [link(mine, "self", GEOJSON), _as_page(mine), link(here, "collection")]
    return _answer(request, json.loads(written) | {"links": links}, GEOJSON)


@require_safe
def tilesets(request: HttpRequest, name: str) -> HttpResponse:
    """The sets of tiles of a collection. Raises NoSuchCollection, NoSuchFeature."""
    _plain(request)
    return _answer(request, ogc_tiles.tilesets(_root(request), tiled_collection(name)))


@require_safe
def tileset(request: HttpRequest, name: str, matrices: str) -> HttpResponse:
    """One set of tiles. Raises NoSuchCollection, NoSuchFeature."""
    _plain(request)
    offered = tiled_collection(name)
    if matrices != ogc_tiles.MATRICES:
        raise NoSuchFeature(feature=matrices[:60], collection=name)
    return _answer(request, ogc_tiles.tileset(_root(request), _site(request), offered))


@require_safe
def tilejson(request: HttpRequest, name: str) -> HttpResponse:
    """The same as TileJSON 3.0. Raises NoSuchCollection, NoSuchFeature."""
    _plain(request)
    return _answer(request, ogc_tiles.tilejson(_site(request), tiled_collection(name)))


def _site(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _root(request: HttpRequest) -> str:
    return f"{_site(request)}/ogc"


def _plain(request: HttpRequest) -> None:
    """Refuse parameters that mean nothing here, as the standard asks.

    Raises UnknownParameter, BadParameter.
    """
    for name in request.GET:
        if name not in {"f", "lang"}:
            raise UnknownParameter(parameter=name[:40], known="f, lang")
    _wants_html(request)


def _wants_html(request: HttpRequest) -> bool:
    """Tell whether the answer is for a person: by ``f``, else by Accept. Raises BadParameter."""
    form = request.GET.get("f")
    if form is not None:
        if form not in FORMS:
            raise BadParameter(parameter="f", value=form[:40], possible=", ".join(FORMS))
        return form == "html"
    return request.get_preferred_type([JSON, GEOJSON, HTML]) == HTML


def _answer(request: HttpRequest, told: Document, media_type: str = JSON) -> HttpResponse:
    if _wants_html(request):
        return _kept(render(request, "map_ui/ogc.html", _shown(told)))
    return _kept(HttpResponse(json.dumps(told, ensure_ascii=False), media_type))


def _kept(answer: HttpResponse) -> HttpResponse:
    # The same for everybody, whoever asks.
    answer["Cache-Control"] = f"public, max-age={KEPT_S}"
    answer["Access-Control-Allow-Origin"] = "*"
    answer.headers["Vary"] = "Accept"
    return answer


def _shown(told: Document) -> dict[str, Any]:
    """Return what the page shows: a name, the links, features as rows."""
    features = told.get("features", [])
    parts = told.get("collections", [])
    return {
        "name": told.get("title") or told.get("id") or "OGC API",
        "about": told.get("description", ""),
        "links": told.get("links", []),
        "parts": parts,
        "columns": list(features[0]["properties"]) if features else [],
        "rows": [list(one["properties"].values()) for one in features],
        "text": "" if features or parts else json.dumps(told, ensure_ascii=False, indent=2),
    }


def _as_page(address: str, query: QueryDict | None = None) -> Document:
    """Return the link to the same for people (OGC 17-069r4, 7.13, 7.15.6, 7.16.2)."""
    return link(_with(address, query or QueryDict(), f="html"), "alternate", HTML)


def _with(address: str, query: QueryDict, **change: str) -> str:
    changed = query.copy()
    for name, value in change.items():
        changed[name] = value
    return f"{address}?{changed.urlencode()}" if changed else address


urlpatterns = [
    path("", landing, name="landing"),
    path("conformance", conformance, name="conformance"),
    path("api", api, name="api"),
    path("collections", collections, name="collections"),
    path("collections/<str:name>", one_collection, name="collection"),
    path("collections/<str:name>/queryables", queryables, name="queryables"),
    path("collections/<str:name>/items", items, name="items"),
    path("collections/<str:name>/items/<str:feature_id>", item, name="item"),
    path("collections/<str:name>/tiles", tilesets, name="tilesets"),
    path("collections/<str:name>/tiles/<str:matrices>", tileset, name="tileset"),
    path("collections/<str:name>/tilejson", tilejson, name="tilejson"),
]
