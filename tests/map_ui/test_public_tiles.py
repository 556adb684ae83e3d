"""Public tiles before Django: the same answer that Django gives, and nobody else's."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.gis.geos import Point
from django.test import Client

from districts.models import Category
from gis_core.positions import LonLat
from gis_core.tiles import cell_code, tile_of
from incidents.columns import reading
from incidents.columns.folder import home
from incidents.columns.keeping import only_writer
from incidents.models import Incident, Staff
from incidents.permissions import Role
from map_ui.public_tiles import PublicTiles
from tests import mvt
from tests.kept_rows import town_again

HERE = LonLat(106.7152, 10.7753)
PLACE = tile_of(HERE, 12)
ADDRESS = f"/tiles/incidents/{PLACE.z}/{PLACE.x}/{PLACE.y}.mvt"


@pytest.fixture
def columns(db, monkeypatch):
    """Three hundred incidents in the made-up town, and the columns of them."""
    town_again()
    category = Category.objects.filter(public=True, sensitive=False).first()
    Incident.objects.bulk_create(
        Incident(
            category=category,
            status="closed" if step % 2 else "assigned",
            position=Point(lonlat.lon, lonlat.lat, srid=4326),
            cell=cell_code(lonlat),
            opened_at=datetime(2026, 3, 1 + step % 28, 3, 0, step % 60, 999_999, tzinfo=UTC),
        )
        for step in range(300)
        if (lonlat := LonLat(HERE.lon - step % 20 * 15e-4, HERE.lat - step // 20 * 15e-4))
    )
    monkeypatch.setattr(reading, "LOOK_AGAIN_S", 0)
    monkeypatch.setattr(reading, "SILENT_S", 600)
    with only_writer(home()) as keeper:
        keeper.anew("a test")
        yield keeper


@pytest.fixture
def site():
    """The site with Django behind; ``behind`` counts what comes to it."""
    came = []

    def behind(environ, start_response):
        came.append(environ["PATH_INFO"])
        start_response("418 Behind", [])
        return [b"behind"]

    # The test's own transaction has to outlive a request.
    application = PublicTiles(behind, let_go=lambda: None)
    application.came = came
    return application


def get(site, path=ADDRESS, **environ):
    """Return (status, headers, body) of a request to ``site``."""
    told = {}
    path, _, query = path.partition("?")
    asked = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query,
        "HTTP_HOST": "localhost", "HTTP_ACCEPT_ENCODING": "gzip", **environ,
    }  # fmt: skip
    body = b"".join(site(asked, lambda status, headers: told.update(status=status, head=headers)))
    return int(told["status"][:3]), dict(told["head"]), body


def plain(headers, body):
    """Return a body as it was before it was packed."""
    return gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body


@pytest.mark.parametrize("query", ["", "?status=closed", "?since=2026-03-05&until=2026-03-09"])
def test_the_same_tile_as_by_django_with_the_same_headers(columns, site, query):
    status, headers, body = get(site, ADDRESS + query)
    behind = Client().get(ADDRESS + query, headers={"Accept-Encoding": "gzip"})
    assert site.came == []
    assert (status, plain(headers, body)) == (200, plain(behind.headers, behind.content))
    about_words = {"Content-Language", "Content-Security-Policy", "Vary"}
    # Django packs what is small, too.
    about_words |= {"Content-Length", "Content-Encoding"}
    expected = {name: told for name, told in behind.headers.items() if name not in about_words}
    assert {name: told for name, told in headers.items() if name not in about_words} == expected
    assert int(headers["Content-Length"]) == len(body)
    assert set(headers["Vary"].split(", ")) < set(behind["Vary"].split(", "))
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("query", ["", "?ward=105", "?ward=101,105&status=closed"])
@pytest.mark.parametrize("z", [12, 15, 16])
def test_near_and_by_ward_it_is_what_postgis_draws(columns, site, monkeypatch, query, z):
    """Of columns as they are read from the database: the moment of opening, today's wards."""
    place = tile_of(HERE, z)
    address = f"/tiles/incidents/{z}/{place.x}/{place.y}.mvt{query}"
    status, headers, body = get(site, address)
    assert status == 200
    ours, django = plain(headers, body), Client().get(address)
    assert ours == plain(django.headers, django.content)
    monkeypatch.setattr(reading, "SILENT_S", -1)
    postgis = Client().get(address).content
    for name in ("heat", "clusters", "incidents"):
        assert told(ours, name, place) == told(postgis, name, place)
    assert mvt.layers(ours) == {"heat", "clusters" if z < 15 else "incidents"}


