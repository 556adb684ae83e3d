"""Hotspots over partitioned GeoParquet: one process, then dask clusters of one and two workers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import geopandas as gpd
import numpy as np
from pandas.testing import assert_frame_equal

from gis_core.hotspots.grid import Grid
from incidents.analyses.partitions import Task, analysed
from scripts.benchmarks import harness
from scripts.benchmarks.clustering import street_points
from scripts.benchmarks.harness import Line, say

MANY: Final = 1_000_000
MONTHS: Final = 36
SRID: Final = 32648
CORNER: Final = (600_000.0, 1_150_000.0)
"""Of the city, in metres of EPSG:32648."""
METHODS: Final = ("gi_star", "density", "clusters")
WORKERS: Final = (1, 2)


@dataclass(frozen=True, slots=True)
class Took:
    """The seconds of a run, with reading, and what it found.

    ``processors``: seconds of a processor that each process used, the one that asks first. They say
    how the work was shared where other things run on the machine.
    """

    seconds: float
    processors: tuple[float, ...]
    found: gpd.GeoDataFrame


def run(*, quick: bool) -> Iterator[Line]:
    """Yield a line for each method and number of workers; the peer is the one process."""
    many, times = (20_000, 1) if quick else (MANY, 3)
    with TemporaryDirectory() as name:
        folder = Path(name)
        say(f"writing {many:,} incidents into {MONTHS} files")
        xy = _write(folder, many)
        tasks = {method: _task(method, xy) for method in METHODS}
        alone = {method: _best(folder, task, None, times) for method, task in tasks.items()}
        for method, took in alone.items():
            yield _line(f"{method}, {many:,} incidents, one process", took, None)
        for workers in WORKERS[:1] if quick else WORKERS:
            with _cluster(workers) as scheduler:
                # What a worker imports at its first task is no part of a task.
                analysed(folder, tasks["gi_star"], scheduler)
                for method, task in tasks.items():
                    took = _best(folder, task, scheduler, times)
                    told = f"{method}, {many:,} incidents, workers: {workers}"
                    yield _line(told, took, alone[method])


def _line(case: str, took: Took, alone: Took | None) -> Line:
    return Line(
        bench="scale",
        case=case,
        unit="s",
        ours=took.seconds,
        peer="one process" if alone else "",
        peer_value=alone.seconds if alone else None,
        same_answer=alone is None or _same(took.found, alone.found),
        more={
            "places": len(took.found),
            "processor_s": [harness.rounded(one) for one in took.processors],
        },
    )


def _same(found: gpd.GeoDataFrame, expected: gpd.GeoDataFrame) -> bool:
    """Tell whether two answers are equal to the last digit."""
    try:
        assert_frame_equal(found.to_wkb(), expected.to_wkb(), check_exact=True)
    except AssertionError:
        return False
    return True


def _best(folder: Path, task: Task, scheduler: str | None, times: int) -> Took:
    runs = []
    for _ in range(times):
        began, used = time.perf_counter(), _used(scheduler)
        found = analysed(folder, task, scheduler)
        seconds = time.perf_counter() - began
        each = tuple(after - before for before, after in zip(used, _used(scheduler), strict=True))
        runs.append(Took(seconds, each, found))
    return min(runs, key=lambda one: one.seconds)


def _used(scheduler: str | None) -> list[float]:
    """Return the processor's seconds of this process, and of each worker."""
    if scheduler is None:
        return [time.process_time()]
    from distributed import Client  # noqa: PLC0415  heavy

    with Client(scheduler, set_as_default=False) as client:
        workers = client.run(time.process_time)
    return [time.process_time(), *(workers[name] for name in sorted(workers))]


def _write(folder: Path, many: int) -> np.ndarray:
    """Write incidents beside the city's roads, a file a month; return where they are, metres."""
    draw = np.random.default_rng(7)
    xy = street_points(many, draw) + CORNER
    month = np.sort(draw.integers(0, MONTHS, many))
    first = np.datetime64("2023-01") + month
    opened = first.astype("datetime64[ms]") + draw.integers(0, 28 * 86_400_000, many)
    frame = gpd.GeoDataFrame(
        {"category": draw.choice(["pothole", "flood", "litter"], many), "opened": opened},
        geometry=gpd.points_from_xy(*xy.T, crs=SRID).to_crs(4326),
    )
    frame["opened"] = frame["opened"].dt.tz_localize("UTC")
    for number in range(MONTHS):
        frame[month == number].to_parquet(folder / f"{number:03d}.parquet", index=False)
    return xy


def _task(method: str, xy: np.ndarray) -> Task:
    west, south = xy.min(axis=0)
    east, north = xy.max(axis=0)
    grid = Grid.over((west, south, east + 1, north + 1), 250.0)
    # Of fewer points wider, so that they cluster too.
    distance_m = 50.0 * (MANY / len(xy)) ** 0.5
    return Task(method, grid, SRID, parameters={"distance_m": distance_m, "period_days": 7.0})


@contextmanager
def _cluster(workers: int) -> Iterator[str]:
    """Yield the address of a scheduler with so many worker processes of one thread each."""
    from distributed import LocalCluster  # noqa: PLC0415  heavy

    say(f"starting {workers} worker(s)")
    with LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
    ) as cluster:  # fmt: skip
        yield cluster.scheduler_address
