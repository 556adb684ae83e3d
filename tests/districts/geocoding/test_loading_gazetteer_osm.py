"""An OpenStreetMap extract, written here with osmium itself, becomes places of the city."""

import osmium
import pytest
from django.core.management import CommandError, call_command
from osmium.osm.mutable import Node, Relation, Way

from districts.geocoding import gazetteer
from districts.geocoding.keys import place_key
from districts.geocoding.loading import load_extracts
from districts.geocoding.loading.osm import UnreadableExtract, read_extract
from districts.models import Gazetteer

EXTENT = (106.0, 8.4, 107.7, 11.6)
CORNERS = {1: (106.70, 10.770), 2: (106.701, 10.770), 3: (106.701, 10.771), 4: (106.70, 10.771)}


class Extract:
    """Objects of an extract in the order in which such files have them."""

    def __init__(self):
        self.nodes = {pk: (place, {}) for pk, place in CORNERS.items()}
        self.ways = []
        self.relations = []

    def node(self, lon, lat, **tags):
        self.nodes[len(self.nodes) + 1] = ((lon, lat), tags)

    def way(self, *nodes, **tags):
        self.ways.append((nodes, tags))

    def written(self, path):
        with osmium.SimpleWriter(str(path)) as writer:
            for pk, (place, tags) in self.nodes.items():
                writer.add_node(Node(id=pk, version=1, location=place, tags=spelled(tags)))
            for pk, (nodes, tags) in enumerate(self.ways, start=1):
                writer.add_way(Way(id=pk, version=1, nodes=nodes, tags=spelled(tags)))
            for pk, (members, tags) in enumerate(self.relations, start=1):
                writer.add_relation(Relation(id=pk, version=1, members=members, tags=spelled(tags)))
        return path


def spelled(tags):
    """Return tags with "addr_street" as "addr:street"."""
    return {key.replace("_", ":", 1) if key[:4] == "addr" else key: tags[key] for key in tags}


@pytest.fixture
def extract():
    return Extract()


@pytest.fixture
def features(extract, tmp_path):
    """Read what was put into the extract, by reference."""

    def read():
        path = extract.written(tmp_path / "vietnam.osm.pbf")
        return {one.reference: one for one in read_extract(path, EXTENT, tmp_path)}

    return read


def test_a_road_is_its_line_with_all_its_names(extract, features):
    extract.way(
        1, 2, 3, highway="primary", name="Lê Lợi", alt_name="Lê Lợi Boulevard",
        old_name="Bonard;Bonnard", short_name="LL", **{"name:en": "Le Loi"},
    )  # fmt: skip
    [road] = features().values()
    assert (road.reference, road.sort) == ("way/1", "highway/primary")
    assert list(road.shape.coords) == [CORNERS[1], CORNERS[2], CORNERS[3]]
    assert [(name.name, name.use) for name in road.names] == [
        ("Lê Lợi", "official"),
        ("Lê Lợi Boulevard", "other"),
        ("LL", "short"),
        ("Bonard", "former"),
        ("Bonnard", "former"),
        ("Le Loi", "english"),
    ]


def test_a_roundabout_is_a_line_and_a_park_an_area(extract, features):
    extract.way(1, 2, 3, 1, highway="primary", junction="roundabout", name="Vòng xoay Dân Chủ")
    extract.way(1, 2, 3, 4, 1, leisure="park", name="Công viên Tao Đàn")
    found = features()
    assert found["way/1"].shape.geom_type == "LineString"
    assert found["way/2"].shape.geom_type == "MultiPolygon"


def test_an_area_of_many_ways_is_one_place(extract, features):
    extract.way(1, 2, 3)
    extract.way(3, 4, 1)
    tags = {"type": "multipolygon", "amenity": "hospital", "name": "Bệnh viện Chợ Rẫy"}
    extract.relations.append(([("w", 1, "outer"), ("w", 2, "outer")], tags))
    assert features()["relation/1"].shape.area == pytest.approx(1e-6)


def test_addresses_come_with_and_without_a_name(extract, features):
    extract.node(106.7, 10.77, addr_housenumber="12", addr_street="Lê Lợi")
    extract.node(
        106.7, 10.78, addr_housenumber="14", addr_street="Lê Lợi", shop="books", name="Sách"
    )
    found = features()
    assert (found["node/5"].sort, found["node/5"].names) == ("address", ())
    assert (found["node/6"].number, found["node/6"].name) == ("14", "Sách")


def test_what_lies_outside_or_has_no_place_is_left_out(extract, features):
    extract.node(100.0, 10.0, amenity="school", name="Trường ở xa")
    extract.node(106.7, 10.77, addr_housenumber="12")
    extract.node(106.7, 10.77, name="Không rõ là gì")
    extract.way(1, 99, highway="primary", name="Đứt đoạn")
    extract.way(1, 2, highway="primary")
    assert features() == {}


def test_a_road_that_only_begins_in_the_city_is_kept(extract, features):
    extract.node(108.0, 10.77)
    extract.way(1, 5, highway="trunk", name="Quốc lộ 1A")
    assert list(features()) == ["way/1"]


def test_scratch_files_are_gone_afterwards(extract, features, tmp_path):
    extract.way(1, 2, highway="primary", name="Lê Lợi")
    features()
    assert [path.name for path in tmp_path.iterdir()] == ["vietnam.osm.pbf"]


@pytest.mark.parametrize("content", [b"", b"not an extract", None])
def test_what_is_no_extract_is_refused_by_name(tmp_path, content):
    path = tmp_path / "vietnam.osm.pbf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableExtract, match=r"vietnam\.osm\.pbf"):
        list(read_extract(path, EXTENT, tmp_path))


def test_an_extract_cut_off_is_refused_and_changes_nothing(extract, tmp_path, db):
    for count in range(3000):
        extract.node(106.7, 10.7 + count / 1e5, amenity="school", name=f"Trường số {count}")
    path = extract.written(tmp_path / "vietnam.osm.pbf")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(CommandError, match=UnreadableExtract.code):
        call_command("load_gazetteer", str(path))
    assert not Gazetteer.objects.exists()


def test_an_extract_becomes_the_gazetteer(extract, tmp_path, settings, db):
    settings.VAR = tmp_path / "var"
    extract.way(1, 2, highway="primary", name="Lê Lợi")
    extract.way(2, 3, highway="secondary", name="Pasteur")
    extract.node(106.7005, 10.7705, highway="bus_stop", name="Bến Thành")
    path = extract.written(tmp_path / "vietnam.osm.pbf")
    done = load_extracts([path], actor="test")
    assert done.new == 3
    hits = gazetteer.named([place_key(name) for name in ("Lê Lợi", "Pasteur", "Bến Thành")])
    assert {hit.kind for hit in hits} == {"street", "stop"}
    assert len(gazetteer.crossings([hit.place for hit in hits])) == 1
    assert gazetteer.attributions([hits[0].place]) == ("© OpenStreetMap contributors",)
    assert load_extracts([path], actor="test") is None
