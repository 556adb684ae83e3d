"""Where the words about wards and districts say that a place lies, as a chance for any point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from districts.geocoding.areas import AreaReading, Plot, Reading, common_ground
from districts.geocoding.resolving.plane import XY, Plane
from districts.geocoding.resolving.settings import Surroundings
from gis_core.positions import LonLat

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ground:
    """The areas named, in metres, by weight; and where the writer is, if that is known."""

    readings: tuple[Reading, ...]
    shapes: tuple[BaseGeometry, ...]
    weights: Floats
    near: XY | None
    settings: Surroundings

    @property
    def is_named(self) -> bool:
        """Whether any area is."""
        return bool(self.shapes)

    def log_chance(self, spots: Sequence[BaseGeometry] | NDArray[np.object_]) -> Floats:
        """Return for each shape, shape ``(n,)``, the log of how well it fits; 0 is perfectly.

        By its nearest point. An area named wrongly is mostly a neighbour of the right one, so the
        chance falls with distance, first steeply, then slowly.
        """
        fit = np.zeros(len(spots))
        if self.shapes:
            away = shapely.distance(np.array(self.shapes)[:, None], np.asarray(spots)[None])
            fit = np.log(np.minimum(self.weights @ self._beside(away), 1.0))
        if self.near is not None:
            there = shapely.distance(shapely.Point(self.near), np.asarray(spots))
            fit = fit - self.settings.near_weight * np.log1p((there / self.settings.near_m) ** 2)
        answer: Floats = fit
        return answer

    def distance(self, spot: XY) -> float:
        """Return the metres from the likeliest area named; 0 inside, and where none is named."""
        if not self.shapes:
            return 0.0
        return float(self.shapes[0].distance(shapely.Point(spot)))

    def drawn_in(self, spot: XY) -> XY:
        """Return the spot, one on the border moved to the side of the area named.

        Boundaries run along streets: the house is across the street from where its line is drawn.
        """
        away = self.distance(spot)
        if not 0.0 < away <= self.settings.border_m:
            return spot
        line = shapely.shortest_line(shapely.Point(spot), self.shapes[0])
        (x, y), (to_x, to_y) = line.coords
        further = 1.0 + self.settings.inside_m / max(away, 0.1)
        moved = (x + (to_x - x) * further, y + (to_y - y) * further)
        return moved if self.distance(moved) == 0.0 else (to_x, to_y)

    def _beside(self, away: Floats) -> Floats:
        own = self.settings
        edge = (1 - own.wrong) * np.exp(-away / own.edge_m)
        far: Floats = edge + own.wrong * np.exp(-away / own.far_m) + own.anywhere
        return far


def ground(
    reading: AreaReading, plane: Plane, settings: Surroundings, near: LonLat | None
) -> Ground:
    """Return the ground that a text names."""
    drawn = [(one, simple_shape(one.plots, plane)) for one in reading.readings]
    asked = [(one, shape) for one, shape in drawn if shape is not None][: settings.readings]
    weights = np.array([one.weight for one, _ in asked])
    return Ground(
        readings=tuple(one for one, _ in asked),
        shapes=tuple(shape for _, shape in asked),
        weights=weights / max(weights.max(initial=0.0), 1e-9),
        near=plane.forward(near) if near else None,
        settings=settings,
    )


@lru_cache(maxsize=2048)
def simple_shape(plots: tuple[Plot, ...], plane: Plane) -> BaseGeometry | None:
    """Return what plots have in common, in metres, simplified; None where nothing is drawn."""
    shape = common_ground(plots)
    if shape.is_empty:
        return None
    simpler = plane.shape(shape).simplify(10.0)
    shapely.prepare(simpler)
    return simpler
