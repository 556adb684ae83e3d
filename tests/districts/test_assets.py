"""Assets and service areas come from files: checked, widened in metres, superseded when changed."""

from io import StringIO
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from districts import reading
from districts.loading.superseding import plan
from districts.models import Asset, Border, CatalogueChange, Piece, ServiceArea
from gis_core.planes import to_metres
from gis_core.shapes import from_geos
from tests.kept_rows import catalogue_again

AGENCY_NAMES = Path(__file__).resolve().parents[2] / "data" / "agency_names"
GEOD = Geod(ellps="WGS84")
PARKS = shapely.box(106.70, 10.77, 106.701, 10.771), shapely.box(106.7005, 10.77, 106.702, 10.771)


@pytest.fixture
def catalogue(db):
    catalogue_again()


def run(command, *arguments):
    out, errors = StringIO(), StringIO()
    try:
        call_command(command, *map(str, arguments), stdout=out, stderr=errors)
    except CommandError as error:
        return out.getvalue(), f"{errors.getvalue()}{error}"
    return out.getvalue(), errors.getvalue()


def write(path, shapes, **columns):
    geopandas.GeoDataFrame(columns, geometry=list(shapes), crs=4326).to_file(path)
    return path


@pytest.fixture
def parks(tmp_path):
    return write(tmp_path / "parks.geojson", PARKS, code=["a", "b"], name=["Tao Đàn", "Lê Văn Tám"])


def load_parks(path, *more):
    return run("load_assets", path, "--kind", "park", "--code-field", "code", *more)


def current(**which):
    return Asset.objects.filter(superseded_at=None, **which)


def test_overlapping_assets_are_stored_with_owner_maintainer_and_cover(catalogue, parks):
    out, errors = load_parks(
        parks, "--name-field", "name", "--owner", "so-xay-dung", "--maintainer", "cay-xanh",
        "--contract-from", "2025-01-01", "--contract-to", "2027-01-01",
    )  # fmt: skip
    assert errors == ""
    assert "Assets of kind park: 2 new, 0 changed, 0 gone, 0 as they were." in out
    park = current().get(code="a")
    assert (park.name, park.owner.code, park.maintainer.code) == (
        "Tao Đàn", "so-xay-dung", "cay-xanh",
    )  # fmt: skip
    assert str(park.contract.upper) == "2027-01-01"
    assert Piece.objects.filter(asset=park).exists()
    assert Border.objects.filter(asset=park).exists()


def test_only_what_changed_is_superseded(catalogue, parks, tmp_path):
    load_parks(parks)
    changes = CatalogueChange.objects.count()
    assert "0 new, 0 changed, 0 gone, 2 as they were" in load_parks(parks)[0]
    assert CatalogueChange.objects.count() == changes
    before = current().get(code="b").pk
    write(parks, [PARKS[0], PARKS[1].buffer(0.001)], code=["a", "b"], name=["", ""])
    assert "0 new, 1 changed, 0 gone, 1 as they were" in load_parks(parks)[0]
    assert Asset.objects.get(pk=before).superseded_at is not None
    assert current().get(code="b").pk != before
    change = CatalogueChange.objects.latest("id")
    assert (change.kind, change.code) == ("asset", "park/b")
    assert change.before["shape"] != change.after["shape"]


def test_what_is_gone_from_its_file_is_closed_and_other_files_are_left_alone(
    catalogue, parks, tmp_path
):
    load_parks(parks)
    other = write(tmp_path / "more.geojson", [PARKS[0]], code=["c"], name=[""])
    load_parks(other)
    write(parks, [PARKS[0]], code=["a"], name=[""])
    assert "0 new, 0 changed, 1 gone, 1 as they were" in load_parks(parks)[0]
    assert set(current().values_list("code", flat=True)) == {"a", "c"}
    assert CatalogueChange.objects.latest("id").after is None


