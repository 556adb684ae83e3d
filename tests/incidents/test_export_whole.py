"""An export is whole, or clearly not: nobody takes a part of it for all there is."""

from __future__ import annotations

import csv
import io
import json
import socket
import sqlite3
import time

import geopandas as gpd
import pyogrio
import pytest
import shapely
from django.core.management import call_command

from incidents.exports import delivering, rows
from incidents.exports.formats import FORMATS
from incidents.exports.frames import MixedShapes, write_frame
from incidents.exports.table import Field, Kind, Table, point
from tests.incidents.read_exports import SOURCES
from tests.incidents.served import served

STREAMED = [extension for extension, form in FORMATS.items() if form.streams]
MANY = 4_000
"""Batches: more bytes than any network between here and the reader takes in."""


class Endless:
    """Rows of one incident, over and over, in place of the database's."""

    def __init__(self, row, fails=None):
        self.row, self.fails, self.given, self.closed = row, fails, 0, False

    def batches(self):
        try:
            for _ in range(MANY):
                self.given += 1
                yield [self.row] * 500
                if self.fails and self.given == 3:
                    raise self.fails
        finally:
            self.closed = True


@pytest.fixture
def endless(town, monkeypatch):
    """What is asked for is endless from now on."""
    found = {}

    def begin(fails=None):
        row = (7, *("pothole", "Ổ gà", "", "traffic", "Giao thông", "assigned"), *(None,) * 10,
               None, 1, 0, False, 1, point(106.7, 10.7))  # fmt: skip
        made = found.setdefault("rows", Endless(row, fails))
        table = Table(rows.NAME, rows.FIELDS, made.batches())
        assert len(row) == len(rows.FIELDS) + 1
        monkeypatch.setattr(rows, "table", lambda _wish: table)
        return made

    return begin


@pytest.mark.parametrize("extension", STREAMED)
@pytest.mark.parametrize("compressed", [True, False])
def test_what_breaks_off_on_the_way_ends_in_words_that_no_program_reads(
    extension, compressed, endless, client, caplog
):
    endless(fails=ConnectionError("the database went away"))
    headers = {"Accept-Encoding": "gzip"} if compressed else {}
    answer = client.get(f"/export/incidents.{extension}", headers=headers)
    body = b"".join(answer.streaming_content)
    answer.close()
    if compressed:
        import gzip  # noqa: PLC0415

        body = gzip.decompress(body)
    text = body.decode("utf-8-sig")
    assert "the database went away" in caplog.text
    assert "THIS FILE IS NOT WHOLE" in text.splitlines()[-1]
    if extension == "csv":
        *_whole, last = csv.reader(io.StringIO(text))
        assert not last[0].isdigit()
        return
    with pytest.raises(json.JSONDecodeError):
        json.loads(text if extension == "geojson" else text.splitlines()[-1])


@pytest.mark.parametrize("extension", [one for one in FORMATS if one not in STREAMED])
def test_files_say_how_long_they_are_and_are_written_before_any_is_sent(extension, town, client):
    answer = client.get(f"/export/incidents.{extension}", headers={"Accept-Encoding": "gzip"})
    body = b"".join(answer.streaming_content)
    assert (int(answer["Content-Length"]), answer.get("Content-Encoding")) == (len(body), None)


def test_a_file_that_cannot_be_written_is_an_error_from_the_first_byte(endless, client):
    endless(fails=OSError("no space left"))
    client.raise_request_exception = False
    assert client.get("/export/incidents.gpkg").status_code == 500
    assert delivering._free._value == delivering.AT_ONCE


