"""Clusters of points by density, exactly: DBSCAN over a grid whose cells are within one distance.

Ester, Kriegel, Sander, Xu: A Density-Based Algorithm for Discovering Clusters (KDD 1996); the grid
after Gunawan: A Faster Algorithm for DBSCAN (2013). A cell's diagonal is the distance, so whatever
shares a cell is near, and only the two cells on each side have to be looked at. With days, a cell
is as many days high as are near, and only the one below and the one above are looked at besides.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis_core.orientation import compiled

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]

NOISE: Final = -1
REACH: Final = 2
"""Cells on each side in which a point's neighbours can lie."""
FURTHEST: Final = 1_000_000_000
MOST_CELLS: Final = 2**62
"""Cells are numbered in 64 bits."""
SHRUNK: Final = 1 - 1e-9
"""Rounding must not put two points into one cell that are further apart than the distance."""


class Grid(NamedTuple):
    """Points sorted by cell, row by row; and what is near."""

    x: Floats
    y: Floats
    days: Longs
    starts: Longs
    """By cell: its first point; one more at the end."""
    columns: Longs
    rows: Longs
    """Rows of later days follow those of earlier ones, with some between that are always empty."""
    offsets: Longs
    """To the rows that are looked at, in order."""
    limit: float
    """The square of the distance."""
    period: int


class Clusters(NamedTuple):
    """What became of each point, in the order given."""

    labels: Longs
    """Its cluster's number from 0, in the order of the clusters' first core points; or NOISE."""
    core: Flags
    """Whether it has enough neighbours to make a cluster grow."""


def clusters(
    points: Floats, distance: float, fewest: int, days: Longs | None = None, period: int = 0
) -> Clusters:
    """Return the clusters of ``points``, an array (n, 2) of metres in one plane.

    A point is core where at least ``fewest`` points, itself among them, are not further than
    ``distance`` from it, and, where ``days`` are given, whole numbers, not more than ``period``
    days. A point that is not core belongs to the first of the clusters whose core points it is near
    to. The same labels as scikit-learn's DBSCAN. Raises ValueError for a distance that is not above
    0, fewer than 1, a period below 0, or coordinates that are not finite.
    """
    if not (distance > 0 and fewest >= 1 and period >= 0 and np.isfinite(points).all()):
        msg = "distance must be above 0, fewest at least 1, period not below 0, coordinates finite"
        raise ValueError(msg)
    if len(points) and np.ptp(points, axis=0).max() > FURTHEST * distance:
        msg = f"the points lie more than {FURTHEST} distances apart"
        raise ValueError(msg)
    if not len(points):
        return Clusters(np.empty(0, np.int64), np.empty(0, np.bool_))
    order, grid = _laid(points, distance, days, period)
    core = np.zeros(len(points), np.bool_)
    labels = np.full(len(points), NOISE, np.int64)
    dense = _find_core(grid, fewest, core)
    roots, beside = _joined(grid, core, dense)
    _label(grid, core, beside, _numbers(grid, core, roots, order)[roots], labels)
    found, told = np.empty_like(labels), np.empty_like(core)
    found[order], told[order] = labels, core
    return Clusters(found, told)


def _laid(points: Floats, distance: float, days: Longs | None, period: int) -> tuple[Longs, Grid]:
    """Sort the points by cell; return their order and the grid."""
    side = distance / np.sqrt(2) * SHRUNK
    x, y = points[:, 0].copy(), points[:, 1].copy()
    column, row = _cells(x, side), _cells(y, side)
    offsets, steps, apart = np.arange(-REACH, REACH + 1), 1, int(row.max()) + 2 * REACH + 1
    if days is None:
        days = np.zeros(len(x), np.int64)
    else:
        # What is two such steps apart is further apart than the period.
        step = (days - days.min()) // (period + 1)
        steps += int(step.max())
        row += step * apart
        offsets = (np.array([[-apart], [0], [apart]]) + offsets).ravel()
    if steps * apart * (int(column.max()) + 1) > MOST_CELLS:
        msg = "the points lie too many distances and days apart"
        raise ValueError(msg)
    code = row * (column.max() + 1) + column
    order = np.argsort(code)
    code = code[order]
    starts = np.flatnonzero(np.r_[True, code[1:] != code[:-1]])
    first = order[starts]
    ends = np.r_[starts, len(points)]
    near = offsets, float(distance) ** 2, int(period)  # of one type always: compiled once
    return order, Grid(x[order], y[order], days[order], ends, column[first], row[first], *near)


