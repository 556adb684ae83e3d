"""Some places are known without any download, and each is where the reference data has it."""

import csv
import json
import math

import pytest
import shapely

from districts.geocoding import gazetteer
from districts.geocoding.keys import place_key
from districts.geocoding.loading import load_well_known
from districts.geocoding.loading.manifest import well_known_of
from districts.geocoding.loading.well_known import read_well_known
from districts.models import Gazetteer

FACTS, PLACES = read_well_known(well_known_of("hcmc"))
OBJECT_M = 60
STOPS_M = 350
"""A junction lies between the stops that are named after it."""
METRES = 110_000


def test_every_row_tells_its_source_and_the_file_its_licence():
    text = well_known_of("hcmc").read_text(encoding="utf-8")
    assert text.count("source = ") == len(PLACES) + 1
    assert (FACTS.licence, FACTS.attribution) == ("ODbL-1.0", "© OpenStreetMap contributors")
    assert len({place.reference for place in PLACES}) == len(PLACES) >= 150


@pytest.fixture(scope="module")
def drawn(test_data):
    """Every named thing of the reference data by the key of its name: its sort and its shape."""
    folder = test_data / "gazetteer"
    found = {}
    with (folder / "osm2018_pois.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            point = shapely.Point(float(row["lon"]), float(row["lat"]))
            found.setdefault(place_key(row["name"]), []).append((row["value"], point))
    roads = json.loads((folder / "osm2018_roads.geojson").read_text(encoding="utf-8"))
    for road in roads["features"]:
        line = shapely.LineString(road["geometry"]["coordinates"])
        found.setdefault(place_key(road["properties"]["name"]), []).append(("road", line))
    return found


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.reference)
def test_each_place_is_where_the_reference_data_has_its_name(drawn, place):
    named = drawn.get(place_key(place.name))
    assert named, f"nothing is called {place.name}"
    value, nearest = min(named, key=lambda one: one[1].distance(place.shape))
    allowed = STOPS_M if value == "bus_stop" else _size(nearest) + OBJECT_M
    assert nearest.distance(place.shape) * METRES < allowed


def _size(shape):
    west, south, east, north = shape.bounds
    return math.hypot(east - west, north - south) * METRES / 2


@pytest.mark.django_db
def test_they_are_there_after_preparing_and_cost_nothing_again():
    done = load_well_known(actor="test")
    assert done.new == len(PLACES)
    assert load_well_known(actor="test") is None
    [hit] = gazetteer.named([place_key("nga tu hang xanh")])
    assert (hit.kind, hit.name) == ("junction", "Ngã tư Hàng Xanh")
    assert gazetteer.attributions([hit.place]) == ("© OpenStreetMap contributors",)


@pytest.mark.django_db
def test_a_bridge_is_found_without_the_number_of_its_twin():
    load_well_known(actor="test")
    hits = gazetteer.named([place_key("cầu Sài Gòn")])
    assert {hit.official for hit in hits} == {"Cầu Sài Gòn 1", "Cầu Sài Gòn 2"}


@pytest.mark.django_db
def test_a_city_without_such_a_file_has_none(settings):
    settings.WARDWISE_CITY = "baltimore"
    assert load_well_known(actor="test") is None
    assert not Gazetteer.objects.exists()
