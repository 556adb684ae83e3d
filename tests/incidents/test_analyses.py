"""Planners ask where trouble gathers, and are told the place, its ward, and how sure that is."""

from __future__ import annotations

import json
from datetime import timedelta

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.contrib.gis.geos import LineString, Point
from django.utils import timezone

from districts.models import Area, CatalogueChange, Category
from districts.models.place import Gazetteer, Place
from gis_core.errors import DomainError
from gis_core.positions import LonLat
from gis_core.tiles import cell_code
from incidents import coarse
from incidents.actors import actor_of
from incidents.analyses import (
    asking,
    comparing,
    files,
    question,
    reckoning,
    running,
)
from incidents.analyses.methods import methods
from incidents.columns.folder import home
from incidents.columns.keeping import Keeper
from incidents.models import Incident, Staff
from incidents.permissions import Role
from tests import zoo

PLANTED = (106.7253, 10.7653)
"""In ward 103; far from any border."""
DEFAULT = (106.7153, 10.7853)
"""In ward 108."""
DAYS = 60


@pytest.fixture
def planner(db):
    """Chi is a planner."""
    return staff("chi", Role.PLANNER)


def staff(name, role):
    user = User.objects.create_user(name, password=name)
    Staff.objects.create(user=user, role=role)
    return actor_of(user)


@pytest.fixture
def planted(town):
    make(planted_places())


def planted_places():
    """A few places everywhere, and many near one in ward 103."""
    chance = np.random.default_rng(7)
    west, south = zoo.WEST, zoo.SOUTH
    everywhere = chance.uniform((west, south), (west + 0.03, south + 0.03), (150, 2))
    return np.concatenate([everywhere, np.asarray(PLANTED) + chance.normal(0, 0.0005, (60, 2))])


def make(places, category="pothole", days=DAYS, opened_before=0, **more):
    """Open incidents at places, one after another over some days, the last ones or before."""
    noon = timezone.localtime().replace(hour=12)
    categories = [category] if isinstance(category, str) else category
    rows = [
        Incident(
            category_id=categories[n % len(categories)], position=Point(*place, srid=4326),
            status="assigned", cell=cell_code(LonLat(*place)),
            opened_at=noon - timedelta(days=opened_before + n % days), **more,
        )
        for n, place in enumerate(np.asarray(places).tolist())
    ]  # fmt: skip
    return Incident.objects.bulk_create(rows)


def asked(**changes):
    return question.read({"method": "getis_ord", "parameters": {"cell_m": 200}, **changes})


def answer(actor, **changes):
    return running.run(actor, asked(**changes).settled(timezone.localdate()))


def test_the_planted_hotspot_is_first_with_its_ward(planner, planted):
    told = answer(planner)
    first = told.table[0]
    assert Area.objects.get(code="103").name in first["ward"]
    assert abs(first["lon"] - PLANTED[0]) < 0.002
    assert abs(first["lat"] - PLANTED[1]) < 0.002
    assert first["kind"] == "hot_sure"
    assert told.facts["incidents"] == 210 == sum(told.layer["count"])
    assert told.layer.crs.to_epsg() == 9210
    assert answer(planner, area={"kind": "wards", "wards": ["101"]}).facts["incidents"] < 40


