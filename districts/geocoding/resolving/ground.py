"""Where the words about wards and districts say that a place lies, as a chance for any point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from districts.geocoding.areas import AreaReading, Plot, Reading, common_ground
from districts.geocoding.resolving.plane import XY, Plane
from districts.geocoding.resolving.settings import Surroundings
from gis_core.positions import LonLat

if TYPE_CHECKING:
    from gis_core.outline import Outline

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ground:
    """The areas named, in metres, by weight; and where the writer is, if that is known."""

    readings: tuple[Reading, ...]
    outlines: tuple[Outline, ...]
    weights: Floats
    near: XY | None
    settings: Surroundings

    @property
    def is_named(self) -> bool:
        """Whether any area is."""
        return bool(self.outlines)

    def log_chance(self, spots: Floats) -> Floats:
        """Return for each point, shape ``(n, 2)``, the log of how well it fits; 0 is perfectly.

        An area named wrongly is mostly a neighbour of the right one, so the chance falls with
        distance, first steeply, then slowly.
        """
        away = [one.distance(spots) for one in self.outlines]
        there = None
        if self.near is not None:
            there = np.sqrt(((spots - np.array(self.near)) ** 2).sum(axis=1))
        return self._fit(away, there, len(spots))

    def log_chance_at(self, spot: XY) -> float:
        """Return the log of how well one point fits."""
        return float(self.log_chance(np.array([spot]))[0])

    def log_chances(self, shapes: Sequence[BaseGeometry]) -> Floats:
        """Return for each shape, shape ``(n,)``, the log of how well its nearest point fits."""
        asked = np.array(shapes)
        away = [np.asarray(shapely.distance(one.shape, asked)) for one in self.outlines]
        there = None
        if self.near is not None:
            there = np.asarray(shapely.distance(shapely.Point(self.near), asked))
        return self._fit(away, there, len(asked))

    def distance(self, spot: XY) -> float:
        """Return the metres from the likeliest area named; 0 inside, and where none is named."""
        if not self.outlines:
            return 0.0
        return float(self.outlines[0].distance(np.array([spot]))[0])

    def drawn_in(self, spot: XY) -> XY:
        """Return the spot, one on the border moved to the side of the area named.

        Boundaries run along streets: the house is across the street from where its line is drawn.
        """
        away = self.distance(spot)
        if not 0.0 < away <= self.settings.border_m:
            return spot
        line = shapely.shortest_line(shapely.Point(spot), self.outlines[0].shape)
        (x, y), (to_x, to_y) = line.coords
        further = 1.0 + self.settings.inside_m / max(away, 0.1)
        moved = (x + (to_x - x) * further, y + (to_y - y) * further)
        return moved if self.distance(moved) == 0.0 else (to_x, to_y)

    def _fit(self, away: Sequence[Floats], there: Floats | None, many: int) -> Floats:
        """Return how well places fit that are so far from each area, and from where one is."""
        own = self.settings
        fit = np.zeros(many)
        if away:
            fit = np.log(np.minimum(self.weights @ self._beside(np.array(away)), 1.0))
        if there is not None:
            fit = fit - own.near_weight * np.log1p((there / own.near_m) ** 2)
        return fit

    def _beside(self, away: Floats) -> Floats:
        own = self.settings
        edge = (1 - own.wrong) * np.exp(-away / own.edge_m)
        far: Floats = edge + own.wrong * np.exp(-away / own.far_m) + own.anywhere
        return far


def ground(
    reading: AreaReading, plane: Plane, settings: Surroundings, near: LonLat | None
) -> Ground:
    """Return the ground that a text names."""
    drawn = [(one, simple_outline(one.plots, plane)) for one in reading.readings]
    asked = [(one, shape) for one, shape in drawn if shape is not None][: settings.readings]
    weights = np.array([one.weight for one, _ in asked])
    return Ground(
        readings=tuple(one for one, _ in asked),
        outlines=tuple(shape for _, shape in asked),
        weights=weights / max(weights.max(initial=0.0), 1e-9),
        near=plane.forward(near) if near else None,
        settings=settings,
    )


@lru_cache(maxsize=512)
def simple_outline(plots: tuple[Plot, ...], plane: Plane) -> Outline | None:
    """Return what plots have in common, in metres, simplified; None where nothing is drawn."""
    from gis_core.outline import outline  # noqa: PLC0415  heavy: its compiler takes 65 MB

    shape = common_ground(plots)
    if shape.is_empty:
        return None
    return outline(plane.shape(shape).simplify(10.0))
