"""Tiles over HTTP: what a map gets, how long it may keep it, and what goes wrong in words."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from itertools import combinations

import pytest
import shapely
from django.contrib.auth.models import User
from django.contrib.gis.geos import Point
from django.urls import reverse
from django.utils.translation import override

from districts.models import Category
from gis_core.positions import LonLat
from gis_core.tiles import Tile, cell_code, tile_of
from incidents.models import Incident, Staff
from incidents.permissions import Role
from map_ui import layers
from map_ui.layers import LAYERS, Layer
from tests import mvt, zoo
from tests.kept_rows import town_again

HERE = LonLat(106.7152, 10.7753)
"""In the middle of the made-up town."""


@pytest.fixture
def town(db):
    return town_again()


@pytest.fixture
def incidents(town):
    """Sixty public ones in a lattice, every second one closed, and one that was rejected."""
    category = Category.objects.filter(public=True, sensitive=False).first()
    Incident.objects.bulk_create(
        Incident(
            category=category,
            status="rejected" if step == 60 else ("closed" if step % 2 else "assigned"),
            position=Point(lonlat.lon, lonlat.lat, srid=4326),
            cell=cell_code(lonlat),
            opened_at=datetime(2026, 3, 1 + step % 28, 3, tzinfo=UTC),
        )
        for step in range(61)
        if (lonlat := LonLat(HERE.lon + step % 8 * 3e-4, HERE.lat + step // 8 * 3e-4))
    )
    return category


@pytest.fixture
def operator(client, db):
    user = User.objects.create_user("hoa", password="hoa")
    Staff.objects.create(user=user, role=Role.OPERATOR)
    client.force_login(user)
    return client


def address(name, tile):
    return f"/tiles/{name}/{tile.z}/{tile.x}/{tile.y}.mvt"


def counted(response, tile):
    return sum(f.properties["count"] for f in mvt.features(response.content, "heat", tile))


@pytest.fixture
def reader(client, request):
    """Whoever sees a layer: everybody, or for the desk's own an operator."""
    name = request.getfixturevalue("name")
    return request.getfixturevalue("operator" if name == "desk" else "client")


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_has_a_title_in_both_languages_and_a_tile(reader, incidents, name):
    titles = set()
    for language in ("vi", "en"):
        with override(language):
            titles.add(str(LAYERS[name].title))
    assert len(titles) == 2
    response = reader.get(address(name, tile_of(HERE, 12)))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/vnd.mapbox-vector-tile"


def test_an_entry_is_all_that_a_new_layer_needs(client, monkeypatch):
    more = {"drains": Layer(title="Drains", tile=lambda *_: b"\x1a\x00", max_zoom=3, max_age_s=60)}
    monkeypatch.setattr(layers, "LAYERS", {**LAYERS, **more})
    assert client.get("/tiles/drains/3/1/1.mvt").content == b"\x1a\x00"
    assert client.get("/tiles/drains/4/1/1.mvt").json()["code"] == "tile.zoom_not_served"


def test_the_address_has_a_name():
    assert reverse("tile", args=["areas", 12, 3262, 1925]) == "/tiles/areas/12/3262/1925.mvt"


@pytest.mark.parametrize("name", LAYERS)
def test_where_there_is_nothing_there_is_no_content(reader, incidents, name):
    response = reader.get(f"/tiles/{name}/12/0/0.mvt")
    assert (response.status_code, response.content) == (204, b"")
    kept = "private, no-store" if name == "desk" else "public, max-age="
    assert response["Cache-Control"].startswith(kept)


def test_anybody_gets_public_incidents_and_an_operator_all(client, incidents, operator):
    tile = tile_of(HERE, 12)
    seen = client.get(address("incidents", tile))
    assert counted(seen, tile) == 61
    assert seen["Cache-Control"].startswith("private")
    assert "Access-Control-Allow-Origin" not in seen
    client.logout()
    seen = client.get(address("incidents", tile))
    assert counted(seen, tile) == 60
    assert seen["Cache-Control"].startswith("public")
    assert seen["Access-Control-Allow-Origin"] == "*"
    assert "Cookie" in seen["Vary"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=closed", 30),
        ("status=closed,assigned", 60),
        ("status=closed&status=assigned", 60),
        ("since=2026-03-02&until=2026-03-02", 3),
        ("since=2026-04-01", 0),
        ("category=", 60),
    ],
)
def test_filters_narrow_what_is_counted(client, incidents, query, expected):
    tile = tile_of(HERE, 12)
    assert counted(client.get(f"{address('incidents', tile)}?{query}"), tile) == expected


