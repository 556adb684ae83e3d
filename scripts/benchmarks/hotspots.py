"""Hotspot statistics of a city beside esda, scikit-learn and scipy: the same answer, how soon.

Milliseconds of processor time, the best of some runs: it is what a machine that does other work,
too, can be compared by. Incidents lie beside the city's streets where WARDWISE_TEST_DATA is set;
the city's outline is that of its wards there, else a disc with an island far away. Clusters in the
plane are told in seconds, for PostGIS is another process, with the ratio of processor time beside.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_core.hotspots import emerging, getis_ord, kernel_density, local_moran, significance
from gis_core.hotspots.grid import Grid
from incidents.columns import placing
from incidents.columns.rows import COLUMNS, LAST_DAY, Asked, Columns, Rows, Words
from map_ui import paletted
from scripts.benchmarks import clustering, harness
from scripts.benchmarks.harness import Line, say

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Answer = TypeVar("Answer")
BENCH: Final = "hotspots"
MANY: Final = 1_000_000
SIDE_M: Final = 250.0
FINE_M: Final = 100.0
REACH: Final = 2
STEPS: Final = 12
CENTRE: Final = (600_000.0, 1_190_000.0)
HCMC_SRID: Final = 9210
ASKED: Final[tuple[tuple[kernel_density.Kernel, float], ...]] = (
    ("quartic", 300.0),
    ("quartic", 1000.0),
    ("gaussian", 300.0),
)


@dataclass(frozen=True, slots=True)
class Town:
    """Incidents in metres, and the ground they lie on."""

    x: Floats
    y: Floats
    shape: Any

    def grid(self, side_m: float) -> tuple[Grid, Flags]:
        """Return squares over the ground and which of them are in it."""
        grid = Grid.over(self.shape.bounds, side_m)
        return grid, grid.within(self.shape)


def run(*, quick: bool) -> Iterator[Line]:
    """Yield the lines: Gi*, local Moran, density, clusters, emerging, a slider's whole answer."""
    town = _town(20_000 if quick else MANY, quick=quick)
    yield from _local_statistics(town, quick=quick)
    yield from _densities(town, quick=quick)
    points = np.column_stack([town.x, town.y])
    yield from clustering.in_the_plane(BENCH, points, quick=quick)
    yield from clustering.in_space_and_time(BENCH, points, quick=quick)
    yield from _emerging(town, quick=quick)
    yield from _surfaces(town, quick=quick)


def _town(many: int, *, quick: bool) -> Town:
    draw = np.random.default_rng(7)
    points = clustering.street_points(many, draw)
    points += np.asarray(CENTRE) - points.mean(axis=0)
    data = os.environ.get("WARDWISE_TEST_DATA")
    if data and not quick:
        import geopandas  # noqa: PLC0415  heavy

        path = Path(data) / "boundaries" / "hcmc_wards_2025.geojson"
        wards = geopandas.read_file(path).to_crs(HCMC_SRID)
        shape = shapely.union_all(shapely.buffer(wards.geometry.to_numpy(), 0))
    else:
        island = shapely.Point(CENTRE[0] - 30_000, CENTRE[1] - 120_000).buffer(5_000)
        shape = shapely.Point(CENTRE).buffer(9_000 if quick else 45_000).union(island)
    shapely.prepare(shape)
    inside = shapely.contains_xy(shape, points[:, 0], points[:, 1])
    x, y = np.resize(points[inside], (many, 2)).T
    return Town(x.copy(), y.copy(), shape)


