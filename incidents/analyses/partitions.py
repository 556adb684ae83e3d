"""The same statistics over partitioned GeoParquet, in one process or on a cluster of machines.

Gi* and density need nothing of an incident but its cell: every partition is counted on the grid by
itself, whole numbers are added up in whatever order, and the statistic is reckoned once from the
sum. So the answer is the same to the last digit however many machines took part. Clusters need
neighbours across partitions: every partition sends days and metres, 24 bytes an incident, to where
all are put in order and clustered together, so that it does not matter which came from where.

A worker imports this module and reads the files; it needs no database and no settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis_core.hotspots import getis_ord, hulls, kernel_density, significance, space_time
from gis_core.hotspots.grid import Grid

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

COLUMNS: Final = ("category", "opened", "geometry")
SUFFIX: Final = ".parquet"
TOGETHER: Final = 8
"""Parts that a worker joins at a time: no machine is sent those of all partitions."""
ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Task:
    """What is reckoned of which incidents, as every machine is told it.

    ``grid`` lies in EPSG:``srid``, metres; ``inside``: its cells that are asked about, None for
    all. ``categories``: empty for all. ``since`` is included, ``until`` is not, both with a time
    zone; days are those of ``zone``. ``parameters`` are the method's own numbers.
    """

    method: str
    grid: Grid
    srid: int
    inside: Flags | None = None
    categories: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    zone: str = "UTC"
    parameters: Mapping[str, float] = field(default_factory=dict)


class Method(NamedTuple):
    """``part`` is asked of each partition (with the task), ``join`` joins parts, ``tell`` tells."""

    part: Callable[..., Floats]
    join: Callable[[Iterable[Floats]], Floats]
    tell: Callable[[Floats, Task], gpd.GeoDataFrame]


def analysed(folder: Path, task: Task, scheduler: str | None = None) -> gpd.GeoDataFrame:
    """Return what the task finds in a folder's partitions, in EPSG:``task.srid``.

    Cells with ``count`` and the method's columns, row by row from the south-west; or clusters, the
    largest first. ``scheduler``: the address of a dask scheduler whose workers see the folder under
    the same path; None: this process alone. Raises FileNotFoundError for a folder without
    partitions, KeyError for an unknown method, OSError where no scheduler answers.
    """
    method = METHODS[task.method]
    files = sorted(folder.glob(f"*{SUFFIX}"))
    if not files:
        msg = f"{folder} holds no {SUFFIX} file"
        raise FileNotFoundError(msg)
    part = partial(method.part, task=task)
    if scheduler is None:
        whole = method.join(part(_read(file)) for file in files)
    else:
        whole = _on_cluster(files, part, method.join, scheduler)
    return method.tell(whole, task)


def _on_cluster(
    files: Iterable[Path],
    part: Callable[[gpd.GeoDataFrame], Floats],
    join: Callable[[Iterable[Floats]], Floats],
    scheduler: str,
) -> Floats:
    """Ask each partition where its worker reads it, and join the parts as they come."""
    # Heavy, and an extra: who asks one machine needs none of them.
    import dask_geopandas  # noqa: F401, PLC0415  teaches dask's frames geometry
    from dask.dataframe import from_map  # noqa: PLC0415
    from dask.delayed import delayed  # noqa: PLC0415
    from distributed import Client  # noqa: PLC0415

    # By the same reader as in one process, so that both see the same rows.
    frames = from_map(_read, [file.resolve() for file in files])  # type: ignore[no-untyped-call]
    parts = [delayed(part)(frame) for frame in frames.to_delayed()]
    while len(parts) > 1:
        parts = [delayed(join)(parts[n : n + TOGETHER]) for n in range(0, len(parts), TOGETHER)]
    with Client(scheduler, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        whole: Floats = client.compute(parts[0]).result()
    return whole


def _read(file: Path) -> gpd.GeoDataFrame:
    return gpd.read_parquet(file, columns=list(COLUMNS))


def counted(frame: gpd.GeoDataFrame, task: Task) -> Floats:
    """Return how many of a partition's incidents lie in each cell."""
    x, y = _metres(_chosen(frame, task), task)
    return task.grid.count(x, y)


def placed(frame: gpd.GeoDataFrame, task: Task) -> Floats:
    """Return day, x and y of a partition's incidents on the grid: (n, 3), days since 1970."""
    chosen = _chosen(frame, task)
    x, y = _metres(chosen, task)
    here = chosen["opened"].dt.tz_convert(task.zone).dt.tz_localize(None)
    days = here.to_numpy("datetime64[D]").astype(np.int64)
    grid = task.grid
    column = np.floor((x - grid.west_m) / grid.cell_m)
    row = np.floor((y - grid.south_m) / grid.cell_m)
    on_it = (column >= 0) & (column < grid.columns) & (row >= 0) & (row < grid.rows)
    return np.column_stack([days, x, y])[on_it]


