"""The same join by others: geopandas here, PostGIS in a scratch database, sedonadb beside."""

from __future__ import annotations

import io
import json
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray
from psycopg2.extensions import cursor as Cursor  # noqa: N812  a class in small letters

from scripts.benchmarks import harness

SEDONADB = ("sedonadb==0.5.0", "geopandas>=1.0,<2", "pyarrow", "geoarrow-pyarrow")
SCRIPT = Path(__file__).parent / "peer_scripts" / "sedonadb_join.py"
PEER_RUNS = 3
"""Of which the best counts."""
COPIED = 200_000
"""Points sent to PostGIS at a time."""


@dataclass(frozen=True, slots=True)
class Join:
    """What a peer took for a join, and its pairs: point * 2**32 + polygon, ascending."""

    seconds: float
    pairs: NDArray[np.int64]
    first_seconds: float
    """With the index that the peer makes at its first run and keeps, if it does."""
    processor_seconds: float | None
    """Of all cores together, where it can be told: other work on the machine changes it little."""


def encoded(points: NDArray[np.integer], polygons: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return pairs as one ascending array, so that two answers are compared at once."""
    return np.sort((points.astype(np.int64) << 32) + polygons.astype(np.int64))


def by_geopandas(xy: NDArray[np.float64], shapes: NDArray[np.object_]) -> Join:
    """Join with ``sjoin``, points with polygons and the other way round; the better one counts.

    Both ask an index of the points, kept from the first run on, once for each polygon, which is
    prepared: its fastest way by far for large polygons. No point is on a border.
    """
    points = geopandas.GeoDataFrame(geometry=shapely.points(xy), crs=4326)
    areas = geopandas.GeoDataFrame(geometry=shapes.copy(), crs=4326)
    spent = []
    for _ in range(PEER_RUNS):
        found = _timed(spent, lambda: geopandas.sjoin(points, areas, predicate="within"))
    pairs = encoded(found.index.to_numpy(), found["index_right"].to_numpy())
    for _ in range(PEER_RUNS):
        found = _timed(spent, lambda: geopandas.sjoin(areas, points, predicate="contains"))
    if not np.array_equal(pairs, encoded(found["index_right"].to_numpy(), found.index.to_numpy())):
        msg = "geopandas.sjoin contradicts itself"
        raise AssertionError(msg)
    seconds, processor = zip(*spent, strict=True)
    return Join(min(seconds), pairs, seconds[0], min(processor))


def _timed(
    spent: list[tuple[float, float]], join: Callable[[], geopandas.GeoDataFrame]
) -> geopandas.GeoDataFrame:
    began, began_processor = time.perf_counter(), time.process_time()
    found = join()
    spent.append((time.perf_counter() - began, time.process_time() - began_processor))
    return found


def by_postgis(
    address: str, xy: NDArray[np.float64], shapes: NDArray[np.object_], threads: int
) -> Join:
    """Join with ``ST_Covers``, both tables indexed and analysed, by the planner's own plan."""
    connection = harness.connect(address)
    with connection.cursor() as cursor:
        cursor.execute(f"SET max_parallel_workers_per_gather = {threads - 1}")
        cursor.execute("DROP TABLE IF EXISTS points, areas, pairs")
        cursor.execute("CREATE UNLOGGED TABLE points (id bigint, lon float8, lat float8)")
        cursor.execute(
            "CREATE UNLOGGED TABLE areas (id bigint, shape geometry(MultiPolygon, 4326))"
        )
        _fill(cursor, xy, shapes)
        seconds = [_asked(cursor) for _ in range(PEER_RUNS)]
        out = io.StringIO()
        cursor.copy_expert("COPY pairs TO STDOUT (DELIMITER ' ')", out)
    connection.close()
    found = np.array(out.getvalue().split(), np.int64).reshape(-1, 2)
    return Join(min(seconds), encoded(found[:, 0], found[:, 1]), seconds[0], None)


def _asked(cursor: Cursor) -> float:
    cursor.execute("DROP TABLE IF EXISTS pairs")
    began = time.perf_counter()
    cursor.execute(
        "CREATE UNLOGGED TABLE pairs AS SELECT p.id AS point, a.id AS area "
        "FROM areas AS a JOIN points AS p ON ST_Covers(a.shape, p.place)"
    )
    return time.perf_counter() - began


def _fill(cursor: Cursor, xy: NDArray[np.float64], shapes: NDArray[np.object_]) -> None:
    copy, run = cursor.copy_expert, cursor.execute
    for begin in range(0, len(xy), COPIED):
        part = xy[begin : begin + COPIED].tolist()
        lines = (f"{begin + n}\t{x!r}\t{y!r}\n" for n, (x, y) in enumerate(part))
        copy("COPY points FROM STDIN", io.StringIO("".join(lines)))
    run("ALTER TABLE points ADD place geometry(Point, 4326)")
    run("UPDATE points SET place = ST_SetSRID(ST_MakePoint(lon, lat), 4326)")
    hexes = (f"{n}\tSRID=4326;{shape.wkt}\n" for n, shape in enumerate(_multi(shapes)))
    copy("COPY areas FROM STDIN", io.StringIO("".join(hexes)))
    run("CREATE INDEX ON points USING gist (place)")
    run("CREATE INDEX ON areas USING gist (shape)")
    run("VACUUM ANALYZE points")
    run("VACUUM ANALYZE areas")


def _multi(shapes: NDArray[np.object_]) -> list[shapely.MultiPolygon]:
    return [shapely.MultiPolygon([*shapely.get_parts(shape)]) for shape in shapes]


def by_sedonadb(
    xy: NDArray[np.float64], shapes: NDArray[np.object_], threads: int, *, only_if_there: bool
) -> Join:
    """Join with sedonadb in a process of its own, bound to as many cores as threads.

    The best of some runs; frames are registered before the clock starts. Raises FileNotFoundError
    where it is not installed, and ``only_if_there`` forbids to.
    """
    home = harness.peer("sedonadb", *SEDONADB, only_if_there=only_if_there)
    if home is None:
        msg = "it is not installed"
        raise FileNotFoundError(msg)
    with TemporaryDirectory() as folder:
        np.save(Path(folder) / "xy.npy", xy)
        np.save(Path(folder) / "shapes.npy", shapely.to_wkb(shapes), allow_pickle=True)
        command = [str(home / "python"), str(SCRIPT), folder, str(threads), str(PEER_RUNS)]
        quiet = os.environ | {"PYTHONWARNINGS": "ignore"}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=quiet)
        told = json.loads(done.stdout.splitlines()[-1])
        found = np.load(Path(folder) / "pairs.npy")
    seconds, pairs = told["seconds"], encoded(found[0], found[1])
    return Join(min(seconds), pairs, seconds[0], min(told["processor_seconds"]))
