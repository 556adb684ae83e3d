"""What leaves the house: the same rows in every format, nobody's own words, nothing sensitive."""

from __future__ import annotations

import asyncio
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from django.contrib.gis.geos import Point
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from districts.models import Agency, Category
from gis_core.positions import LonLat
from gis_core.tiles import cell_code
from incidents import coarse
from incidents.actors import ANYBODY
from incidents.errors import PermissionDenied
from incidents.exports import delivering, incidents_frame, rows
from incidents.exports.formats import FORMATS
from incidents.exports.frames import MixedShapes, NoReferenceSystem, write_frame
from incidents.exports.table import Kind, Table, point, short_names
from incidents.exports.writers import workbook
from incidents.exports.writers.text_values import no_formula
from incidents.filters import Filters
from incidents.models import Incident
from incidents.permissions import Role
from incidents.selectors import visible_to
from tests.incidents.read_exports import expected, frame, values
from tests.map_ui.everybody import EMAIL, PHONE, world

ALL = Filters()
ODD = 'Phường "Thủ, Đức" 😀; ộ'
FORMULA = '=HYPERLINK("http://example.vn")'
NOISY, QUIET = (106.7060, 10.766), (106.7110, 10.766)
"""Two coarse cells."""


def incident(category, place, **more):
    return Incident.objects.create(
        category_id=category, position=Point(*place, srid=4326), cell=cell_code(LonLat(*place)),
        opened_at=datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC), **more,
    )  # fmt: skip


@pytest.fixture
def noisy(town):
    """Five complaints about noise in one cell, four in the next; one public pothole."""
    for place, count in ((NOISY, 5), (QUIET, 4)):
        for number in range(count):
            incident("noise", (place[0] + number * 0.0001, place[1]), public=False)
    return incident("pothole", NOISY)


@pytest.fixture
def everything(noisy):
    """Besides it a world with personal data, and names that are odd."""
    Category.objects.filter(pk="pothole").update(name=FORMULA, name_en="")
    Agency.objects.filter(code="ubnd-109").update(name=ODD)
    return world()


def all_rows(wish):
    return [row for batch in rows.table(wish).batches for row in batch]


def sensitive(found):
    return [(row[0], row[-3], row[-2]) for row in found if row[1] == "noise"]


def test_every_format_holds_the_same_rows_and_says_its_reference_system(everything, tmp_path):
    wish = rows.Wish(everything.person("operator").actor, ALL)
    found = all_rows(wish)
    assert len(found) == visible_to(wish.actor).exclude(category="noise").count() + 1
    for extension, form in FORMATS.items():
        path = tmp_path / f"incidents.{extension}"
        form.write(rows.table(wish), path)
        wanted = expected(found, extension)
        if extension == "csv":
            wanted = [tuple(f"'{v}" if v == FORMULA else v for v in row) for row in wanted]
        assert values(path, extension) == wanted, extension
        content = unpacked(path)
        for secret in (EMAIL, PHONE, "Ổ gà public", "no signal"):
            assert secret.encode() not in content, (extension, secret)


def unpacked(path: Path) -> bytes:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            return b"".join(packed.read(name) for name in packed.namelist())
    return path.read_bytes()


def test_each_role_takes_out_what_it_sees_and_nothing_sensitive(everything):
    for who in everything.people:
        found = all_rows(rows.Wish(who.actor, ALL))
        seen = visible_to(who.actor).exclude(category="noise")
        assert {row[0] for row in found} - {None} == set(seen.values_list("pk", flat=True))
        assert sensitive(found) == [(None, True, 5)], who.name
        [cell] = coarse.cells((106.7, 10.76, 106.73, 10.79))
        assert found[-1][-1] == point(*cell[1:3])


def test_sensitive_ones_by_themselves_are_for_offices_and_never_for_planners(everything):
    exactly = [(pk, False, 1) for pk in sorted(of_noise())]
    for name in ("operator", "leader", "administrator"):
        wish = rows.Wish(everything.person(name).actor, ALL, exact=True)
        assert sensitive(all_rows(wish)) == exactly, name
    for name in ("planner", "nobody", "somebody"):
        with pytest.raises(PermissionDenied):
            rows.Wish(everything.person(name).actor, ALL, exact=True)


def of_noise():
    return Incident.objects.filter(category="noise").values_list("pk", flat=True)


