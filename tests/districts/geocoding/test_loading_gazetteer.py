"""A gazetteer's files become streets, alleys, junctions, houses that people can name."""

import json
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.management import CommandError, call_command

from districts.geocoding import gazetteer
from districts.geocoding.keys import place_key
from districts.geocoding.loading import load_tables, storing
from districts.geocoding.loading.assembling import assembled
from districts.geocoding.loading.former_names import FormerName, read_former_names
from districts.geocoding.loading.manifest import former_names_of
from districts.geocoding.loading.tables import read_mapping, read_tables
from districts.models import CatalogueChange, Crossing, Gazetteer, Place, PlaceKind, PlaceName

pytestmark = pytest.mark.django_db

MAPPING = Path(__file__).resolve().parents[3] / "data" / "gazetteers" / "osm_tables.toml"
METRIC = 9210
EAST_M = 1 / 109_300
"""A metre to the east in degrees, about, at the city's latitude."""
X, Y = 106.70, 10.78


class Town:
    """A few streets around (X, Y), in metres east and north of it."""

    def __init__(self):
        self.roads = []
        self.pois = []
        self.addresses = []

    def road(self, name, *points, **tags):
        line = [[X + east * EAST_M, Y + north * EAST_M] for east, north in points]
        properties = {"osm_id": len(self.roads) + 1, "highway": "residential", "name": name}
        geometry = {"type": "LineString", "coordinates": line}
        self.roads.append(
            {"type": "Feature", "properties": properties | tags, "geometry": geometry}
        )

    def poi(self, name, sort, east, north, number="", street=""):
        key, value = sort.split("/")
        self.pois.append((len(self.pois) + 1, key, value, name, east, north, number, street))

    def address(self, number, street, east, north):
        self.addresses.append((len(self.addresses) + 1, number, street, east, north))

    def written(self, folder):
        folder.mkdir(exist_ok=True)
        columns = ("alt_name", "old_name", "name_en", "bridge")
        for road in self.roads:
            road["properties"] = dict.fromkeys(columns, "") | road["properties"]
        roads = {"type": "FeatureCollection", "features": self.roads}
        paths = [folder / name for name in ("roads.geojson", "pois.csv", "addresses.csv")]
        paths[0].write_text(json.dumps(roads), encoding="utf-8")
        lines = ["osm_type,osm_id,class,value,name,name_en,alt_name,lat,lon,housenumber,street"]
        lines += [
            f"node,{pk},{key},{value},{name},,,{Y + n * EAST_M},{X + e * EAST_M},{number},{street}"
            for pk, key, value, name, e, n, number, street in self.pois
        ]
        paths[1].write_text("\n".join(lines), encoding="utf-8")
        lines = ["osm_id,housenumber,street,lat,lon"]
        lines += [
            f"{pk},{number},{street},{Y + n * EAST_M},{X + e * EAST_M}"
            for pk, number, street, e, n in self.addresses
        ]
        paths[2].write_text("\n".join(lines), encoding="utf-8")
        return paths

    def assembled(self, former):
        with TemporaryDirectory() as folder:
            features = list(read_tables(self.written(Path(folder)), read_mapping(MAPPING)))
        return assembled(features, METRIC, former).records

    def load(self, folder, **options):
        return load_tables(self.written(folder), MAPPING, actor="test", **options)


@pytest.fixture
def town():
    """Lê Lợi runs east in two pieces, Pasteur north across it; an alley leaves Lê Lợi."""
    town = Town()
    town.road("Lê Lợi", (0, 0), (500, 0), highway="primary")
    town.road("Le Loi", (520, 0), (1000, 0), highway="primary", old_name="Bonard")
    town.road("Đường Pasteur", (300, -400), (300, 400), highway="secondary")
    town.road("Hẻm 12/3 Lê Lợi", (100, 5), (100, 90), highway="service")
    town.address("28", "Lê Lợi", 400, 15)
    town.poi("Chợ Bến Thành", "amenity/marketplace", 600, 50, "1", "Lê Lợi")
    return town


def places(kind):
    return list(Place.objects.filter(kind=kind).order_by("name").values_list("name", flat=True))


