"""Clusters of points by density, exactly: DBSCAN over a grid whose cells are within one distance.

Ester, Kriegel, Sander, Xu: A Density-Based Algorithm for Discovering Clusters (KDD 1996); the grid
after Gunawan: A Faster Algorithm for DBSCAN (2013). A cell's diagonal is the distance, so whatever
shares a cell is near, and only the two cells on each side have to be looked at.
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
"""Cells are numbered in 64 bits."""
SHRUNK: Final = 1 - 1e-9
"""Rounding must not put two points into one cell that are further apart than the distance."""


class Grid(NamedTuple):
    """Points sorted by cell, row by row."""

    x: Floats
    y: Floats
    starts: Longs
    """By cell: its first point; one more at the end."""
    columns: Longs
    rows: Longs


class Clusters(NamedTuple):
    """What became of each point, in the order given."""

    labels: Longs
    """Its cluster's number from 0, in the order of the clusters' first core points; or NOISE."""
    core: Flags
    """Whether it has enough neighbours to make a cluster grow."""


def clusters(points: Floats, distance: float, fewest: int) -> Clusters:
    """Return the clusters of ``points``, an array (n, 2) of metres in one plane.

    A point is core where at least ``fewest`` points, itself among them, are not further than
    ``distance`` from it. A point that is not core belongs to the first of the clusters whose core
    points it is near to. The same labels as scikit-learn's DBSCAN. Raises ValueError for a distance
    that is not above 0, fewer than 1, or coordinates that are not finite.
    """
    if not (distance > 0 and fewest >= 1 and np.isfinite(points).all()):
        msg = "distance must be above 0, fewest at least 1, and every coordinate finite"
        raise ValueError(msg)
    if len(points) and np.ptp(points, axis=0).max() > FURTHEST * distance:
        msg = f"the points lie more than {FURTHEST} distances apart"
        raise ValueError(msg)
    if not len(points):
        return Clusters(np.empty(0, np.int64), np.empty(0, np.bool_))
    order, grid = _laid(points, distance)
    core = np.empty(len(points), np.bool_)
    labels = np.empty(len(points), np.int64)
    limit = distance * distance
    _find_core(grid, limit, fewest, core)
    roots = _joined(grid, limit, core)
    _label(grid, limit, core, roots, order, labels)
    found, told = np.empty_like(labels), np.empty_like(core)
    found[order], told[order] = labels, core
    return Clusters(found, told)


def _laid(points: Floats, distance: float) -> tuple[Longs, Grid]:
    """Sort the points by cell; return their order and the grid."""
    side = distance / np.sqrt(2) * SHRUNK
    x, y = points[:, 0].copy(), points[:, 1].copy()
    column, row = _cells(x, side), _cells(y, side)
    code = row * (column.max() + 1) + column
    order = np.argsort(code)
    code = code[order]
    starts = np.flatnonzero(np.r_[True, code[1:] != code[:-1]])
    first = order[starts]
    ends = np.r_[starts, len(points)]
    return order, Grid(x[order], y[order], ends, column[first], row[first])


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
    for k in range(2 * REACH + 1):
        wanted, at = row + k - REACH, pointers[k]
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
def _find_core(grid: Grid, limit: float, fewest: int, core: Flags) -> None:
    """Tell of each point whether it has enough neighbours."""
    pointers = np.zeros(2 * REACH + 1, np.int64)
    near = np.empty((2 * REACH + 1) ** 2, np.int64)
    for cell in range(len(grid.columns)):
        begin, end = grid.starts[cell], grid.starts[cell + 1]
        if end - begin >= fewest:
            core[begin:end] = True
            continue
        many = _around(grid, cell, pointers, near)
        for p in range(begin, end):
            core[p] = _has(grid, p, near[:many], limit, fewest)


@compiled
def _has(grid: Grid, p: int, near: Longs, limit: float, fewest: int) -> bool:
    """Tell whether a point has so many neighbours in these cells."""
    count = 0
    for cell in near:
        for q in range(grid.starts[cell], grid.starts[cell + 1]):
            dx, dy = grid.x[p] - grid.x[q], grid.y[p] - grid.y[q]
            if dx * dx + dy * dy <= limit:
                count += 1
                if count >= fewest:
                    return True
    return False


@compiled
def _joined(grid: Grid, limit: float, core: Flags) -> Longs:
    """Return for each cell the first cell of its cluster; what has no core point stays alone."""
    roots = np.arange(len(grid.columns))
    pointers = np.zeros(2 * REACH + 1, np.int64)
    near = np.empty((2 * REACH + 1) ** 2, np.int64)
    for cell in range(len(grid.columns)):
        many = _around(grid, cell, pointers, near)
        for other in near[:many]:
            if other >= cell:
                break
            one, two = _root(roots, cell), _root(roots, other)
            if one != two and _touch(grid, cell, other, limit, core):
                roots[max(one, two)] = min(one, two)
    for cell in range(len(roots)):
        roots[cell] = roots[roots[cell]]
    return roots


@compiled
def _root(roots: Longs, cell: int) -> int:
    while roots[cell] != cell:
        roots[cell] = roots[roots[cell]]
        cell = roots[cell]
    return cell


@compiled
def _touch(grid: Grid, cell: int, other: int, limit: float, core: Flags) -> bool:
    """Tell whether a core point of one cell is near to one of the other."""
    begin, end = grid.starts[other], grid.starts[other + 1]
    west, east, south, north = np.inf, -np.inf, np.inf, -np.inf
    for q in range(begin, end):
        if core[q]:
            west, east = min(west, grid.x[q]), max(east, grid.x[q])
            south, north = min(south, grid.y[q]), max(north, grid.y[q])
    for p in range(grid.starts[cell], grid.starts[cell + 1]):
        if not core[p]:
            continue
        x, y = grid.x[p], grid.y[p]
        dx, dy = x - min(max(x, west), east), y - min(max(y, south), north)
        if dx * dx + dy * dy > limit:
            continue
        for q in range(begin, end):
            dx, dy = x - grid.x[q], y - grid.y[q]
            if core[q] and dx * dx + dy * dy <= limit:
                return True
    return False


@compiled
def _label(
    grid: Grid, limit: float, core: Flags, roots: Longs, order: Longs, labels: Longs
) -> None:
    """Number the clusters by their first core point, and give each point its cluster's number."""
    numbers = _numbers(grid, core, roots, order)[roots]
    pointers = np.zeros(2 * REACH + 1, np.int64)
    near = np.empty((2 * REACH + 1) ** 2, np.int64)
    for cell in range(len(grid.columns)):
        many = _around(grid, cell, pointers, near)
        for p in range(grid.starts[cell], grid.starts[cell + 1]):
            if core[p]:
                labels[p] = numbers[cell]
            else:
                labels[p] = _first_near(grid, p, near[:many], limit, core, numbers)


@compiled
def _numbers(grid: Grid, core: Flags, roots: Longs, order: Longs) -> Longs:
    """Return by root the number of its cluster, NOISE where it has none."""
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
def _first_near(grid: Grid, p: int, near: Longs, limit: float, core: Flags, numbers: Longs) -> int:
    """Return the smallest number among the clusters of the core points near to a point."""
    best = NOISE
    for cell in near:
        number = numbers[cell]
        if number == NOISE or (best != NOISE and number >= best):
            continue
        for q in range(grid.starts[cell], grid.starts[cell + 1]):
            dx, dy = grid.x[p] - grid.x[q], grid.y[p] - grid.y[q]
            if core[q] and dx * dx + dy * dy <= limit:
                best = number
                break
    return best
