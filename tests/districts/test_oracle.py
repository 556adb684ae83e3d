"""Ten thousand points against shapely over all wards: no index, no product code, every hard place.

The oracle reads the files as published and asks every polygon about every point. Points lie
uniformly, on corners, on edges, from a nanometre to 25 m beside borders, in gaps, and outside.
"""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import date
from time import perf_counter

import numpy as np
import pyproj
import pytest
import shapely

from districts import obtaining
from districts.approximate import approximate_wards
from districts.loading import load_edition, publish_edition
from districts.placement import OutsideCity, place
from districts.territory import How
from gis_core import sql
from gis_core.positions import LonLat, Position
from tests.districts.cases import ground

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)
SEED = 20250701
POINTS = 10_000
OUTSIDE = ""
CORE = np.array([shapely.box(106.64, 10.75, 106.71, 10.82)])
BOX = "the 8 by 8 km around the centre"
METRES = pyproj.Transformer.from_crs(4326, 9210, always_xy=True)


@dataclass(frozen=True)
class Oracle:
    """All wards in order of code, in degrees and in metres."""

    codes: list[str]
    degrees: np.ndarray
    metres: np.ndarray

    def covering(self, points: np.ndarray) -> list[list[str]]:
        """Return the codes of all wards that cover each point; every polygon is asked."""
        found: list[list[str]] = [[] for _ in points]
        for code, ward in zip(self.codes, self.degrees, strict=True):
            shapely.prepare(ward)
            for number in np.flatnonzero(shapely.covers(ward, points)):
                found[number].append(code)
        return found

    def near(self, point: shapely.Point) -> list[tuple[float, str]]:
        """Return metres and code of every ward, nearest first."""
        distances = shapely.distance(self.metres, in_metres(np.array([point]))[0])
        return sorted(zip(distances.tolist(), self.codes, strict=True))


def in_metres(shapes: np.ndarray) -> np.ndarray:
    return shapely.transform(shapes, METRES.transform, interleaved=False)


def oracle_of(codes: list[str], shapes: list[shapely.Geometry]) -> Oracle:
    order = np.argsort(codes)
    degrees = np.array(shapes)[order]
    finer = shapely.segmentize(degrees, 0.001)
    return Oracle([codes[number] for number in order], degrees, in_metres(finer))


@pytest.fixture(scope="module")
def published(test_data) -> Oracle:
    codes, shapes = [], []
    with zipfile.ZipFile(test_data / ground.ZIP) as archive:
        for name in archive.namelist():
            if name.endswith(".geojson"):
                [feature] = json.loads(archive.read(name))["features"]
                codes.append(feature["properties"]["code"])
                shapes.append(shapely.from_geojson(json.dumps(feature["geometry"])))
    return oracle_of(codes, shapes)


@pytest.fixture(scope="module", autouse=True)
def wards(django_db_setup, django_db_blocker, test_data):
    with ground.laid(django_db_blocker, lambda: ground.lay_wards(test_data)):
        yield