def test_pieces_of_one_name_are_one_street(town, tmp_path):
    town.load(tmp_path)
    assert places(PlaceKind.STREET) == ["Lê Lợi", "Đường Pasteur"]
    [street] = gazetteer.named(["leloi"])
    assert gazetteer.shapes([street.place])[street.place].geom_type == "MultiLineString"


def test_the_same_name_elsewhere_is_another_street(town, tmp_path):
    town.road("Lê Lợi", (9000, 0), (9300, 0))
    town.load(tmp_path)
    assert places(PlaceKind.STREET) == ["Lê Lợi", "Lê Lợi", "Đường Pasteur"]


def test_other_marks_are_another_street(town, tmp_path):
    town.road("Lê Lời", (0, 30), (500, 30))
    town.load(tmp_path)
    assert places(PlaceKind.STREET) == ["Lê Lời", "Lê Lợi", "Đường Pasteur"]


def test_numbered_streets_of_two_estates_stay_two(tmp_path):
    town = Town()
    town.road("Đường số 4", (0, 0), (100, 0))
    town.road("Đường số 4", (500, 0), (600, 0))
    town.load(tmp_path)
    assert places(PlaceKind.STREET) == ["Đường số 4", "Đường số 4"]


def test_former_names_find_the_street(town, tmp_path):
    town.load(tmp_path)
    [hit] = gazetteer.named([place_key("Bonard")])
    assert (hit.official, hit.use) == ("Lê Lợi", "former")


def test_streets_cross_where_their_lines_do(town, tmp_path):
    town.load(tmp_path)
    ids = [hit.place for hit in gazetteer.named(["leloi", "pasteur"])]
    [crossing] = gazetteer.crossings(ids)
    assert crossing.first < crossing.second
    assert crossing.lonlat.lon == pytest.approx(X + 300 * EAST_M, abs=5 * EAST_M)
    assert crossing.lonlat.lat == pytest.approx(Y, abs=5 * EAST_M)


def test_both_carriageways_cross_once(tmp_path):
    town = Town()
    town.road("Võ Văn Kiệt", (0, 0), (600, 0))
    town.road("Võ Văn Kiệt", (0, 25), (600, 25))
    town.road("Calmette", (300, -300), (300, 300))
    town.load(tmp_path)
    assert Crossing.objects.count() == 1


def test_a_street_that_ends_at_the_kerb_meets_the_other(tmp_path):
    town = Town()
    town.road("Lê Lợi", (0, 0), (600, 0))
    town.road("Calmette", (300, 6), (300, 300))
    town.road("Yersin", (400, 30), (400, 300))
    town.load(tmp_path)
    ids = [hit.place for hit in gazetteer.named(["leloi", "calmette", "yersin"])]
    assert len(gazetteer.crossings(ids)) == 1


def test_an_alley_belongs_to_its_street(town, tmp_path):
    town.load(tmp_path)
    [alley] = gazetteer.numbered(["leloi"]).alleys
    assert alley.number == "12/3"


def test_an_alley_without_a_street_belongs_to_the_one_it_touches(town, tmp_path):
    town.road("Hẻm 45", (305, 200), (400, 200))
    town.load(tmp_path)
    assert [alley.number for alley in gazetteer.numbered(["pasteur"]).alleys] == ["45"]


def test_houses_come_from_addresses_and_from_landmarks(town, tmp_path):
    town.load(tmp_path)
    assert {house.number for house in gazetteer.numbered(["leloi"]).houses} == {"1", "28"}


def test_a_house_in_an_alley_has_the_alleys_number_before_its_own(town, tmp_path):
    town.address("7", "Hẻm 12/3 Lê Lợi", 105, 50)
    town.load(tmp_path)
    assert "12/3/7" in {house.number for house in gazetteer.numbered(["leloi"]).houses}


