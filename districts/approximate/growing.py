"""Which new ward each cell of a grid most likely lies in, judged by boxes, middles and areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from districts.approximate.tables import Box, Ward

NOBODY = -1
REACH = 1.3
"""How far beyond its box, in half boxes, a former ward may still be found."""
COARSE = 3.0
"""Cells of the grid on which areas are balanced, in cells of the grid that is drawn."""
WARD_REACH = 2.2
"""The same for a new ward, in radii of a disc of its area."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much; all in units of a box's half size. Found by trial, see the ADR."""

    beyond: float = 30.0
    """Being outside a former ward's box."""
    middle: float = 0.085
    """Being far from the new ward's middle, in radii."""
    divided: float = 0.075
    """A former ward that was divided among several."""
    guess: float = 0.1
    """Having no former ward's box, only the new ward's own disc."""
    guess_slope: float = 1.15
    foreign: float = 0.8
    """Being in a neighbouring province, whose boxes overlap ours."""
    nobody: float = 1.3
    """Being nobody's: dearer claims than this are not made, which rounds the corners of boxes."""
    at_edge: float = 1.5
    """How much of its official area a ward at the outer edge may keep."""
    rounds: int = 12
    step: float = 0.25
    most: float = 0.15
    """How far a ward's claim may be weakened or strengthened to give it its official area."""


WEIGHTS = Weights()


class Region(NamedTuple):
    """A part of the plane, in metres."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Raster:
    """The index of the ward of each cell, row 0 in the south; NOBODY where none is."""

    west: float
    south: float
    cell_m: float
    wards: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class _Claim:
    """What it costs a ward to have the cells of one window."""

    rows: slice
    columns: slice
    cost: NDArray[np.float32]
    ward: int


def regions(boxes: Sequence[Box], cell_m: float) -> list[Region]:
    """Return the parts of the plane that the province's boxes fill: islands lie far off."""
    own = [_reach_of(box) for box in boxes if box.successors]
    parts = shapely.get_parts(shapely.union_all(own))
    frames = shapely.union_all([shapely.box(*part.bounds) for part in parts])
    frames = shapely.union_all([shapely.box(*part.bounds) for part in shapely.get_parts(frames)])
    margin = 2 * cell_m
    grown = [shapely.box(*part.bounds).buffer(margin) for part in shapely.get_parts(frames)]
    return [Region(*frame.bounds) for frame in grown]


def _reach_of(box: Box) -> shapely.Polygon:
    width, height = REACH * box.half_width, REACH * box.half_height
    return shapely.box(box.x - width, box.y - height, box.x + width, box.y + height)


def grown(
    wards: Sequence[Ward], boxes: Sequence[Box], region: Region, cell_m: float, weights: Weights
) -> Raster:
    """Return the wards of a region's cells.

    A cell goes to the cheapest claim. Claims are then eased or hampered, round by round, until
    wards come near their official areas; a ward at the outer edge, whose area may lie under the
    sea, is left out of that and trimmed instead.
    """
    areas = np.array([ward.area_m2 for ward in wards])
    coarse = _Grid(region, COARSE * cell_m, weights.nobody)
    handicap = _balanced(coarse, coarse.claims(wards, boxes, weights), areas, weights)
    grid = _Grid(region, cell_m, weights.nobody)
    won, cost = grid.won(grid.claims(wards, boxes, weights), handicap)
    _trim(won, cost, areas * weights.at_edge, cell_m)
    return Raster(region.west, region.south, cell_m, won)


def _balanced(
    grid: _Grid, claims: Sequence[_Claim], areas: NDArray[Any], weights: Weights
) -> NDArray[Any]:
    """Return what to add to each ward's claims to bring it near its official area; 0 for NOBODY."""
    handicap = np.zeros(len(areas) + 1)
    for _ in range(weights.rounds):
        won, _cost = grid.won(claims, handicap)
        excess = _excess(won, areas, grid.cell_m)
        handicap[:-1] = np.clip(handicap[:-1] + weights.step * excess, -weights.most, weights.most)
    return handicap


def _trim(
    won: NDArray[np.int16], cost: NDArray[np.float32], most_m2: NDArray[Any], cell_m: float
) -> None:
    """Take from wards at the outer edge the dearest cells above their most; in place.

    What is taken inside the city is enclosed by wards and comes back when the gaps are filled.
    """
    owners, costs = won.reshape(-1), cost.reshape(-1)
    by_ward = np.argsort(owners, kind="stable")
    starts = np.searchsorted(owners[by_ward], np.arange(len(most_m2) + 1))
    for ward in _at_edge(won):
        cells = by_ward[starts[ward] : starts[ward + 1]]
        quota = int(most_m2[ward] / cell_m**2)
        if len(cells) > quota:
            dearest = np.argsort(costs[cells], kind="stable")[quota:]
            owners[cells[dearest]] = NOBODY


def _excess(won: NDArray[np.int16], areas: NDArray[Any], cell_m: float) -> NDArray[Any]:
    """Return by which share each ward is too large; 0 for those beside nobody's land."""
    counts = np.bincount(won.ravel() + 1, minlength=len(areas) + 1)[1:]
    excess = np.clip(counts * cell_m**2 / areas - 1, -0.5, 0.5)
    excess[_at_edge(won)] = 0
    excess[counts == 0] = 0
    return np.asarray(excess)


