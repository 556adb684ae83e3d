"""Many points at once get the answers that one pin gets, and those of a shapely oracle."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from io import StringIO

import numpy as np
import pytest
import shapely
from django.core.management import CommandError, call_command

from districts import bulk_placement, city
from districts.bulk_placement import Found
from districts.models import Area, Edition
from districts.placement import NullIsland, OutsideCity, SwappedPosition, place
from gis_core.planes import to_metres
from gis_core.positions import LonLat, OutOfRange, Position
from gis_core.shapes import from_geos
from tests import zoo
from tests.districts.cases import ground

pytestmark = pytest.mark.django_db


@pytest.fixture
def wards():
    return zoo.edition()


def one_by_one(lon, lat, on):
    """The code and the word that place() has for one point."""
    try:
        found = place(Position(LonLat(lon, lat)), on)
    except SwappedPosition:
        return "", "swapped"
    except (OutsideCity, NullIsland):
        return "", "outside"
    except OutOfRange:
        return "", "invalid"
    return found.here.ward.code, str(found.how)


def at_once(index, lons, lats):
    placed = index.place(np.asarray(lons, float), np.asarray(lats, float))
    return [
        (index.areas[area].code if area >= 0 else "", Found(how).name.lower())
        for area, how in zip(placed.area, placed.how, strict=True)
    ]


def tricky(shapes, rng, count):
    """Vertices, middles of edges, and points some metres to either side of borders."""
    borders = shapely.get_coordinates(shapely.boundary(np.asarray(shapes, object)))
    picked = rng.integers(0, len(borders) - 1, count)
    corners, next_ = borders[picked], borders[picked + 1]
    middles = (corners + next_) / 2
    beside = corners + rng.normal(0, 2e-4, corners.shape)
    kinds = [corners, middles, beside]
    return np.concatenate([kind[: count // 3 + 1] for kind in kinds])[:count]


def test_the_zoo_inside_on_edges_in_the_gap_outside_and_swapped(wards) -> None:
    index = bulk_placement.of_edition(wards.pk)
    points = {
        (106.705, 10.765): ("101", "inside"),
        (106.70, 10.765): ("101", "inside"),
        (106.71, 10.765): ("101", "edge"),
        (106.71, 10.77): ("101", "edge"),
        (106.725, 10.78005): ("109", "sliver"),
        (106.725, 10.78003): ("106", "sliver"),
        (106.69990, 10.765): ("101", "sliver"),
        (106.65, 10.765): ("", "outside"),
        (0.0, 0.0): ("", "outside"),
        (10.765, 106.705): ("", "swapped"),
        (float("nan"), 10.765): ("", "invalid"),
        (float("inf"), 10.765): ("", "invalid"),
        (500.0, 10.0): ("", "invalid"),
    }

    answers = at_once(index, *np.array(list(points)).T)

    assert dict(zip(points, answers, strict=True)) == {
        key: value for key, value in points.items() if value[1] != "sliver" or key[1] != 10.78005
    } | {(106.725, 10.78005): one_by_one(106.725, 10.78005, zoo.DAY)}


def test_two_thousand_points_equal_one_pin_at_a_time(wards) -> None:
    rng = np.random.default_rng(5)
    index = bulk_placement.of_edition(wards.pk)
    ties = np.array([
        (106.70 + column * 0.005, 10.76 + row * 0.005) for column in range(7) for row in range(7)
    ])  # fmt: skip
    points = np.round(
        np.concatenate([
            ties,
            tricky(index.shapes, rng, 700),
            rng.uniform((106.695, 10.755), (106.735, 10.795), (1000, 2)),
            np.column_stack([rng.uniform(106.72, 106.73, 300), rng.uniform(10.7799, 10.7802, 300)]),
        ]), 7,
    )  # fmt: skip

    answers = at_once(index, *points.T)

    assert answers == [one_by_one(lon, lat, zoo.DAY) for lon, lat in points.tolist()]
    assert {how for _, how in answers} == {"inside", "edge", "sliver", "outside"}


def test_the_index_is_kept_and_another_edition_has_its_own(wards, django_assert_num_queries):
    kept = bulk_placement.of_edition(wards.pk)
    with django_assert_num_queries(0):
        assert bulk_placement.of_edition(wards.pk) is kept
    other = zoo.edition({"7": zoo.square(0, 0)}, name="zoo-1975", level="district")

    assert [area.code for area in bulk_placement.of_edition(other.pk).areas] == ["7"]


def test_no_points_at_all(wards) -> None:
    assert at_once(bulk_placement.of_edition(wards.pk), [], []) == []


# --- the command -----------------------------------------------------------------------------


def run(source, target, *arguments):
    out = StringIO()
    call_command("place", source, "-o", target, *arguments, stdout=out)
    with target.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file)), out.getvalue()


def test_a_file_keeps_its_ids_and_gains_three_columns(wards, tmp_path) -> None:
    source = tmp_path / "points.csv"
    source.write_text(
        "\ufeffname,id,x,y\n"
        '"a ""quoted"",\nname",A1,106.705,10.765\n'
        "b,A2,10.765,106.705\nc,A3,,\nd,A4,106.71,10.765\ne,A5,106.65,10.765\nshort,A6\n",
        encoding="utf-8",
    )

    rows, told = run(source, tmp_path / "out.csv", "--edition", "zoo-2025", "--lon=x", "--lat=y")

    assert [tuple(row.values()) for row in rows] == [
        ("A1", "101", "Zoo 101", "inside"),
        ("A2", "", "", "swapped"),
        ("A3", "", "", "invalid"),
        ("A4", "101", "Zoo 101", "edge"),
        ("A5", "", "", "outside"),
        ("A6", "", "", "invalid"),
    ]
    assert list(rows[0]) == ["id", "ward_code", "ward_name", "how"]
    assert "6 rows; 1 inside, 1 edge, 1 outside, 1 swapped, 2 invalid" in told


def test_ids_are_written_as_they_were_whatever_they_hold(wards, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("districts.point_files.CHUNK", 4)
    ids = ["1", "2", "3", "4", "", 'a "b"', "c, d", "two\nlines", "", "é ", "=1"]
    source = tmp_path / "points.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerows([("lon", "lat", "id"), *(("106.705", "10.765", one) for one in ids)])
        file.write("\r\n")

    rows, _ = run(source, tmp_path / "out.csv", "--edition", "zoo-2025")

    assert [row["id"] for row in rows] == ids
    assert {row["ward_name"] for row in rows} == {"Zoo 101"}


def test_chunks_are_joined_in_order(wards, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("districts.point_files.CHUNK", 3)
    source = tmp_path / "points.csv"
    source.write_text("id,lon,lat\n" + "".join(f"{n},106.7{n % 10}5,10.765\n" for n in range(11)))

    rows, _ = run(source, tmp_path / "out.csv", "--edition", "zoo-2025")

    assert [row["id"] for row in rows] == [str(n) for n in range(11)]
    assert [row["ward_code"] for row in rows[:4]] == ["101", "102", "103", ""]


def test_an_unknown_edition_is_told_with_those_there_are(wards, tmp_path) -> None:
    source = tmp_path / "points.csv"
    source.write_text("id,lon,lat\n")
    with pytest.raises(CommandError, match=r'no edition "zoo-1900".*zoo-2025 \(ward\)'):
        run(source, tmp_path / "out.csv", "--edition", "zoo-1900")


def test_an_unknown_column_is_told_with_those_there_are(wards, tmp_path) -> None:
    source = tmp_path / "points.csv"
    source.write_text("id,x,y\n1,2,3\n")
    with pytest.raises(CommandError, match=r'no column "lon".*id, x, y.*--lon'):
        run(source, tmp_path / "out.csv", "--edition", "zoo-2025")


@pytest.mark.parametrize("content", [None, b"id,lon,lat\n\xff\xfe,1,2\n"])
def test_a_file_that_cannot_be_read_is_named(wards, tmp_path, content) -> None:
    source = tmp_path / "points.csv"
    if content:
        source.write_bytes(content)
    with pytest.raises(CommandError, match=r"points\.csv cannot be read"):
        run(source, tmp_path / "out.csv", "--edition", "zoo-2025")


# --- real boundaries -------------------------------------------------------------------------


@dataclass(frozen=True)
class Real:
    file: str
    level: str


REAL = {
    "hcmc-2025": Real("hcmc_wards_2025", "ward"),
    "districts-2021": Real("hcmc_districts_2021", "district"),
    "wards-2019": Real("hcmc_wards_2019", "ward"),
}


def load(test_data, name, *, publish=False):
    real = REAL[name]
    call_command(
        "load_boundaries", test_data / "boundaries" / f"{real.file}.geojson",
        "--edition", name, "--level", real.level, "--repair", "--tolerance-m2", "1e9",
        *(["--publish", "--valid-from", "2025-07-01"] if publish else []), stdout=StringIO(),
    )  # fmt: skip
    return Edition.objects.get(name=name)


def metres_to(borders, boxes, here, most):
    """Metres to every border; infinitely many where even the border's box is too far."""
    metres = shapely.distance(boxes, here)
    near = metres <= most
    metres[near] = shapely.distance(borders[near], here)
    metres[~near] = np.inf
    return metres


