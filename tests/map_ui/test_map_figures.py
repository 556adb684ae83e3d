"""Numbers beside the map: wards and days of the same incidents, of columns and of PostGIS alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from django.contrib.auth.models import User
from django.contrib.gis.geos import Point
from django.test import Client

from districts.models import Area, Category
from gis_core.positions import LonLat
from gis_core.tiles import cell_code
from incidents.analyses import street_km
from incidents.columns import reading
from incidents.columns.folder import home
from incidents.columns.keeping import only_writer
from incidents.filters import Filters
from incidents.models import Incident, Staff
from incidents.permissions import Role
from incidents.workflow import Status
from map_ui import public_map_document
from tests import streets
from tests.kept_rows import town_again


@pytest.fixture
def crowd(db):
    """Four hundred incidents of every kind and status, in nine square wards, over 300 days."""
    town_again()
    chance = Random(7)
    kinds = list(Category.objects.all())
    wards = list(Area.objects.filter(edition__level="ward"))

    def made():
        kind, ward = chance.choice(kinds), chance.choice(wards)
        west, south, east, north = ward.shape.extent
        place = LonLat(chance.uniform(west, east), chance.uniform(south, north))
        return Incident(
            category=kind, status=chance.choice(list(Status)), ward=ward,
            position=Point(place.lon, place.lat, srid=4326), cell=cell_code(place),
            public=kind.public and not kind.sensitive,
            opened_at=datetime(2026, 1, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(300)),
        )  # fmt: skip

    return Incident.objects.bulk_create(made() for _ in range(400))


@pytest.fixture
def columns(crowd, monkeypatch):
    monkeypatch.setattr(reading, "LOOK_AGAIN_S", 0)
    monkeypatch.setattr(reading, "SILENT_S", 600)
    with only_writer(home()) as keeper:
        keeper.anew("a test")
        yield monkeypatch


def client_of(role):
    client = Client()
    if role:
        user = User.objects.create_user(role, password="x")
        Staff.objects.create(user=user, role=role)
        client.force_login(user)
    return client


@pytest.mark.parametrize("role", [None, Role.OPERATOR])
@pytest.mark.parametrize(
    "query", ["", "status=closed", "since=2026-02-01&until=2026-04-30", "ward=101,105,107"]
)
def test_columns_and_postgis_give_the_same_numbers(columns, role, query):
    client = client_of(role)
    addresses = [f"/map/{name}.json?{query}" for name in ("wards", "days")]
    addresses.append(f"{addresses[0]}&measure=area")
    counted = [client.get(address).json() for address in addresses]
    columns.setattr(reading, "SILENT_S", -1)
    assert [client.get(address).json() for address in addresses] == counted
    wards, days, _ = counted
    assert wards["total"] == sum(days["counts"]) > 20


def test_everybody_s_numbers_are_those_of_what_is_public(columns, crowd):
    public = [one for one in crowd if one.public and one.status not in {"rejected", "merged"}]
    told = client_of(None).get("/map/wards.json").json()
    assert told["total"] == len(public)
    everything = [one for one in crowd if one.status != "merged"]
    assert client_of(Role.OPERATOR).get("/map/wards.json").json()["total"] == len(everything)


def test_a_ward_is_in_the_step_that_holds_its_number(columns):
    told = client_of(None).get("/map/wards.json").json()
    assert len(told["wards"]) == 9
    for step, count, _ in told["wards"].values():
        low, _, high = told["steps"][step].partition("–")
        assert int(low) <= count <= int(high or low)
    by_area = client_of(None).get("/map/wards.json?measure=area").json()["wards"]
    sizes = {count / value for _, count, value in by_area.values() if value}
    # The nine squares are about 1.2 km² each.
    assert all(1.1 < size < 1.4 for size in sizes)


def test_bars_have_no_gaps_and_begin_on_mondays_where_days_are_too_many(columns):
    told = client_of(None).get("/map/days.json").json()
    starts = [datetime.fromisoformat(day) for day in told["starts"]]
    assert told["by"] == "week"
    assert {day.weekday() for day in starts} == {0}
    assert {b - a for a, b in pairwise(starts)} == {timedelta(days=7)}
    month = client_of(None).get("/map/days.json?since=2026-03-01&until=2026-03-31").json()
    assert month["by"] == "day"


def test_what_cannot_be_asked_is_said(client, crowd):
    for address in ("/map/wards.json?measure=love", "/map/days.json?since=soon"):
        assert client.get(address).status_code == 422
    assert client.get("/map/days.json?since=2031-01-01").json()["counts"] == []


def test_wards_by_their_streets_once_lengths_are_known(columns):
    client, address = client_of(None), "/map/wards.json?measure=street"
    streets.lay()
    assert client.get(address).status_code == 422
    assert 'value="street"' not in client.get("/").content.decode()
    assert (street_km.keep(), street_km.keep()) == (True, False)
    assert 'value="street"' in client.get("/").content.decode()
    # Two streets of 0.008 degrees cross in ward 105; others have less than a kilometre.
    assert street_km.kept() == {"105": pytest.approx(0.874 + 0.885, abs=0.01)}
    [(code, (_, count, value))] = client.get(address).json()["wards"].items()
    assert (code, value) == ("105", pytest.approx(count / 1.76, rel=0.01))
    shaded = public_map_document.document(Filters(), measure="street").layers[0]
    [known, *others] = shaded.shapes
    assert known.label.rpartition(" ")[2] == str(count)
    assert {shaded.steps[one.step].hatched for one in others} == {True}
    assert len(others) == 8
    streets.lay(streets.point("x", "shop/books", (106.71, 10.77), "Nhà sách"))
    assert street_km.kept() == {}


@pytest.mark.parametrize("name", ["wards", "days"])
def test_what_is_unchanged_is_not_sent_again(crowd, client, name):
    address = f"/map/{name}.json?status=closed"
    first = client.get(address)
    assert first["Cache-Control"] == "public, max-age=5"
    assert {"Cookie", "Accept-Language"} <= set(first["Vary"].split(", "))
    known = {"If-None-Match": first["ETag"]}
    again = client.get(address, headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert [again[part] for part in ("ETag", "Cache-Control")] == [
        first[part] for part in ("ETag", "Cache-Control")
    ]
    closed = Incident.objects.filter(status="closed", public=True).first()
    Incident.objects.filter(pk=closed.pk).update(status="rejected")
    assert client.get(address, headers=known).status_code == 200


@pytest.mark.parametrize("name", ["wards", "days", "assets"])
def test_what_somebody_gets_who_is_signed_in_no_cache_keeps(crowd, name):
    """Nor is it what a tag of everybody's answer stands for."""
    query = "?bbox=106.70,10.76,106.72,10.78"
    everybodys = {"If-None-Match": Client().get(f"/map/{name}.json{query}").get("ETag", "")}
    first = client_of(Role.OPERATOR).get(f"/map/{name}.json{query}", headers=everybodys)
    assert first.status_code == 200
    assert first["Cache-Control"] == "private, no-store"
    assert "Cookie" in first["Vary"]


def test_assets_are_for_nobody_who_is_not_signed_in(crowd, client):
    refused = client.get("/map/assets.json?bbox=106.70,10.76,106.72,10.78")
    assert refused.status_code == 403
    assert "public" not in refused.get("Cache-Control", "")