def test_no_difference_of_two_exports_is_a_small_count(noisy):
    """Where a day or a status is chosen nothing is counted, and a box does not cut a cell."""
    for filters in (
        Filters(since=date(2026, 3, 1)),
        Filters(until=date(2026, 3, 31)),
        Filters(statuses=frozenset({"received"})),
        Filters(categories=frozenset({"pothole"})),
        Filters(sectors=frozenset({"traffic"})),
        Filters(box=(106.72, 10.78, 106.73, 10.79)),
    ):
        assert sensitive(all_rows(rows.Wish(ANYBODY, filters))) == [], filters
    narrow = Filters(box=(106.7061, 10.7659, 106.7062, 10.7661))
    assert sensitive(all_rows(rows.Wish(ANYBODY, narrow))) == [(None, True, 5)]


def test_only_offices_read_when_a_case_is_due(everything):
    """Ward staff: of their own ward's cases, and not of what everybody sees elsewhere."""
    due = [field.name for field in rows.FIELDS].index("due")
    who = everything.person("ward_staff").actor
    told = {row[0]: row[due : due + 2] for row in all_rows(rows.Wish(who, ALL)) if row[0]}
    cases = everything.cases
    assert told[cases["public"].pk] == (None, None)
    assert told[cases["in my ward"].pk][1] is True
    assert {row[due] for row in all_rows(rows.Wish(ANYBODY, ALL))} == {None}


def test_an_empty_answer_is_a_valid_file(town, tmp_path):
    for extension, form in FORMATS.items():
        path = tmp_path / f"none.{extension}"
        form.write(rows.table(rows.Wish(ANYBODY, ALL)), path)
        if extension == "geojsonl":
            assert path.read_bytes() == b""
            continue
        assert values(path, extension) == [], extension


def test_a_download_streams_is_named_and_kept_by_nobody_who_should_not(everything, caplog):
    operator = everything.person("operator").client
    for client, kept in ((operator, "private, no-store"), (Client(), "public, max-age=60")):
        for extension in ("csv", "gpkg"):
            answer = client.get(f"/export/incidents.{extension}?category=pothole")
            body = b"".join(answer.streaming_content)
            assert body.startswith({"csv": b"\xef\xbb\xbfid,", "gpkg": b"SQLite"}[extension])
            assert answer["Cache-Control"] == kept
            assert re.search(rf'"wardwise-incidents-\d{{8}}\.{extension}"', answer.headers[
                "Content-Disposition"
            ])  # fmt: skip
    assert "role operator" in caplog.text
    assert "'categories': ['pothole']" in caplog.text
    assert EMAIL not in caplog.text


def test_what_is_refused_says_why(everything, monkeypatch):
    client = Client()
    assert client.get("/api/v1/export/incidents.doc").json()["code"] == "export.no_such_format"
    asked = client.get("/api/v1/export/incidents.csv?sensitive=exact")
    assert asked.json()["code"] == "permission.denied"
    monkeypatch.setattr(delivering, "MOST_FOR_ANYBODY", 1)
    answer = client.get("/api/v1/export/incidents.csv")
    assert (answer.status_code, answer.json()["code"]) == (422, "export.too_many_rows")
    page = client.get("/export").content.decode()
    assert "nhiều nhất 1 dòng" in page
    assert "/export/incidents.csv" not in page
    assert everything.person("operator").client.get("/export").context["offers"][0].address


def test_so_many_exports_at_once_and_each_place_is_given_back(noisy):
    client = Client()
    held = [client.get("/api/v1/export/incidents.csv") for _ in range(delivering.AT_ONCE)]
    answer = client.get("/api/v1/export/incidents.csv")
    assert (answer.status_code, answer["Retry-After"]) == (503, "20")
    for one in held:  # never begun: the browser went away
        one._resource_closers[0]()
    last = client.get("/api/v1/export/incidents.csv")
    assert last.status_code == 200
    last._resource_closers[0]()


def test_who_goes_away_in_the_middle_leaves_no_transaction_open(noisy, monkeypatch):
    """Else the thread's connection would be given back inside it, and serve nobody any more."""
    open_before, free = list(connection.savepoint_ids), delivering._free._value
    answer = Client().get("/export/incidents.csv")
    pieces = iter(answer.streaming_content)
    assert b"pothole" in next(pieces) + next(pieces)
    assert len(connection.savepoint_ids) > len(open_before)
    answer._resource_closers[0]()
    assert connection.savepoint_ids == open_before

    def full(table, _path):
        next(iter(table.batches))
        raise OSError("full")

    monkeypatch.setattr("incidents.exports.writers.geopackage.write", full)
    with pytest.raises(OSError, match="full"):
        Client().get("/export/incidents.gpkg")
    assert connection.savepoint_ids == open_before
    assert delivering._free._value == free


