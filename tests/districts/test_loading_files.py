"""Files of every kind are read alike; what they leave out is asked for, never guessed."""

import json

import geopandas
import pytest
import shapely

from districts import reading
from districts.reading import CrsChoice
from districts.records import AreaFields, area_records

BOX = shapely.box(106.7, 10.7, 106.71, 10.71)


@pytest.fixture
def frame():
    return geopandas.GeoDataFrame(
        {"code": ["101", "102"], "name": ["Đa Kao", "Bến Nghé"], "number": [7.0, None]},
        geometry=[BOX, shapely.box(106.71, 10.7, 106.72, 10.71)],
        crs=4326,
    )


def read(path, *columns, **choice):
    return reading.read([path], columns, CrsChoice(**choice))


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.fgb", "a.shp"])
def test_each_format_gives_the_same_rows(frame, tmp_path, name):
    frame.to_file(tmp_path / name, encoding="utf-8")
    rows = sorted(read(tmp_path / name, "code", "name"), key=lambda row: row.values["code"])
    assert [row.values["name"] for row in rows] == ["Đa Kao", "Bến Nghé"]
    assert [row.values["number"] for row in rows] == ["7", ""]
    assert rows[0].shape.equals(BOX)


def test_several_files_are_one_list(frame, tmp_path):
    frame[:1].to_file(tmp_path / "1.geojson")
    frame[1:].to_file(tmp_path / "2.geojson")
    rows = reading.read([tmp_path / "1.geojson", tmp_path / "2.geojson"], ["code"])
    assert [row.values["code"] for row in rows] == ["101", "102"]


def test_a_projected_file_needs_an_explicit_transformation(frame, tmp_path):
    frame.to_crs(9210).to_file(tmp_path / "a.gpkg")
    with pytest.raises(reading.OtherCrs, match="--transform"):
        read(tmp_path / "a.gpkg")
    [row, _] = read(tmp_path / "a.gpkg", transform=True)
    assert shapely.hausdorff_distance(row.shape, BOX) < 1e-8


def test_a_file_without_crs_must_be_told_it(frame, tmp_path):
    frame.to_crs(9210).to_file(tmp_path / "a.shp")
    (tmp_path / "a.prj").unlink()
    with pytest.raises(reading.NoCrs, match="--crs EPSG:xxxx"):
        read(tmp_path / "a.shp")
    [row, _] = read(tmp_path / "a.shp", crs="EPSG:9210")
    assert shapely.hausdorff_distance(row.shape, BOX) < 1e-8


def test_geojson_without_crs_is_wgs84_by_its_standard_unless_told_otherwise(frame, tmp_path):
    path = tmp_path / "a.geojson"
    frame.to_crs(9210).to_file(path)
    content = json.loads(path.read_text())
    del content["crs"]
    path.write_text(json.dumps(content))
    assert read(path)[0].shape.bounds[0] > 180
    [row, _] = read(path, crs="epsg:9210")
    assert shapely.hausdorff_distance(row.shape, BOX) < 1e-8


def test_an_old_geojson_that_names_another_crs_is_believed(frame, tmp_path):
    frame.to_crs(9210).to_file(tmp_path / "a.geojson")
    with pytest.raises(reading.OtherCrs):
        read(tmp_path / "a.geojson")


def test_two_stories_about_the_crs_are_an_error(frame, tmp_path):
    frame.to_file(tmp_path / "a.gpkg")
    with pytest.raises(reading.CrsConflict, match="not in EPSG:9210"):
        read(tmp_path / "a.gpkg", crs="EPSG:9210")


@pytest.mark.parametrize("crs", ["9210", "EPSG:abc", "EPSG:999999", "WGS84"])
def test_a_crs_that_is_none_is_refused(frame, tmp_path, crs):
    frame.to_file(tmp_path / "a.gpkg")
    with pytest.raises(reading.UnknownCrs, match="EPSG:xxxx"):
        read(tmp_path / "a.gpkg", crs=crs)


def test_a_column_that_is_not_there_is_answered_with_those_that_are(frame, tmp_path):
    frame.to_file(tmp_path / "a.gpkg")
    with pytest.raises(reading.UnknownColumn, match="code, name, number"):
        read(tmp_path / "a.gpkg", "ma_xa")


def test_points_come_from_csv(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("\ufeffid,lat,lon\n1,10.7,106.7\n2,,\n", encoding="utf-8")
    first, second = read(path, "id")
    assert first.shape.equals(shapely.Point(106.7, 10.7))
    assert second.shape is None
    path.write_text("id,x,y\n1,10.7,106.7\n")
    with pytest.raises(reading.UnknownColumn, match="lon, lat"):
        read(path)


@pytest.mark.parametrize("content", ["not geodata", "id,lon,lat\n1,east,north\n"])
def test_what_cannot_be_read_says_so(tmp_path, content):
    path = tmp_path / ("a.csv" if "lon" in content else "a.geojson")
    path.write_text(content)
    with pytest.raises(reading.Unreadable, match=path.name):
        read(path)
    with pytest.raises(reading.Unreadable, match="no such file"):
        read(tmp_path / "missing.geojson")


def test_the_kind_comes_from_its_column_or_from_the_full_name(frame, tmp_path):
    frame["full"] = "Phường " + frame["name"]
    frame["kind"] = "Quận"
    frame["long"] = "Quận " + frame["name"]
    frame.to_file(tmp_path / "a.gpkg")
    rows = read(tmp_path / "a.gpkg")
    by_full = area_records(rows, AreaFields(full_name="full", kinds={"Phường": "Ward"}))
    assert {(one.kind, one.name) for one in by_full} == {("Ward", "Đa Kao"), ("Ward", "Bến Nghé")}
    by_kind = area_records(rows, AreaFields(name="long", kind="kind"))
    assert {(one.kind, one.name) for one in by_kind} == {("Quận", "Đa Kao"), ("Quận", "Bến Nghé")}


def test_the_sum_of_a_shapefile_covers_its_side_files(frame, tmp_path):
    frame.to_file(tmp_path / "a.shp")
    before = reading.fingerprint([tmp_path / "a.shp"])
    (tmp_path / "a.dbf").write_bytes((tmp_path / "a.dbf").read_bytes().replace(b"101", b"111"))
    assert reading.fingerprint([tmp_path / "a.shp"]) != before


def test_the_sum_of_many_files_does_not_depend_on_their_order(frame, tmp_path):
    paths = [tmp_path / "1.geojson", tmp_path / "2.geojson"]
    for path, part in zip(paths, (frame[:1], frame[1:]), strict=True):
        part.to_file(path)
    assert reading.fingerprint(paths) == reading.fingerprint(paths[::-1])