def _chosen(frame: gpd.GeoDataFrame, task: Task) -> gpd.GeoDataFrame:
    kept = np.ones(len(frame), np.bool_)
    if task.categories:
        kept &= frame["category"].isin(task.categories).to_numpy(np.bool_)
    if task.since is not None:
        kept &= (frame["opened"] >= task.since).to_numpy(np.bool_)
    if task.until is not None:
        kept &= (frame["opened"] < task.until).to_numpy(np.bool_)
    return frame[kept]


def _metres(frame: gpd.GeoDataFrame, task: Task) -> tuple[Floats, Floats]:
    moved = frame.geometry.to_crs(task.srid)
    return moved.x.to_numpy(), moved.y.to_numpy()


def _added(parts: Iterable[Floats]) -> Floats:
    """Add up counts; whole numbers, so in any order."""
    iterator = iter(parts)
    total = next(iterator).copy()
    for one in iterator:
        total += one
    return total


def _stacked(parts: Iterable[Floats]) -> Floats:
    return np.concatenate(list(parts))


def gi_star(counts: Floats, task: Task) -> gpd.GeoDataFrame:
    """Return cells with Gi*: ``z``, ``p`` and whether it is significant under FDR (``hot``)."""
    inside = _asked_about(counts, task)
    found = getis_ord.gi_star(counts, int(task.parameters.get("reach", 2)), inside)
    holds = significance.significant(found.p, task.parameters.get("share", 0.05))
    told = inside & ((counts > 0) | holds)
    return _cells(counts, told, task, z=found.z, p=found.p, hot=holds & (found.z > 0))


def density(counts: Floats, task: Task) -> gpd.GeoDataFrame:
    """Return cells with incidents per km² (``density``), by a quartic kernel."""
    inside = _asked_about(counts, task)
    bandwidth_m = task.parameters.get("bandwidth_m", 500.0)
    found = np.nan_to_num(
        kernel_density.density(counts, task.grid.cell_m, bandwidth_m, inside=inside)
    )
    # Fourier transforms leave a trace of rounding where nothing is near.
    told = inside & ((counts > 0) | (found > found.max(initial=0.0) * ROUNDING))
    return _cells(counts, told, task, density=found)


def clusters(events: Floats, task: Task) -> gpd.GeoDataFrame:
    """Return the hulls of clusters in space and time: ``count``, ``first``, ``last``, radius."""
    days, xy = events[:, 0].astype(np.int64), events[:, 1:]
    order = np.lexsort((days, xy[:, 1], xy[:, 0]))
    days, xy = days[order], np.ascontiguousarray(xy[order])
    asked = task.parameters
    labels = space_time.clusters(
        xy, days, asked.get("distance_m", 150.0), int(asked.get("period_days", 14)),
        int(asked.get("fewest", 5)),
    ).labels  # fmt: skip
    told = hulls.summaries(xy, days, labels)
    data = {
        "count": np.array([one.count for one in told], np.int64),
        "first": _dates([one.first for one in told]),
        "last": _dates([one.last for one in told]),
        "radius_m": np.array([one.radius_m for one in told], np.float64),
    }
    return gpd.GeoDataFrame(data, geometry=[one.hull for one in told], crs=task.srid)


def _dates(days: list[int]) -> NDArray[Any]:
    return np.array(days, "datetime64[D]").astype("datetime64[s]")


def _asked_about(counts: Floats, task: Task) -> Flags:
    """A cell whose middle lies beyond the border still has the incidents on this side of it."""
    whole = np.ones(counts.shape, np.bool_)
    return whole if task.inside is None else task.inside | (counts > 0)


def _cells(counts: Floats, told: Flags, task: Task, **columns: NDArray[Any]) -> gpd.GeoDataFrame:
    rows, places = np.nonzero(told)
    data = {"count": counts[told].astype(np.int64)}
    data |= {name: values[told] for name, values in columns.items()}
    shapes = shapely.polygons(task.grid.corners(rows, places))
    return gpd.GeoDataFrame(data, geometry=np.asarray(shapes, object), crs=task.srid)


METHODS: Final[Mapping[str, Method]] = MappingProxyType({
    "gi_star": Method(counted, _added, gi_star),
    "density": Method(counted, _added, density),
    "clusters": Method(placed, _stacked, clusters),
})  # fmt: skip
