"""Many points x wards, districts, small assets: the cell index and three others, same pairs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from gis_core import cell_index
from gis_core.polygons import repaired
from scripts.benchmarks import harness, peer_joins
from scripts.benchmarks.harness import Line, say
from scripts.benchmarks.peer_joins import Join, encoded

DEGREE_M = 111_320.0

XY = NDArray[np.float64]
Shapes = NDArray[np.object_]
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Case:
    """Polygons to join with."""

    name: str
    shapes: Shapes


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: points, assets, runs of ours of which the best counts, threads."""

    points: int
    assets: int
    runs: int
    threads: tuple[int, ...]
    fetch_peers: bool


FULL = Size(1_000_000, 20_000, 9, (1, 2), fetch_peers=True)
QUICK = Size(20_000, 2_000, 1, (1,), fetch_peers=False)


def run(*, quick: bool) -> Iterator[Line]:
    """Yield a line per polygons, threads and peer; then how ours grows."""
    size, data = QUICK if quick else FULL, _data()
    roads = geopandas.read_file(data / "gazetteer" / "osm2018_roads.geojson")
    lines = roads.geometry.to_numpy()
    draw = np.random.default_rng(1)
    xy = _points(lines, size.points, draw)
    cases = [
        Case("168 wards", _polygons(data, "hcmc_wards_2025")),
        Case("22 districts", _polygons(data, "hcmc_districts_2021")),
        _assets(lines, size.assets, draw),
    ]
    with harness.scratch_database("placement") as address:
        for case in cases:
            yield from _against_peers(case, xy, address, size)
    yield from _growth(cases, xy, size.runs)


def _data() -> Path:
    named = os.environ.get("WARDWISE_TEST_DATA")
    if not named:
        sys.exit("This benchmark joins real boundaries: set WARDWISE_TEST_DATA to their folder.")
    return Path(named)


def _polygons(data: Path, name: str) -> Shapes:
    frame = geopandas.read_file(data / "boundaries" / f"{name}.geojson").sort_values("code")
    shapes: Shapes = frame.geometry.to_numpy()
    broken = ~shapely.is_valid(shapes)
    shapes[broken] = [repaired(shape) for shape in shapes[broken]]
    return shapes


def _points(lines: Shapes, many: int, draw: np.random.Generator) -> XY:
    """Return points, half of them within about 30 m of a road, half anywhere around the city."""
    corners = shapely.get_coordinates(lines)
    near = corners[draw.integers(0, len(corners), many // 2)]
    near = near + draw.normal(0, 30 / DEGREE_M, near.shape)
    west, south, east, north = shapely.total_bounds(lines)
    return np.concatenate([near, draw.uniform((west, south), (east, north), (many - len(near), 2))])


def _assets(lines: Shapes, many: int, draw: np.random.Generator) -> Case:
    """Return strips along stretches of road and, every third, a hexagon beside one."""
    corners, line = shapely.get_coordinates(lines, return_index=True)
    same = np.flatnonzero(line[1:] == line[:-1])
    begin = draw.choice(same, many, replace=False)
    strips = shapely.linestrings(np.stack([corners[begin], corners[begin + 1]], axis=1))
    wide = draw.uniform(3, 12, many) / DEGREE_M
    shapes = shapely.buffer(strips, wide, cap_style="flat")
    hexagons = np.arange(0, many, 3)
    angle = np.arange(6) * np.pi / 3
    turned = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    radius = draw.uniform(8, 40, len(hexagons))[:, None, None] / DEGREE_M
    shapes[hexagons] = shapely.polygons(corners[begin[hexagons]][:, None, :] + radius * turned)
    return Case(f"{many:,} assets", shapes[~shapely.is_empty(shapes)])


def _against_peers(case: Case, xy: XY, address: str, size: Size) -> Iterator[Line]:
    built, index = _timed(lambda: cell_index.build(list(case.shapes)), size.runs)
    more = {"build_s": harness.rounded(built), "index_mb": harness.rounded(index.nbytes / 1e6)}
    columns = _columns(xy)
    one = _joined("geopandas.sjoin", lambda: peer_joins.by_geopandas(xy, case.shapes))
    for many in size.threads:
        join = partial(index.pairs, *columns, threads=many)
        seconds, found = _timed(join, size.runs)
        processor, _ = _timed(join, size.runs, time.process_time)
        pairs = encoded(*found)
        told = f"{len(xy):,} points x {case.name}, {many} thread{'s' * (many > 1)}"
        postgis = partial(peer_joins.by_postgis, address, xy, case.shapes, many)
        sedonadb = partial(
            peer_joins.by_sedonadb, xy, case.shapes, many, only_if_there=not size.fetch_peers
        )
        peers = {
            "geopandas.sjoin": one,
            "PostGIS ST_Covers": _joined("PostGIS", postgis),
            "sedonadb": _joined("sedonadb", sedonadb),
        }
        for name, other in peers.items():
            if other is None:
                continue
            yield Line(
                bench="placement",
                case=told,
                unit="points/s",
                ours=len(xy) / seconds,
                peer=name,
                peer_value=len(xy) / other.seconds,
                same_answer=np.array_equal(pairs, other.pairs),
                more=more | {"pairs": len(pairs)} | _told(len(xy), other, processor),
            )


def _told(many: int, other: Join, processor: float) -> dict[str, object]:
    """Return the peer's points/s at its first run, and the ratio in processor time if known.

    At the first run what the peer keeps has still to be made.
    """
    used = other.processor_seconds
    return {
        "peer_first": harness.rounded(many / other.first_seconds),
        "processor_ratio": harness.rounded(used / processor if used else None),
    }


def _joined(name: str, join: Callable[[], Join]) -> Join | None:
    say(f"asking {name}")
    try:
        return join()
    except (subprocess.CalledProcessError, OSError) as error:
        say(f"{name} cannot be asked here: {error}")
        return None


def _timed(
    work: Callable[[], Answer], times: int, clock: Callable[[], float] = time.perf_counter
) -> tuple[float, Answer]:
    """Return the best of some runs in seconds, after one that is not counted, and the answer.

    The best, as of the peers: whatever else the machine does only makes a run longer.
    """
    answer = work()
    runs = []
    for _ in range(times):
        began = clock()
        answer = work()
        runs.append(clock() - began)
    return min(runs), answer


def _growth(cases: list[Case], xy: XY, runs: int) -> Iterator[Line]:
    """Yield our own figures for fewer points and for fewer polygons."""
    columns = _columns(xy)
    wards, _, assets = cases
    for share in (16, 4, 1):
        some = columns[:, : len(xy) // share]
        yield _own(wards, some, f"growth: {some.shape[1]:,} points x {wards.name}", runs)
    for share in (16, 4, 1):
        fewer = Case(assets.name, assets.shapes[: len(assets.shapes) // share])
        told = f"growth: {len(xy):,} points x {len(fewer.shapes):,} assets"
        yield _own(fewer, columns, told, runs)


def _own(case: Case, columns: XY, told: str, runs: int) -> Line:
    built, index = _timed(lambda: cell_index.build(list(case.shapes)), runs)
    seconds, _ = _timed(partial(index.pairs, *columns), runs)
    more = {"build_s": harness.rounded(built), "index_mb": harness.rounded(index.nbytes / 1e6)}
    return Line(
        bench="placement", case=told, unit="points/s", ours=columns.shape[1] / seconds, more=more
    )


def _columns(xy: XY) -> XY:
    """Return longitudes and latitudes as two arrays of their own, as the index takes them."""
    return np.ascontiguousarray(xy.T)