def test_the_server_stops_reading_when_its_reader_goes_away(endless):
    source = endless()
    with served() as address:
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as line:
            line.sendall(b"GET /export/incidents.csv HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            taken = 0
            while taken < 100_000:
                part = line.recv(65_536)
                assert part
                taken += len(part)
        until = time.monotonic() + 20
        while not source.closed and time.monotonic() < until:
            time.sleep(0.01)
    assert source.closed
    assert source.given < MANY / 4
    assert delivering._free._value == delivering.AT_ONCE


@pytest.mark.parametrize("extension", ["csv", "gpkg"])
def test_a_command_that_is_stopped_leaves_no_file(extension, endless, tmp_path):
    endless(fails=KeyboardInterrupt())
    path = tmp_path / f"all.{extension}"
    with pytest.raises(KeyboardInterrupt):
        call_command("export_incidents", "-o", str(path))
    assert list(tmp_path.iterdir()) == []


SHAPES = [
    shapely.Point(106.7, 10.7),
    shapely.MultiPoint([(106.7, 10.7), (106.8, 10.8)]),
    shapely.LineString([(106.7, 10.7), (106.8, 10.8)]),
    shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3), (4, 2)]]),
    shapely.box(0, 0, 9, 9).difference(shapely.box(2, 2, 4, 4)),
    shapely.MultiPolygon(
        [shapely.box(0, 0, 9, 9).difference(shapely.box(2, 2, 4, 4)), shapely.box(20, 0, 21, 1)]
    ),
]
VALUES = {
    "name": ["Đường số 4", None, "ộ" * 200],
    "whole": [-(2**40), 0, 7],
    "real": [1.5, -1e-9, 1e30],
    "truth": [True, False, True],
}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda one: one.geom_type)
@pytest.mark.parametrize("extension", ["gpkg", "shp.zip", "parquet"])
def test_shapes_of_every_kind_are_read_back_as_they_were(shape, extension, tmp_path):
    made = gpd.GeoDataFrame(VALUES, geometry=[shape, None, shape], crs=4326)
    path = tmp_path / f"a.{extension}"
    write_frame(made, extension, path)
    if extension == "parquet":
        read = gpd.read_parquet(path)
    else:
        read = pyogrio.read_dataframe(SOURCES.get(extension, "{}").format(path))
    assert [one and one.equals(shape) for one in read.geometry] == [True, None, True]
    longest = "ộ" * (254 // 3 if extension == "shp.zip" else 200)
    assert list(read["name"].fillna("")) == ["Đường số 4", "", longest]
    assert list(read["whole"]) == VALUES["whole"]
    assert list(read["real"]) == pytest.approx(VALUES["real"], abs=1e-14)
    assert list(read["truth"].astype(bool)) == VALUES["truth"]


def test_a_shapefile_refuses_shapes_that_it_has_no_kind_for(tmp_path):
    several = shapely.GeometryCollection([shapely.Point(0, 0), shapely.box(0, 0, 1, 1)])
    with pytest.raises(MixedShapes):
        write_frame(gpd.GeoDataFrame(geometry=[several], crs=4326), "shp.zip", tmp_path / "a.zip")


def test_columns_that_sqlite_takes_for_one_are_all_kept(tmp_path):
    table = Table(
        "a \"b\" 'c'",
        tuple(Field(name, Kind.WHOLE) for name in ("fid", "Name", "name", 'x"y')),
        [[(1, 2, 3, 4, point(1, 2))]],
    )
    FORMATS["gpkg"].write(table, tmp_path / "a.gpkg")
    read = pyogrio.read_dataframe(tmp_path / "a.gpkg")
    assert read.drop(columns="geometry").values.tolist() == [[1, 2, 3, 4]]


def test_gdal_changes_a_geopackage_and_its_index_stays_true(tmp_path):
    points = [[(number, point(number, 1)) for number in range(100)]]
    path = tmp_path / "a.gpkg"
    FORMATS["gpkg"].write(Table("a", (Field("n", Kind.WHOLE),), points), path)
    more = gpd.GeoDataFrame({"n": [100]}, geometry=[shapely.Point(200, 50)], crs=4326)
    pyogrio.write_dataframe(more, path, layer="a", append=True)
    assert list(pyogrio.read_dataframe(path, bbox=(150, 40, 250, 60))["n"]) == [100]
    file = sqlite3.connect(path)
    for check in ("SELECT rtreecheck('rtree_a_geometry')", "PRAGMA integrity_check"):
        assert file.execute(check).fetchone() == ("ok",)
    assert file.execute("PRAGMA foreign_key_check").fetchall() == []