def test_lines_and_points_are_widened_in_metres(catalogue, tmp_path):
    line = shapely.LineString([(106.7, 10.77), (106.71, 10.77)])
    path = write(tmp_path / "roads.gpkg", [line], code=["r"])
    arguments = (path, "--kind", "road", "--code-field", "code")
    _, errors = run("load_assets", *arguments)
    assert "r is a LineString" in errors
    assert not Asset.objects.exists()
    run("load_assets", *arguments, "--buffer", "12")
    wide, thin = to_metres(np.array([from_geos(current().get().shape), line]), 9210)
    assert wide.area == pytest.approx(thin.length * 24 + np.pi * 144, rel=0.002)
    assert wide.contains(thin)


def test_points_come_from_csv_and_are_chosen_by_a_column(catalogue, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("id,sort,lon,lat\n1,lamp,106.7,10.77\n2,tree,106.71,10.77\n")
    arguments = ("--kind", "lamp", "--code-field", "id", "--buffer", "5", "--only", "sort=lamp")
    run("load_assets", path, *arguments)
    [lamp] = to_metres(np.array([from_geos(current().get().shape)]), 9210)
    assert lamp.area == pytest.approx(np.pi * 25, rel=0.01)
    path.write_text("id,sort,lon,lat\n1,lamp,10.77,106.7\n")
    _, errors = run("load_assets", path, *arguments)
    assert "latitude and longitude exchanged" in errors


def test_every_fault_is_listed_and_nothing_is_stored(catalogue, tmp_path):
    bow_tie = shapely.Polygon([(106.7, 10.7), (106.72, 10.72), (106.72, 10.7), (106.7, 10.72)])
    path = write(
        tmp_path / "bad.geojson",
        [bow_tie, PARKS[0], None, shapely.box(2, 48, 3, 49)],
        code=["a", "a", "", "d"],
        owner=["nobody", "nobody", "so-xay-dung", None],
    )
    _, errors = load_parks(path, "--owner-field", "owner")
    for said in (
        "has no code",
        "Code a is used by 2 rows",
        'No agency has the code "nobody" (rows: 2)',
        "a is invalid: Self-intersection",
        "has no shape",
        "outside the city's extent",
        "Problems found: 6. [boundaries.unsound]",
    ):
        assert said in errors
    assert not Asset.objects.exists()


def test_a_repair_is_named(catalogue, tmp_path):
    bow_tie = shapely.Polygon([(106.7, 10.7), (106.72, 10.72), (106.72, 10.7), (106.7, 10.72)])
    path = write(tmp_path / "bad.geojson", [bow_tie], code=["a"])
    out, errors = load_parks(path, "--repair")
    assert errors == ""
    assert "a was repaired: Self-intersection at 106.71 10.71" in out
    assert current().get().shape.valid


def test_rows_without_a_code_get_one_from_their_content(catalogue, parks):
    run("load_assets", parks, "--kind", "park")
    codes = set(current().values_list("code", flat=True))
    assert len(codes) == 2
    assert "2 as they were" in run("load_assets", parks, "--kind", "park")[0]
    assert set(current().values_list("code", flat=True)) == codes


def test_names_of_agencies_are_mapped_by_a_file(catalogue, tmp_path):
    path = write(tmp_path / "areas.geojson", PARKS, company=["Nước Một", "Nước Hai"])
    names = tmp_path / "names.toml"
    names.write_text('"Nước Một" = "cn-ben-thanh"\n"Nước Hai" = "cn-cho-lon"\n')
    arguments = (path, "--agency-field", "company", "--categories", "water-leak,no-water")
    _, errors = run("load_service_areas", *arguments)
    assert 'No agency has the code "Nước Một"' in errors
    assert 'No agency has the code "Nước Hai"' in errors
    out, errors = run("load_service_areas", *arguments, "--agency-map", names)
    assert errors == ""
    assert "Service areas: 2 new" in out
    area = ServiceArea.objects.get(agency__code="cn-ben-thanh")
    assert (area.name, area.categories) == ("Nước Một", ["no-water", "water-leak"])
    assert Piece.objects.filter(service_area=area).exists()
    names.write_text("not = [toml")
    assert (
        "[assets.bad_agency_map]" in run("load_service_areas", *arguments, "--agency-map", names)[1]
    )


def test_a_service_area_is_superseded_when_its_categories_change(catalogue, tmp_path):
    path = write(tmp_path / "areas.geojson", PARKS[:1])
    arguments = (path, "--agency", "sawaco", "--categories")
    run("load_service_areas", *arguments, "water-leak")
    assert "1 as they were" in run("load_service_areas", *arguments, "water-leak")[0]
    out, _ = run("load_service_areas", *arguments, "water-leak,no-water")
    assert "0 new, 1 changed, 0 gone, 0 as they were" in out
    assert ServiceArea.objects.count() == 2
    assert ServiceArea.objects.get(superseded_at=None).categories == ["no-water", "water-leak"]


def test_a_category_that_is_not_there_is_named(catalogue, tmp_path):
    path = write(tmp_path / "areas.geojson", PARKS[:1])
    _, errors = run(
        "load_service_areas", path, "--agency", "sawaco", "--categories", "water-leak,dragons"
    )
    assert 'There is no category "dragons" in the catalogue.' in errors
    assert not ServiceArea.objects.exists()


ROWS = st.dictionaries(st.integers(0, 9), st.integers(0, 2))


@given(current=ROWS, wanted=ROWS, replaceable=st.frozensets(st.integers(0, 9)))
def test_a_reload_ends_with_what_was_wanted_and_a_second_one_does_nothing(
    current, wanted, replaceable
):
    steps = plan(current, wanted, replaceable)
    after = {key: value for key, value in current.items() if key not in steps.closed}
    after |= {key: wanted[key] for key in steps.written}
    assert all(after[key] == value for key, value in wanted.items())
    assert all(current[key] == after[key] for key in current if key not in (*wanted, *replaceable))
    again = plan(after, wanted, replaceable)
    assert again.closed == again.written == ()


@pytest.mark.parametrize(
    ("name", "buffer", "only", "count"),
    [
        ("osm2018_parks.geojson", 0, "", 686),
        ("osm2018_waterways.geojson", 10, "", 274),
        ("osm2018_power.geojson", 15, "kind=power_line", 96),
        ("osm2018_asset_points.csv", 20, "kind=highway=traffic_signals", 372),
    ],
)
def test_the_real_assets_cover_the_ground_that_the_ellipsoid_says(
    catalogue, test_data, name, buffer, only, count
):
    path = test_data / "assets" / name
    arguments = ["--kind", "real", "--code-field", "osm_id", "--buffer", buffer]
    out, errors = run("load_assets", path, *arguments, *(["--only", only] if only else []))
    assert errors == ""
    assert f"{count} new, 0 changed, 0 gone" in out
    shapes = to_metres(np.array([from_geos(one.shape) for one in current()]), 9210)
    column, _, value = only.partition("=")
    rows = [row for row in reading.read([path]) if not only or row.values[column] == value]
    expected = sum(ground(row.shape, buffer) for row in rows)
    assert shapely.area(shapes).sum() == pytest.approx(expected, rel=0.01)


def ground(shape, buffer):
    """Square metres by the ellipsoid alone: a shape's own, or a strip with two round ends."""
    if shape.geom_type in {"Polygon", "MultiPolygon"}:
        return abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(shape))[0])
    return GEOD.geometry_length(shape) * 2 * buffer + np.pi * buffer**2


@pytest.mark.parametrize(
    ("name", "names", "categories", "count"),
    [
        ("water_service_areas_2021_draft", "water_companies", "water-leak,no-water", 8),
        ("power_service_areas_2024_draft", "power_companies_2024", "power-outage", 15),
    ],
)
def test_the_draft_service_areas_are_sound(catalogue, test_data, name, names, categories, count):
    out, errors = run(
        "load_service_areas",
        test_data / "assets" / f"{name}.geojson",
        "--agency-field", "company",
        "--agency-map", AGENCY_NAMES / f"{names}.toml",
        "--categories", categories,
    )  # fmt: skip
    assert errors == ""
    assert f"{count} new" in out
    assert ServiceArea.objects.filter(superseded_at=None).count() == count