def test_an_area_of_half_the_world_is_the_whole_city(planner, planted):
    ring = [[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]
    shape = "\ufeff" + json.dumps({"type": "Polygon", "coordinates": [ring]})
    for method, parameters in {"getis_ord": {"cell_m": 200}, "space_time": {}}.items():
        area = {"kind": "shape", "shape": shape}
        told = answer(planner, area=area, method=method, parameters=parameters)
        assert told.facts["incidents"] == 210


def test_every_method_on_squares_finds_it(planner, planted):
    for method, parameters in {
        "density": {"cell_m": 100, "bandwidth_m": 300},
        "local_moran": {"cell_m": 200},
        "emerging": {"cell_m": 200, "step_days": 5},
    }.items():
        told = answer(planner, method=method, parameters=parameters)
        assert "103" in told.table[0]["ward"], method
        assert set(told.layer["kind"]) - {""} <= {one.code for one in told.legend}
        says = methods()[method].says
        assert says.vi.format_map(told.facts)
        assert says.en.format_map(told.facts)


def test_a_default_point_is_told_and_is_no_hotspot(planner, planted):
    """Also where one category alone is asked for, whose incidents there are all of one kind."""
    kinds = ["pothole", "noise", "flooding", "garbage", "broken-streetlight", "fallen-tree"]
    known = [*Category.objects.filter(sensitive=False).values_list("code", flat=True)[:6]]
    make([DEFAULT] * 300, category=known)
    for categories in ([], ["pothole", known[0]]):
        told = answer(planner, categories=categories)
        assert "103" in told.table[0]["ward"], kinds
        warned = {one.code: one.facts for one in told.warnings}
        assert warned["default_points"]["places"] == 1
        assert told.facts["incidents"] == 210


def test_columns_and_rows_tell_the_same(planner, planted, settings, tmp_path):
    keeper = Keeper(home())
    while keeper.look():
        pass
    by_columns = answer(planner)
    keeper.close()
    settings.WARDWISE_COLUMNS_DIR = tmp_path / "none"
    by_rows = answer(planner)
    assert (by_rows.facts["source"], by_columns.facts["source"]) == ("postgis", "columns")
    same = ("rank", "ward", "count", "cells", "kind")
    assert [[row[name] for name in same] for row in by_columns.table] == [
        [row[name] for name in same] for row in by_rows.table
    ]
    assert by_columns.layer.drop(columns="geometry").equals(by_rows.layer.drop(columns="geometry"))


def test_sensitive_incidents_are_counted_coarsely_or_not_at_all(planner, planted):
    secret = Category.objects.filter(sensitive=True).first().pk
    make([PLANTED] * 40 + [DEFAULT] * (coarse.FEWEST - 1), category=secret, public=False)
    assert answer(planner).facts["incidents"] == 210
    with pytest.raises(DomainError, match="Sensitive") as refused:
        answer(planner, categories=[secret])
    assert refused.value.code == "analysis.too_fine"
    told = answer(planner, categories=[secret], parameters={"cell_m": 700})
    assert told.facts["incidents"] == 40
    assert list(told.layer["count"]) == [40]
    middle = (np.floor(PLANTED[0] / coarse.CELL) + 0.5) * coarse.CELL
    west, _south, east, _north = told.layer.to_crs(4326).total_bounds
    assert west < middle < east
    assert {one.code for one in told.warnings} >= {"coarse", "sensitive_few"}


@pytest.mark.parametrize(("data", "code"), [
    ([], "analysis.unreadable"),
    ({"method": "astrology"}, "analysis.unknown_method"),
    ({"parameters": {"cell_m": 1}}, "analysis.bad_value"),
    ({"parameters": {"cell_m": "nan"}}, "analysis.bad_value"),
    ({"parameters": {"reach": 2.5}}, "analysis.bad_value"),
    ({"parameters": {"colour": 1}}, "analysis.bad_value"),
    ({"categories": ["unicorn"]}, "analysis.bad_value"),
    ({"categories": "pothole"}, "analysis.bad_value"),
    ({"statuses": ["merged"]}, "analysis.bad_value"),
    ({"period": "yesteryear"}, "analysis.bad_value"),
    ({"period": "", "since": "2026-02-30", "until": "2026-03-01"}, "analysis.bad_value"),
    ({"since": "2026-03-01", "until": "2026-02-01"}, "analysis.bad_value"),
    ({"area": {"kind": "wards", "wards": []}}, "analysis.bad_value"),
    ({"area": {"kind": "shape", "shape": "{}"}}, "own_area.unreadable"),
    ({"control": "luck"}, "analysis.bad_value"),
    ({"method": "density", "exposure": "road_km"}, "analysis.bad_value"),
])  # fmt: skip
def test_a_wrong_question_is_refused_by_its_code(town, data, code):
    with pytest.raises(DomainError) as refused:
        question.read(data)
    assert refused.value.code == code


def test_a_question_is_the_same_after_it_was_written_down(town):
    west, south, east, north = zoo.ward_boxes()["101"]
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    for data in (
        {"method": "density", "sectors": ["traffic"]},
        {"since": "2026-01-01", "until": "2026-01-31", "area": {"kind": "shape", "shape": shape}},
        {"period": "last_month", "area": {"kind": "wards", "wards": ["101", "103"]}},
    ):
        read = question.read(data)
        assert question.read(read.as_json()) == read


def test_clusters_streets_and_assets(planner, planted):
    told = answer(planner, method="space_time", parameters={"distance_m": 120, "period_days": 60})
    first = told.table[0]
    assert "103" in first["ward"]
    assert first["count"] >= 55
    assert first["first"] < first["last"] <= timezone.localdate().isoformat()
    told = answer(planner, method="hierarchical", parameters={"fewest": 10})
    assert max(one["count"] for one in told.table) == told.facts["largest"] >= 30
    with pytest.raises(DomainError) as refused:
        answer(planner, method="along_streets", parameters={})
    assert refused.value.code == "analysis.no_streets"
    park = zoo.asset("park", zoo.ward_boxes()["103"])
    zoo.asset("park", zoo.ward_boxes()["101"], code="2")
    told = answer(planner, method="repeats", parameters={"apart_days": 1})
    assert told.table[0]["asset"] in {park.name, park.code}
    assert told.facts["assets"] == 2
    files.keep("a1", told.layer)
    assert files.drawn("a1").count(b'"Feature"') == len(told.layer)


def lay_streets():
    """Two streets: one where much happens, one far away."""
    book = Gazetteer.objects.create(code="zoo", title="Zoo")
    for name, south in (("Lê Lợi", PLANTED[1]), ("Pasteur", PLANTED[1] + 0.02)):
        line = LineString((zoo.WEST + 0.02, south), (zoo.WEST + 0.03, south), srid=4326)
        Place.objects.create(
            gazetteer=book,
            reference=name,
            kind="street",
            name=name,
            shape=line,
            point=Point(line[0]),
        )
    CatalogueChange.objects.create(kind="gazetteer", code="zoo")


def test_streets_are_ranked_by_what_happens_along_them(planner, planted):
    lay_streets()
    told = answer(planner, method="along_streets", parameters={"snap_m": 100})
    assert told.table[0]["kind"] == "hot"
    assert told.table[0]["lat"] == pytest.approx(PLANTED[1], abs=1e-4)
    assert told.facts["snapped"] >= 50
    per_km = answer(planner, exposure="road_km", correction="small_numbers")
    warned = {one.code: one.facts for one in per_km.warnings}
    assert 0 < warned["road_km"]["incidents"] < 210
    assert "small_numbers" in warned


def test_two_periods_are_compared(planner, planted):
    """What is in ward 103 since a month ago was not there before; ward 101 had its own."""
    make(np.asarray((106.7053, 10.7653)) + np.random.default_rng(1).normal(0, 0.0004, (60, 2)),
         days=30, opened_before=90)  # fmt: skip
    today = timezone.localdate()
    run = asking.ask(planner, asked(period="last_90_days"), "Ổ gà")
    after, before = (
        asking.ask_again(planner, run.analysis.token, days)
        for days in (
            (today - timedelta(days=59), today),
            (today - timedelta(days=149), today - timedelta(days=60)),
        )
    )  # fmt: skip
    while reckoning.reckon_next(timezone.now()):
        pass
    after.refresh_from_db()
    before.refresh_from_db()
    lines = comparing.table(comparing.compared(before, after))
    assert {(one["kind"], one["ward"][-3:]) for one in lines} == {
        ("appeared", "103"),
        ("gone", "101"),
    }
    density = asking.ask(planner, asked(method="density", parameters={}), "Mật độ")
    reckoning.reckon_next(timezone.now())
    density.refresh_from_db()
    with pytest.raises(DomainError) as refused:
        comparing.compared(before, density)
    assert refused.value.code == "analysis.not_comparable"
