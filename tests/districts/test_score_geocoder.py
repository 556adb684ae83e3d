"""``manage.py score_geocoder`` on a town of a few places: what it prints, and when it refuses."""

from __future__ import annotations

import io
import json

import pytest
from django.contrib.gis.geos import LineString, Point
from django.core.management import CommandError, call_command

from districts.geocoding.geocoder import geocode
from districts.geocoding.keys import place_key
from districts.geocoding.resolving import crossings
from districts.models import Area, Gazetteer, Place, PlaceKind, PlaceName
from gis_core.names import folded
from tests import zoo

HEADER = "id,text,kind,lat,lon,tolerance_m,ward_code,accept_ward_codes,tags\n"
RIGHT = 'A,"45 Lê Lợi, Phường Sài Gòn",house,10.765,106.706,150,101,101,old_full\n'
FAR = 'B,"45 le loi",house,10.765,106.7075,100,102,102,no_diacritics\n'
MISSING = "C,đường Không Ai Biết,street_only,10.765,106.706,0,101,101,\n"
NOWHERE = "D,cảm ơn tổng đài,none,,,,,,no_location\n"


@pytest.fixture
def town(db):
    wards = zoo.edition(zoo.ward_boxes())
    Area.objects.filter(edition=wards, code="101").update(kind="Phường", name="Sài Gòn")
    zoo.changed("edition", wards.name)
    source = Gazetteer.objects.create(code="zoo", title="Zoo")
    for kind, name, shape, number in (
        (PlaceKind.STREET, "Lê Lợi", LineString((106.702, 10.765), (106.708, 10.765)), ""),
        (PlaceKind.HOUSE, "45 Lê Lợi", Point(106.706, 10.765), "45"),
    ):
        shape.srid = 4326
        place = Place.objects.create(
            gazetteer=source, reference=name, kind=kind, name=name, number=number, shape=shape,
            point=shape.centroid, street_key=place_key("Lê Lợi"), weight=0.5,
        )  # fmt: skip
        if kind == PlaceKind.STREET:
            PlaceName.objects.create(
                place=place, name=name, folded=folded(name), key=place_key(name)
            )


def scored(tmp_path, *rows, **options):
    path = tmp_path / "rows.csv"
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    out = io.StringIO()
    call_command("score_geocoder", path, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def test_json_is_one_line_with_the_five_figures(town, tmp_path):
    told = scored(tmp_path, RIGHT, FAR, MISSING, NOWHERE, json=True)
    assert told.count("\n") == 1
    figures = json.loads(told)
    assert set(figures) == {
        "rows", "ward_right", "within_tolerance", "none_right", "median_error_m",
    }  # fmt: skip
    assert figures["rows"] == 4
    assert figures["ward_right"] == pytest.approx(1 / 3)  # B lies in 101, C has no answer
    assert figures["within_tolerance"] == pytest.approx(1 / 2)  # C has no tolerance
    assert figures["none_right"] == 1.0
    assert 0 <= figures["median_error_m"] <= 170


def test_people_read_kinds_tags_radius_and_calibration(town, tmp_path):
    told = scored(tmp_path, RIGHT, FAR, MISSING, NOWHERE)
    for words in (
        "by kind", "street_only", "by tag", "no_diacritics", "none-rows without an answer: 100.0 %",
        "within twice the stated radius", "confidence: stated, true",
    ):  # fmt: skip
        assert words in told
    assert "45 le loi" not in told


def test_the_wrong_rows_are_listed_with_what_was_said(town, tmp_path):
    told = scored(tmp_path, RIGHT, FAR, MISSING, NOWHERE, wrong=True)
    assert "B house: 45 le loi" in told
    assert "ward 101" in told
    assert "no answer; wanted a ward of 101" in told
    assert "A house" not in told


def test_the_same_file_gives_the_same_figures(town, tmp_path):
    assert scored(tmp_path, RIGHT, FAR) == scored(tmp_path, RIGHT, FAR)


def test_a_wrong_file_ends_with_one_clear_message(tmp_path):
    with pytest.raises(CommandError, match=r"No such file.*scoring\.unreadable"):
        call_command("score_geocoder", tmp_path / "none.csv")
    path = tmp_path / "rows.csv"
    path.write_text("text\nhere\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"lacks the columns kind.*scoring\.no_column"):
        call_command("score_geocoder", path)


def test_a_text_of_a_thousand_crossings_costs_as_much_as_one_of_few(town, monkeypatch):
    asked = []
    real = crossings.meetings
    monkeypatch.setattr(crossings, "meetings", lambda *given: asked.append(given) or real(*given))
    geocode("Lê Lợi - Lê Lợi - Lê Lợi - Lê Lợi - Lê Lợi, Phường Sài Gòn")
    few = len(asked)
    geocode("Lê Lợi - " * 1000)
    assert len(asked) - few <= max(few, 10)
