"""Asking the gazetteer: by name, by a name mistyped, by street, by what is near."""

import json
from datetime import date

import pytest
import shapely

from districts.geocoding import gazetteer
from districts.geocoding.keys import place_key
from districts.geocoding.loading.assembling import assembled
from districts.geocoding.loading.features import Feature, GazetteerFacts, Name
from districts.geocoding.loading.former_names import FormerName
from districts.geocoding.loading.storing import store
from districts.models import NameUse, PlaceKind
from gis_core.positions import LonLat

pytestmark = pytest.mark.django_db

METRIC = 9210
CENTRE = LonLat(106.7, 10.77)


def street(number, name, *points, sort="highway/primary"):
    return Feature(f"way/{number}", sort, shapely.LineString(points), (Name(name),))


def poi(number, name, sort, place, address=("", "")):
    return Feature(f"node/{number}", sort, shapely.Point(place), (Name(name),), *address)


def house(number, written, street, lon, lat):
    return Feature(f"node/{number}", "address", shapely.Point(lon, lat), (), written, street)


TOWN = [
    street(1, "Hưng Phú", (106.70, 10.77), (106.71, 10.77)),
    street(2, "Trần Quốc Hoàn", (106.705, 10.765), (106.705, 10.775)),
    street(3, "Trần Quốc Toản", (106.80, 10.77), (106.81, 10.77), sort="highway/service"),
    street(4, "Xa lộ Hà Nội", (106.72, 10.77), (106.74, 10.78)),
    street(5, "Hẻm 12 Hưng Phú", (106.702, 10.7701), (106.702, 10.772), sort="highway/service"),
    poi(6, "Chợ Xã Tây", "amenity/marketplace", (106.7001, 10.7702)),
    poi(7, "Ngã 4 Hưng Phú", "highway/bus_stop", (106.7052, 10.7701), ("30", "Hưng Phú")),
    house(8, "28", "Hưng Phú", 106.7045, 10.7701),
    house(9, "28A", "hung phu", 106.7046, 10.7699),
]
CHANGE = FormerName(
    old="Xa lộ Hà Nội",
    new="Võ Nguyên Giáp",
    box=(106.7, 10.7, 106.8, 10.8),
    since=date(2023, 7, 12),
    keeps=False,
    source="a newspaper",
)


@pytest.fixture(autouse=True)
def town():
    facts = GazetteerFacts("town", "Town", attribution="© the town")
    store(facts, assembled(TOWN, METRIC, [CHANGE]), fingerprint="1", actor="test")


def names(hits):
    return [hit.name for hit in hits]


def test_one_question_finds_all_names_of_a_text():
    hits = gazetteer.named([place_key(text) for text in ("hung phu", "cho xa tay", "hung", "")])
    assert {(hit.asked, hit.kind) for hit in hits} == {
        ("hungphu", PlaceKind.STREET),
        ("hungphu", PlaceKind.JUNCTION),
        ("choxatay", PlaceKind.LANDMARK),
    }
    assert all(hit.closeness == 1 for hit in hits)
    assert [hit.weight for hit in hits] == sorted((hit.weight for hit in hits), reverse=True)


def test_a_former_name_tells_the_present_one_and_its_last_day():
    [hit] = gazetteer.named([place_key("xa lo ha noi")])
    assert (hit.name, hit.official) == ("Xa lộ Hà Nội", "Võ Nguyên Giáp")
    assert (hit.use, hit.valid_to) == (NameUse.FORMER, date(2023, 7, 12))


def test_initials_find_a_long_name():
    hits = gazetteer.named(["tqh", "xlhn", "vng"])
    assert {(hit.name, hit.use) for hit in hits} == {
        ("TQH", NameUse.SHORT),
        ("XLHN", NameUse.SHORT),
        ("VNG", NameUse.SHORT),
    }


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Hnưg Phú", "Hưng Phú"),
        ("Hưng Phúu", "Hưng Phú"),
        ("Hưn Phú", "Hưng Phú"),
        ("HưngPhus", "Hưng Phú"),
        ("Trần Quốc Hàon", "Trần Quốc Hoàn"),
    ],
)
def test_a_typo_finds_the_name(typed, meant):
    [hit, *_] = gazetteer.close_to([place_key(typed)])
    assert (hit.name, hit.asked) == (meant, place_key(typed))
    assert 0.8 <= hit.closeness < 1


def test_the_very_name_is_no_typo_of_itself_but_its_neighbour_is():
    assert names(gazetteer.close_to([place_key("Trần Quốc Hoàn")])) == ["Trần Quốc Toản"]


@pytest.mark.parametrize("asked", ["", "ab", "so5", "xyzxyz", "hem12hungphu"])
def test_what_is_short_numbered_or_nowhere_has_no_typos(asked):
    assert gazetteer.close_to([asked]) == []