def _local_statistics(town: Town, *, quick: bool) -> Iterator[Line]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from esda import G_Local, Moran_Local  # noqa: PLC0415  heavy, and says what it misses
    grid, inside = town.grid(SIDE_M)
    counts = grid.count(town.x, town.y)
    held = counts[inside]
    told = f"{len(town.x):,} incidents, {len(held):,} squares of {SIDE_M:g} m, reach {REACH}"
    say("giving esda its graph")
    own, others = (_graph(inside, own=flag) for flag in (True, False))
    runs = 2 if quick else 7
    ours, gi = _timed(lambda: getis_ord.gi_star(counts, REACH, inside), runs)
    peer, esdas = _timed(
        lambda: G_Local(held, own, transform="b", star=True, permutations=0), min(runs, 3)
    )
    yield Line(
        bench=BENCH, case=f"Gi*: {told}", unit="ms", ours=ours, peer="esda G_Local, Graph given",
        peer_value=peer, same_answer=bool(np.allclose(gi.z[inside], esdas.Zs, atol=1e-9)),
        more={"differs_by": float(np.abs(gi.z[inside] - esdas.Zs).max()),
              "hot": int((significance.significant(gi.p) & (gi.z > 0)).sum())},
    )  # fmt: skip
    ours, moran = _timed(lambda: local_moran.local_moran(counts, REACH, inside), runs)
    peer, esdas = _timed(lambda: Moran_Local(held, others, permutations=0), min(runs, 3))
    yield Line(
        bench=BENCH, case=f"local Moran: {told}", unit="ms", ours=ours,
        peer="esda Moran_Local, Graph given", peer_value=peer,
        same_answer=bool(np.allclose(moran.i[inside], esdas.Is, atol=1e-9)),
    )  # fmt: skip
    if not quick:  # esda compiles its permutations for half a minute
        yield from _permuted(counts, inside, others, 999)


def _permuted(counts: Floats, inside: Flags, graph: object, permutations: int) -> Iterator[Line]:
    """The same tests by permutation; each draws its own, so chances agree as far as draws do."""
    from esda import Moran_Local  # noqa: PLC0415  heavy

    def asked() -> Moran_Local:
        return Moran_Local(
            counts[inside], graph, permutations=permutations, keep_simulations=False, seed=1
        )

    ours, told = _timed(lambda: local_moran.local_moran(counts, REACH, inside, permutations), 3)
    peer, esdas = _timed(asked, 1)
    # esda counts what is strictly beyond on one side; where nothing is tied both mean the same.
    sure = told.p[inside] <= 2.0 / (permutations + 1)
    agree = float((esdas.p_sim[sure] <= 0.01).mean())
    yield Line(
        bench=BENCH, case=f"local Moran, {permutations} permutations", unit="ms", ours=ours,
        peer="esda Moran_Local", peer_value=peer, same_answer=agree > 0.99,
        more={"of_ours_surest_esda_finds": harness.rounded(agree)},
    )  # fmt: skip


def _densities(town: Town, *, quick: bool) -> Iterator[Line]:
    grid, inside = town.grid(FINE_M)
    points = kernel_density.Points(town.x, town.y)
    draw = np.random.default_rng(8)
    for kernel, bandwidth in ASKED:
        say(f"density: {kernel}, {bandwidth:g} m")

        edge, part = _timed(
            lambda k=kernel, b=bandwidth: kernel_density.mass(inside, FINE_M, b, k), 2
        )

        def ask(
            kernel: kernel_density.Kernel = kernel, bandwidth: float = bandwidth,
            part: Floats = part,
        ) -> Floats:  # fmt: skip
            raw = kernel_density.density_of(grid, points, bandwidth, kernel)
            return kernel_density.corrected(raw, part, inside)

        ours, told = _timed(ask, 2 if quick else 7)
        told *= np.maximum(part, kernel_density.LEAST_MASS)
        rows, columns = _sample(
            grid, inside, town, draw, 12 if quick else 40 if kernel == "gaussian" else 120
        )
        x, y = grid.centres()
        places = np.column_stack([x[columns], y[rows]])
        began = time.process_time()
        exact = kernel_density.exact(points, places, bandwidth, kernel)
        whole = (time.process_time() - began) / len(places) * inside.sum() * 1e3
        wrong = np.abs(told[rows, columns] - exact) / exact
        more = {
            "wrong_median": harness.rounded(float(np.median(wrong))),
            "wrong_p95": harness.rounded(harness.percentile(wrong.tolist(), 0.95)),
            "wrong_worst": harness.rounded(float(wrong.max())),
            "squares": int(inside.sum()),
            "peer_is": f"of {len(places)} squares, times all",
        }
        case = f"density: {len(town.x):,} incidents, {FINE_M:g} m, {kernel} {bandwidth:g} m, edges"
        same = bool(np.median(wrong) < 0.01)
        yield Line(
            bench=BENCH, case=case, unit="ms", ours=ours, peer="looking at every point (numpy)",
            peer_value=whole, same_answer=same, more=more,
        )  # fmt: skip
        if kernel == "gaussian":
            yield _beside_sklearn(case, (points, places, inside), bandwidth, ours, exact)
        yield Line(
            bench=BENCH, unit="ms", ours=edge,
            case=f"mass inside the border, kept for a mask: {kernel} {bandwidth:g} m",
        )  # fmt: skip