@pytest.mark.parametrize("written", ["LL", "Lê Lợii", "Lê Lợi Quận 1", "LÊ LỢI, Q1"])
def test_an_address_that_writes_its_street_otherwise_finds_it(town, tmp_path, written):
    town.road("Nguyễn Thị Minh Khai", (0, 300), (900, 300))
    street, key = ("NTMK", "nguyenthiminhkhai") if written == "LL" else (written, "leloi")
    north = 310 if written == "LL" else 10
    town.address("99", street.replace(",", " "), 700, north)
    town.load(tmp_path)
    assert "99" in {house.number for house in gazetteer.numbered([key]).houses}


@pytest.mark.parametrize("written", ["Cột điện 3", "Trụ sở 5", "x"])
def test_a_description_is_no_house_number(town, tmp_path, written):
    town.address(written, "Lê Lợi", 700, 10)
    town.load(tmp_path)
    assert {house.number for house in gazetteer.numbered(["leloi"]).houses} == {"1", "28"}


def test_stops_named_after_a_junction_show_where_it_is(town, tmp_path):
    town.poi("Ngã 4 Pasteur", "highway/bus_stop", 400, 20)
    town.poi("Ngã 4 Pasteur", "highway/bus_stop", 280, -120)
    town.load(tmp_path)
    junction, *stops = gazetteer.named([place_key("ngã tư Pasteur")])
    assert (junction.kind, len(stops)) == ("junction", 2)
    assert junction.lonlat.lon == pytest.approx(X + 300 * EAST_M, abs=10 * EAST_M)
    assert junction.lonlat.lat == pytest.approx(Y, abs=10 * EAST_M)


def test_a_roundabout_is_a_junction_and_has_a_short_name(town, tmp_path):
    ring = [(980, 0), (1000, 20), (1020, 0), (1000, -20), (980, 0)]
    town.road("Vòng xoay Quách Thị Trang", *ring, highway="primary")
    town.load(tmp_path)
    assert places(PlaceKind.JUNCTION) == ["Vòng xoay Quách Thị Trang"]
    [hit] = gazetteer.named([place_key("Quách Thị Trang")])
    assert (hit.kind, hit.use) == ("junction", "short")


def test_a_bridge_in_two_pieces_is_one_landmark(town, tmp_path):
    town.road("Cầu Mống", (700, 200), (700, 260), bridge="yes")
    town.road("Cầu Mống", (710, 200), (710, 260), bridge="yes")
    town.load(tmp_path)
    assert places(PlaceKind.LANDMARK) == ["Chợ Bến Thành", "Cầu Mống"]


def test_names_of_nothing_and_of_wards_are_left_out(town, tmp_path):
    town.road("Hẻm", (0, 50), (50, 50))
    town.poi("Quận 1", "place/suburb", 0, 0)
    town.poi("Chợ", "amenity/marketplace", 0, 0)
    town.load(tmp_path)
    assert not Place.objects.filter(name__in=["Hẻm", "Quận 1", "Chợ"]).exists()


def test_the_same_files_again_change_nothing(town, tmp_path):
    town.load(tmp_path)
    version, ids = gazetteer.version(), set(Place.objects.values_list("pk", flat=True))
    assert town.load(tmp_path) is None
    again = town.load(tmp_path, again=True)
    assert (again.new, again.changed, again.gone, again.kept) == (0, 0, 0, len(ids))
    assert gazetteer.version() == version
    assert set(Place.objects.values_list("pk", flat=True)) == ids


def test_what_changed_and_what_is_gone_follow_the_files(town, tmp_path):
    town.load(tmp_path)
    version = gazetteer.version()
    [before] = gazetteer.named(["pasteur"])
    town.roads[2]["properties"]["highway"] = "trunk"
    town.addresses.clear()
    done = town.load(tmp_path)
    assert (done.new, done.changed, done.gone) == (0, 1, 1)
    [after] = gazetteer.named(["pasteur"])
    assert after.place == before.place
    assert after.weight > before.weight
    assert len(gazetteer.crossings([h.place for h in gazetteer.named(["leloi", "pasteur"])])) == 1
    assert gazetteer.version() > version
    assert CatalogueChange.objects.filter(kind="gazetteer", code="osm-tables").count() == 2