def test_the_closest_come_first_and_not_more_than_asked():
    hits = gazetteer.close_to(["tranquocoan", "hungphuu"], limit=1)
    assert [hit.asked for hit in hits] == ["tranquocoan", "hungphuu"]


def test_shapes_come_as_drawn():
    [hit] = gazetteer.named(["tranquochoan"])
    found = gazetteer.shapes([hit.place, hit.place, -1])
    assert found == {hit.place: shapely.LineString([(106.705, 10.765), (106.705, 10.775)])}
    assert gazetteer.shapes([]) == {}


def test_houses_and_alleys_are_asked_by_street():
    assert [one.number for one in gazetteer.numbered(["hungphu", "tranquochoan", ""]).houses] == [
        "28",
        "28A",
        "30",
    ]
    [alley] = gazetteer.numbered(["hungphu"]).alleys
    assert (alley.number, alley.street_key) == ("12", "hungphu")
    assert gazetteer.numbered([]) == gazetteer.numbered([""]) == gazetteer.Numbered([], [])


def test_crossings_are_those_among_the_streets_asked():
    [one] = gazetteer.named(["tranquochoan"])
    [other] = [hit for hit in gazetteer.named(["hungphu"]) if hit.kind == PlaceKind.STREET]
    [crossing] = gazetteer.crossings([other.place, one.place])
    assert {crossing.first, crossing.second} == {one.place, other.place}
    assert (crossing.lonlat.lon, crossing.lonlat.lat) == pytest.approx((106.705, 10.77), abs=1e-5)
    assert gazetteer.crossings([one.place]) == []


def test_what_is_around_comes_nearest_first_with_its_distance():
    found = gazetteer.around(CENTRE, 300)
    assert [one.name for one in found] == ["Hưng Phú", "Chợ Xã Tây", "Hẻm 12 Hưng Phú"]
    assert [round(one.distance_m) for one in found] == [0, 25, 219]
    assert gazetteer.around(CENTRE, 30, [PlaceKind.LANDMARK])[0].lonlat == LonLat(106.7001, 10.7702)
    assert gazetteer.around(LonLat(100.0, 0.0), 300) == []


def test_the_version_moves_with_every_load_that_changes_something():
    before = gazetteer.version()
    facts = GazetteerFacts("other", "Other", attribution="© others")
    store(facts, assembled(TOWN[:1], METRIC), fingerprint="1", actor="test")
    after = gazetteer.version()
    assert after > before
    store(facts, assembled(TOWN[:1], METRIC), fingerprint="2", actor="test")
    assert gazetteer.version() == after


def test_whose_work_it_is_is_told_once():
    facts = GazetteerFacts("other", "Other", attribution="© others")
    store(facts, assembled(TOWN[:1], METRIC), fingerprint="1", actor="test")
    hits = gazetteer.named(["hungphu"])
    assert gazetteer.attributions(hit.place for hit in hits) == ("© others", "© the town")


def test_every_question_is_one_statement(django_assert_num_queries):
    keys = ["hungphu", "tranquochoan", "choxatay"]
    places = [hit.place for hit in gazetteer.named(keys)]
    questions = [
        (gazetteer.named, keys),
        (gazetteer.close_to, keys),
        (gazetteer.numbered, keys),
        (gazetteer.crossings, places),
        (gazetteer.shapes, places),
        (gazetteer.attributions, places),
    ]
    for question, asked in questions:
        # The first time a connection learns the statement.
        question(asked)
        with django_assert_num_queries(1):
            question(asked)


@pytest.fixture
def main_roads(test_data):
    """The primary and secondary roads of the reference data, as a gazetteer."""
    path = test_data / "gazetteer" / "osm2018_roads.geojson"
    roads = json.loads(path.read_text(encoding="utf-8"))["features"]
    pieces = [
        street(at, road["properties"]["name"], *road["geometry"]["coordinates"])
        for at, road in enumerate(roads)
        if road["properties"]["highway"] in {"primary", "secondary"}
    ]
    assembly = assembled(pieces, METRIC)
    store(GazetteerFacts("roads", "Roads"), assembly, fingerprint="1", actor="test")


@pytest.mark.usefixtures("main_roads")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Nguyễn Tri Phơưng", "Nguyễn Tri Phương"),
        ("NamKyKhoiNghiaa", "Nam Kỳ Khởi Nghĩa"),
        ("Điện Bien Phur", "Điện Biên Phủ"),
    ],
)
def test_mistyped_main_roads_of_the_city_are_found(typed, meant):
    hits = gazetteer.close_to([place_key(typed)])
    assert place_key(meant) in {place_key(hit.name) for hit in hits}
