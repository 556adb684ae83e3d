"""Clusters of many points by density: ours beside PostGIS and scikit-learn, the same clusters.

In the plane beside both; in space and time beside scikit-learn alone, for PostGIS has none such.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

from gis_core.density_clusters import NOISE, clusters
from gis_core.hotspots import space_time
from scripts.benchmarks import harness
from scripts.benchmarks.harness import Line, say

SKLEARN: Final = ("scikit-learn==1.7.2", "numpy>=2,<3")
SCRIPT: Final = Path(__file__).parent / "peer_scripts" / "sklearn_dbscan.py"
DEGREE_M: Final = 111_195.0
COPIED: Final = 200_000
"""Points sent to PostGIS at a time."""
MANY: Final = 1_000_000
DENSITIES: Final = ((15, 5), (30, 20))
"""Metres, and points that make a place dense; of fewer points wider, so that they cluster too."""
YEARS_DAYS: Final = 3 * 365
CYLINDERS: Final = ((50, 7, 5), (100, 30, 10))
"""Metres, days, and points that make a place dense for a time."""

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Found:
    """The seconds of a run, of a processor where they can be told, and the label of each point."""

    seconds: float
    processor_seconds: float | None
    labels: Longs


def lines(bench: str, *, quick: bool) -> Iterator[Line]:
    """Yield a line for each peer and density, and how ours grows with the points."""
    points = street_points(20_000 if quick else MANY, np.random.default_rng(6))
    yield from in_the_plane(bench, points, quick=quick)
    for share in (16, 4, 1):
        some = points[: len(points) // share]
        seconds = _ours(some, 15.0, 5, 1 if quick else 3).seconds
        yield Line(
            bench=bench, case=f"growth: clusters of {len(some):,} points", unit="points/s",
            ours=len(some) / seconds,
        )  # fmt: skip


def in_the_plane(bench: str, points: Floats, *, quick: bool) -> Iterator[Line]:
    """Yield a line for each peer and density; ``points`` are metres, (n, 2)."""
    wider = (MANY / len(points)) ** 0.5
    clusters(points[:1000], 15.0, 5)
    with harness.scratch_database("clustering") as address:
        _fill(address, points)
        for metres, fewest in DENSITIES:
            distance = round(metres * wider)
            ours = _ours(points, distance, fewest, 1 if quick else 5)
            told = f"clusters: {len(points):,} points, {fewest} within {distance:g} m"
            peers = {
                "PostGIS ST_ClusterDBSCAN": lambda d=distance, f=fewest: _postgis(address, d, f),
                "scikit-learn DBSCAN": lambda d=distance, f=fewest: _sklearn(
                    points, d, f, only_if_there=quick
                ),
            }
            for name, ask in peers.items():
                peer = _asked(name, ask)
                if peer:
                    yield _line(bench, told, (points, distance, fewest), ours, name, peer)


def in_space_and_time(bench: str, points: Floats, *, quick: bool) -> Iterator[Line]:
    """Yield a line for each distance and period, days drawn alike over three years.

    scikit-learn is given the graph of who is near to whom; what making it costs stands beside.
    """
    from sklearn.cluster import DBSCAN  # noqa: PLC0415  heavy, and for these lines alone

    wider = (MANY / len(points)) ** 0.5
    days = np.random.default_rng(11).integers(0, YEARS_DAYS, len(points))
    space_time.clusters(points[:1000], days[:1000], 50.0, 7, 5)
    for metres, period, fewest in CYLINDERS:
        asked = points, days, metres * wider, period, fewest
        ours = _best(lambda a=asked: space_time.clusters(*a).labels, 1 if quick else 5)
        say("giving scikit-learn its graph")
        began = time.process_time()
        graph = near_graph(points, days, metres * wider, period)
        making = time.process_time() - began
        nearest = DBSCAN(eps=1.0, min_samples=fewest, metric="precomputed")
        peer = _best(lambda n=nearest, g=graph: n.fit(g).labels_, 1 if quick else 3)
        yield Line(
            bench=bench,
            case=f"clusters: {len(points):,} points, {fewest} within {metres * wider:.0f} m"
            f" and {period} days",
            unit="ms",
            ours=(ours.processor_seconds or 0) * 1e3,
            peer="scikit-learn DBSCAN, graph given",
            peer_value=(peer.processor_seconds or 0) * 1e3,
            same_answer=bool(np.array_equal(ours.labels, peer.labels)),
            more={"clusters": int(ours.labels.max()) + 1, "pairs": (graph.nnz - len(points)) // 2,
                  "graph_made_ms": harness.rounded(making * 1e3)},
        )  # fmt: skip


def near_graph(points: Floats, days: Longs, distance: float, period: int) -> sparse.csr_matrix:
    """Return ones where two points are neighbours, or the same: what DBSCAN takes as distances.

    Boxes hold the cylinders: a tree finds whoever shares one, and the distance decides.
    """
    side = distance * (1 + 1e-9), max(period, 0.5)
    tree = cKDTree(np.column_stack([points / side[0], days / side[1]]))
    one, other = tree.query_pairs(1.0 + 1e-9, p=np.inf, output_type="ndarray").T
    apart = points[one] - points[other]
    near = np.einsum("ij,ij->i", apart, apart) <= distance**2
    near &= np.abs(days[one] - days[other]) <= period
    own = np.arange(len(points))
    rows = np.concatenate([one[near], other[near], own])
    columns = np.concatenate([other[near], one[near], own])
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=2 * (len(points),))


def street_points(many: int, draw: np.random.Generator) -> Floats:
    """Return points in metres: most of them beside the city's roads, or a grid's."""
    data = os.environ.get("WARDWISE_TEST_DATA")
    if data:
        rows = json.loads((Path(data) / "gazetteer" / "osm2018_roads.geojson").read_text("utf-8"))
        corners = np.array([p[:2] for f in rows["features"] for p in f["geometry"]["coordinates"]])
        corners = (corners - corners.min(axis=0)) * DEGREE_M
    else:
        corners = draw.integers(0, 200, (50_000, 2)) * 100.0
    near = corners[draw.integers(0, len(corners), many * 9 // 10)]
    near = near + draw.normal(0, 20, near.shape)
    anywhere = draw.uniform(corners.min(axis=0), corners.max(axis=0), (many - len(near), 2))
    points: Floats = np.concatenate([near, anywhere])
    draw.shuffle(points)
    return points


def _ours(points: Floats, distance: float, fewest: int, runs: int) -> Found:
    return _best(lambda: clusters(points, distance, fewest).labels, runs)


def _best(ask: Callable[[], Longs], runs: int) -> Found:
    best = Found(np.inf, None, np.empty(0, np.int64))
    for _ in range(runs):
        began, processor = time.perf_counter(), time.process_time()
        labels = ask()
        found = Found(time.perf_counter() - began, time.process_time() - processor, labels)
        best = min(best, found, key=lambda one: one.seconds)
    return best


def _fill(address: str, points: Floats) -> None:
    with harness.connect(address).cursor() as cursor:
        cursor.execute("CREATE UNLOGGED TABLE points (id bigint, x float8, y float8)")
        for begin in range(0, len(points), COPIED):
            part = points[begin : begin + COPIED].tolist()
            text = "".join(f"{begin + n}\t{x!r}\t{y!r}\n" for n, (x, y) in enumerate(part))
            cursor.copy_expert("COPY points FROM STDIN", io.StringIO(text))
        cursor.execute(
            "CREATE UNLOGGED TABLE places AS SELECT id, ST_MakePoint(x, y) AS place FROM points"
        )
        cursor.execute("ANALYZE places")


def _postgis(address: str, distance: float, fewest: int) -> Found:
    connection = harness.connect(address)
    processor = harness.processor_of(connection)
    with connection.cursor() as cursor:
        cursor.execute("SET jit = off")
        began, used = time.perf_counter(), processor()
        cursor.execute(
            "CREATE UNLOGGED TABLE found AS SELECT id,"
            " ST_ClusterDBSCAN(place, %s, %s) OVER () AS label FROM places",
            (distance, fewest),
        )
        seconds, used = time.perf_counter() - began, processor() - used
        cursor.execute("SELECT coalesce(label, -1) FROM found ORDER BY id")
        labels = np.array([label for (label,) in cursor.fetchall()], np.int64)
        cursor.execute("DROP TABLE found")
    return Found(seconds, used or None, labels)


def _sklearn(points: Floats, distance: float, fewest: int, *, only_if_there: bool) -> Found:
    """Ask scikit-learn in an environment of its own. Raises FileNotFoundError where it is not."""
    home = harness.peer("sklearn", *SKLEARN, only_if_there=only_if_there)
    if home is None:
        msg = "it is not installed"
        raise FileNotFoundError(msg)
    with TemporaryDirectory() as folder:
        np.save(Path(folder) / "points.npy", points)
        command = [str(home / "python"), str(SCRIPT), folder, str(distance), str(fewest)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        told = json.loads(done.stdout.splitlines()[-1])
        labels: Longs = np.load(Path(folder) / "labels.npy")
    return Found(told["seconds"], told["processor_seconds"], labels)


def _asked(name: str, ask: Callable[[], Found]) -> Found | None:
    say(f"asking {name}")
    try:
        return ask()
    except (subprocess.CalledProcessError, OSError) as error:
        say(f"{name} cannot be asked here: {error}")
        return None


def _line(
    bench: str, told: str, asked: tuple[Floats, float, int], ours: Found, name: str, peer: Found
) -> Line:
    points, distance, fewest = asked
    core = clusters(points, distance, fewest).core
    used, processor = peer.processor_seconds, ours.processor_seconds
    return Line(
        bench=bench,
        case=told,
        unit="points/s",
        ours=len(points) / ours.seconds,
        peer=name,
        peer_value=len(points) / peer.seconds,
        same_answer=same_clusters(ours.labels, peer.labels, core),
        more={
            "clusters": int(ours.labels.max()) + 1,
            "noise": int((ours.labels == NOISE).sum()),
            "equal_labels": bool(np.array_equal(ours.labels, peer.labels)),
            "processor_s": harness.rounded(processor),
            "peer_processor_s": harness.rounded(used),
            "processor_ratio": harness.rounded(used / processor if used and processor else None),
        },
    )


def same_clusters(one: Longs, other: Longs, core: NDArray[np.bool_]) -> bool:
    """Tell whether two answers are the same but for the names of clusters.

    Core points must be divided alike, and the same points be in none. A point at the edge of two
    clusters may be in either: which one, the method leaves open.
    """
    if not np.array_equal(one == NOISE, other == NOISE):
        return False
    pairs = np.unique(np.stack([one[core], other[core]]), axis=1)
    return all(len(np.unique(side)) == pairs.shape[1] for side in pairs)