def _cells(along: Floats, side: float) -> Longs:
    """Return the cells along one axis, from 0: what is cut off is floored, for nothing is below."""
    cells: Longs = ((along - along.min()) / side).astype(np.int64)
    return cells


@compiled
def _around(grid: Grid, cell: int, pointers: Longs, found: Longs) -> int:
    """Write the cells at most REACH away from one, itself too; return how many there are.

    ``pointers`` say for each row where to begin; cells must be asked for in order.
    """
    many = 0
    column, row = grid.columns[cell], grid.rows[cell]
    for k in range(len(grid.offsets)):
        wanted, at = row + grid.offsets[k], pointers[k]
        while at < len(grid.rows) and (
            grid.rows[at] < wanted
            or (grid.rows[at] == wanted and grid.columns[at] < column - REACH)
        ):
            at += 1
        pointers[k] = at
        while (
            at < len(grid.rows) and grid.rows[at] == wanted and grid.columns[at] <= column + REACH
        ):
            found[many] = at
            many += 1
            at += 1
    return many


@compiled
def _find_core(grid: Grid, fewest: int, core: Flags) -> Flags:
    """Tell of each point whether it has enough neighbours; return which cells hold such points."""
    dense = np.zeros(len(grid.columns), np.bool_)
    pointers = np.zeros(len(grid.offsets), np.int64)
    near = np.empty(len(grid.offsets) * (2 * REACH + 1), np.int64)
    for cell in range(len(grid.columns)):
        begin, end = grid.starts[cell], grid.starts[cell + 1]
        if end - begin >= fewest:
            core[begin:end] = True
            dense[cell] = True
            continue
        many = _around(grid, cell, pointers, near)
        if _held(grid, near[:many]) < fewest:
            continue
        for p in range(begin, end):
            core[p] = _has(grid, p, near[:many], fewest)
            dense[cell] |= core[p]
    return dense


@compiled
def _held(grid: Grid, cells: Longs) -> int:
    """Return how many points some cells hold."""
    many = 0
    for cell in cells:
        many += grid.starts[cell + 1] - grid.starts[cell]
    return many


@compiled
def _has(grid: Grid, p: int, near: Longs, fewest: int) -> bool:
    """Tell whether a point has so many neighbours in these cells."""
    count = 0
    x, y, day = grid.x[p], grid.y[p], grid.days[p]
    for cell in near:
        for q in range(grid.starts[cell], grid.starts[cell + 1]):
            dx, dy, apart = x - grid.x[q], y - grid.y[q], day - grid.days[q]
            if _are_near(dx, dy, apart, grid.limit, grid.period):
                count += 1
                if count >= fewest:
                    return True
    return False


@compiled
def _joined(grid: Grid, core: Flags, dense: Flags) -> tuple[Longs, Flags]:
    """Return for each cell the first cell of its cluster, and whether one with core points is near.

    What has no core point stays alone.
    """
    roots, beside = np.arange(len(grid.columns)), np.zeros(len(grid.columns), np.bool_)
    pointers = np.zeros(len(grid.offsets), np.int64)
    near = np.empty(len(grid.offsets) * (2 * REACH + 1), np.int64)
    for cell in range(len(grid.columns)):
        if not dense[cell]:
            continue
        many = _around(grid, cell, pointers, near)
        beside[near[:many]] = True
        for other in near[:many]:
            if other >= cell:
                break
            if not dense[other]:
                continue
            one, two = _root(roots, cell), _root(roots, other)
            if one != two and _touch(grid, cell, other, core):
                roots[max(one, two)] = min(one, two)
    for cell in range(len(roots)):
        roots[cell] = roots[roots[cell]]
    return roots, beside