def told(body, name, place):
    """Return a layer's features in order of what they say: where, and properties."""
    return sorted(
        (one.shape.x, one.shape.y, sorted(one.properties.items()))
        for one in mvt.features(body, name, place)
        if one.properties.pop("mvt_id", None) is None
    )


def test_near_nothing_is_asked_of_the_database(columns, site, django_assert_num_queries):
    place = tile_of(HERE, 16)
    address = f"/tiles/incidents/16/{place.x}/{place.y}.mvt"
    get(site, address)
    with django_assert_num_queries(0):
        assert get(site, f"{address}?until=2026-03-20")[0] == 200


def test_whoever_has_a_tile_is_not_sent_it_again(columns, site):
    _, headers, _ = get(site)
    for asked in (headers["ETag"], f'"other", {headers["ETag"]}', "*"):
        status, again, body = get(site, HTTP_IF_NONE_MATCH=asked)
        assert (status, body, again["ETag"]) == (304, b"", headers["ETag"])
    assert get(site, HTTP_IF_NONE_MATCH='W/"other"')[0] == 200


def test_a_change_is_another_tile(columns, site):
    _, before, body = get(site)
    Incident.objects.filter(pk=Incident.objects.first().pk).update(status="rejected")
    columns.anew("changed")
    status, after, other = get(site, HTTP_IF_NONE_MATCH=before["ETag"])
    assert (status, after["ETag"] == before["ETag"], other == body) == (200, False, False)


def test_head_has_no_body_and_an_empty_tile_no_content(columns, site):
    status, headers, body = get(site, REQUEST_METHOD="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 0
    assert get(site, "/tiles/incidents/12/0/0.mvt")[0] == 204


def test_who_cannot_unpack_gets_it_as_it_is(columns, site):
    _, headers, packed = get(site)
    _, plainly, body = get(site, HTTP_ACCEPT_ENCODING="identity")
    assert headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plainly
    assert gzip.decompress(packed) == body


@pytest.mark.parametrize(
    "asked",
    [
        {"REQUEST_METHOD": "POST"},
        {"HTTP_COOKIE": f"a=b; {settings.SESSION_COOKIE_NAME}=c"},
        {"HTTP_HOST": "elsewhere.example"},
        {"HTTP_HOST": ""},
        {"QUERY_STRING": "category=dragons"},
        {"QUERY_STRING": "since=yesterday"},
        {"PATH_INFO": "/tiles/incidents/17/0/0.mvt"},
        {"PATH_INFO": "/tiles/incidents/9/512/0.mvt"},
        {"PATH_INFO": "/tiles/desk/9/0/0.mvt"},
        {"PATH_INFO": "/"},
    ],
    ids=str,
)
def test_everything_else_is_django_s(columns, site, asked):
    assert get(site, **asked)[0] == 418


def test_without_columns_django_asks_postgis(columns, site, monkeypatch):
    monkeypatch.setattr(reading, "SILENT_S", -1)
    assert get(site)[0] == 418
    assert Client().get(ADDRESS).status_code == 200


def test_who_is_signed_in_gets_a_tile_that_no_shared_cache_keeps(columns):
    user = User.objects.create_user("hoa", password="hoa")
    Staff.objects.create(user=user, role=Role.OPERATOR)
    client = Client()
    client.force_login(user)
    assert client.get(ADDRESS)["Cache-Control"] == "private, no-store"