def test_a_load_that_breaks_off_leaves_all_as_it_was(town, tmp_path):
    town.load(tmp_path)
    town.road("", (0, 0), (1, 1))
    town.roads[0]["properties"]["name"] = "Lê Lai"
    town.address("5" * 60, "Lê Lai", 0, 0)
    paths = town.written(tmp_path)
    paths[2].write_text("osm_id,housenumber\n1,2", encoding="utf-8")
    with pytest.raises(Exception, match="column"):
        load_tables(paths, MAPPING, actor="test")
    assert gazetteer.named(["leloi"])
    assert not gazetteer.named(["lelai"])


def test_whose_work_it_is_stays_with_the_places(town, tmp_path):
    town.load(tmp_path)
    source = Gazetteer.objects.get()
    assert source.licence == "ODbL-1.0"
    [hit] = gazetteer.named(["pasteur"])
    assert gazetteer.attributions([hit.place]) == ("© OpenStreetMap contributors",)
    assert gazetteer.attributions([]) == ()


def test_the_command_says_what_it_did(town, tmp_path):
    paths = [str(path) for path in town.written(tmp_path)]
    out = StringIO()
    call_command("load_gazetteer", *paths, "--mapping", str(MAPPING), stdout=out)
    assert "6 new" in out.getvalue()
    call_command("load_gazetteer", *paths, "--mapping", str(MAPPING), stdout=out)
    assert "loaded already" in out.getvalue()


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        (None, "gazetteer.no_mapping"),
        ("[gazetteer]\ncode = 'x'", "gazetteer.bad_mapping"),
        ("gazetteer = [", "gazetteer.bad_mapping"),
        (
            "[gazetteer]\ncode='x'\ntitle='X'\n[[file]]\nfile='*'\ncolumns={reference='a',hue='b'}",
            "gazetteer.bad_mapping",
        ),
        (
            "[gazetteer]\ncode='x'\ntitle='X'\n[[file]]\nfile='a'\ncolumns={reference='a'}",
            "gazetteer.not_mapped",
        ),
    ],
)
def test_a_mapping_that_cannot_serve_is_refused_with_its_reason(tmp_path, mapping, code):
    table = tmp_path / "places.csv"
    table.write_text("a,lon,lat\n1,106,10", encoding="utf-8")
    options = []
    if mapping is not None:
        (tmp_path / "mapping.toml").write_text(mapping, encoding="utf-8")
        options = ["--mapping", str(tmp_path / "mapping.toml")]
    with pytest.raises(CommandError, match=code):
        call_command("load_gazetteer", str(table), *options)


def test_deletions_are_stored_for_what_may_be_mistyped(town, tmp_path):
    town.load(tmp_path)
    street = PlaceName.objects.get(key="pasteur")
    alley = PlaceName.objects.get(key="hem123leloi")
    assert len(street.deletions) == len("pasteur") + 1
    assert alley.deletions == []


LE_VAN_DUYET = FormerName(
    old="Đinh Tiên Hoàng",
    new="Lê Văn Duyệt",
    box=(X - 0.01, Y, X + 0.01, Y + 0.01),
    since=date(2020, 9, 16),
    keeps=False,
    source="a newspaper",
)


@pytest.mark.parametrize("drawn", ["Đinh Tiên Hoàng", "Lê Văn Duyệt"])
def test_a_renamed_stretch_has_both_names_whichever_is_drawn(drawn):
    town = Town()
    town.road("Đinh Tiên Hoàng", (0, -500), (0, -10))
    town.road(drawn, (0, 10), (0, 500))
    records = town.assembled([LE_VAN_DUYET])
    assert [one.name for one in records] == ["Đinh Tiên Hoàng", "Lê Văn Duyệt"]
    assert [(name.name, name.use, name.valid_to) for name in records[1].names] == [
        ("Lê Văn Duyệt", "official", None),
        ("Đinh Tiên Hoàng", "former", date(2020, 9, 16)),
    ]