def _at_edge(won: NDArray[np.int16]) -> NDArray[Any]:
    pairs = [(won[:, 1:], won[:, :-1]), (won[1:], won[:-1])]
    beside = [one[other == NOBODY] for a, b in pairs for one, other in ((a, b), (b, a))]
    found = np.unique(np.concatenate(beside))
    return np.asarray(found[found != NOBODY])


class _Grid:
    """The cells of a region, by their middles."""

    def __init__(self, region: Region, cell_m: float, nobody: float) -> None:
        self.nobody = nobody
        self.cell_m = cell_m
        columns = int(np.ceil((region.east - region.west) / cell_m))
        rows = int(np.ceil((region.north - region.south) / cell_m))
        self.x = region.west + (np.arange(columns) + 0.5) * cell_m
        self.y = region.south + (np.arange(rows) + 0.5) * cell_m

    def claims(self, wards: Sequence[Ward], boxes: Sequence[Box], weights: Weights) -> list[_Claim]:
        """Return every claim to a cell of this grid."""
        found = [claim for box in boxes for claim in self.box_claims(box, wards, weights)]
        found += [self.guess(number, ward, weights) for number, ward in enumerate(wards)]
        return [claim for claim in found if claim.cost.size]

    def won(
        self, claims: Sequence[_Claim], handicap: NDArray[Any]
    ) -> tuple[NDArray[np.int16], NDArray[np.float32]]:
        """Return the ward with the cheapest claim to each cell, and that claim's cost.

        The first listed wins a tie.
        """
        best = np.full((len(self.y), len(self.x)), self.nobody, np.float32)
        owner = np.full(best.shape, NOBODY, np.int16)
        for claim in claims:
            window = best[claim.rows, claim.columns]
            cost = claim.cost + np.float32(handicap[claim.ward])
            better = cost < window
            window[better] = cost[better]
            owner[claim.rows, claim.columns][better] = claim.ward
        return owner, best

    def box_claims(self, box: Box, wards: Sequence[Ward], weights: Weights) -> list[_Claim]:
        """Return the claims of a former ward's successors; NOBODY's where it is a neighbour's."""
        rows, columns, cost = self._box_cost(box, weights)
        if not box.successors:
            return [_Claim(rows, columns, cost + np.float32(weights.foreign), NOBODY)]
        cost += weights.divided * (len(box.successors) > 1)
        return [
            _Claim(rows, columns, cost + weights.middle * self._far(wards[one], rows, columns), one)
            for one in box.successors
        ]

    def guess(self, number: int, ward: Ward, weights: Weights) -> _Claim:
        """Return the claim that a new ward has by its middle and area alone."""
        radius = WARD_REACH * _radius(ward)
        rows, columns = self._window(ward.x, ward.y, radius, radius)
        radii = self._radii(ward, rows, columns)
        cost = weights.guess + weights.guess_slope * radii + weights.middle * (radii - 1)
        cost += weights.beyond * np.maximum(radii - 1, 0)
        cost[radii > WARD_REACH] = np.inf
        return _Claim(rows, columns, cost.astype(np.float32), number)

    def _box_cost(self, box: Box, weights: Weights) -> tuple[slice, slice, NDArray[np.float32]]:
        rows, columns = self._window(box.x, box.y, REACH * box.half_width, REACH * box.half_height)
        dx = np.abs(self.x[columns] - box.x)[None, :]
        dy = np.abs(self.y[rows] - box.y)[:, None]
        inside = np.hypot(dx / box.half_width, dy / box.half_height)
        beyond = np.maximum(np.maximum(dx - box.half_width, dy - box.half_height), 0)
        size = np.sqrt(box.half_width * box.half_height)
        return rows, columns, (inside + weights.beyond * beyond / size).astype(np.float32)

    def _far(self, ward: Ward, rows: slice, columns: slice) -> NDArray[np.float32]:
        """Return how far beyond a disc of the ward's area cells lie, in radii; -1 at its middle."""
        beyond: NDArray[np.float32] = self._radii(ward, rows, columns) - np.float32(1)
        return beyond

    def _radii(self, ward: Ward, rows: slice, columns: slice) -> NDArray[np.float32]:
        """Return the distance to the ward's middle, in radii of a disc of its area."""
        dx = (self.x[columns] - ward.x)[None, :]
        dy = (self.y[rows] - ward.y)[:, None]
        radii: NDArray[np.float32] = (np.hypot(dx, dy) / _radius(ward)).astype(np.float32)
        return radii

    def _window(self, x: float, y: float, width: float, height: float) -> tuple[slice, slice]:
        """Return the rows and columns of the cells within a box around (x, y)."""
        left = np.searchsorted(self.x, [x - width, x + width])
        low = np.searchsorted(self.y, [y - height, y + height])
        return slice(int(low[0]), int(low[1])), slice(int(left[0]), int(left[1]))


def _radius(ward: Ward) -> float:
    return float(np.sqrt(ward.area_m2 / np.pi))
