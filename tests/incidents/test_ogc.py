"""The OGC API – Features: what the standard asks, and what an independent reader finds."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from hypothesis import given
from hypothesis import strategies as st

from districts import city
from districts.models import Asset
from incidents.actors import ANYBODY
from incidents.models import Incident
from incidents.ogc import parameters
from incidents.ogc.errors import BadParameter
from incidents.selectors import visible_to
from map_ui import ogc_tiles
from map_ui.layers import layer
from tests.incidents.served import served
from tests.incidents.test_exports import incident

HERE = (106.7060, 10.766)
OPENED = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def seven(town):
    """Seven public incidents, two at a moment; one that is not public, one sensitive."""
    for number in range(7):
        lon = HERE[0] + number * 0.002
        made = incident("pothole" if number % 2 else "fallen-tree", (lon, HERE[1]))
        opened = OPENED + timedelta(days=number // 2)
        Incident.objects.filter(pk=made.pk).update(opened_at=opened)
    incident("pothole", HERE, public=False)
    incident("noise", HERE)
    return set(visible_to(ANYBODY).exclude(category="noise").values_list("pk", flat=True))


def asset(kind, code, **more):
    shape = MultiPolygon(Polygon.from_bbox((106.705, 10.765, 106.706, 10.766)))
    told = {"name": f"{kind} {code}", "shape": shape, "valid": (date(2020, 1, 1), None), **more}
    return Asset.objects.create(kind=kind, code=code, **told)


@pytest.fixture
def bridges(town, monkeypatch):
    """The city shows its bridges to everybody: two of today, one superseded; and a pump to none."""
    here = replace(city.current(), public_assets=("bridge", "park"))
    monkeypatch.setattr(city, "current", lambda: here)
    shown = [asset("bridge", code) for code in ("b1", "b2")]
    return shown, [
        asset("bridge", "b0", superseded_at=OPENED),
        asset("bridge", "b9", valid=(date(2020, 1, 1), date(2021, 1, 1))),
        asset("pump", "p1"),
    ]


def ids(found):
    return [one["id"] for one in found["features"]]


def got(client, path):
    answer = client.get(f"/ogc/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_pages_follow_each_other_until_everything_was_there_once(client, seven):
    found, address, pages = [], "/ogc/collections/incidents/items?limit=2", 0
    while address:
        page = client.get(address)
        assert page["Content-Type"] == "application/geo+json"
        told = page.json()
        assert told["numberReturned"] == len(told["features"])
        found += ids(told)
        links = {one["rel"]: one["href"] for one in told["links"]}
        following = urlsplit(links["next"]) if "next" in links else None
        address = following and f"{following.path}?{following.query}"
        pages += 1
    assert (set(found), len(found), pages) == (seven, 7, 4)


FOUND = {
    "": 7,
    "bbox=106.7,10.7,106.7085,10.8": 2,
    "bbox=106.7,10.7,-5,106.7085,10.8,100": 2,
    "bbox=106.70000000000000284,1.07e1,1.067085E%2B2,10.8": 2,
    "bbox=1e-9,0,106.7085,10.8": 2,
    "bbox=170,-10,-170,10": 0,
    "datetime=2026-03-02": 2,
    "datetime=2026-03-02T09:30:15.123456Z": 2,
    "datetime=2026-03-02T16:30:15.123456%2B07:00/..": 7,
    "datetime=../2026-03-03": 4,
    "datetime=2026-03-03/2026-03-04": 4,
    "category=pothole": 3,
    "category=pothole,fallen-tree&status=received": 7,
    "status=closed": 0,
    "limit=100000": 7,
}
REFUSED = (
    "bbox=1,2,3", "bbox=a,b,c,d", "bbox=1e999,0,1,1", "bbox=nan,0,1,1", "bbox=.,0,1,1",
    "bbox=1,5,2,4", "bbox=181,0,182,1", "datetime=yesterday",
    "datetime=2026-03-03/2026-03-02", "datetime=a/b/c", "limit=0", "limit=x", "limit=-1",
    "cursor=%00", "category=noise", "category=%00", "colour=red", "f=xml",
)  # fmt: skip


def test_items_are_those_that_were_asked_for(client, seven):
    found = {
        query: len(ids(got(client, f"collections/incidents/items?{query}"))) for query in FOUND
    }
    assert found == FOUND


def test_what_cannot_be_read_is_refused_with_400(client, town):
    for query in REFUSED:
        answer = client.get(f"/ogc/collections/incidents/items?{query}")
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
        # A page of another site reads what was wrong, too.
        assert answer["Access-Control-Allow-Origin"] == "*"


def test_one_feature_and_none(client, seven):
    hidden = Incident.objects.exclude(pk__in=seven).values_list("pk", flat=True)
    shown = got(client, f"collections/incidents/items/{min(seven)}")
    assert (shown["type"], shown["id"], shown["geometry"]["type"]) == (
        "Feature", min(seven), "Point",
    )  # fmt: skip
    ward = got(client, "collections/wards/items?limit=1")["features"][0]
    told = got(client, f"collections/wards/items/{ward['id']}")
    assert told["geometry"] == ward["geometry"]
    nowhere = ["items/x", f"items/{'9' * 30}", *(f"items/{pk}" for pk in hidden)]
    for path in (*(f"incidents/{one}" for one in nowhere), "wards/items/%00", "nothing/items"):
        assert client.get(f"/ogc/collections/{path}").status_code == 404, path


def test_assets_are_there_only_where_the_city_opens_their_kind(client, town):
    assert client.get("/ogc/collections/assets/items").status_code == 404
    assert "assets" not in str(got(client, "collections"))


def test_assets_of_open_kinds_are_features_and_others_are_not_to_be_found(client, bridges):
    shown, hidden = bridges
    first = got(client, "collections/assets/items?limit=1&kind=bridge")
    following = next(one["href"] for one in first["links"] if one["rel"] == "next")
    second = client.get(following).json()
    assert ids(first) + ids(second) == [one.pk for one in shown]
    told = first["features"][0]
    assert told["properties"] == {"kind": "bridge", "code": "b1", "name": "bridge b1"}
    assert told["geometry"]["type"] == "MultiPolygon"
    assert ids(got(client, "collections/assets/items?bbox=106,10,106.1,10.1")) == []
    for one in hidden:
        assert client.get(f"/ogc/collections/assets/items/{one.pk}").status_code == 404
    for query in ("kind=pump", "cursor=x"):
        assert client.get(f"/ogc/collections/assets/items?{query}").status_code == 400
    for path in ("tiles", "tiles/WebMercatorQuad", "tilejson"):
        assert client.get(f"/ogc/collections/assets/{path}").status_code == 404


def test_every_link_leads_somewhere_and_every_document_is_also_a_page(client, seven, bridges):
    seen, ahead = set(), ["/ogc/"]
    while ahead:
        address = ahead.pop()
        if address in seen or "{" in address:
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code == 200, address
        if not answer["Content-Type"].startswith("text/html"):
            told = answer.json()
            ahead += links_of(told)
            if address.startswith("/ogc/collections") and "links" in told:
                assert "self" in rels(told), address
                assert "alternate" in rels(told) or "/tiles" in address, address
    assert len(seen) >= 20
    page = client.get("/ogc/collections/incidents/items", headers={"Accept": "text/html,*/*;q=0.8"})
    assert "<table" in page.content.decode()


def rels(told):
    return {one["rel"] for one in told["links"]}


def links_of(told):
    if isinstance(told, list):
        return [link for one in told for link in links_of(one)]
    if not isinstance(told, dict):
        return []
    href = told.get("href", "")
    own = [href.removeprefix("http://testserver")] if href.startswith("http://testserver") else []
    return own + [link for one in told.values() for link in links_of(one)]


def test_the_description_names_every_path_and_parameter(client, town):
    told = got(client, "api")
    assert told["openapi"].startswith("3.0")
    items = told["paths"]["/collections/incidents/items"]["get"]["parameters"]
    known = {*parameters.COMMON, "category", "sector", "status", "agency", "ward"} - {"lang"}
    assert {one["name"] for one in items} == known
    for path in told["paths"]:
        assert "{" in path or client.get(f"/ogc{path}").status_code == 200, path
    queryables = got(client, "collections/incidents/queryables")["properties"]
    assert "noise" not in queryables["category"]["enum"]
    assert {"rejected", "merged"}.isdisjoint(queryables["status"]["enum"])


def test_tiles_are_where_the_documents_say(client, seven):
    for name in ogc_tiles.LAYERS:
        told = got(client, f"collections/{name}/tilejson")
        address = told["tiles"][0].removeprefix("http://testserver")
        place = {"z": 14, "x": 13048, "y": 7701}
        assert client.get(address.format(**place)).status_code in {200, 204}
        assert told["maxzoom"] == layer(ogc_tiles.LAYERS[name]).max_zoom
        tiles = got(client, f"collections/{name}/tiles/WebMercatorQuad")
        item = next(one for one in tiles["links"] if one["rel"] == "item")
        asked = item["href"].format(tileMatrix=14, tileCol=13048, tileRow=7701)
        assert asked.removeprefix("http://testserver") == address.format(**place)


@given(st.text(max_size=60))
def test_whatever_is_written_is_read_or_refused(text):
    for name in ("bbox", "datetime", "limit"):
        try:
            asked = parameters.read({name: [text]}, {})
        except BadParameter:
            continue
        assert 1 <= asked.limit <= parameters.MOST
        assert not (asked.since and asked.until) or asked.since <= asked.until


READ = """
import json, sys, pyogrio
source = f"OAPIF:{sys.argv[1]}/ogc"
found = pyogrio.read_dataframe(source, layer="incidents", PAGE_SIZE=3)
near = pyogrio.read_dataframe(source, layer="incidents", bbox=(106.7, 10.7, 106.7085, 10.8))
wards = pyogrio.read_dataframe(source, layer="wards")
assets = pyogrio.read_dataframe(source, layer="assets")
print(json.dumps({
    "layers": sorted(name for name, _kind in pyogrio.list_layers(source)),
    "ids": sorted(int(one) for one in found["id"]), "crs": found.crs.to_epsg(),
    "near": len(near), "wards": len(wards), "assets": list(assets["code"]),
    "lon": float(found.geometry.x.min()),
}))
"""


def test_gdal_reads_it_page_by_page(seven, bridges):
    """The driver that QGIS and GDAL have for it, in a process of its own."""
    with served() as address:
        asked = [sys.executable, "-c", READ, address]
        done = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "layers": ["assets", "incidents", "wards"], "ids": sorted(seven), "crs": 4326, "near": 2,
        "wards": 9, "assets": ["b1", "b2"], "lon": HERE[0],
    }  # fmt: skip