def in_city(shapes: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Return points uniform over the wards' boxes, so also in the sea and next door."""
    west, south, east, north = shapely.bounds(shapes).T
    which = rng.choice(len(shapes), count, p=(area := shapely.area(shapes)) / area.sum())
    lons = rng.uniform(west[which], east[which])
    return shapely.points(lons, rng.uniform(south[which], north[which]))


def corners(shapes: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    return shapely.points(rng.choice(shapely.get_coordinates(shapes), count, replace=False))


def edges(shapes: np.ndarray, rng: np.random.Generator, count: int) -> tuple[np.ndarray, ...]:
    """Return both ends of ``count`` edges taken evenly from all rings."""
    rings = shapely.get_rings(shapely.get_parts(shapes))
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    firsts = np.flatnonzero(ring[:-1] == ring[1:])
    taken = rng.choice(firsts, count, replace=False)
    return coordinates[taken], coordinates[taken + 1]


def beside(shapes: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Return points 1e-9 to 25 m off the middles of edges, on either side."""
    start, end = edges(shapes, rng, count)
    metre = np.array([1 / 109_300, 1 / 110_600])
    along = (end - start) / metre
    across = np.column_stack([-along[:, 1], along[:, 0]])
    length = np.hypot(*across.T)
    across[length > 0] /= length[length > 0, None]
    off = 10 ** rng.uniform(-9, np.log10(25), count) * rng.choice([-1, 1], count)
    return shapely.points((start + end) / 2 + across * off[:, None] * metre)


def middles(shapes: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    start, end = edges(shapes, rng, count)
    return shapely.points((start + end) / 2)


def gaps(shapes: np.ndarray) -> np.ndarray:
    """Return a point in each hole that the wards leave between them, and its corners' middle."""
    parts = shapely.get_parts(shapely.union_all(shapely.make_valid(shapes)))
    holes = shapely.get_rings(parts[shapely.get_dimensions(parts) == 2])
    holes = holes[~np.isin(holes, shapely.get_exterior_ring(parts))]
    return shapely.point_on_surface(shapely.polygons(holes))


def hard_points(shapes: np.ndarray, count: int = POINTS) -> np.ndarray:
    rng = np.random.default_rng(SEED)
    inner = gaps(shapes)
    share = (count - len(inner)) // 10
    return np.concatenate([
        inner,
        corners(shapes, 2 * share, rng),
        middles(shapes, 2 * share, rng),
        beside(shapes, 3 * share, rng),
        in_city(shapes, count - len(inner) - 7 * share, rng),
    ])  # fmt: skip


def answer(point: shapely.Point) -> tuple[str, str]:
    """Return the ward's code and how it was found; OUTSIDE for a refused point."""
    try:
        found = place(Position(LonLat(point.x, point.y)), DAY)
    except OutsideCity:
        return OUTSIDE, "outside"
    return found.here.ward.code if found.here.ward else OUTSIDE, found.how.value


def expected(oracle: Oracle, point: shapely.Point, covering: list[str]) -> set[tuple[str, str]]:
    """Return what may be answered: one thing, but where metres are as good as equal."""
    if covering:
        how = How.INSIDE if len(covering) == 1 else How.EDGE
        return {(min(covering), how.value)}
    near = oracle.near(point)
    allowed = {
        (code, How.SLIVER.value)
        for metres, code in near
        if metres <= 25 + 1e-3 and metres < near[0][0] + 1e-3
    }
    return allowed | ({(OUTSIDE, "outside")} if near[0][0] > 25 - 1e-3 else set())


def compared(oracle: Oracle, points: np.ndarray) -> Counter[str]:
    """Hold every point to the oracle; return how many there were of each kind."""
    covering = oracle.covering(points)
    kinds: Counter[str] = Counter()
    wrong = []
    for point, codes in zip(points, covering, strict=True):
        found = answer(point)
        kinds[found[1]] += 1
        if found not in expected(oracle, point, codes):
            wrong.append((point.wkt, found, codes))
    assert not wrong, f"{len(wrong)} of {len(points)}: {wrong[:5]}"
    return kinds


def test_ten_thousand_points_lie_where_shapely_says(published) -> None:
    points = hard_points(published.degrees)
    started = perf_counter()

    kinds = compared(published, points)

    print(
        f"\nhcmc-2025: {len(points)} points agree: {dict(kinds)}; {perf_counter() - started:.1f} s"
    )
    assert len(points) == POINTS
    assert set(kinds) == {"inside", "edge", "sliver", "outside"}
    assert kinds["edge"] > 1000


def test_every_gap_between_the_wards_is_asked(published) -> None:
    points = gaps(published.degrees)

    kinds = compared(published, points)

    print(f"\nhcmc-2025: {len(points)} gaps: {dict(kinds)}")
    assert len(points) >= 30


@pytest.fixture
def approximate() -> Oracle:
    """The computed wards in force instead of the real ones, as while nobody answers."""
    stand_in = obtaining.known_source("hcmc-2025")
    facts = stand_in.facts_of(stand_in.approximation)
    records = approximate_wards(stand_in.approximation.province, 9210)
    load_edition(records, facts)
    publish_edition(facts.name, facts.level, replaces=["hcmc-2025"])
    sql.run("districts", "analyse_coverage", {})
    return oracle_of([one.code for one in records], [one.shape for one in records])


def test_approximate_wards_answer_as_drawn_and_mostly_right(published, approximate) -> None:
    """One test, because computing and loading them takes longer than asking."""
    points = hard_points(approximate.degrees, 2000)
    kinds = dict(compared(approximate, points))
    print(f"\nhcmc-2025-approximate: {len(points)} points agree: {kinds}")
    rng = np.random.default_rng(SEED)

    everywhere = share_right(published, in_city(published.degrees, 2500, rng))
    core = share_right(published, in_city(CORE, 1500, rng))

    print(
        f"hcmc-2025-approximate: {everywhere:.1%} of points in the right ward, {core:.1%} in {BOX}"
    )
    assert everywhere > 0.8
    assert core > 0.7


def share_right(truth: Oracle, points: np.ndarray) -> float:
    """Return which part of the points that lie in a real ward is placed in the same one."""
    pairs = zip(points, truth.covering(points), strict=True)
    right = [answer(point)[0] == min(codes) for point, codes in pairs if codes]
    return sum(right) / len(right)