def _beside_sklearn(
    case: str, asked: tuple[kernel_density.Points, Floats, Flags], bandwidth: float, ours: float,
    exact: Floats,
) -> Line:  # fmt: skip
    """scikit-learn's KernelDensity at a sample of squares, its time times all of them."""
    from sklearn.neighbors import KernelDensity  # noqa: PLC0415  heavy

    points, places, inside = asked
    fitted = KernelDensity(bandwidth=bandwidth, rtol=1e-3)
    fitted.fit(np.column_stack([points.x, points.y]))
    began = time.process_time()
    told = np.exp(fitted.score_samples(places)) * len(points.x) * kernel_density.PER_KM2
    spent = (time.process_time() - began) / len(places) * inside.sum() * 1e3
    return Line(
        bench=BENCH, case=case, unit="ms", ours=ours, peer="scikit-learn KernelDensity",
        peer_value=spent, same_answer=bool(np.allclose(told, exact, rtol=5e-3)),
        more={"peer_is": f"of {len(places)} squares, times all {int(inside.sum()):,}"},
    )  # fmt: skip


def _sample(
    grid: Grid, inside: Flags, town: Town, draw: np.random.Generator, many: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return squares with incidents, drawn alike: where nobody reports there is no share of 0."""
    filled = np.argwhere((grid.count(town.x, town.y) > 0) & inside)
    rows, columns = filled[draw.choice(len(filled), many, replace=False)].T
    return rows, columns


def _emerging(town: Town, *, quick: bool) -> Iterator[Line]:
    grid, inside = town.grid(SIDE_M)
    step = np.random.default_rng(9).integers(0, STEPS, len(town.x))
    cube = np.stack([grid.count(town.x[step == n], town.y[step == n]) for n in range(STEPS)])
    ours, told = _timed(lambda: emerging.emerging(cube, REACH, inside=inside), 2 if quick else 3)
    from scipy import stats  # noqa: PLC0415  heavy

    some = np.random.default_rng(3).choice(int(inside.sum()), 500)
    series = told.z[:, inside][:, some]
    began = time.process_time()
    peers = [
        stats.kendalltau(np.arange(STEPS), one, method="asymptotic").pvalue for one in series.T
    ]
    spent = (time.process_time() - began) / len(some) * inside.sum() * 1e3
    trend = emerging.mann_kendall(series, continuity=False)
    yield Line(
        bench=BENCH, case=f"emerging: {STEPS} steps, {int(inside.sum()):,} squares, z and trend",
        unit="ms", ours=ours, peer="scipy kendalltau, the trend alone", peer_value=spent,
        same_answer=bool(np.allclose(trend.p, np.nan_to_num(peers, nan=1.0), atol=1e-9)),
        more={"peer_is": f"of {len(some)} squares, times all"},
    )  # fmt: skip


def _surfaces(town: Town, *, quick: bool) -> Iterator[Line]:
    """What a slider asks: count under a filter, reckon, class, draw as PNG."""
    columns = _columns(town)
    grid, inside = town.grid(SIDE_M)
    half = (np.arange(1 << 16) >> 5 < 20).astype(np.uint8)
    runs = 2 if quick else 7
    for name, kinds in (("all", np.ones(1 << 16, np.uint8)), ("half of the categories", half)):
        asked = Asked(kinds, 0, LAST_DAY)
        ours, counts = _timed(lambda a=asked: placing.counts(columns, a, grid), runs)
        chosen = kinds[columns.base.kind].astype(bool)
        numpys, _ = _timed(lambda c=chosen: grid.count(town.x[c], town.y[c]), runs)
        yield Line(
            bench=BENCH, case=f"columns counted in squares: {name}", unit="ms", ours=ours,
            peer="numpy, the filter given", peer_value=numpys,
            same_answer=bool(abs(counts.sum() - chosen.sum()) < 1),
            more={"incidents": int(counts.sum())},
        )  # fmt: skip
    asked = Asked(half, 0, LAST_DAY)
    answers = {
        "Gi*": lambda: _hot(placing.counts(columns, asked, grid), inside),
        "density 500 m": lambda: _dense(columns, asked, grid, inside),
    }
    for name, answer in answers.items():
        ours, picture = _timed(answer, runs)
        yield Line(
            bench=BENCH, case=f"a slider's answer as PNG: {name}", unit="ms", ours=ours,
            more={"bytes": len(picture), "squares": int(inside.sum())},
        )  # fmt: skip


def _hot(counts: Floats, inside: Flags) -> bytes:
    told = getis_ord.gi_star(counts, REACH, inside)
    held = significance.significant(told.p)
    kind = np.select([held & (told.z > 0), held], [1, 2], 0).astype(np.uint8)
    return paletted.png(np.ascontiguousarray(kind[::-1]), ["#b2182b", "#2166ac"])


def _dense(columns: Columns, asked: Asked, grid: Grid, inside: Flags) -> bytes:
    found = placing.points(columns, asked, grid, inside)
    told = kernel_density.density_of(grid, kernel_density.Points(*found), 500, "quartic", inside)
    value = np.nan_to_num(told)
    kind = np.ceil(value / value.max() * 6).astype(np.uint8)
    return paletted.png(np.ascontiguousarray(kind[::-1]), ["#fee391"] * 6)


def _columns(town: Town) -> Columns:
    order = np.lexsort((np.floor(town.x / 500), np.floor(town.y / 500)))
    x, y = (side[order] - middle for side, middle in zip((town.x, town.y), CENTRE, strict=True))
    kind = np.random.default_rng(4).integers(0, 40, len(x)) << 5 | 1
    empty = np.zeros(len(x))
    told = {"x": x, "y": y, "kind": kind}
    rows = {name: told.get(name, empty).astype(dtype) for name, dtype in COLUMNS.items()}
    nothing = Rows(**{name: np.empty(0, dtype) for name, dtype in COLUMNS.items()})
    words = Words((), (), (), (), "", CENTRE, HCMC_SRID)
    return Columns(Rows(**rows), nothing, np.empty(0, np.int8), words, "bench")


def _graph(inside: Flags, *, own: bool) -> object:
    """Return the squares inside as libpysal's Graph: REACH rows and columns each side."""
    from libpysal.graph import Graph  # noqa: PLC0415  heavy
    from scipy import sparse  # noqa: PLC0415  heavy

    number = np.full(np.add(inside.shape, 2 * REACH), -1)
    middle = number[REACH:-REACH, REACH:-REACH]
    middle[inside] = np.arange(inside.sum())
    focal, neighbour = [], []
    rows, columns = inside.shape
    for step in np.ndindex(2 * REACH + 1, 2 * REACH + 1):
        beside = number[step[0] : step[0] + rows, step[1] : step[1] + columns]
        both = inside & (beside >= 0) & (own or step != (REACH, REACH))
        focal.append(middle[both])
        neighbour.append(beside[both])
    pairs = np.concatenate(focal), np.concatenate(neighbour)
    return Graph.from_sparse(sparse.coo_array((np.ones(len(pairs[0])), pairs)))


def _timed(work: Callable[[], Answer], runs: int) -> tuple[float, Answer]:
    """Return the least milliseconds of processor time of some runs, and what came of the last."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told = work()
        spent = []
        for _ in range(runs):
            began = time.process_time()
            told = work()
            spent.append(time.process_time() - began)
    return min(spent) * 1e3, told