def test_a_house_on_a_renamed_stretch_is_on_the_street_of_today():
    town = Town()
    town.road("Đinh Tiên Hoàng", (0, 10), (0, 500))
    town.road("Đinh Tiên Hoàng", (0, -900), (0, -700))
    town.address("12", "Đinh Tiên Hoàng", 10, 300)
    [house] = [one for one in town.assembled([LE_VAN_DUYET]) if one.kind == PlaceKind.HOUSE]
    assert house.street_key == "levanduyet"


def test_a_national_road_keeps_its_number_beside_its_name():
    town = Town()
    town.road("Quốc lộ 1A", (0, 10), (0, 500))
    change = replace(LE_VAN_DUYET, old="Quốc lộ 1A", new="Đỗ Mười", keeps=True)
    records = town.assembled([change])
    assert [one.name for one in records] == ["Quốc lộ 1A", "Đỗ Mười"]
    assert records[0].shape == records[1].shape


def test_every_former_name_of_the_city_is_dated_or_not_and_tells_its_source():
    changes = read_former_names(former_names_of("hcmc"))
    assert len(changes) >= 10
    for change in changes:
        assert place_key(change.old) != place_key(change.new)
        assert len(change.source) > 30
        assert change.since is None or date(1975, 1, 1) < change.since < date(2026, 12, 1)


def test_the_citys_former_names_find_their_streets_in_the_reference_data(test_data):
    roads = test_data / "gazetteer" / "osm2018_roads.geojson"
    pieces = list(read_tables([roads], read_mapping(MAPPING)))
    for change in read_former_names(former_names_of("hcmc")):
        keys = {place_key(change.old), place_key(change.new)}
        inside = [one for one in pieces if place_key(one.name) in keys and change.covers(one.shape)]
        assert inside, f"nothing is renamed from {change.old} to {change.new}"


def test_names_are_looked_for_by_the_rules_of_today(town, tmp_path, monkeypatch):
    town.load(tmp_path)
    monkeypatch.setattr(storing, "place_key", lambda name: place_key(name) + "x")
    done = town.load(tmp_path, again=True)
    assert done.changed > 0
    assert gazetteer.named(["pasteurx"])
    assert not gazetteer.named(["pasteur"])


def test_a_table_of_ones_own_is_read_by_its_mapping(tmp_path):
    table = tmp_path / "tram.csv"
    table.write_text(
        "ma,ten,x,y,so,duong,loai\n"
        "T1,Trạm Bến Thành,106.7,10.77,12,Lê Lợi,mo\n"
        "T2,Trạm cũ,106.7,10.78,,,dong\n",
        encoding="utf-8",
    )
    mapping = tmp_path / "tram.toml"
    mapping.write_text(
        """
        [gazetteer]
        code = "tram"
        title = "Trạm"
        [[file]]
        file = "tram*"
        kind = "stop"
        reference = "tram/"
        columns = {reference="ma", name="ten", lon="x", lat="y", number="so", street="duong"}
        skip = { loai = ["dong"] }
        """,
        encoding="utf-8",
    )
    load_tables([table], mapping, actor="test")
    assert places(PlaceKind.STOP) == ["Trạm Bến Thành"]
    [house] = gazetteer.numbered(["leloi"]).houses
    assert (house.number, house.lonlat.lon, house.lonlat.lat) == ("12", 106.7, 10.77)


def test_stops_of_another_source_lie_at_the_streets_that_are_known(town, tmp_path):
    town.load(tmp_path)
    stops = tmp_path / "stops.csv"
    spot = f"{X + 400 * EAST_M},{Y + 20 * EAST_M}"
    stops.write_text(
        "stop_id,name,address_no,street,status,lon,lat\n"
        f"1,Ngã 4 Pasteur,Đối diện 52,Lê Lợii,Đang khai thác,{spot}\n",
        encoding="utf-8",
    )
    load_tables([stops], MAPPING.parent / "bus_stops.toml", actor="test")
    assert "52" in {house.number for house in gazetteer.numbered(["leloi"]).houses}
    [junction] = [
        hit for hit in gazetteer.named([place_key("ngã tư Pasteur")]) if hit.kind == "junction"
    ]
    assert junction.lonlat.lon == pytest.approx(X + 300 * EAST_M, abs=10 * EAST_M)