def test_the_command_writes_what_a_login_may_take_out(noisy, operator, tmp_path, capsys):
    path = tmp_path / "taken.shp.zip"
    call_command("export_incidents", "-o", str(path), "--user", "hoa", "--category", "noise")
    assert [row[-4:-2] for row in values(path, "shp.zip")] == [(True, 5)]
    assert "1 rows in" in capsys.readouterr().out
    with zipfile.ZipFile(path) as packed:
        assert packed.read("incidents.cpg") == b"UTF-8"
        told = packed.read("readme.txt").decode()
    for name, short in short_names(rows.FIELDS).items():
        assert len(short) <= 10
        assert re.search(rf"^{short} +{name}$", told, re.MULTILINE)


def test_a_notebook_gets_a_frame_with_its_reference_system(noisy, operator):
    read = incidents_frame(category="pothole", srid=9210)
    assert read.crs.to_epsg() == 9210
    assert list(read["id"]) == [noisy.pk]
    assert read["opened"].dt.tz is not None
    assert incidents_frame(operator, since=date(2100, 1, 1)).empty


@pytest.mark.django_db
def test_in_a_notebook_an_event_loop_runs():
    """Jupyter has one in the very thread that runs the cells, where Django refuses its ORM."""

    async def cell():
        return incidents_frame()

    assert asyncio.run(cell()).crs.to_epsg() == 4326


def test_a_sheet_that_is_full_goes_on_in_the_next(tmp_path):
    numbers = (rows.FIELDS[0],)
    batches = [[(number, point(1, 2)) for number in range(5)]]
    workbook.write(Table("incidents", numbers, batches), tmp_path / "a.xlsx", most=3)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as packed:
        sheets = [name for name in packed.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 3


@pytest.mark.parametrize("extension", FORMATS)
def test_frames_of_analyses_are_written_too(extension, tmp_path):
    shapes = [shapely.box(106.7, 10.7, 106.8, 10.8), shapely.MultiPolygon([]), None]
    odd = ["a\x00b\x0b=1+1", "Đường số 4 😀", None]
    made = gpd.GeoDataFrame(
        {"rank": [1, 2, 3], "name": odd, "value": [1.5, float("nan"), float("inf")]},
        geometry=shapes, crs=4326,
    ).to_crs(9210)  # fmt: skip
    path = tmp_path / f"result.{extension}"
    write_frame(made, extension, path)
    assert b"ab=1+1" in unpacked(path)
    if extension in {"csv", "xlsx"}:
        return
    read = frame(path, extension)
    assert read.crs.to_epsg() == 4326
    assert list(read["rank"]) == [1, 2, 3]
    assert list(read["name"].fillna("")) == ["ab=1+1", "Đường số 4 😀", ""]
    assert read.geometry[0].symmetric_difference(shapes[0]).area < 1e-6


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＠"])
def test_no_text_is_a_formula_to_a_spreadsheet(sign):
    assert no_formula(f"{sign}1+1") == f"'{sign}1+1"
    assert no_formula(f"1{sign}1") == f"1{sign}1"


def test_a_frame_without_reference_system_or_with_mixed_shapes_is_refused(tmp_path):
    mixed = [shapely.Point(0, 0), shapely.box(0, 0, 1, 1)]
    with pytest.raises(NoReferenceSystem):
        write_frame(gpd.GeoDataFrame(geometry=mixed), "csv", tmp_path / "a.csv")
    with pytest.raises(MixedShapes):
        write_frame(gpd.GeoDataFrame(geometry=mixed, crs=4326), "shp.zip", tmp_path / "a.zip")


def test_the_page_about_exports_names_every_column():
    page = (Path(__file__).resolve().parents[2] / "docs" / "exports.md").read_text("utf-8")
    told = re.findall(r"^\| `(\w+)` \| `(\w+)` \| (\w+) \|", page, re.MULTILINE)
    short = short_names(rows.FIELDS)
    assert told == [(one.name, short[one.name], one.kind.value) for one in rows.FIELDS]
    assert all(f"`.{one}`" in page for one in FORMATS)


def test_every_role_is_thought_of():
    assert set(Role) > rows.NEVER_EXACT
    assert {field.kind for field in rows.FIELDS} <= set(Kind)


def test_the_maps_own_form_leads_to_the_same_filters(everything):
    asked = "layers=heat&period=30&since=2020-01-01&status=assigned&measure=count"
    page = Client().get(f"/export?{asked}")
    days = page.context["since"], page.context["until"]
    assert days == (timezone.localdate() - timedelta(days=30), None)
    assert page.context["offers"][0].address.startswith("/export/incidents.csv?layers=heat&period=")
    assert Client().get("/export?period=ever").status_code == 422
    for path in ("/", "/export"):
        assert "merged" not in {mark.code for mark in Client().get(path).context["statuses"]}