def oracle(edition, points):
    """What comes out of asking every polygon, and measuring every border, with shapely."""
    town = city.current()
    areas = sorted(Area.objects.filter(edition=edition), key=lambda area: area.code)
    shapes = np.array([from_geos(area.shape) for area in areas], object)
    shapely.prepare(shapes)
    dots = shapely.points(points)
    covers = np.array([shapely.covers(shape, dots) for shape in shapes])
    swapped = np.array([shapely.covers(shape, shapely.points(points[:, ::-1])) for shape in shapes])
    borders = to_metres(shapely.boundary(shapely.segmentize(shapes, 0.001)), town.metric_srid)
    boxes = shapely.envelope(borders)
    answers = []
    for n, owners in enumerate(covers.sum(axis=0)):
        with np.errstate(invalid="ignore"):  # far off the city's CRS
            [here] = to_metres(dots[n : n + 1], town.metric_srid)
            metres = None if owners else metres_to(borders, boxes, here, town.sliver_m)
        if owners:
            code, how = areas[covers[:, n].argmax()].code, "inside" if owners == 1 else "edge"
        elif metres.min() <= town.sliver_m:
            code, how = areas[metres.argmin()].code, "sliver"
        else:
            exchanged = swapped[:, n].any()
            off_globe = abs(points[n, 1]) > 90
            code, how = "", "swapped" if exchanged else "invalid" if off_globe else "outside"
        answers.append((code, how))
    return answers


