"""Clusters of many points by density: ours beside PostGIS and scikit-learn, the same clusters."""

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

from gis_core.density_clusters import NOISE, clusters
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
    many = 20_000 if quick else MANY
    wider = (MANY / many) ** 0.5
    points = street_points(many, np.random.default_rng(6))
    clusters(points[:1000], 15.0, 5)
    with harness.scratch_database("clustering") as address:
        _fill(address, points)
        for metres, fewest in DENSITIES:
            distance = round(metres * wider)
            ours = _ours(points, distance, fewest, 1 if quick else 5)
            told = f"{many:,} points, {fewest} within {distance:g} m"
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
    for share in (16, 4, 1):
        some = points[: many // share]
        seconds = _ours(some, 15.0, 5, 1 if quick else 3).seconds
        yield Line(
            bench=bench, case=f"growth: clusters of {len(some):,} points", unit="points/s",
            ours=len(some) / seconds,
        )  # fmt: skip


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
    best = Found(np.inf, None, np.empty(0, np.int64))
    for _ in range(runs):
        began, processor = time.perf_counter(), time.process_time()
        labels = clusters(points, distance, fewest).labels
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
    with harness.connect(address).cursor() as cursor:
        cursor.execute("SET jit = off")
        began = time.perf_counter()
        cursor.execute(
            "CREATE UNLOGGED TABLE found AS SELECT id,"
            " ST_ClusterDBSCAN(place, %s, %s) OVER () AS label FROM places",
            (distance, fewest),
        )
        seconds = time.perf_counter() - began
        cursor.execute("SELECT coalesce(label, -1) FROM found ORDER BY id")
        labels = np.array([label for (label,) in cursor.fetchall()], np.int64)
        cursor.execute("DROP TABLE found")
    return Found(seconds, None, labels)


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