def test_filters_by_category_and_sector(client, incidents):
    tile = tile_of(HERE, 12)
    others = Category.objects.exclude(sector=incidents.sector_id).first()
    for query, expected in [
        (f"category={incidents.code}", 60),
        (f"sector={incidents.sector_id}", 60),
        (f"category={others.code}", 0),
        (f"sector={others.sector_id}", 0),
        (f"sector={others.sector_id}&category={incidents.code}", 0),
    ]:
        assert counted(client.get(f"{address('incidents', tile)}?{query}"), tile) == expected


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("incidents/9/512/0.mvt", 404, "tile.no_such_tile"),
        ("incidents/29/0/0.mvt", 404, "tile.no_such_tile"),
        ("incidents/-1/0/0.mvt", 404, "tile.no_such_tile"),
        ("incidents/nine/0/0.mvt", 404, "tile.no_such_tile"),
        ("incidents/9/0/99999999999999999999999.mvt", 404, "tile.no_such_tile"),
        ("incidents/9/٤/0.mvt", 404, "tile.no_such_tile"),
        ("incidents/17/0/0.mvt", 404, "tile.zoom_not_served"),
        ("drains/9/0/0.mvt", 404, "tile.no_such_layer"),
        ("incidents/9/0/0.mvt?category=dragons", 422, "filter.bad_value"),
        ("incidents/9/0/0.mvt?status=lost", 422, "filter.bad_value"),
        ("incidents/9/0/0.mvt?since=yesterday", 422, "filter.bad_value"),
        ("incidents/9/0/0.mvt?since=2026-02-30", 422, "filter.bad_value"),
        ("incidents/9/0/0.mvt?since=2026-02-02&until=2026-02-01", 422, "filter.bad_value"),
    ],
)
def test_what_is_wrong_is_said_in_the_reader_s_language(client, town, path, status, code):
    said = {}
    for language in ("vi", "en"):
        response = client.get(f"/tiles/{path}", headers={"Accept-Language": language})
        assert response.status_code == status
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["code"] == code
        said[language] = response.json()["title"]
    assert said["vi"] != said["en"]


def test_a_tile_cannot_be_posted(client, town):
    assert client.post("/tiles/areas/9/0/0.mvt").status_code == 405


def test_the_head_of_a_tile_has_no_body(client, incidents):
    response = client.head(address("incidents", tile_of(HERE, 12)))
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.parametrize("name", LAYERS)
def test_an_unchanged_tile_is_not_sent_again(reader, incidents, name):
    first = reader.get(address(name, tile_of(HERE, 12)))
    again = reader.get(address(name, tile_of(HERE, 12)), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == first["Cache-Control"]


def test_a_changed_incident_changes_the_tile(client, incidents):
    tile = address("incidents", tile_of(HERE, 12))
    first = client.get(tile)
    Incident.objects.filter(pk=Incident.objects.first().pk).update(status="rejected")
    assert client.get(tile, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_new_edition_changes_the_tile(client, town):
    tile = address("areas", tile_of(HERE, 12))
    first = client.get(tile)
    town.published = False
    town.save()
    zoo.edition({"201": (106.70, 10.76, 106.73, 10.79)}, name="zoo-2026")
    second = client.get(tile, headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    [ward] = mvt.features(second.content, "wards", tile_of(HERE, 12))
    assert ward.properties["code"] == "201"


def test_a_large_tile_travels_packed_and_a_small_one_as_it_is(client, incidents):
    tile = tile_of(HERE, 16)
    plain = client.get(address("incidents", tile))
    packed = client.get(address("incidents", tile), headers={"Accept-Encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content)
    assert "Accept-Encoding" in plain["Vary"]
    small = client.get(
        address("incidents", tile) + "?since=2026-03-28", headers={"Accept-Encoding": "gzip"}
    )
    assert "Content-Encoding" not in small.headers


def test_wards_are_drawn_with_their_names(client, town):
    tile = tile_of(HERE, 12)
    body = client.get(address("areas", tile)).content
    wards = {f.properties["code"]: f for f in mvt.features(body, "wards", tile)}
    labels = {f.properties["code"]: f for f in mvt.features(body, "ward_labels", tile)}
    assert wards["105"].properties["full_name"] == "Phường Zoo 105"
    assert not wards["105"].properties["approximate"]
    assert wards["105"].shape.contains(labels["105"].shape)


def test_each_ward_has_one_label_over_all_tiles(client, town):
    """A label in two tiles would be written twice."""
    corner = tile_of(LonLat(106.70, 10.79), 14)
    found = [
        feature.properties["code"]
        for x in range(corner.x, corner.x + 3)
        for y in range(corner.y, corner.y + 3)
        for feature in mvt.features(
            client.get(f"/tiles/areas/14/{x}/{y}.mvt").content, "ward_labels", Tile(14, x, y)
        )
    ]
    assert sorted(found) == sorted(zoo.ward_boxes())


@pytest.mark.parametrize("z", [8, 10, 12, 14])
def test_neighbouring_wards_meet_at_every_zoom(client, town, z):
    """No gap or overlap wider than a unit of the tile's grid (an eighth of a pixel)."""
    tile = tile_of(HERE, z)
    body = client.get(address("areas", tile)).content
    wards = [feature.shape for feature in mvt.features(body, "wards", tile)]
    unit = (tile.bounds_m()[2] - tile.bounds_m()[0]) / 4096
    overlap = sum(a.intersection(b).area for a, b in combinations(wards, 2))
    whole = shapely.union_all(wards)
    holes = sum(shapely.Polygon(ring).area for part in _parts(whole) for ring in part.interiors)
    assert overlap + holes <= whole.length * unit


def _parts(shape):
    return getattr(shape, "geoms", [shape])


@pytest.mark.parametrize(("name", "queries"), [("areas", 3), ("incidents", 1)])
def test_a_tile_costs_few_queries(client, incidents, django_assert_max_num_queries, name, queries):
    client.get(address(name, tile_of(HERE, 12)))
    with django_assert_max_num_queries(queries):
        client.get(address(name, tile_of(HERE, 12)))