@pytest.mark.parametrize("name", REAL)
def test_ten_thousand_points_equal_the_oracle(name, test_data) -> None:
    edition = load(test_data, name)
    index = bulk_placement.of_edition(edition.pk)
    rng = np.random.default_rng(2025)
    west, south, east, north = shapely.total_bounds(np.asarray(index.shapes, object))
    spread = rng.uniform((west - 0.05, south - 0.05), (east + 0.05, north + 0.05), (3000, 2))
    points = np.concatenate([spread, tricky(index.shapes, rng, 6500), spread[:500, ::-1]])

    answers = at_once(index, *points.T)

    assert answers == oracle(edition, points)
    assert {"inside", "edge", "sliver", "outside", "swapped"} <= {how for _, how in answers}


def test_two_thousand_points_of_the_city_equal_one_pin_at_a_time(test_data) -> None:
    edition = load(test_data, "hcmc-2025", publish=True)
    ground.settle()
    index = bulk_placement.of_edition(edition.pk)
    rng = np.random.default_rng(7)
    spread = rng.uniform((106.5, 10.6), (106.9, 11.0), (1000, 2))
    # Digits as devices send them; on a middle that floats cannot hold PostGIS may see no tie.
    points = np.round(np.concatenate([spread, tricky(index.shapes, rng, 1000)]), 6)

    answers = at_once(index, *points.T)

    assert answers == [one_by_one(lon, lat, zoo.DAY) for lon, lat in points.tolist()]