@compiled
def _root(roots: Longs, cell: int) -> int:
    while roots[cell] != cell:
        roots[cell] = roots[roots[cell]]
        cell = roots[cell]
    return cell


@compiled
def _touch(grid: Grid, cell: int, other: int, core: Flags) -> bool:
    """Tell whether a core point of one cell is near to one of the other."""
    begin, end = grid.starts[other], grid.starts[other + 1]
    west, east, south, north = np.inf, -np.inf, np.inf, -np.inf
    first, last = np.iinfo(np.int64).max, np.iinfo(np.int64).min
    for q in range(begin, end):
        if core[q]:
            west, east = min(west, grid.x[q]), max(east, grid.x[q])
            south, north = min(south, grid.y[q]), max(north, grid.y[q])
            first, last = min(first, grid.days[q]), max(last, grid.days[q])
    for p in range(grid.starts[cell], grid.starts[cell + 1]):
        if not core[p]:
            continue
        x, y, day = grid.x[p], grid.y[p], grid.days[p]
        dx, dy = x - min(max(x, west), east), y - min(max(y, south), north)
        apart = day - min(max(day, first), last)
        if not _are_near(dx, dy, apart, grid.limit, grid.period):
            continue
        for q in range(begin, end):
            dx, dy, apart = x - grid.x[q], y - grid.y[q], day - grid.days[q]
            if core[q] and _are_near(dx, dy, apart, grid.limit, grid.period):
                return True
    return False


@compiled
def _are_near(dx: float, dy: float, days: int, limit: float, period: int) -> bool:
    return dx * dx + dy * dy <= limit and abs(days) <= period


@compiled
def _label(grid: Grid, core: Flags, beside: Flags, numbers: Longs, labels: Longs) -> None:
    """Give each point its cluster's number, of which ``numbers`` tell by cell."""
    pointers = np.zeros(len(grid.offsets), np.int64)
    near = np.empty(len(grid.offsets) * (2 * REACH + 1), np.int64)
    for cell in range(len(grid.columns)):
        if not beside[cell]:
            continue
        many = _around(grid, cell, pointers, near)
        for p in range(grid.starts[cell], grid.starts[cell + 1]):
            if core[p]:
                labels[p] = numbers[cell]
            else:
                labels[p] = _first_near(grid, p, near[:many], core, numbers)


@compiled
def _numbers(grid: Grid, core: Flags, roots: Longs, order: Longs) -> Longs:
    """Number the clusters by their first core point; by root, NOISE where it has none."""
    first = np.full(len(roots), len(order), np.int64)
    for cell in range(len(roots)):
        for p in range(grid.starts[cell], grid.starts[cell + 1]):
            if core[p]:
                first[roots[cell]] = min(first[roots[cell]], order[p])
    numbers = np.full(len(roots), NOISE, np.int64)
    rank = 0
    for root in np.argsort(first):
        if first[root] < len(order):
            numbers[root] = rank
            rank += 1
    return numbers


@compiled
def _first_near(grid: Grid, p: int, near: Longs, core: Flags, numbers: Longs) -> int:
    """Return the smallest number among the clusters of the core points near to a point."""
    best = NOISE
    x, y, day = grid.x[p], grid.y[p], grid.days[p]
    for cell in near:
        number = numbers[cell]
        if number == NOISE or (best != NOISE and number >= best):
            continue
        for q in range(grid.starts[cell], grid.starts[cell + 1]):
            dx, dy, apart = x - grid.x[q], y - grid.y[q], day - grid.days[q]
            if core[q] and _are_near(dx, dy, apart, grid.limit, grid.period):
                best = number
                break
    return best
